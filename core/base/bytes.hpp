// Bytes: owned and borrowed octets, and their hex form as engineers read it ("68 AA 11" without the spaces).
// Values; no threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Upper-case hex, two digits per byte, no separators.
[[nodiscard]] std::string ToHex(ByteView bytes);

/// Accepts upper and lower case and white space between bytes; kInvalidArgument names the first wrong character.
[[nodiscard]] Result<Bytes> FromHex(std::string_view text);

[[nodiscard]] inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace yb::base
