// The command `yuanbanctl meter decode`, without the program around it.
#pragma once

#include <span>
#include <string>

namespace yb::field::decode {

/// `args` are what follows `meter decode`: `--protocol P [--layout L] HEX…`. Appends one JSON line to `out`, or a
/// sentence to `err`. Returns the exit code: 0 for good frames, 3 for rejected ones, 2 for arguments that do not fit.
[[nodiscard]] int RunMeterDecode(std::span<const std::string> args, std::string& out, std::string& err);

}  // namespace yb::field::decode
