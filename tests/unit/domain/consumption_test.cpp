// The consumption of a period, by hand.
#include "core/domain/metering/consumption.hpp"

#include <gtest/gtest.h>

namespace yb::metering {
namespace {

using base::Decimal;

constexpr base::UtcTime At(std::int64_t hour) {
  return {hour * 3'600'000'000};
}

std::vector<Reading> Readings(std::initializer_list<std::pair<std::int64_t, const char*>> rows) {
  std::vector<Reading> readings;
  for (const auto& [hour, value] : rows) {
    Reading reading{7, At(hour), std::nullopt, Quality::kUnreachable};
    if (*value != '\0') reading = {7, At(hour), *Decimal::Parse(value), Quality::kGood};
    readings.push_back(reading);
  }
  return readings;
}

TEST(Consumption, AddsUpWhatWasConsumedAndSetsTheRestApart) {
  const auto sum = Consume({}, Readings({{1, "100.5"}, {2, ""}, {3, "110"}, {4, "1.00"}, {5, "3.25"}, {6, "4"}}), {});
  ASSERT_TRUE(sum) << sum.error().Describe();
  EXPECT_EQ(sum->consumption.ToString(), "12.50") << "9.5 + 2.25 + 0.75";
  EXPECT_EQ(sum->explained.ToString(), "-109.00");
  ASSERT_EQ(sum->steps.size(), 1U);
  EXPECT_EQ(sum->steps[0].why, MeterEventKind::kReset);
  EXPECT_EQ(sum->first->time, At(1));
  EXPECT_EQ(sum->last->time, At(6));
}

TEST(Consumption, PutsReadingsInOrderFirst) {
  const auto sum = Consume({}, Readings({{3, "30"}, {1, "10"}, {2, "25"}}), {});
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->consumption.ToString(), "20");
  EXPECT_TRUE(sum->steps.empty());
}

TEST(Consumption, CountsNothingAcrossAnEventOfItsPoint) {
  const MeterEvent replaced{MeterEventKind::kReplacement, "m", 7, At(1), At(2)};
  const auto readings = Readings({{1, "10"}, {2, "25"}, {3, "26"}});
  EXPECT_EQ(Consume({}, readings, {&replaced, 1})->consumption.ToString(), "1");
  EXPECT_EQ(Consume({}, readings, {&replaced, 1})->explained.ToString(), "15");
  const MeterEvent of_another{MeterEventKind::kReplacement, "m", 8, At(1), At(2)};
  EXPECT_EQ(Consume({}, readings, {&of_another, 1})->consumption.ToString(), "16");
}

TEST(Consumption, IsNothingWithoutReadings) {
  const auto sum = Consume({}, Readings({{1, ""}}), {});
  ASSERT_TRUE(sum);
  EXPECT_FALSE(sum->first);
  EXPECT_EQ(sum->consumption, Decimal(0, 0));
}

}  // namespace
}  // namespace yb::metering
