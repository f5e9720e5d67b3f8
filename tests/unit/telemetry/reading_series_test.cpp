#include "core/telemetry/reading_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yb::telemetry {
namespace {

using base::Decimal;
using base::Duration;
using metering::Quality;
using metering::Reading;

Reading At(std::int64_t time, std::int64_t value) {
  return {1, {time}, Decimal(value, 0), Quality::kGood};
}
Reading Failed(std::int64_t time, Quality quality) {
  return {1, {time}, std::nullopt, quality};
}

TEST(ReadingSeries, NamesTheStretchesWithoutAValueAndWhy) {
  const auto series = MakeSeries({At(100, 1), At(110, 2), Failed(120, Quality::kUnreachable),
                                  Failed(130, Quality::kUnreachable), At(200, 3), At(210, 4), At(300, 5)},
                                 {100}, {400}, Duration(30), 100);
  ASSERT_EQ(series.gaps.size(), 3U);
  EXPECT_EQ(series.gaps[0].from.micros, 110);
  EXPECT_EQ(series.gaps[0].to.micros, 200);
  EXPECT_EQ(series.gaps[0].reason, GapReason::kUnreachable);
  EXPECT_EQ(series.gaps[1].reason, GapReason::kNoData);
  EXPECT_EQ(series.gaps[2].from.micros, 300);
  EXPECT_EQ(series.gaps[2].to.micros, 400);
}

TEST(ReadingSeries, IsOneGapWhereNothingWasRead) {
  const auto series = MakeSeries({}, {100}, {400}, Duration(30), 100);
  ASSERT_EQ(series.gaps.size(), 1U);
  EXPECT_EQ(series.total, 0U);
}

TEST(ReadingSeries, PutsReadingsInOrderOfTime) {
  const auto series = MakeSeries({At(30, 3), At(10, 1), At(20, 2)}, {10}, {40}, Duration(30), 100);
  EXPECT_TRUE(std::ranges::is_sorted(series.readings, {}, &Reading::time));
  EXPECT_TRUE(series.gaps.empty());
}

TEST(ReadingSeries, KeepsTheExtremesWhenItThins) {
  std::vector<Reading> readings;
  for (std::int64_t i = 0; i < 10'000; ++i) readings.push_back(At(i, i % 100));
  readings[4321] = At(4321, 9999);
  readings[7777] = At(7777, -9999);
  const auto series = MakeSeries(readings, {0}, {10'000}, Duration(30), 200);
  EXPECT_TRUE(series.thinned);
  EXPECT_EQ(series.total, 10'000U);
  EXPECT_LE(series.readings.size(), 200U);
  const auto has = [&](std::int64_t time) {
    return std::ranges::any_of(series.readings, [&](const Reading& reading) { return reading.time.micros == time; });
  };
  EXPECT_TRUE(has(4321));
  EXPECT_TRUE(has(7777));
  EXPECT_TRUE(std::ranges::is_sorted(series.readings, {}, &Reading::time));
  EXPECT_TRUE(series.gaps.empty()) << "thinning must not make gaps";
}

}  // namespace
}  // namespace yb::telemetry
