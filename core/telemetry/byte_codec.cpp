#include "core/telemetry/byte_codec.hpp"

namespace yb::telemetry {

std::uint8_t ByteReader::Byte() {
  const base::ByteView one = Take(1);
  return one.empty() ? 0 : one.front();
}

std::uint64_t ByteReader::Varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = Byte();
    if (!ok_ || (shift == 63 && byte > 1)) break;
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  ok_ = false;
  return 0;
}

base::ByteView ByteReader::Take(std::size_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    return {};
  }
  const base::ByteView taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

}  // namespace yb::telemetry
