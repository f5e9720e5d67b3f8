// yuanbanctl without its process: what main calls, and what the tests call.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace yb::ctl {

/// `arguments` without the program's name. 0: done. 1: it did not work, `err` says why. 2: wrongly called. Some
/// commands have further ones, which their --help names.
[[nodiscard]] int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
                      const base::Clock& clock);

}  // namespace yb::ctl
