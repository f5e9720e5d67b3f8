#include "tools/metersim/weekly_load.hpp"

#include <gtest/gtest.h>

#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/seeded.hpp"
#include "tools/metersim/volume_source.hpp"

namespace yb::metersim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::UtcTime kSomeNoon{1'793'851'200'000'000};  // 2026-11-05T04:00:00Z, a Thursday in Baotou

TEST(WeeklyLoad, NeverFallsAndGrowsByItsRate) {
  const ProfileCatalogue profiles;
  const Profile& profile = *profiles.Find("industrial-feeder");
  const WeeklyLoad load(profile.week, profile.rated, 7);
  std::int64_t before = load.TotalAt(kSomeNoon, 0);
  for (int step = 1; step <= 3000; ++step) {
    const base::UtcTime time = kSomeNoon + seconds(step * 13);
    const std::int64_t now = load.TotalAt(time, 0);
    ASSERT_GT(now, before) << "after " << step << " steps";
    before = now;
  }
  const base::UtcTime start_of_minute = kSomeNoon;
  EXPECT_EQ(load.TotalAt(start_of_minute + seconds(40), 0) - load.TotalAt(start_of_minute + seconds(10), 0),
            load.RateAt(start_of_minute + seconds(10)) * 30);
}

TEST(WeeklyLoad, SplitsItsTotalIntoTariffs) {
  const ProfileCatalogue profiles;
  const Profile& profile = *profiles.Find("office-building");
  const WeeklyLoad load(profile.week, profile.rated, 7);
  for (int step = 0; step < 200; ++step) {
    const base::UtcTime time = kSomeNoon + minutes(step * 53) + seconds(step);
    std::int64_t tariffs = 0;
    for (int tariff = 1; tariff <= kTariffs; ++tariff) tariffs += load.TotalAt(time, tariff);
    ASSERT_EQ(tariffs, load.TotalAt(time, 0)) << base::ToIso(time);
  }
}

TEST(WeeklyLoad, FollowsTheHoursOfTheDay) {
  const ProfileCatalogue profiles;
  const Profile& profile = *profiles.Find("industrial-feeder");
  const WeeklyLoad load(profile.week, profile.rated, 7);
  const base::UtcTime monday_midnight{1'704'038'400'000'000};
  const base::UtcTime monday = monday_midnight + hours(24 * 7 * 100);
  EXPECT_GT(load.RateAt(monday + hours(10)), 2 * load.RateAt(monday + hours(3)));
  EXPECT_GT(load.RateAt(monday + hours(10)), 2 * load.RateAt(monday + hours(24 * 6 + 10))) << "Sunday";
}

TEST(ProfileFeeder, ShowsTheSameRegistersAfterARestart) {
  const ProfileCatalogue profiles;
  const auto one = MakeProfileFeeder(*profiles.Find("dormitory"), 1, Mix(5, "000000000161"));
  const auto other = MakeProfileFeeder(*profiles.Find("dormitory"), 1, Mix(5, "000000000161"));
  const auto neighbour = MakeProfileFeeder(*profiles.Find("dormitory"), 1, Mix(5, "000000000162"));
  EXPECT_EQ(one->RegistersAt(kSomeNoon).forward, other->RegistersAt(kSomeNoon).forward);
  EXPECT_NE(one->RegistersAt(kSomeNoon).forward, neighbour->RegistersAt(kSomeNoon).forward);
}

TEST(ProfileFeeder, IntegratesTheSecondaryPowerItShows) {
  const ProfileCatalogue profiles;
  const auto feeder = MakeProfileFeeder(*profiles.Find("smelter-feeder"), 200, 11);
  std::int64_t tenth_watt_seconds = 0;
  const int kSeconds = 6 * 3600;
  for (int second = 0; second < kSeconds; ++second) {
    tenth_watt_seconds += feeder->StateAt(kSomeNoon + seconds(second)).active_power[0];
  }
  const std::int64_t grown =
      feeder->RegistersAt(kSomeNoon + seconds(kSeconds)).forward[0] - feeder->RegistersAt(kSomeNoon).forward[0];
  EXPECT_NEAR(static_cast<double>(grown), static_cast<double>(tenth_watt_seconds) / 360'000.0, 2.0);
}

TEST(ProfileFeeder, ShowsAStateThatFitsTogether) {
  const ProfileCatalogue profiles;
  const auto feeder = MakeProfileFeeder(*profiles.Find("industrial-feeder"), 80, 3);
  const ElectricState state = feeder->StateAt(kSomeNoon);
  EXPECT_EQ(state.active_power[1] + state.active_power[2] + state.active_power[3], state.active_power[0]);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    EXPECT_NEAR(static_cast<double>(state.voltage[phase]), 2200.0, 40.0);
    const double apparent = static_cast<double>(state.voltage[phase] * state.current[phase]) / 1000.0;
    EXPECT_NEAR(apparent * static_cast<double>(state.power_factor[phase + 1]) / 1000.0,
                static_cast<double>(state.active_power[phase + 1]), 5.0);
  }
  EXPECT_LT(state.active_power[0], 799'999) << "what the wire format holds";
}

TEST(ProfileFeeder, CountsWhatASolarRoofFeedsInAsReverse) {
  const ProfileCatalogue profiles;
  const auto roof = MakeProfileFeeder(*profiles.Find("solar-roof"), 40, 3);
  const base::UtcTime noon{1'704'038'400'000'000 + std::int64_t{12} * 3'600'000'000};
  EXPECT_LT(roof->StateAt(noon).active_power[0], 0);
  EXPECT_LT(roof->StateAt(noon).current[0], 0);
  EXPECT_EQ(roof->RegistersAt(noon).forward[0], 0);
  EXPECT_GT(roof->RegistersAt(noon + hours(1)).reverse[0], roof->RegistersAt(noon).reverse[0]);
}

TEST(ProfileVolume, NeverFallsAndSettlesOnTheFirstOfTheMonth) {
  const ProfileCatalogue profiles;
  const auto dial = MakeProfileVolume(*profiles.Find("industrial-water"), 9);
  std::int64_t before = 0;
  for (int hour = 0; hour < 24 * 40; ++hour) {
    const base::UtcTime time = kSomeNoon + hours(hour);
    ASSERT_GE(dial->VolumeAt(time), before);
    ASSERT_LE(dial->SettlementAt(time), dial->VolumeAt(time));
    before = dial->VolumeAt(time);
  }
  EXPECT_NE(dial->SettlementAt(kSomeNoon), dial->SettlementAt(kSomeNoon + hours(24 * 31)));
}

}  // namespace
}  // namespace yb::metersim
