#include "tools/metersim/electric_source.hpp"

#include <algorithm>
#include <cstdlib>

#include "tools/metersim/seeded.hpp"

namespace yb::metersim {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kPerCentikilowatthour = 360'000'000;  // 36 kJ in ten-thousandths of a joule

enum Salt : std::uint64_t { kVoltage = 101, kFrequency, kPhaseShare, kPowerFactor, kScale, kStart, kReactive };

std::int64_t SquareRoot(std::int64_t square) {
  std::int64_t low = 0, high = 2'000'000'000;
  while (low < high) {
    const std::int64_t middle = (low + high + 1) / 2;
    if (middle * middle <= square) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/// A number that stays the same for `seconds` and then changes.
std::uint64_t Held(std::uint64_t seed, Salt salt, base::UtcTime time, std::int64_t seconds) {
  return Mix(Mix(seed, salt), static_cast<std::uint64_t>(time.micros / (seconds * kMicrosPerSecond)));
}

class ProfileFeeder final : public ElectricSource {
 public:
  ProfileFeeder(const Profile& profile, std::int64_t ct_ratio, std::uint64_t seed)
      : profile_(profile),
        ct_ratio_(ct_ratio),
        seed_(seed),
        load_(profile.week, profile.rated * Within(Mix(seed, kScale), 70, 130) / 100, seed),
        start_(Within(Mix(seed, kStart), 0, 20'000'00)),
        reactive_permille_(Within(Mix(seed, kReactive), 250, 450)) {}

  [[nodiscard]] EnergyRegisters RegistersAt(base::UtcTime time) const override {
    EnergyRegisters registers;
    auto& running = profile_.exports ? registers.reverse : registers.forward;
    for (int tariff = 0; tariff <= kTariffs; ++tariff) {
      const std::int64_t start = tariff == 0 ? start_ : start_ / kTariffs;
      running[static_cast<std::size_t>(tariff)] =
          start + load_.TotalAt(time, tariff) / (kPerCentikilowatthour * ct_ratio_);
    }
    registers.quadrant_reactive[profile_.exports ? 1 : 0] = running[0] * reactive_permille_ / 1000;
    return registers;
  }

  [[nodiscard]] ElectricState StateAt(base::UtcTime time) const override {
    const std::int64_t power = load_.RateAt(time) / (1000 * ct_ratio_);
    const std::int64_t power_factor = profile_.power_factor + Within(Held(seed_, kPowerFactor, time, 60), -12, 12);
    return CompleteState(profile_.exports ? -power : power, power_factor, seed_, time);
  }

 private:
  const Profile& profile_;
  std::int64_t ct_ratio_;
  std::uint64_t seed_;
  WeeklyLoad load_;
  std::int64_t start_;  // what the register held at the origin, 0.01 kWh
  std::int64_t reactive_permille_;
};

}  // namespace

ElectricState CompleteState(std::int64_t active_power, std::int64_t power_factor, std::uint64_t seed,
                            base::UtcTime time) {
  ElectricState state;
  const std::int64_t share_a = Within(Mix(seed, kPhaseShare), 310, 355);
  const std::int64_t share_b = Within(Mix(seed, kPhaseShare + 100), 310, 355);
  state.active_power[0] = active_power;
  state.active_power[1] = active_power * share_a / 1000;
  state.active_power[2] = active_power * share_b / 1000;
  state.active_power[3] = active_power - state.active_power[1] - state.active_power[2];
  for (std::size_t i = 0; i < 4; ++i) {
    const std::int64_t power = std::abs(state.active_power[i]);
    state.apparent_power[i] = power * 1000 / power_factor;
    state.reactive_power[i] = SquareRoot(state.apparent_power[i] * state.apparent_power[i] - power * power);
    state.power_factor[i] = active_power < 0 ? -power_factor : power_factor;
  }
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const std::uint64_t random = Held(seed + phase, kVoltage, time, 5);
    state.voltage[phase] = 2200 + Within(random, -38, 38);
    const std::int64_t current = state.apparent_power[phase + 1] * 1000 / state.voltage[phase];
    state.current[phase] = active_power < 0 ? -current : current;
  }
  state.frequency = 5000 + Within(Held(0, kFrequency, time, 10), -4, 4);  // one grid, one frequency
  return state;
}

std::unique_ptr<ElectricSource> MakeProfileFeeder(const Profile& profile, std::int64_t ct_ratio, std::uint64_t seed) {
  return std::make_unique<ProfileFeeder>(profile, ct_ratio, seed);
}

}  // namespace yb::metersim
