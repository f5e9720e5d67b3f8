// Variable-length integers of the series format (core/contract/series-format.md): seven bits a byte, least significant
// first, the top bit set on all but the last. Signed ones are folded (zigzag): 0, -1, 1, -2 … become 0, 1, 2, 3 ….
// Pure functions; any thread.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"

namespace yb::telemetry {

[[nodiscard]] constexpr std::uint64_t Fold(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t Unfold(std::uint64_t folded) {
  return static_cast<std::int64_t>((folded >> 1) ^ (~(folded & 1) + 1));
}

inline void PutVarint(base::Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}
inline void PutSigned(base::Bytes& out, std::int64_t value) {
  PutVarint(out, Fold(value));
}

/// Takes integers and bytes from the front of a view. A read past the end or of a varint longer than 64 bits gives 0
/// and makes ok() false for good, so that a caller may read on and ask once.
class ByteReader {
 public:
  explicit ByteReader(base::ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint8_t Byte();
  [[nodiscard]] std::uint64_t Varint();
  [[nodiscard]] std::int64_t Signed() { return Unfold(Varint()); }
  [[nodiscard]] base::ByteView Take(std::size_t count);

  [[nodiscard]] bool ok() const { return ok_; }
  /// All has been read, and nothing beyond it.
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

 private:
  base::ByteView rest_;
  bool ok_ = true;
};

}  // namespace yb::telemetry
