#include "edge/field/cjt188/frame.hpp"

#include <algorithm>

namespace yb::field::cjt188 {
namespace {

constexpr std::size_t kHeader = 11;  // up to and with L
constexpr std::size_t kWakeUp = 4;   // bytes of FE before a request
constexpr std::size_t kMostData = 200;

// Every control code this program may send. An enum of this file, so that nobody else can name a request.
enum class ReadRequest : std::uint8_t { kReadData = 0x01, kReadAddress = 0x03 };

// Water 10-19, heat and cooling 20-29, gas 30-39, others 40-49, AA any type in requests.
bool IsMeterType(std::uint8_t type) {
  const unsigned group = type >> 4;
  return (group >= 1 && group <= 4 && (type & 0x0F) <= 9) || type == kAnyType;
}

base::Bytes Encode(std::uint8_t type, const Address& meter, ReadRequest request, std::uint16_t di, DiOrder order,
                   std::uint8_t serial) {
  base::Bytes frame(kWakeUp, 0xFE);
  frame.push_back(kSumFrameStart);
  frame.push_back(type);
  frame.insert(frame.end(), meter.wire.begin(), meter.wire.end());
  const auto high = static_cast<std::uint8_t>(di >> 8);
  const auto low = static_cast<std::uint8_t>(di & 0xFF);
  const bool high_first = order == DiOrder::k901F;
  for (std::uint8_t byte : {static_cast<std::uint8_t>(request), std::uint8_t{3}, high_first ? high : low,
                            high_first ? low : high, serial}) {
    frame.push_back(byte);
  }
  FinishSumFrame(frame, kWakeUp);
  return frame;
}

}  // namespace

Candidate ExamineFrame(base::ByteView view) {
  if (view.size() > 1 && !IsMeterType(view[1])) return {};
  return ExamineSumFrame(view, kHeader, kMostData);
}

Frame ParseFrame(base::ByteView whole) {
  Frame frame;
  frame.type = whole[1];
  std::copy_n(whole.begin() + 2, frame.address.wire.size(), frame.address.wire.begin());
  frame.control = whole[9];
  const base::ByteView data = whole.subspan(kHeader, whole.size() - kHeader - kSumFrameTrailer);
  frame.data.assign(data.begin(), data.end());
  return frame;
}

base::Bytes EncodeReadCounter(std::uint8_t type, const Address& meter, DiOrder order, std::uint8_t serial) {
  return Encode(type, meter, ReadRequest::kReadData, 0x901F, order, serial);
}

base::Bytes EncodeReadAddress(std::uint8_t type, const Address& meter, DiOrder order, std::uint8_t serial) {
  return Encode(type, meter, ReadRequest::kReadAddress, 0x810A, order, serial);
}

}  // namespace yb::field::cjt188
