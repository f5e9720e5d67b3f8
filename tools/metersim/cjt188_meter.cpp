#include "tools/metersim/cjt188_meter.hpp"

#include <algorithm>

#include "tools/metersim/bcd.hpp"
#include "tools/metersim/local_time.hpp"

namespace yb::metersim {
namespace {

constexpr std::uint8_t kReadData = 0x01, kReadAddress = 0x03;
constexpr std::uint8_t kReply = 0x80, kError = 0x40;
constexpr std::uint8_t kAnyByte = 0xAA;
constexpr std::size_t kRequestLength = 3;  // DI, DI, SER
constexpr std::int64_t kDialEnd = 100'000'000;

bool IsDi(base::ByteView data, std::uint8_t high, std::uint8_t low) {
  return (data[0] == high && data[1] == low) || (data[0] == low && data[1] == high);
}

class VolumeMeter final : public Cjt188Meter {
 public:
  VolumeMeter(Cjt188Options options, std::unique_ptr<VolumeSource> source)
      : Cjt188Meter(std::move(options)), source_(std::move(source)) {}

 private:
  std::vector<SentValue> AppendCounters(base::Bytes& data, base::UtcTime now) const override {
    std::vector<SentValue> values;
    const auto append = [&](const char* quantity, std::int64_t hundredths) {
      SentValue sent{quantity, std::nullopt, source_->unit() == VolumeUnit::kLitre ? "L" : "m3"};
      hundredths %= kDialEnd;
      if (AppendBcd(data, hundredths, 4)) sent.value = base::Decimal(hundredths, 2);
      data.push_back(static_cast<std::uint8_t>(source_->unit()));
      values.push_back(std::move(sent));
    };
    append("current_volume", source_->VolumeAt(now));
    append("settlement_volume", source_->SettlementAt(now));
    AppendClockAndStatus(data, now);
    return values;
  }

  std::unique_ptr<VolumeSource> source_;
};

}  // namespace

Cjt188Meter::Cjt188Meter(Cjt188Options options) : options_(std::move(options)) {
  AppendDigitsLowFirst(wire_address_, options_.address);
}

std::optional<Answer> Cjt188Meter::OnRequest(const BusFrame& request, base::UtcTime now) {
  const bool ours = request.framing == Framing::kCjt188 &&
                    (request.type == options_.type || request.type == kAnyByte) &&
                    AddressMatches(request.address, wire_address_) && request.data.size() == kRequestLength;
  if (!ours) return std::nullopt;
  const std::uint8_t serial = request.data[2];
  base::Bytes data;
  if (request.control == kReadData) {
    if (!IsDi(request.data, 0x90, 0x1F)) {
      const base::Bytes refusal{serial, 0x00, 0x00};
      return Reply(kReadData | kReply | kError, refusal, base::ToHex(base::ByteView(request.data).first(2)), {});
    }
    AppendDi(data, 0x90, 0x1F, serial);
    std::vector<SentValue> values = AppendCounters(data, now);
    return Reply(kReadData | kReply, data, "901F", std::move(values));
  }
  if (request.control == kReadAddress && IsDi(request.data, 0x81, 0x0A)) {
    AppendDi(data, 0x81, 0x0A, serial);
    return Reply(kReadAddress | kReply, data, "810A", {});
  }
  return std::nullopt;
}

void Cjt188Meter::AppendDi(base::Bytes& data, std::uint8_t high, std::uint8_t low, std::uint8_t serial) const {
  const bool high_first = options_.di_order == DiOrder::k901F;
  data.insert(data.end(), {high_first ? high : low, high_first ? low : high, serial});
}

void Cjt188Meter::AppendClockAndStatus(base::Bytes& data, base::UtcTime now) const {
  const LocalTime local = ToLocal(now + options_.clock_error);
  for (const int part :
       {local.second, local.minute, local.hour, local.day, local.month, local.year % 100, local.year / 100}) {
    AppendBcd(data, part, 1);
  }
  data.insert(data.end(), options_.status.begin(), options_.status.end());
}

Answer Cjt188Meter::Reply(std::uint8_t control, base::ByteView data, std::string di,
                          std::vector<SentValue> values) const {
  base::Bytes frame(static_cast<std::size_t>(options_.preamble), 0xFE);
  const std::size_t start = frame.size();
  frame.insert(frame.end(), {0x68, options_.type});
  frame.insert(frame.end(), wire_address_.begin(), wire_address_.end());
  frame.insert(frame.end(), {control, static_cast<std::uint8_t>(data.size())});
  frame.insert(frame.end(), data.begin(), data.end());
  frame.push_back(ByteSum(base::ByteView(frame).subspan(start)));
  frame.push_back(0x16);
  return {std::move(frame), std::move(di), std::move(values)};
}

std::unique_ptr<BusMeter> MakeCjt188VolumeMeter(Cjt188Options options, std::unique_ptr<VolumeSource> source) {
  return std::make_unique<VolumeMeter>(std::move(options), std::move(source));
}

}  // namespace yb::metersim
