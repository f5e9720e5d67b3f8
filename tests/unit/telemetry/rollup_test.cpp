// Roll-ups: quarters, hours and civil days, stored or made when asked, and what a page gets of them.
#include "core/telemetry/rollup.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/history_query.hpp"
#include "core/telemetry/keeper.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using base::UtcTime;
using metering::Quality;
using metering::Reading;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const UtcTime kMidnight = *base::FromIso("2026-03-01T16:00:00Z");  // 2 March 2026, 00:00 in Beijing

Reading At(base::Duration after, std::int64_t mantissa) {
  return {1, kMidnight + after, Decimal(mantissa, 2), Quality::kGood};
}

TEST(CivilDay, BeginsAtMidnightInBeijing) {
  EXPECT_EQ(calendar::DayOf(kMidnight), calendar::DayOf(kMidnight - seconds(1)) + 1);
  EXPECT_EQ(calendar::DayOf(kMidnight), calendar::DayOf(kMidnight + hours(24) - base::Duration(1)));
  EXPECT_EQ(calendar::StartOf(calendar::DayOf(kMidnight)), kMidnight);
  EXPECT_EQ(calendar::DayOf({-8 * std::int64_t{3'600'000'000}}), 0);
  EXPECT_EQ(calendar::DayOf({-8 * std::int64_t{3'600'000'000} - 1}), -1);
}

TEST(Rollup, SaysOfAQuarterWhatItsReadingsSay) {
  const auto quarters = RollUp({At(minutes(20), 130),
                                At(minutes(1), 100),
                                At(minutes(2), 90),
                                At(minutes(14), 120),
                                {1, kMidnight + minutes(5), std::nullopt, Quality::kUnreachable}},
                               nullptr)
                            .quarters;
  ASSERT_EQ(quarters.size(), 2U);
  EXPECT_EQ(quarters[0].start, kMidnight);
  EXPECT_EQ(quarters[0].count, 3U);
  EXPECT_EQ(quarters[0].first.ToString(), "1.00");
  EXPECT_EQ(quarters[0].last.ToString(), "1.20");
  EXPECT_EQ(quarters[0].min.ToString(), "0.90");
  EXPECT_EQ(quarters[0].max.ToString(), "1.20");
  EXPECT_EQ(MeanOf(quarters[0])->ToString(), "1.0333");
  EXPECT_FALSE(quarters[0].consumption);  // a gauge has none
  EXPECT_EQ(quarters[1].start, kMidnight + minutes(15));
}

TEST(Rollup, CountsConsumptionWhereTheLaterReadingLiesAndNoReset) {
  RegisterHistory history;
  history.lead = {At(-minutes(5), 60)};
  const auto rollup = RollUp(
      {At(minutes(1), 100), At(minutes(16), 150), At(minutes(17), 1), At(minutes(18), 11), At(hours(2), 31)}, &history);
  ASSERT_EQ(rollup.quarters.size(), 3U);
  EXPECT_EQ(rollup.quarters[0].consumption->ToString(), "0.40");  // from the day before
  EXPECT_EQ(rollup.quarters[1].consumption->ToString(), "0.60");  // 0.50, then a reset, then 0.10
  EXPECT_EQ(rollup.quarters[2].consumption->ToString(), "0.20");
  const auto daily = Aggregate(rollup.quarters, Resolution::kDay);
  ASSERT_EQ(daily.size(), 1U);
  EXPECT_EQ(daily[0].start, kMidnight);
  EXPECT_EQ(daily[0].count, 5U);
  EXPECT_EQ(daily[0].consumption->ToString(), "1.20");
  ASSERT_EQ(rollup.tail.size(), 4U);
  EXPECT_EQ(rollup.tail.back().time, kMidnight + hours(2));
}

TEST(Rollup, GivesNoMeanWhereTheSumIsTooLong) {
  const auto quarters = RollUp({{1, kMidnight, Decimal(Decimal::kMostMantissa, 0), Quality::kGood},
                                {1, kMidnight + seconds(1), Decimal(Decimal::kMostMantissa, 0), Quality::kGood}},
                               nullptr)
                            .quarters;
  EXPECT_FALSE(quarters[0].sum);
  EXPECT_FALSE(MeanOf(quarters[0]));
  EXPECT_EQ(MeanOf(RollUp({At(seconds(1), -1), At(seconds(2), -2)}, nullptr).quarters[0])->ToString(), "-0.0150");
}

TEST(Rollup, IsStoredExactly) {
  std::vector<Reading> readings;
  for (int i = 0; i < 5000; i += 1 + i % 7) readings.push_back(At(seconds(i * 17), i * 13 % 1000 - 300));
  readings.push_back({1, kMidnight + hours(23), Decimal(Decimal::kMostMantissa, 18), Quality::kGood});
  const RegisterHistory history;
  for (const RegisterHistory* of : {static_cast<const RegisterHistory*>(nullptr), &history}) {
    const auto rollup = RollUp(readings, of);
    const auto back = DecodeRollup(EncodeRollup(rollup, kMidnight), kMidnight);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->quarters.size(), rollup.quarters.size());
    const auto same = [](const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
      return a.has_value() == b.has_value() && (!a || a->SameDigits(*b));
    };
    for (std::size_t i = 0; i < rollup.quarters.size(); ++i) {
      const Bucket& a = rollup.quarters[i];
      const Bucket& b = back->quarters[i];
      EXPECT_TRUE(a.start == b.start && a.count == b.count && a.first.SameDigits(b.first) &&
                  a.last.SameDigits(b.last) && a.min.SameDigits(b.min) && a.max.SameDigits(b.max) &&
                  same(a.sum, b.sum) && same(a.consumption, b.consumption))
          << i;
    }
    ASSERT_EQ(back->tail.size(), rollup.tail.size());
    for (std::size_t i = 0; i < rollup.tail.size(); ++i) {
      EXPECT_EQ(back->tail[i].time, rollup.tail[i].time);
      EXPECT_TRUE(back->tail[i].value->SameDigits(*rollup.tail[i].value));
    }
  }
  EXPECT_FALSE(DecodeRollup({}, kMidnight));
}

/// A box's store of one register asked every 15 s, which rises by 0.01 a minute.
class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    log_ = std::move(*RecordLog::Open(*opener_));
    site_ = *log_->EnsureSite(*base::SiteId::Parse("lvye-01"));
    point_.point.no = 1;
    point_.point.kind = metering::PointKind::kRegister;
    point_.limit = seconds(45);
    point_.poll = seconds(15);
    Append(EncodePointTable({&point_, 1}));
  }
  void Append(const base::Bytes& body) {
    auto transaction = log_->Begin();
    ASSERT_TRUE(log_->Append(site_, sync::Lane::kHistory, head_, body));
    ASSERT_TRUE(log_->SaveHead(site_, sync::Lane::kHistory, head_));
    ASSERT_TRUE(transaction->Commit());
  }
  void Read(base::Duration from, base::Duration to) {
    std::vector<Reading> readings;
    for (base::Duration at = from; at < to; at += seconds(15)) {
      readings.push_back(At(at, 100'000 + std::chrono::duration_cast<minutes>(at).count()));
    }
    Append(EncodeSlice(readings, {}));
  }
  History Ask(base::Duration from, base::Duration to, Resolution step, base::Duration now) {
    auto history = ReadHistory(*log_, site_, point_, {kMidnight + from, kMidnight + to, kMidnight + now, 2000, step});
    EXPECT_TRUE(history) << history.error().Describe();
    return std::move(*history);
  }
  void Keep(base::Duration now) {
    test::ManualClock clock(kMidnight + now);
    Keeper keeper({}, std::move(*RecordLog::Open(*opener_)), clock);
    while (*keeper.RunOnce()) continue;
  }
  static std::string Describe(const History& history) {
    std::string text;
    for (const Bucket& b : history.buckets) {
      text +=
          base::ToIso(b.start).substr(0, 16) + " " + std::to_string(b.count) + " " + b.consumption->ToString() + "; ";
    }
    return text;
  }

  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<RecordLog> log_;
  SiteNo site_ = 0;
  PointDefinition point_;
  EpochHead head_{100};
};

TEST_F(HistoryTest, TellsDaysAlikeBeforeAndAfterTheirRollUpsAreStored) {
  for (int hour = 0; hour < 60; ++hour) Read(hours(hour), hours(hour + 1));
  const std::string expected = "2026-03-01T16:00 5760 14.39; 2026-03-02T16:00 5760 14.40; 2026-03-03T16:00 2880 7.20; ";
  EXPECT_EQ(Describe(Ask({}, hours(72), Resolution::kDay, hours(60))), expected);
  Keep(hours(60));
  EXPECT_EQ(Describe(Ask({}, hours(72), Resolution::kDay, hours(60))), expected);
  const History hourly = Ask(hours(1), hours(49), Resolution::kHour, hours(60));
  ASSERT_EQ(hourly.buckets.size(), 48U);
  EXPECT_EQ(hourly.buckets[0].consumption->ToString(), "0.60");
  EXPECT_EQ(CompletenessOf(hourly.buckets[0], Resolution::kHour, point_, kMidnight + hours(60)), 1.0);
}

TEST_F(HistoryTest, MakesADayAndTheOneItLeadsIntoAnewWhenReadingsComeLate) {
  Read({}, hours(1));
  Read(hours(2), hours(23));
  Read(hours(72), hours(73));  // two days without any between
  Keep(hours(100));
  EXPECT_EQ(Describe(Ask({}, hours(96), Resolution::kDay, hours(100))),
            "2026-03-01T16:00 5280 13.79; 2026-03-04T16:00 240 30.00; ");
  Read(hours(1), hours(2));
  Read(hours(23), hours(24));
  const std::string after = "2026-03-01T16:00 5760 14.39; 2026-03-04T16:00 240 29.40; ";
  EXPECT_EQ(Describe(Ask({}, hours(48), Resolution::kDay, hours(101))), after.substr(0, after.find(';') + 2));
  Keep(hours(101));
  EXPECT_EQ(Describe(Ask({}, hours(96), Resolution::kDay, hours(101))), after);
}

TEST_F(HistoryTest, ShowsALongRangeByTheExtremesOfRollUpsWithItsGaps) {
  Read({}, hours(1));
  Read(hours(24 * 200), hours(24 * 200 + 1));
  const History history = Ask({}, hours(24 * 300), Resolution::kRaw, hours(24 * 201));
  EXPECT_EQ(history.made_from, Resolution::kQuarterHour);
  EXPECT_TRUE(history.series.thinned);
  EXPECT_EQ(history.series.total, 480U);
  ASSERT_EQ(history.series.readings.size(), 16U);  // least and greatest of eight quarters
  EXPECT_EQ(history.series.readings[0].value->ToString(), "1000.00");
  EXPECT_EQ(history.series.readings[7].value->ToString(), "1000.59");
  ASSERT_EQ(history.series.gaps.size(), 2U);
  EXPECT_EQ(history.series.gaps[0].from, kMidnight + hours(1));
  EXPECT_EQ(history.series.gaps[0].to, kMidnight + hours(24 * 200));
  EXPECT_EQ(history.series.gaps[1].from, kMidnight + hours(24 * 200 + 1));
  EXPECT_EQ(history.series.gaps[1].to, kMidnight + hours(24 * 201));
  EXPECT_TRUE(history.buckets.empty());
}

TEST_F(HistoryTest, KeepsTheExtremesOfEachStepOfALongRangeAndNoMoreThanWereWanted) {
  constexpr int kDays = 60;  // 345,600 readings, 5,760 quarters of an hour
  for (int day = 0; day < kDays; ++day) {
    if (day != 20) Read(hours(24 * day), hours(24 * day + 24));
  }
  Append(EncodeSlice(
      std::vector<Reading>{At(hours(24 * 40) + seconds(7), 1), At(hours(24 * 50) + seconds(7), 9'000'000)}, {}));
  const History history = Ask({}, hours(24 * kDays), Resolution::kRaw, hours(24 * kDays));
  EXPECT_EQ(history.series.total, (kDays - 1) * 5760U + 2);
  EXPECT_GT(history.series.readings.size(), 1800U);
  EXPECT_LE(history.series.readings.size(), 2000U);
  const auto has = [&](std::string_view value) {
    return std::ranges::any_of(history.series.readings, [&](const Reading& r) { return r.value->ToString() == value; });
  };
  EXPECT_TRUE(has("0.01"));
  EXPECT_TRUE(has("90000.00"));
  ASSERT_EQ(history.series.gaps.size(), 1U);
  EXPECT_EQ(history.series.gaps[0].from, kMidnight + hours(24 * 20));
  EXPECT_EQ(history.series.gaps[0].to, kMidnight + hours(24 * 21));
}

}  // namespace
}  // namespace yb::telemetry
