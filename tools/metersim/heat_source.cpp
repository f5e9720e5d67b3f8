#include "tools/metersim/heat_source.hpp"

#include "tools/metersim/local_time.hpp"
#include "tools/metersim/seeded.hpp"
#include "tools/metersim/weekly_load.hpp"

namespace yb::metersim {
namespace {

constexpr std::int64_t kPerCentikilowatthour = 360'000'000;  // 36 kJ in ten-thousandths of a joule
constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kInstalledHour = 1'704'038'400'000'000 / kMicrosPerHour;
// Water gives 1.163 kWh per m3 and kelvin; at 20 K a cubic metre carries 23.26 kWh.
constexpr std::int64_t kCentikilowatthoursPerCubicMetre = 2326;
constexpr std::int64_t kSpread = 2000;  // supply minus return, 0.01 C

enum Salt : std::uint64_t { kScale = 301, kStart, kTemperature };

class ProfileHeat final : public HeatSource {
 public:
  ProfileHeat(const Profile& profile, std::uint64_t seed)
      : load_(profile.week, profile.rated * Within(Mix(seed, kScale), 70, 130) / 100, seed),
        seed_(seed),
        start_(Within(Mix(seed, kStart), 0, 5'000'00)) {}

  [[nodiscard]] HeatState StateAt(base::UtcTime time) const override {
    HeatState state;
    state.heat = HeatAt(time);
    state.settlement_heat = HeatAt(MonthStart(time, 0));
    state.power = load_.RateAt(time) / 100'000;
    state.flow = state.power * 10'000 / kCentikilowatthoursPerCubicMetre;
    state.volume = state.heat * 100 / kCentikilowatthoursPerCubicMetre;
    const auto hour = static_cast<std::uint64_t>(time.micros / kMicrosPerHour);
    state.supply_temperature = 6200 + Within(Mix(Mix(seed_, kTemperature), hour), -350, 350);
    state.return_temperature = state.supply_temperature - kSpread;
    state.work_hours = time.micros / kMicrosPerHour - kInstalledHour;
    return state;
  }

 private:
  [[nodiscard]] std::int64_t HeatAt(base::UtcTime time) const {
    return start_ + load_.TotalAt(time, 0) / kPerCentikilowatthour;
  }

  WeeklyLoad load_;
  std::uint64_t seed_;
  std::int64_t start_;  // what the register held at the origin, 0.01 kWh
};

}  // namespace

std::unique_ptr<HeatSource> MakeProfileHeat(const Profile& profile, std::uint64_t seed) {
  return std::make_unique<ProfileHeat>(profile, seed);
}

}  // namespace yb::metersim
