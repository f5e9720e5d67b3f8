#include "tools/metersim/dlt645_1997_meter.hpp"

#include <algorithm>

#include "tools/metersim/bcd.hpp"
#include "tools/metersim/dlt645_frame.hpp"

namespace yb::metersim {
namespace {

constexpr std::uint8_t kRead = 0x01, kReply = 0x80, kError = 0x40;
constexpr std::uint8_t kNoSuchIdentifier = 0x02;
constexpr std::size_t kDiLength = 2;
constexpr std::uint8_t kBlockEnd = 0xAA;

bool AllBytesAre(base::ByteView bytes, std::uint8_t value) {
  return std::all_of(bytes.begin(), bytes.end(), [value](std::uint8_t byte) { return byte == value; });
}

}  // namespace

Dlt645Meter1997::Dlt645Meter1997(Dlt645In1997Options options, std::unique_ptr<ElectricSource> source)
    : options_(std::move(options)), source_(std::move(source)) {
  AppendDigitsLowFirst(wire_address_, options_.nameplate.address);
}

bool Dlt645Meter1997::IsMeant(base::ByteView asked) const {
  return AddressMatches(asked, wire_address_) || (options_.answers_broadcast && AllBytesAre(asked, 0x99));
}

std::optional<Answer> Dlt645Meter1997::OnRequest(const BusFrame& request, base::UtcTime now) {
  const bool ours = request.framing == Framing::kDlt645 && request.control == kRead &&
                    request.data.size() == kDiLength && IsMeant(request.address);
  if (!ours) return std::nullopt;
  const bool echo = options_.echoes_wildcard && AllBytesAre(request.address, 0xAA);
  const base::Bytes& shown_address = echo ? request.address : wire_address_;
  const auto di = static_cast<std::uint16_t>(request.data[1] << 8 | request.data[0]);
  const std::string di_text = base::ToHex(base::Bytes{request.data[1], request.data[0]});
  std::optional<Item> item = FindItem1997(di, *source_, options_.nameplate, now, now + options_.clock_error);
  if (!item) {
    const base::Bytes error{kNoSuchIdentifier};
    return Answer{EncodeDlt645(shown_address, kRead | kReply | kError, error, options_.preamble), di_text, {}};
  }
  base::Bytes reply = request.data;
  reply.insert(reply.end(), item->bytes.begin(), item->bytes.end());
  if (options_.ends_block_with_aa && item->values.size() > 1) reply.push_back(kBlockEnd);
  return Answer{EncodeDlt645(shown_address, kRead | kReply, reply, options_.preamble), di_text,
                std::move(item->values)};
}

}  // namespace yb::metersim
