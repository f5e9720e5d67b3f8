// Packed decimal (BCD) as meters send it: two digits per byte, the low byte first, the sign in the top bit of the last
// byte. Written for the simulator alone, as a second source beside the box's own decoders.
// Pure functions; no threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace yb::metersim {

enum class Sign : std::uint8_t { kUnsigned, kSigned };

/// Appends `value` as `width` bytes. False, with `width` bytes of FF (no value, 无数据) appended instead, where the
/// digits do not fit, where a signed value would need the sign's bit, or where an unsigned value is negative.
bool AppendBcd(base::Bytes& out, std::int64_t value, std::size_t width, Sign sign = Sign::kUnsigned);

/// Appends decimal digits, an even number of them, last pair first: "000000000161" becomes 61 01 00 00 00 00.
void AppendDigitsLowFirst(base::Bytes& out, std::string_view digits);

}  // namespace yb::metersim
