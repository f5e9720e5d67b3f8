#include "edge/field/dlt645/frame.hpp"

#include <algorithm>

#include "edge/field/packed_bcd.hpp"

namespace yb::field::dlt645 {
namespace {

constexpr std::uint8_t kStart = 0x68;
constexpr std::uint8_t kEnd = 0x16;
constexpr std::uint8_t kOffset = 0x33;
constexpr std::size_t kHeader = 10;  // up to and with L
constexpr std::size_t kTrailer = 2;  // checksum and end
constexpr std::uint8_t kWildcard = 0xAA;

// Every control code this program may send. An enum of this file, so that nobody else can name a request.
enum class ReadRequest : std::uint8_t {
  kRead1997 = 0x01,
  kFollowUp1997 = 0x02,
  kRead = 0x11,
  kFollowUp = 0x12,
  kReadAddress = 0x13,
};

base::Bytes Encode(const Address& meter, ReadRequest request, base::ByteView data) {
  base::Bytes frame(4, 0xFE);
  frame.push_back(kStart);
  frame.insert(frame.end(), meter.wire.begin(), meter.wire.end());
  frame.push_back(kStart);
  frame.push_back(static_cast<std::uint8_t>(request));
  frame.push_back(static_cast<std::uint8_t>(data.size()));
  for (std::uint8_t byte : data) frame.push_back(static_cast<std::uint8_t>(byte + kOffset));
  frame.push_back(ByteSum(base::ByteView(frame).subspan(4)));
  frame.push_back(kEnd);
  return frame;
}

base::Bytes LowFirst(std::uint32_t number, std::size_t size) {
  base::Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
  return bytes;
}

}  // namespace

base::Result<Address> Address::Parse(std::string_view text) {
  YB_ASSIGN(const base::Bytes bytes, AddressLowFirst(text, 12));
  Address address;
  std::copy(bytes.begin(), bytes.end(), address.wire.begin());
  return address;
}

Address Address::Wildcard() {
  Address address;
  address.wire.fill(kWildcard);
  return address;
}

std::string Address::ToString() const {
  return HexHighFirst(wire);
}

bool Address::Covers(const Address& other) const {
  return std::equal(wire.begin(), wire.end(), other.wire.begin(),
                    [](std::uint8_t mine, std::uint8_t theirs) { return mine == kWildcard || mine == theirs; });
}

Candidate ExamineFrame(base::ByteView view) {
  if (view.empty() || view[0] != kStart) return {};
  if (view.size() > 7 && view[7] != kStart) return {};
  if (view.size() < kHeader) return {.verdict = Verdict::kNeedMore};
  const std::size_t length = view[9];
  if (length > kMostData) return {.verdict = Verdict::kTooLong};
  const std::size_t whole = kHeader + length + kTrailer;
  if (view.size() < whole) return {.verdict = Verdict::kNeedMore};
  Candidate candidate{.verdict = Verdict::kFrame,
                      .length = whole,
                      .stated_check = view[whole - 2],
                      .computed_check = ByteSum(view.first(whole - kTrailer))};
  if (view[whole - 1] != kEnd) {
    candidate.verdict = Verdict::kBadEnd;
  } else if (candidate.stated_check != candidate.computed_check) {
    candidate.verdict = Verdict::kBadChecksum;
  }
  return candidate;
}

Frame ParseFrame(base::ByteView whole) {
  Frame frame;
  std::copy_n(whole.begin() + 1, frame.address.wire.size(), frame.address.wire.begin());
  frame.control = whole[8];
  for (std::uint8_t byte : whole.subspan(kHeader, whole.size() - kHeader - kTrailer)) {
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
