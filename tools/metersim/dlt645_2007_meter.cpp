#include "tools/metersim/dlt645_2007_meter.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/metersim/bcd.hpp"

namespace yb::metersim {
namespace {

constexpr std::uint8_t kRead = 0x11, kReadFollowUp = 0x12, kReadAddress = 0x13;
constexpr std::uint8_t kReply = 0x80, kError = 0x40, kMoreFollows = 0x20;
constexpr std::uint8_t kNoSuchData = 0x02;
constexpr std::size_t kDiLength = 4, kSequenceLength = 1;

std::uint32_t DiOf(base::ByteView data) {
  return static_cast<std::uint32_t>(data[3]) << 24 | static_cast<std::uint32_t>(data[2]) << 16 |
         static_cast<std::uint32_t>(data[1]) << 8 | data[0];
}

std::string DiText(std::uint32_t di) {
  char text[9];
  std::snprintf(text, sizeof text, "%08X", di);
  return text;
}

}  // namespace

Dlt645Meter2007::Dlt645Meter2007(Dlt645Options options, std::unique_ptr<ElectricSource> source)
    : options_(std::move(options)), source_(std::move(source)) {
  AppendDigitsLowFirst(wire_address_, options_.nameplate.address);
}

std::optional<Answer> Dlt645Meter2007::OnRequest(const BusFrame& request, base::UtcTime now) {
  if (request.framing != Framing::kDlt645 || !AddressMatches(request.address, wire_address_)) return std::nullopt;
  switch (request.control) {
    case kRead:
      if (request.data.size() != kDiLength) return std::nullopt;
      return Read(request.data, now);
    case kReadFollowUp:
      if (request.data.size() != kDiLength + kSequenceLength) return std::nullopt;
      return ReadFollowUp(request.data);
    case kReadAddress: return Reply(kReadAddress | kReply, wire_address_, "", {});
    default: return std::nullopt;
  }
}

Answer Dlt645Meter2007::Read(base::ByteView data, base::UtcTime now) {
  const std::uint32_t di = DiOf(data);
  std::optional<Item> item = FindItem(di, *source_, options_.nameplate, now, now + options_.clock_error);
  rest_ = {};
  if (!item) return Refuse(kRead, DiText(di));
  base::Bytes reply(data.begin(), data.begin() + kDiLength);
  const std::size_t room = options_.longest_data - kDiLength;
  if (item->bytes.size() <= room) {
    reply.insert(reply.end(), item->bytes.begin(), item->bytes.end());
    return Reply(kRead | kReply, reply, DiText(di), std::move(item->values));
  }
  const auto cut = item->bytes.begin() + static_cast<std::ptrdiff_t>(room);
  reply.insert(reply.end(), item->bytes.begin(), cut);
  rest_ = {di, base::Bytes(cut, item->bytes.end()), std::move(item->values), 1};
  return Reply(kRead | kReply | kMoreFollows, reply, DiText(di), {});
}

Answer Dlt645Meter2007::ReadFollowUp(base::ByteView data) {
  const std::uint32_t di = DiOf(data);
  const std::uint8_t sequence = data[kDiLength];
  if (rest_.bytes.empty() || di != rest_.di || sequence != rest_.next_sequence) {
    return Refuse(kReadFollowUp, DiText(di));
  }
  const std::size_t taken = std::min(rest_.bytes.size(), options_.longest_data - kDiLength - kSequenceLength);
  const auto cut = rest_.bytes.begin() + static_cast<std::ptrdiff_t>(taken);
  base::Bytes reply(data.begin(), data.begin() + kDiLength);
  reply.insert(reply.end(), rest_.bytes.begin(), cut);
  reply.push_back(sequence);
  rest_.bytes.erase(rest_.bytes.begin(), cut);
  ++rest_.next_sequence;
  if (!rest_.bytes.empty()) return Reply(kReadFollowUp | kReply | kMoreFollows, reply, DiText(di), {});
  return Reply(kReadFollowUp | kReply, reply, DiText(di), std::move(rest_.values));
}

Answer Dlt645Meter2007::Refuse(std::uint8_t control, std::string di) const {
  const base::Bytes error{kNoSuchData};
  return Reply(static_cast<std::uint8_t>(control | kReply | kError), error, std::move(di), {});
}

Answer Dlt645Meter2007::Reply(std::uint8_t control, base::ByteView data, std::string di,
                              std::vector<SentValue> values) const {
  return {EncodeDlt645(wire_address_, control, data, options_.preamble), std::move(di), std::move(values)};
}

}  // namespace yb::metersim
