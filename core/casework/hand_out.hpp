// HandOut gives bytes to a program on its standard input, such as a PDF to `lp`. Blocks until the program has ended.
// Any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace yb::casework {

/// `command` is a program and its arguments, looked for in PATH; no shell takes part. kUnavailable where it cannot be
/// started or says that it failed; kTimeout where it has not ended in time and was killed.
[[nodiscard]] base::Status HandOut(const std::vector<std::string>& command, base::ByteView bytes,
                                   std::chrono::milliseconds limit);

}  // namespace yb::casework
