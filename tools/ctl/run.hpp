// yuanbanctl without its process: what main calls, and what the tests call.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace yb::ctl {

/// `arguments` without the program's name. 0: done. 1: it did not work, or the answer is no; `err` or `out` says why.
/// 64: wrongly called: something missing, unknown, or a value that cannot be read. Some commands have further ones,
/// which their --help names.
[[nodiscard]] int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
                      const base::Clock& clock);

}  // namespace yb::ctl
