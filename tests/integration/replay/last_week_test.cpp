// The last week of each file comes to the box twice: imported, and read from simulated meters through protocol, driver,
// line and store, at the pace of the file under a clock that the test moves. Both ways give the same readings.
//
// A DL/T 645 meter says energy with two decimals and at most 79.9999 kW, and the plant reaches 612 kW. So the plant is
// read twice: by a meter of its own for energy, whose register loses nothing, and by one behind CT 10 for power, which
// the format then holds exactly. Of the power factor it has three decimals of the file's four.
#include "edge/field/cjt188/cjt188_driver.hpp"
#include "edge/field/dlt645/dlt645_driver.hpp"
#include "edge/field/line/line_scheduler.hpp"
#include "tests/integration/replay/box_with_readings.hpp"
#include "tests/support/hand_over.hpp"
#include "tools/metersim/cjt188_meter.hpp"
#include "tools/metersim/dlt645_2007_meter.hpp"
#include "tools/metersim/line_bus.hpp"
#include "tools/metersim/replay.hpp"

namespace yb::test {
namespace {

using namespace std::chrono_literals;
using base::Decimal;

/// Shorter than any two rows of a meter are apart in these weeks.
constexpr base::Duration kInterval = 8min;

class LastWeek : public BoxWithReadings {
 protected:
  /// The file's time runs like the wall's, so that a row comes at its own instant: `offset` is the zone's.
  void StartClock(const char* first_row_local, base::Duration offset, base::UtcTime week_begins) {
    clock_.SetUtc(week_begins);
    replay_ = {.start = *base::FromIso(first_row_local) - offset};
  }

  void AddWater(const std::filesystem::path& file, const std::string& meter, int number) {
    auto source = metersim::LoadVolumeReplay(file, meter, replay_);
    ASSERT_TRUE(source) << source.error().Describe();
    const std::string address = std::to_string(10'000'000'000'000 + number);
    mounted_.push_back({metersim::MakeCjt188VolumeMeter({.address = address}, std::move(*source))});
    auto driver = field::cjt188::Cjt188Driver::Make(
        {.address = address, .points = {{.quantity = "current_volume", .unit = "m3", .source = "current_volume"}}});
    ASSERT_TRUE(driver) << driver.error().Describe();
    scheduled_.push_back({std::move(*driver), kInterval, 0s});
  }

  void AddPlant(const std::filesystem::path& file, const char* address, std::int64_t ct, const char* di,
                const char* unit, int factor) {
    auto feeder = metersim::LoadFeederReplay(file, replay_, ct, 1);
    ASSERT_TRUE(feeder) << feeder.error().Describe();
    const metersim::ElectricNameplate nameplate{.address = address, .meter_number = address, .ct_ratio = ct};
    mounted_.push_back({std::make_unique<metersim::Dlt645Meter2007>(metersim::Dlt645Options{.nameplate = nameplate},
                                                                    std::move(feeder->source))});
    field::PointRule rule{.quantity = "q", .unit = unit, .source = di};
    rule.factor = Decimal(factor, 0);
    auto driver =
        field::dlt645::Dlt645Driver::Make(field::dlt645::Edition::k2007, {.address = address, .points = {rule}});
    ASSERT_TRUE(driver) << driver.error().Describe();
    scheduled_.push_back({std::move(*driver), kInterval, 0s});
  }

  field::Instant Now() const { return {clock_.Steady(), clock_.Now()}; }

  /// Polls the line until `end`; what meter i says goes to point polled_[i].
  void Play(base::UtcTime end) {
    metersim::LineBus bus({.key = "line-1", .baud = 9600, .reply_delay = 50ms}, std::move(mounted_));
    field::line::LineScheduler line({}, std::move(scheduled_), Now());
    const auto perform = [&](const field::line::Actions& actions) {
      for (const field::line::PollStep& step : actions.steps) {
        for (const field::PointValue& value : step.values) {
          test::HandOver(*store_, {polled_.at(step.meter), value.time, value.value, value.quality});
        }
      }
      if (actions.send) bus.OnBytes(1, *actions.send, {clock_.Steady(), clock_.Now()});
      return actions.wake_at;
    };
    base::Monotonic wake = perform(line.OnConnected(Now()));
    while (clock_.Now() < end) {
      const bool answer_first = bus.NextDue() && *bus.NextDue() <= wake;
      const base::Monotonic next = answer_first ? *bus.NextDue() : wake;
      clock_.Advance(std::max(next - clock_.Steady(), base::Duration(answer_first ? 0 : 1)));
      if (!answer_first) {
        wake = perform(line.OnTick(Now()));
        continue;
      }
      for (const metersim::Emission& emission : bus.TakeDue(clock_.Steady())) {
        wake = perform(line.OnBytes(emission.bytes, Now()));
      }
    }
    EXPECT_EQ(line.counters().timeouts, 0U);
    OpenStore();  // commits what is pending, and reads it all back
  }

