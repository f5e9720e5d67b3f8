// Packed BCD (压缩BCD码) as the Chinese meter protocols send it: two digits per byte, low byte first.
// Pure functions; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace yb::field {

/// The number in `bytes` (at most 9), low byte first; nullopt when a nibble is no decimal digit.
[[nodiscard]] std::optional<std::uint64_t> BcdLowFirst(base::ByteView bytes);

/// One BCD byte as 0..99; nullopt when a nibble is no decimal digit.
[[nodiscard]] std::optional<unsigned> BcdByte(std::uint8_t byte);

/// Whether every byte equals `fill`; false for no bytes.
[[nodiscard]] bool IsFilledWith(base::ByteView bytes, std::uint8_t fill);

/// Hex of `bytes` with the last byte first: the display form of an address that is sent low byte first.
[[nodiscard]] std::string HexHighFirst(base::ByteView bytes);

/// The `digits` decimal digits of `text`, shorter ones padded with zeros on the left, as bytes low byte first.
/// kInvalidArgument for an empty text, more digits, or anything but digits.
[[nodiscard]] base::Result<base::Bytes> AddressLowFirst(std::string_view text, std::size_t digits);

}  // namespace yb::field
