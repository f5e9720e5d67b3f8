// UUIDv7 (RFC 9562): an identity made where a thing is made, ascending by time. Pure functions, but DrawUuid7, which
// draws from the system.
#pragma once

#include <string>

#include "core/base/time.hpp"

namespace yb::base {

/// "018f3c5e-…", 36 characters: 48 bits of milliseconds, then version, variant and 74 of the bits given.
[[nodiscard]] std::string MakeUuid7(UtcTime now, std::uint64_t random_high, std::uint64_t random_low);

/// The same with random numbers of the system.
[[nodiscard]] std::string DrawUuid7(UtcTime now);

/// Whether the text has the form of a UUID in lower case, of any version.
[[nodiscard]] bool IsUuid(std::string_view text);

}  // namespace yb::base
