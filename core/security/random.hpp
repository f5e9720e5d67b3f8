// Random bytes for secrets, from the operating system through OpenSSL's generator. Safe from any thread.
#pragma once

#include <cstddef>

#include "core/base/bytes.hpp"

namespace yb::security {

/// Aborts where the system gives no randomness: nothing secret can be made then.
[[nodiscard]] base::Bytes RandomBytes(std::size_t count);

}  // namespace yb::security
