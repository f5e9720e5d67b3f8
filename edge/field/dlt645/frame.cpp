#include "edge/field/dlt645/frame.hpp"

#include <algorithm>

namespace yb::field::dlt645 {
namespace {

constexpr std::uint8_t kOffset = 0x33;
constexpr std::size_t kHeader = 10;  // up to and with L
constexpr std::size_t kWakeUp = 4;   // bytes of FE before a request

// Every control code this program may send. An enum of this file, so that nobody else can name a request.
enum class ReadRequest : std::uint8_t {
  kRead1997 = 0x01,
  kFollowUp1997 = 0x02,
  kRead = 0x11,
  kFollowUp = 0x12,
  kReadAddress = 0x13,
};

base::Bytes Encode(const Address& meter, ReadRequest request, base::ByteView data) {
  base::Bytes frame(kWakeUp, 0xFE);
  frame.push_back(kSumFrameStart);
  frame.insert(frame.end(), meter.wire.begin(), meter.wire.end());
  frame.push_back(kSumFrameStart);
  frame.push_back(static_cast<std::uint8_t>(request));
  frame.push_back(static_cast<std::uint8_t>(data.size()));
  for (std::uint8_t byte : data) frame.push_back(static_cast<std::uint8_t>(byte + kOffset));
  FinishSumFrame(frame, kWakeUp);
  return frame;
}

base::Bytes LowFirst(std::uint32_t number, std::size_t size) {
  base::Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
  return bytes;
}

}  // namespace

Candidate ExamineFrame(base::ByteView view) {
  if (view.size() > 7 && view[7] != kSumFrameStart) return {};
  return ExamineSumFrame(view, kHeader, kMostData);
}

Frame ParseFrame(base::ByteView whole) {
  Frame frame;
  std::copy_n(whole.begin() + 1, frame.address.wire.size(), frame.address.wire.begin());
  frame.control = whole[8];
  for (std::uint8_t byte : whole.subspan(kHeader, whole.size() - kHeader - kSumFrameTrailer)) {
    frame.data.push_back(static_cast<std::uint8_t>(byte - kOffset));
  }
  return frame;
}

base::Bytes EncodeRead(const Address& meter, Di2007 di) {
  return Encode(meter, ReadRequest::kRead, LowFirst(di, 4));
}

base::Bytes EncodeReadFollowUp(const Address& meter, Di2007 di, std::uint8_t sequence) {
  base::Bytes data = LowFirst(di, 4);
  data.push_back(sequence);
  return Encode(meter, ReadRequest::kFollowUp, data);
}

base::Bytes EncodeReadAddress() {
  return Encode(Address::Wildcard(), ReadRequest::kReadAddress, {});
}

base::Bytes EncodeRead1997(const Address& meter, Di1997 di) {
  return Encode(meter, ReadRequest::kRead1997, LowFirst(di, 2));
}

base::Bytes EncodeReadFollowUp1997(const Address& meter, Di1997 di) {
  return Encode(meter, ReadRequest::kFollowUp1997, LowFirst(di, 2));
}

}  // namespace yb::field::dlt645
