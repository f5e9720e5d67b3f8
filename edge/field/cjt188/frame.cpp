#include "edge/field/cjt188/frame.hpp"

#include <algorithm>

#include "edge/field/packed_bcd.hpp"

namespace yb::field::cjt188 {
namespace {

constexpr std::uint8_t kStart = 0x68;
constexpr std::uint8_t kEnd = 0x16;
constexpr std::uint8_t kWildcard = 0xAA;
constexpr std::size_t kHeader = 11;  // up to and with L
constexpr std::size_t kTrailer = 2;  // checksum and end
constexpr std::size_t kMostData = 200;

// Every control code this program may send. An enum of this file, so that nobody else can name a request.
enum class ReadRequest : std::uint8_t { kReadData = 0x01, kReadAddress = 0x03 };

// Water 10-19, heat and cooling 20-29, gas 30-39, others 40-49, AA any type in requests.
bool IsMeterType(std::uint8_t type) {
  const unsigned group = type >> 4;
  return (group >= 1 && group <= 4 && (type & 0x0F) <= 9) || type == kWildcard;
}

base::Bytes Encode(std::uint8_t type, const Address& meter, ReadRequest request, std::uint16_t di, DiOrder order,
                   std::uint8_t serial) {
  base::Bytes frame(4, 0xFE);
  frame.push_back(kStart);
  frame.push_back(type);
  frame.insert(frame.end(), meter.wire.begin(), meter.wire.end());
  const auto high = static_cast<std::uint8_t>(di >> 8);
  const auto low = static_cast<std::uint8_t>(di & 0xFF);
  const bool high_first = order == DiOrder::k901F;
  for (std::uint8_t byte : {static_cast<std::uint8_t>(request), std::uint8_t{3}, high_first ? high : low,
                            high_first ? low : high, serial}) {
    frame.push_back(byte);
  }
  frame.push_back(ByteSum(base::ByteView(frame).subspan(4)));
  frame.push_back(kEnd);
  return frame;
}

}  // namespace

base::Result<Address> Address::Parse(std::string_view text) {
  YB_ASSIGN(const base::Bytes bytes, AddressLowFirst(text, 14));
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
  if (view.size() > 1 && !IsMeterType(view[1])) return {};
  if (view.size() < kHeader) return {.verdict = Verdict::kNeedMore};
  const std::size_t length = view[10];
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
  frame.type = whole[1];
  std::copy_n(whole.begin() + 2, frame.address.wire.size(), frame.address.wire.begin());
  frame.control = whole[9];
  const base::ByteView data = whole.subspan(kHeader, whole.size() - kHeader - kTrailer);
  frame.data.assign(data.begin(), data.end());
  return frame;
}

base::Bytes EncodeReadCounter(std::uint8_t type, const Address& meter, DiOrder order, std::uint8_t serial) {
  return Encode(type, meter, ReadRequest::kReadData, 0x901F, order, serial);
}

base::Bytes EncodeReadAddress(DiOrder order, std::uint8_t serial) {
  return Encode(kWildcard, Address::Wildcard(), ReadRequest::kReadAddress, 0x810A, order, serial);
}

}  // namespace yb::field::cjt188
