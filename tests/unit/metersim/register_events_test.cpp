#include "tools/metersim/register_events.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/line_of_meters.hpp"
#include "tools/metersim/line_builder.hpp"

namespace yb::metersim {
namespace {

using std::chrono::seconds;

constexpr base::UtcTime kStart{1'793'851'200'000'000};

std::unique_ptr<ElectricSource> Growing(std::vector<RegisterEvent> events) {
  return WithEvents(std::make_unique<GrowingFeeder>(5000, kStart), std::move(events));
}

TEST(RegisterEvents, ResetSetsEveryRegister) {
  const auto feeder = Growing({{RegisterEventKind::kReset, kStart + seconds(10), 42}});
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(9)).forward[0], 5009);
  const EnergyRegisters at = feeder->RegistersAt(kStart + seconds(10));
  EXPECT_EQ(at.forward[0], 42);
  EXPECT_EQ(at.forward[1], 0);
  EXPECT_EQ(at.quadrant_reactive[0], 0);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(15)).forward[0], 47);
}

TEST(RegisterEvents, RolloverPassesFromTheLastValueToZero) {
  const auto feeder = Growing({{RegisterEventKind::kRollover, kStart + seconds(10), 0}});
  EXPECT_EQ(feeder->RegistersAt(kStart).forward[0], 99'999'990);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(9)).forward[0], 99'999'999);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(10)).forward[0], 0);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(12)).forward[0], 2);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(12)).forward[1], 12) << "the tariffs go on";
}

TEST(RegisterEvents, ResetAfterARolloverHolds) {
  const auto feeder = Growing(
      {{RegisterEventKind::kReset, kStart + seconds(20), 0}, {RegisterEventKind::kRollover, kStart + seconds(10), 0}});
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(15)).forward[0], 5);
  EXPECT_EQ(feeder->RegistersAt(kStart + seconds(25)).forward[0], 5);
}

TEST(RegisterEvents, ResetTakesTheSettlementOfADial) {
  const ProfileCatalogue profiles;
  const auto dial =
      WithEvents(MakeProfileVolume(*profiles.Find("industrial-water"), 9), {{RegisterEventKind::kReset, kStart, 0}});
  EXPECT_EQ(dial->VolumeAt(kStart), 0);
  EXPECT_EQ(dial->SettlementAt(kStart + seconds(60)), 0);
  EXPECT_GT(dial->VolumeAt(kStart + seconds(3600)), 0);
}

TEST(RegisterEvents, RolloverOfHeatLeavesItsVolume) {
  const ProfileCatalogue profiles;
  const auto plain = MakeProfileHeat(*profiles.Find("building-heat"), 9);
  const auto rolling = WithEvents(MakeProfileHeat(*profiles.Find("building-heat"), 9),
                                  {{RegisterEventKind::kRollover, kStart + seconds(60), 0}});
  EXPECT_GT(rolling->StateAt(kStart).heat, 99'999'000);
  EXPECT_EQ(rolling->StateAt(kStart + seconds(60)).heat, 0);
  EXPECT_EQ(rolling->StateAt(kStart).volume, plain->StateAt(kStart).volume);
}

class ReplacedMeter : public ::testing::Test {
 protected:
  std::unique_ptr<LineBus> Line(std::string_view event) {
    const std::string text = R"([[line]]
key = "line-1"
listen = "127.0.0.1:0"
[[line.meter]]
protocol = "DLT645-2007"
address = "161"
profile = "dormitory"
preamble = 0
[[line.meter.event]]
kind = "replacement"
at = "+100s"
)" + std::string(event);
    const base::Result<SimConfig> config = ParseSimConfig(text, "sim.toml", profiles, kStart);
    EXPECT_TRUE(config) << config.error().Describe();
    base::Result<std::unique_ptr<LineBus>> line = BuildLine(config->lines[0], {profiles, 1, "", {kStart}});
    EXPECT_TRUE(line);
    return std::move(*line);
  }
  /// The forward energy answered at `after`, "" for silence.
  static std::string Energy(LineBus& line, std::string_view request, base::Duration after) {
    line.OnBytes(1, Hex(request), {{after.count()}, kStart + after});
    std::string said;
    for (const Emission& emission : line.TakeDue({after.count()})) {
      for (const TruthEntry& truth : emission.truths) said += Meaning(truth.answer);
    }
    return said;
  }

  ProfileCatalogue profiles;
};

TEST_F(ReplacedMeter, BeginsAnewUnderTheSameAddress) {
  const std::unique_ptr<LineBus> line = Line("start = \"0.35\"\ngap_s = 20\n");
  EXPECT_NE(Energy(*line, kEnergyRequest, seconds(99)), "");
  EXPECT_EQ(Energy(*line, kEnergyRequest, seconds(100)), "") << "the old one is off the wall";
  EXPECT_EQ(Energy(*line, kEnergyRequest, seconds(120)), "fwd_active_energy=0.35 kWh");
}

TEST_F(ReplacedMeter, AnswersUnderItsNewAddressAlone) {
  const std::unique_ptr<LineBus> line = Line("address = \"162\"\n");
  constexpr std::string_view kNewRequest = "68620100000000681104333334331516";
  EXPECT_EQ(Energy(*line, kNewRequest, seconds(99)), "");
  EXPECT_NE(Energy(*line, kEnergyRequest, seconds(99)), "");
  EXPECT_EQ(Energy(*line, kNewRequest, seconds(100)), "fwd_active_energy=0.00 kWh");
  EXPECT_EQ(Energy(*line, kEnergyRequest, seconds(100)), "");
}

}  // namespace
}  // namespace yb::metersim