  /// From one imported reading to the next the meter says that one's value, at least once; nothing else is read.
  void ExpectSame(const std::vector<metering::Reading>& imported, const std::vector<metering::Reading>& polled,
                  int most_decimals = 18) {
    ASSERT_FALSE(imported.empty());
    std::size_t at = 0;
    while (at < polled.size() && polled[at].time < imported.front().time) ++at;
    for (std::size_t i = 0; i < imported.size(); ++i) {
      Decimal expected = *imported[i].value;
      while (expected.scale() > most_decimals) {
        expected = Decimal(expected.mantissa() / 10, static_cast<std::uint8_t>(expected.scale() - 1));
      }
      const bool is_last = i + 1 == imported.size();
      std::size_t said = 0;
      for (; at < polled.size() && (is_last || polled[at].time < imported[i + 1].time); ++at, ++said) {
        ASSERT_EQ(polled[at].quality, metering::Quality::kGood);
        ASSERT_EQ(*polled[at].value, expected)
            << polled[at].value->ToString() << " at " << base::ToIso(polled[at].time);
      }
      ASSERT_GT(said, 0U) << expected.ToString() << " of " << base::ToIso(imported[i].time) << " was never read";
    }
  }

  static std::vector<edge::ImportedValue> Since(std::vector<edge::ImportedValue> values, base::UtcTime begin) {
    std::erase_if(values, [&](const edge::ImportedValue& value) { return value.time < begin; });
    return values;
  }

  metersim::ReplayClock replay_;
  std::vector<metersim::MountedMeter> mounted_;
  std::vector<field::line::ScheduledMeter> scheduled_;
  std::vector<metering::PointNo> polled_;
};

TEST_F(LastWeek, OfTheWaterMetersIsTheSameThroughTheProtocolAsImported) {
  const auto file = SharedData("water_hourly.csv");
  if (!file) GTEST_SKIP() << kNoSharedData;
  const base::UtcTime begin = *base::FromIso("2016-06-23T21:46:50Z");
  const base::UtcTime last_row = *base::FromIso("2016-06-30T21:46:50Z");
  OpenStore();
  std::vector<telemetry::PointDefinition> definitions;
  std::vector<std::string> meters;
  for (int i = 1; i <= 24; ++i) meters.push_back((i < 10 ? "w0" : "w") + std::to_string(i));
  for (const std::string& meter : meters) {
    definitions.push_back(Define(meter, "current_volume", "m3", true));
    definitions.push_back(Define("polled-" + meter, "current_volume", "m3", true));
  }
  DefinePoints(definitions);
  const auto week = Since(ReadFile(*file, "Europe/Madrid"), begin);
  EXPECT_EQ(week.size(), 4'021U);
  Import(week);

  StartClock("2016-03-01T01:00:00Z", 2h, begin);  // summer time all week
  for (std::size_t i = 0; i < meters.size(); ++i) {
    std::string name = meters[i];
    name[0] = 'W';
    AddWater(*file, name, static_cast<int>(i));
    polled_.push_back(numbers_.at("polled-" + meters[i] + "/current_volume"));
  }
  Play(last_row + kInterval * 2);
  for (const std::string& meter : meters) {
    SCOPED_TRACE(meter);
    ExpectSame(Stored(meter + "/current_volume"), Stored("polled-" + meter + "/current_volume"));
  }
}

TEST_F(LastWeek, OfTheSteelPlantIsTheSameThroughTheProtocolAsImported) {
  const auto file = SharedData("electricity_steel_15min.csv");
  if (!file) GTEST_SKIP() << kNoSharedData;
  const base::UtcTime begin = *base::FromIso("2018-06-23T14:45:00Z");
  const base::UtcTime last_row = *base::FromIso("2018-06-30T14:45:00Z");
  OpenStore();
  std::vector<telemetry::PointDefinition> definitions;
  for (const char* meter : {"plant", "polled"}) {
    definitions.push_back(Define(meter, "fwd_active_energy", "kWh", true));
    definitions.push_back(Define(meter, "active_power_total", "kW", false));
    definitions.push_back(Define(meter, "power_factor_total", "", false));
  }
  DefinePoints(definitions);
  const auto week = Since(ReadFile(*file, "Asia/Seoul", "plant"), begin);
  EXPECT_EQ(week.size(), 3U * 673U) << "a week of quarters of an hour, with both ends";
  Import(week);

  StartClock("2018-01-01T00:15:00Z", 9h, begin);
  AddPlant(*file, "000000000001", 1, "00010000", "kWh", 1);
  AddPlant(*file, "000000000010", 10, "02030000", "kW", 10);
  AddPlant(*file, "000000000011", 10, "02060000", "", 1);
  for (const char* quantity : {"fwd_active_energy", "active_power_total", "power_factor_total"}) {
    polled_.push_back(numbers_.at("polled/" + std::string(quantity)));
  }
  Play(last_row + kInterval * 2);
  ExpectSame(Stored("plant/fwd_active_energy"), Stored("polled/fwd_active_energy"));
  ExpectSame(Stored("plant/active_power_total"), Stored("polled/active_power_total"));
  ExpectSame(Stored("plant/power_factor_total"), Stored("polled/power_factor_total"), 3);
}

}  // namespace
}  // namespace yb::test
