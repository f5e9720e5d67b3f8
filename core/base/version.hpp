// The version of this build, as `--version` and the API tell it.
#pragma once

namespace yb::base {

inline constexpr const char* kVersion = "0.3.0";

}  // namespace yb::base
