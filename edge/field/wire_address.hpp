// WireAddress: the address of a meter in BCD, as DL/T 645 (six bytes) and CJ/T 188 (seven) send it: low byte first, AA
// for "any" from the high end downwards.
// Values; no threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "edge/field/packed_bcd.hpp"

namespace yb::field {

template <std::size_t kBytes>
struct WireAddress {
  static constexpr std::uint8_t kAny = 0xAA;

  std::array<std::uint8_t, kBytes> wire{};

  /// From the number on the nameplate; shorter ones are padded with zeros on the left. kInvalidArgument for anything
  /// but digits, or too many.
  [[nodiscard]] static base::Result<WireAddress> Parse(std::string_view text) {
    YB_ASSIGN(const base::Bytes bytes, AddressLowFirst(text, kBytes * 2));
    return EndingIn(bytes);
  }
  /// AA in all bytes: any meter answers. For a line with one meter only.
  [[nodiscard]] static WireAddress Wildcard() { return EndingIn({}); }
  /// Shortened addressing (缩位寻址): any meter whose lowest bytes are these, at most kBytes of them.
  [[nodiscard]] static WireAddress EndingIn(base::ByteView lowest) {
    WireAddress address;
    address.wire.fill(kAny);
    std::copy(lowest.begin(), lowest.end(), address.wire.begin());
    return address;
  }

  /// As printed on the nameplate, high byte first; hex digits of a damaged address are shown, not hidden.
  [[nodiscard]] std::string ToString() const { return HexHighFirst(wire); }
  /// Whether a reply from `other` answers a request to this address: AA bytes stand for any.
  [[nodiscard]] bool Covers(const WireAddress& other) const {
    return std::equal(wire.begin(), wire.end(), other.wire.begin(),
                      [](std::uint8_t mine, std::uint8_t theirs) { return mine == kAny || mine == theirs; });
  }
  [[nodiscard]] bool HasWildcard() const { return std::find(wire.begin(), wire.end(), kAny) != wire.end(); }

  friend bool operator==(const WireAddress&, const WireAddress&) = default;
};

}  // namespace yb::field
