#include "tools/metersim/volume_source.hpp"

#include "tools/metersim/local_time.hpp"
#include "tools/metersim/seeded.hpp"
#include "tools/metersim/weekly_load.hpp"

namespace yb::metersim {
namespace {

// A hundredth of a cubic metre is ten litres; the load's integral counts L/h in ten-thousandths, over seconds.
constexpr std::int64_t kPerHundredthCubicMetre = std::int64_t{10} * 3600 * 10'000;

enum Salt : std::uint64_t { kScale = 201, kStart };

class ProfileVolume final : public VolumeSource {
 public:
  ProfileVolume(const Profile& profile, std::uint64_t seed)
      : load_(profile.week, profile.rated * Within(Mix(seed, kScale), 70, 130) / 100, seed),
        start_(Within(Mix(seed, kStart), 0, 500'00)) {}

  [[nodiscard]] std::int64_t VolumeAt(base::UtcTime time) const override {
    return start_ + load_.TotalAt(time, 0) / kPerHundredthCubicMetre;
  }
  [[nodiscard]] std::int64_t SettlementAt(base::UtcTime time) const override { return VolumeAt(MonthStart(time, 0)); }
  [[nodiscard]] VolumeUnit unit() const override { return VolumeUnit::kCubicMetre; }

 private:
  WeeklyLoad load_;
  std::int64_t start_;  // what the dial showed at the origin, 0.01 m3
};

}  // namespace

std::unique_ptr<VolumeSource> MakeProfileVolume(const Profile& profile, std::uint64_t seed) {
  return std::make_unique<ProfileVolume>(profile, seed);
}

}  // namespace yb::metersim
