#include "tools/metersim/replay.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/metersim/scratch_folder.hpp"

namespace yb::metersim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::UtcTime kStart{1'793'851'200'000'000};

// The first rows of a steel plant's feeder (UCI, CC BY 4.0) and of two water meters (DAIAD trial A, CC BY-SA 4.0).
constexpr std::string_view kFeeder =
    "time,active_energy_kwh,active_power_kw,reactive_lagging_kvarh,reactive_leading_kvarh,power_factor\n"
    "2018-01-01T00:15:00,3.17,12.68,2.95,0.0,0.7321\n"
    "2018-01-01T00:30:00,7.17,16.0,4.46,0.0,0.6677\n"
    "2018-01-01T00:45:00,10.41,12.96,3.28,0.0,0.7028\n";
constexpr std::string_view kWater =
    "time,meter,volume_l\n"
    "2016-03-01T01:00:00,W13,314305\n"
    "2016-03-01T01:09:17,W08,349120\n"
    "2016-03-01T02:00:00,W13,314317\n"
    "2016-03-01T02:30:00,W08,349100\n";

class Replay : public ::testing::Test {
 protected:
  std::filesystem::path Write(const char* name, std::string_view text) {
    std::ofstream(folder.path() / name) << text;
    return folder.path() / name;
  }
  ScratchFolder folder;
};

TEST_F(Replay, ShowsTheLastRowAtOrBeforeTheFileTime) {
  const auto feeder = LoadFeederReplay(Write("feeder.csv", kFeeder), {.start = kStart}, 1, 1);
  ASSERT_TRUE(feeder) << feeder.error().Describe();
  EXPECT_EQ(feeder->source->RegistersAt(kStart).forward[0], 317);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + minutes(14)).forward[0], 317);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + minutes(15)).forward[0], 717);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + minutes(15)).quadrant_reactive[0], 741);
  const ElectricState state = feeder->source->StateAt(kStart + minutes(15));
  EXPECT_EQ(state.active_power[0], 160'000);
  EXPECT_EQ(state.power_factor[0], 667);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + minutes(900)).forward[0], 1041) << "the end is kept";
  EXPECT_EQ(feeder->peak_power, 160'000);
}

TEST_F(Replay, RunsFasterWithSpeed) {
  const auto feeder = LoadFeederReplay(Write("feeder.csv", kFeeder), {.start = kStart, .speed_milli = 900'000}, 1, 1);
  ASSERT_TRUE(feeder);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + seconds(1)).forward[0], 717);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + seconds(2)).forward[0], 1041);
}

TEST_F(Replay, BeginsAgainWhenItLoops) {
  const auto feeder = LoadFeederReplay(Write("feeder.csv", kFeeder), {.start = kStart, .loop = true}, 1, 1);
  ASSERT_TRUE(feeder);
  EXPECT_EQ(feeder->source->RegistersAt(kStart + minutes(31)).forward[0], 317);
}

TEST_F(Replay, DividesByTheTransformerRatio) {
  const auto feeder = LoadFeederReplay(Write("feeder.csv", kFeeder), {.start = kStart}, 10, 1);
  ASSERT_TRUE(feeder);
  EXPECT_EQ(feeder->source->RegistersAt(kStart).forward[0], 31) << "a dial cuts off, it does not round";
  EXPECT_EQ(feeder->source->StateAt(kStart).active_power[0], 12'680);
}

TEST_F(Replay, ShowsLitresOfTheNamedMeterBackwardStepsIncluded) {
  const auto dial = LoadVolumeReplay(Write("water.csv", kWater), "W08", {.start = kStart});
  ASSERT_TRUE(dial) << dial.error().Describe();
  EXPECT_EQ((*dial)->unit(), VolumeUnit::kLitre);
  EXPECT_EQ((*dial)->VolumeAt(kStart), 34'912'000) << "the first row holds until it is past";
  EXPECT_EQ((*dial)->VolumeAt(kStart + minutes(90)), 34'910'000);
}

TEST_F(Replay, CountsCubicMetresWhereLitresDoNotFit) {
  const auto dial =
      LoadVolumeReplay(Write("big.csv", "time,meter,volume_l\n2016-03-01T01:00:00,W01,1000019\n"), "W01", {kStart});
  ASSERT_TRUE(dial);
  EXPECT_EQ((*dial)->unit(), VolumeUnit::kCubicMetre);
  EXPECT_EQ((*dial)->VolumeAt(kStart), 100'001);
}

TEST_F(Replay, SaysWhatIsWrongAndWhere) {
  const auto missing = LoadFeederReplay(folder.path() / "none.csv", {kStart}, 1, 1);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().Describe().find("--replay DIR"), std::string::npos);
  const auto meter = LoadVolumeReplay(Write("water.csv", kWater), "W99", {kStart});
  ASSERT_FALSE(meter);
  EXPECT_NE(meter.error().message.find("'W99'"), std::string::npos);
  const auto row = LoadVolumeReplay(Write("bad.csv", "time,meter,volume_l\n2016-03-01T01:00:00,W01,12a\n"), "W01", {});
  ASSERT_FALSE(row);
  EXPECT_NE(row.error().message.find("bad.csv:2: volume_l is '12a', expected a decimal number"), std::string::npos);
}

TEST_F(Replay, HoldsTheRealFilesWhereTheyArePresent) {
  const std::filesystem::path data = "../shared/data";
  if (!std::filesystem::exists(data / "water_hourly.csv")) GTEST_SKIP() << "no ../shared/data beside the project";
  const auto feeder = LoadFeederReplay(data / "electricity_steel_15min.csv", {kStart, 86'400'000}, 1, 1);
  ASSERT_TRUE(feeder) << feeder.error().Describe();
  EXPECT_EQ(feeder->source->RegistersAt(kStart + seconds(400)).forward[0], 52'119'684) << "the last of 17,375 rows";
  const auto dial = LoadVolumeReplay(data / "water_hourly.csv", "W01", {kStart});
  ASSERT_TRUE(dial) << dial.error().Describe();
  EXPECT_EQ((*dial)->unit(), VolumeUnit::kLitre);
  EXPECT_EQ((*dial)->VolumeAt(kStart + seconds(769)), 87'648'000);
}

}  // namespace
}  // namespace yb::metersim
