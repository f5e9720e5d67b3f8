// Random numbers of the system: for identities, sessions and back-offs, not for keys. Any thread.
#pragma once

#include <cstdint>

namespace yb::base {

/// 64 bits, evenly distributed.
[[nodiscard]] std::uint64_t DrawNumber();

}  // namespace yb::base
