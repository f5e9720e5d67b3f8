// MeteredPark: a thousand points of three-phase meters under metersim's default profile, read as a box reads them:
// every meter once per interval, seven answers each, with the jitter of lines and schedulers. For benches; all follows
// from the seed.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

#include "core/telemetry/history_record.hpp"
#include "tools/metersim/electric_source.hpp"

namespace yb::test {

class MeteredPark {
 public:
  static constexpr int kMeters = 40;
  static constexpr int kRegisters = 10;  // of a meter, points 1…10 of its 25
  static constexpr int kPointsPerMeter = 25;

  explicit MeteredPark(base::Duration interval, std::uint64_t seed = 1) : interval_(interval), random_(seed) {
    const metersim::Profile* profile = catalogue_.Find("industrial-feeder");
    for (int meter = 0; meter < kMeters; ++meter)
      feeders_.push_back(metersim::MakeProfileFeeder(*profile, profile->ct_ratio, seed * 1000 + meter));
  }

  [[nodiscard]] static bool IsRegister(metering::PointNo point) { return (point - 1) % kPointsPerMeter < kRegisters; }
  [[nodiscard]] static metering::PointNo points() { return kMeters * kPointsPerMeter; }

  /// All readings of the poll that begins at `start`, in order of time.
  [[nodiscard]] std::vector<metering::Reading> Poll(base::UtcTime start) {
    std::vector<metering::Reading> readings;
    for (int meter = 0; meter < kMeters; ++meter) {
      // Eight lines side by side, five meters on each in turn over the interval.
      base::UtcTime at = start + interval_ * (meter % 5) / 5 + Jitter(2000);
      Answer(readings, meter, at);
    }
    std::ranges::stable_sort(readings, {}, &metering::Reading::time);
    return readings;
  }

 private:
  /// Up to so many microseconds, as a scheduler and a line add them.
  base::Duration Jitter(int most) {
    return base::Duration(std::uniform_int_distribution<std::int64_t>(0, most)(random_));
  }

  void Answer(std::vector<metering::Reading>& out, int meter, base::UtcTime at) {
    const metersim::ElectricSource& feeder = *feeders_[static_cast<std::size_t>(meter)];
    auto point = static_cast<metering::PointNo>(meter * kPointsPerMeter + 1);
    const auto block = [&](auto values, std::size_t count, std::uint8_t scale) {
      at = at + base::Duration(95'000) + Jitter(1000);  // request and answer at 9600 baud and 50 ms of the meter
      const base::UtcTime stamp{at.micros / 1000 * 1000};
      for (std::size_t i = 0; i < count; ++i)
        out.push_back({point++, stamp, base::Decimal(values[i], scale), metering::Quality::kGood});
    };
    const metersim::EnergyRegisters registers = feeder.RegistersAt(at);
    block(registers.forward, 5, 2);
    block(registers.reverse, 5, 2);
    const metersim::ElectricState state = feeder.StateAt(at);
    block(state.voltage, 3, 1);
    block(state.current, 3, 3);
    block(state.active_power, 4, 4);
    block(state.power_factor, 4, 3);
    block(std::array{state.frequency}, 1, 2);
  }

  base::Duration interval_;
  std::mt19937_64 random_;
  metersim::ProfileCatalogue catalogue_;
  std::vector<std::unique_ptr<metersim::ElectricSource>> feeders_;
};

}  // namespace yb::test
