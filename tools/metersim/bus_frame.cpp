#include "tools/metersim/bus_frame.hpp"

#include <numeric>

namespace yb::metersim {
namespace {

constexpr std::size_t kLongestBuffer = 1024;
constexpr std::size_t kDlt645Overhead = 12;  // 68 A0..A5 68 C L … CS 16
constexpr std::size_t kCjt188Overhead = 13;  // 68 T A0..A6 C L … CS 16
constexpr std::size_t kRtuRequestLength = 8;
constexpr std::size_t kMbapHeader = 7;
constexpr std::uint8_t kLongestRequestData = 200;

bool ChecksumFits(base::ByteView frame) {
  return frame.back() == 0x16 && ByteSum(frame.first(frame.size() - 2)) == frame[frame.size() - 2];
}

base::Bytes Copy(base::ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

std::optional<BusFrame> AsDlt645(base::ByteView bytes, std::size_t& length) {
  if (bytes.size() < kDlt645Overhead || bytes[0] != 0x68 || bytes[7] != 0x68) return std::nullopt;
  length = bytes[9] + kDlt645Overhead;
  if (bytes[9] > kLongestRequestData || bytes.size() < length || !ChecksumFits(bytes.first(length)))
    return std::nullopt;
  BusFrame frame{.framing = Framing::kDlt645,
                 .raw = Copy(bytes.first(length)),
                 .address = Copy(bytes.subspan(1, 6)),
                 .control = bytes[8],
                 .data = Copy(bytes.subspan(10, bytes[9]))};
  for (std::uint8_t& byte : frame.data) byte = static_cast<std::uint8_t>(byte - 0x33);
  return frame;
}

std::optional<BusFrame> AsCjt188(base::ByteView bytes, std::size_t& length) {
  if (bytes.size() < kCjt188Overhead || bytes[0] != 0x68) return std::nullopt;
  length = bytes[10] + kCjt188Overhead;
  if (bytes[10] > kLongestRequestData || bytes.size() < length || !ChecksumFits(bytes.first(length)))
    return std::nullopt;
  return BusFrame{.framing = Framing::kCjt188,
                  .raw = Copy(bytes.first(length)),
                  .type = bytes[1],
                  .address = Copy(bytes.subspan(2, 7)),
                  .control = bytes[9],
                  .data = Copy(bytes.subspan(11, bytes[10]))};
}

std::optional<BusFrame> AsModbusRtu(base::ByteView bytes, std::size_t& length) {
  if (bytes.size() < kRtuRequestLength || (bytes[1] != 0x03 && bytes[1] != 0x04)) return std::nullopt;
  length = kRtuRequestLength;
  const std::uint16_t crc = ModbusCrc(bytes.first(kRtuRequestLength - 2));
  if (bytes[6] != (crc & 0xFF) || bytes[7] != crc >> 8) return std::nullopt;
  return BusFrame{.framing = Framing::kModbusRtu,
                  .raw = Copy(bytes.first(length)),
                  .address = {bytes[0]},
                  .control = bytes[1],
                  .data = Copy(bytes.subspan(2, 4))};
}

std::optional<BusFrame> AsModbusTcp(base::ByteView bytes, std::size_t& length) {
  if (bytes.size() < kMbapHeader + 1 || bytes[2] != 0 || bytes[3] != 0 || bytes[4] != 0 || bytes[5] < 2) {
    return std::nullopt;
  }
  length = std::size_t{6} + bytes[5];
  if (bytes.size() < length) return std::nullopt;
  return BusFrame{.framing = Framing::kModbusTcp,
                  .raw = Copy(bytes.first(length)),
                  .address = {bytes[6]},
                  .control = bytes[7],
                  .data = Copy(bytes.subspan(8, length - 8)),
                  .transaction_id = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1])};
}

}  // namespace

std::uint16_t ModbusCrc(base::ByteView bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1);
    }
  }
  return crc;
}

std::uint8_t ByteSum(base::ByteView bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

bool AddressMatches(base::ByteView asked, base::ByteView own) {
  std::size_t significant = asked.size();
  while (significant > 0 && asked[significant - 1] == 0xAA) --significant;
  for (std::size_t i = 0; i < significant; ++i) {
    if (asked[i] != own[i]) return false;
  }
  return true;
}

void FrameScanner::Append(base::ByteView bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() > kLongestBuffer) {
    buffer_.erase(buffer_.begin(), buffer_.end() - static_cast<std::ptrdiff_t>(kLongestBuffer));
  }
}

std::optional<BusFrame> FrameScanner::At(std::size_t offset, std::size_t& length) const {
  const base::ByteView rest = base::ByteView(buffer_).subspan(offset);
  if (scan_for_ == ScanFor::kModbusTcp) return AsModbusTcp(rest, length);
  std::optional<BusFrame> frame = AsDlt645(rest, length);
  if (!frame) frame = AsCjt188(rest, length);
  if (!frame && scan_for_ == ScanFor::kMeterBusWithRtu) frame = AsModbusRtu(rest, length);
  return frame;
}

std::optional<BusFrame> FrameScanner::Next() {
  for (std::size_t offset = 0; offset < buffer_.size(); ++offset) {
    std::size_t length = 0;
    std::optional<BusFrame> frame = At(offset, length);
    if (!frame) continue;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(offset + length));
    return frame;
  }
  return std::nullopt;
}

}  // namespace yb::metersim
