// Four months of 24 real water meters, imported: every gap and every step backwards of the file is an event, and
// consumption accounts for each register exactly. What is expected is worked out from the file by the test itself.
#include "core/domain/metering/consumption.hpp"
#include "tests/integration/replay/box_with_readings.hpp"

namespace yb::test {
namespace {

using base::Decimal;
using metering::MeterEventKind;

/// Madrid: an hour ahead of UTC, and two from the last Sunday of March 2016 on.
std::int64_t MadridToUtc(std::int64_t local_s) {
  constexpr std::int64_t kSummer = 1'459'044'000;  // 2016-03-27T02:00:00
  return local_s - (local_s < kSummer ? 3600 : 7200);
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(c));
  return text;
}

/// meter → rows; times in seconds of UTC, volumes in litres.
std::map<std::string, std::vector<FileRow>> Rows(const std::string& text) {
  std::map<std::string, std::vector<FileRow>> rows;
  std::istringstream lines(text);
  std::string time, meter, volume;
  std::getline(lines, time);
  while (std::getline(lines, time, ',') && std::getline(lines, meter, ',') && std::getline(lines, volume)) {
    std::tm parts{};
    ::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    rows[LowerCase(meter)].push_back({MadridToUtc(::timegm(&parts)), std::stoll(volume)});
  }
  return rows;
}

class WaterHistory : public BoxWithReadings {};

TEST_F(WaterHistory, AccountsForEveryLitreGapAndStepBackwards) {
  const auto file = SharedData("water_hourly.csv");
  if (!file) GTEST_SKIP() << kNoSharedData;
  const auto meters = Rows(ReadAll(*file));
  ASSERT_EQ(meters.size(), 24U);
  OpenStore();
  std::vector<telemetry::PointDefinition> definitions;
  for (const auto& [meter, rows] : meters) definitions.push_back(Define(meter, "current_volume", "L", true));
  DefinePoints(definitions);
  const auto values = ReadFile(*file, "Europe/Madrid");
  ASSERT_EQ(values.size(), 68'150U) << "as the file's README says";
  const edge::ImportResult first = Import(values);
  EXPECT_EQ(first.added, 68'150U);
  EXPECT_EQ(first.events, 695U + 6U) << "gaps and steps backwards, as counted by another program in Python";

  for (const auto& [meter, rows] : meters) {
    SCOPED_TRACE(meter);
    std::string expected;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::string at = std::to_string(rows[i].local_s) + " ";
      if (rows[i].local_s - rows[i - 1].local_s > 5400) expected += "gap " + at;
      if (rows[i].value < rows[i - 1].value) expected += "backward_step " + at;
    }
    std::string found;
    for (const metering::MeterEvent& event : Events(meter)) {
      found += std::string(ToString(event.kind)) + " " + std::to_string(event.time.micros / 1'000'000) + " ";
    }
    EXPECT_EQ(found, expected);

    const auto stored = Stored(meter + "/current_volume");
    ASSERT_EQ(stored.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(stored[i].time.micros, rows[i].local_s * 1'000'000);
      ASSERT_EQ(*stored[i].value, Decimal(rows[i].value, 0));
      ASSERT_EQ(stored[i].quality, metering::Quality::kImported);
    }
    const auto sum = metering::Consume({}, stored, {});
    ASSERT_TRUE(sum) << sum.error().Describe();
    EXPECT_GE(sum->consumption, Decimal(0, 0));
    for (const metering::RegisterStep& step : sum->steps) EXPECT_GE(step.consumption, Decimal(0, 0));
    EXPECT_EQ(*sum->consumption.Plus(sum->explained), Decimal(rows.back().value - rows.front().value, 0));
    // A register without a step backwards has nothing to explain.
    if (expected.find("backward_step") == std::string::npos) {
      EXPECT_EQ(sum->explained, Decimal(0, 0));
    }
  }

  const edge::ImportResult again = Import(values);
  EXPECT_EQ(again.added, 0U);
  EXPECT_EQ(again.known, 68'150U);
  EXPECT_EQ(again.events, 0U);
  OpenStore();
  EXPECT_EQ(Import(values).added, 0U) << "after a restart too";
}

TEST_F(WaterHistory, SeesNoGapInTheHourThatSpringSkips) {
  const auto file = SharedData("water_hourly.csv");
  if (!file) GTEST_SKIP() << kNoSharedData;
  OpenStore();
  std::vector<telemetry::PointDefinition> definitions;
  for (int i = 1; i <= 24; ++i) {
    definitions.push_back(Define((i < 10 ? "w0" : "w") + std::to_string(i), "current_volume", "m3", true));
  }
  DefinePoints(definitions);
  Import(ReadFile(*file, "Europe/Madrid"));
  // W01 has a row each hour of that night: 01:12:24 and 03:12:24 on the wall are an hour apart.
  for (const metering::MeterEvent& event : Events("w01")) {
    const bool that_night =
        event.time > *base::FromIso("2016-03-27T00:00:00Z") && event.time < *base::FromIso("2016-03-27T03:00:00Z");
    EXPECT_FALSE(that_night) << ToString(event.kind) << " at " << base::ToIso(event.time);
  }
  EXPECT_EQ(Stored("w01/current_volume").front().value->ToString(), "876.480") << "litres as m3, exactly";
}

}  // namespace
}  // namespace yb::test
