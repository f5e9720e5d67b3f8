#include "core/telemetry/history_record.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/telemetry/latest_values.hpp"
#include "core/telemetry/live_frame.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using base::UtcTime;
using metering::Quality;
using metering::Reading;

std::vector<Reading> SampleReadings() {
  return {{1, {1'000'000'000'000}, Decimal(184236, 2), Quality::kGood},
          {2, {999'999'999'990}, Decimal(-11519, 3), Quality::kSuspect},
          {3, {1'000'000'000'500}, std::nullopt, Quality::kUnreachable},
          {4, {1'000'000'000'500}, Decimal(0, 0), Quality::kGood},
          {5, {1'000'000'000'500}, Decimal(999'999'999'999'999'999, 18), Quality::kImported}};
}

void ExpectSame(const Reading& a, const Reading& b) {
  EXPECT_EQ(a.point, b.point);
  EXPECT_EQ(a.time, b.time);
  EXPECT_EQ(a.quality, b.quality);
  ASSERT_EQ(a.value.has_value(), b.value.has_value());
  if (a.value) {
    EXPECT_TRUE(a.value->SameDigits(*b.value)) << a.value->ToString() << " " << b.value->ToString();
  }
}

TEST(Slice, KeepsEveryDigitSignAndAbsence) {
  const auto record = DecodeHistoryRecord(EncodeSlice(SampleReadings(), {77, {5'000}, {1'000'000'000'000}}));
  ASSERT_TRUE(record);
  const auto& slice = std::get<Slice>(*record);
  EXPECT_EQ(slice.clock.boot, 77U);
  // 10 µs before the moment at which the monotonic clock stood at 5,000 µs.
  EXPECT_EQ(slice.clock.offset, base::Duration(1'000'000'000'000 - 5'000));
  const auto expected = SampleReadings();
  ASSERT_EQ(slice.readings.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) ExpectSame(slice.readings[i], expected[i]);
}

TEST(Slice, KeepsEveryReadingInItsOrderWhenItIsPacked) {
  std::mt19937_64 random(3);
  for (const std::int64_t unit : {1, 1000}) {
    std::vector<Reading> readings;
    for (int i = 0; i < 700; ++i) {
      Reading reading{
          static_cast<metering::PointNo>(1 + random() % 1000),
          {1'000'000'000'000 + static_cast<std::int64_t>(random() % 20'000'000) / unit * unit},
          Decimal(static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000, static_cast<std::uint8_t>(random() % 4)),
          static_cast<Quality>(random() % 7)};
      if (random() % 20 == 0) reading.value.reset();
      readings.push_back(reading);
    }
    const base::Bytes body = EncodeSlice(readings, {77, {5'000}, {1'000'000'000'000}});
    EXPECT_LT(body.size(), readings.size() * 9);  // plain columns take 12 and more
    const auto record = DecodeHistoryRecord(body);
    ASSERT_TRUE(record);
    const auto& back = std::get<Slice>(*record).readings;
    ASSERT_EQ(back.size(), readings.size());
    for (std::size_t i = 0; i < back.size(); ++i) ExpectSame(back[i], readings[i]);
  }
}

TEST(Slice, GivesTheReadingsOfOnePointAlone) {
  std::vector<Reading> found;
  ASSERT_TRUE(ForEachInSlice(EncodeSlice(SampleReadings(), {}), {2, 2},
                             [&](const Reading& reading, const ReadingClock&) { found.push_back(reading); }));
  ASSERT_EQ(found.size(), 1U);
  ExpectSame(found[0], SampleReadings()[1]);
}

TEST(PointTable, BringsDefinitionsAcross) {
  PointDefinition definition;
  definition.point = {7,
                      "pump-1/current_volume",
                      "pump-1",
                      "1号泵房 水表",
                      "current_volume",
                      "m3",
                      metering::Utility::kWater,
                      metering::PointKind::kRegister,
                      "line-2"};
  definition.limit = std::chrono::seconds(45);
  const auto record = DecodeHistoryRecord(EncodePointTable({&definition, 1}));
  ASSERT_TRUE(record);
  EXPECT_EQ(std::get<PointTable>(*record), PointTable{definition});
}

TEST(HistoryRecord, OfAnUnknownKindIsKeptNotRefused) {
  // Field 15, length-delimited, two bytes: a kind of record that a later version may add.
  const auto record = DecodeHistoryRecord(base::Bytes{0x7A, 0x02, 0x08, 0x01});
  ASSERT_TRUE(record);
  EXPECT_TRUE(std::holds_alternative<UnknownRecord>(*record));
}

TEST(HistoryRecord, SurvivesRandomBytes) {
  std::mt19937_64 random(1);
  const base::Bytes good = EncodeSlice(SampleReadings(), {});
  for (int round = 0; round < 5000; ++round) {
    base::Bytes bytes = good;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    (void)DecodeHistoryRecord(bytes);
  }
}

TEST(LiveFrame, BringsValuesAndTailsAcross) {
  const LiveFrame frame{{123}, "铝业园区", SampleReadings(), {{sync::Lane::kHistory, 100, 42, {7}}}};
  const auto got = DecodeLive(EncodeLive(frame));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->sent, frame.sent);
  EXPECT_EQ(got->site_name, "铝业园区");
  ASSERT_EQ(got->readings.size(), 5U);
  ASSERT_EQ(got->tails.size(), 1U);
  EXPECT_EQ(got->tails[0].last_seq, 42U);
}

TEST(LiveFrame, BringsTheStatesOfLinesAcross) {
  metering::LineState down;
  down.line = "line-1";
  down.kind = metering::LineKind::kTcpListen;
  down.channel = "tcp dial-in on 0.0.0.0:9000";
  down.since = {77};
  down.fault = metering::LineFault::kNoAnswer;
  down.error = "nobody has dialled in";
  down.meters = {{"pump-1", "26030551", metering::MeterFault::kNoise, base::UtcTime{5}, base::UtcTime{6},
                  base::UtcTime{7}, "noise", base::Duration(60'000'000)},
                 {"pump-2", "26030552", metering::MeterFault::kNone, {}, {}, {}, "", base::Duration(0)}};
  metering::LineState lent;
  lent.line = "line-2";
  lent.connected = lent.commissioning = true;
  LiveFrame frame{{123}, "铝业园区", {}, {}, {down, lent}};
  const auto got = DecodeLive(EncodeLive(frame));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->lines, frame.lines);
  EXPECT_TRUE(metering::SaysTheSame(got->lines, frame.lines));

  frame.lines[0].meters[0].last_answer = base::UtcTime{500};
  frame.lines[0].meters[0].next_poll = base::UtcTime{600};
  EXPECT_TRUE(metering::SaysTheSame(got->lines, frame.lines)) << "that moves all the time";
  frame.lines[0].meters[1].silent_since = base::UtcTime{500};
  EXPECT_FALSE(metering::SaysTheSame(got->lines, frame.lines)) << "that is news";
  frame.lines.pop_back();
  EXPECT_FALSE(metering::SaysTheSame(got->lines, frame.lines));
}

TEST(LatestValues, LetAgeDecideAndKeepTheLastValueBehindAFailedAttempt) {
  LatestValues latest;
  EXPECT_TRUE(latest.Offer({1, {200}, Decimal(2, 0), Quality::kGood}));
  EXPECT_FALSE(latest.Offer({1, {100}, Decimal(1, 0), Quality::kGood}));
  EXPECT_TRUE(latest.Offer({1, {300}, std::nullopt, Quality::kUnreachable}));
  const Latest* found = latest.Find(1);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->attempt.quality, Quality::kUnreachable);
  ASSERT_TRUE(found->value);
  EXPECT_EQ(found->value->value->ToString(), "2");
  EXPECT_FALSE(IsGood(*found, base::Duration(1000), {310}));
  EXPECT_EQ(latest.newest(), UtcTime{200});
}

TEST(LatestValues, CallNothingGoodThatIsOlderThanItsLimit) {
  LatestValues latest;
  latest.Offer({1, {200}, Decimal(2, 0), Quality::kGood});
  EXPECT_TRUE(IsGood(*latest.Find(1), base::Duration(50), {250}));
  EXPECT_FALSE(IsGood(*latest.Find(1), base::Duration(50), {251}));
}

}  // namespace
}  // namespace yb::telemetry
