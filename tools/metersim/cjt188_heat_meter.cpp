#include "tools/metersim/bcd.hpp"
#include "tools/metersim/cjt188_meter.hpp"

namespace yb::metersim {
namespace {

constexpr std::int64_t kDialEnd = 100'000'000;
constexpr std::uint8_t kKilowattHour = 0x05, kKilowatt = 0x17, kCubicMetre = 0x2C, kCubicMetrePerHour = 0x35;

class HeatMeter final : public Cjt188Meter {
 public:
  HeatMeter(Cjt188Options options, HeatLayout layout, std::unique_ptr<HeatSource> source)
      : Cjt188Meter(std::move(options)), layout_(layout), source_(std::move(source)) {}

 private:
  std::vector<SentValue> AppendCounters(base::Bytes& data, base::UtcTime now) const override {
    const HeatState state = source_->StateAt(now);
    std::vector<SentValue> values;
    const auto append = [&](const char* quantity, const char* unit, std::int64_t value, std::uint8_t decimals,
                            std::size_t width) {
      SentValue sent{quantity, std::nullopt, unit};
      if (AppendBcd(data, value, width)) sent.value = base::Decimal(value, decimals);
      values.push_back(std::move(sent));
    };
    const auto append_with_unit = [&](const char* quantity, const char* unit, std::uint8_t code, std::int64_t value,
                                      std::uint8_t decimals) {
      if (layout_ == HeatLayout::kUnitValue) data.push_back(code);
      append(quantity, unit, value, decimals, 4);
      if (layout_ == HeatLayout::kValueUnit) data.push_back(code);
    };
    append_with_unit("settlement_heat", "kWh", kKilowattHour, state.settlement_heat % kDialEnd, 2);
    append_with_unit("current_heat", "kWh", kKilowattHour, state.heat % kDialEnd, 2);
    append_with_unit("power", "kW", kKilowatt, state.power, 2);
    append_with_unit("flow", "m3/h", kCubicMetrePerHour, state.flow, 4);
    append_with_unit("volume", "m3", kCubicMetre, state.volume % kDialEnd, 2);
    append("supply_temp", "C", state.supply_temperature, 2, 3);
    append("return_temp", "C", state.return_temperature, 2, 3);
    append("work_hours", "h", state.work_hours, 0, 3);
    AppendClockAndStatus(data, now);
    return values;
  }

  HeatLayout layout_;
  std::unique_ptr<HeatSource> source_;
};

}  // namespace

std::unique_ptr<BusMeter> MakeCjt188HeatMeter(Cjt188Options options, HeatLayout layout,
                                              std::unique_ptr<HeatSource> source) {
  return std::make_unique<HeatMeter>(std::move(options), layout, std::move(source));
}

}  // namespace yb::metersim
