// What earlier releases wrote is taken in by the programs of today: their stores at a box and at central, their Hellos
// and their frames (tests/fixtures/release).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/telemetry/history_query.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "tests/fixtures/release/readings.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

using sync::Lane;

constexpr std::uint64_t kEpoch = 1'772'431'680;
constexpr const char* kChain = "4fd6aa4865de2d72ba047d2528e3eee4";

std::string Fixture(const std::string& name, const std::string& release = "0.1") {
  std::ifstream in("tests/fixtures/release/" + release + "/" + name);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

class Release01 : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE((*opener_->Open())->Execute(Fixture("telemetry.sql"))); }
  static sync::Chain Chain() {
    sync::Chain chain{};
    const auto bytes = *base::FromHex(kChain);
    std::copy_n(bytes.begin(), chain.size(), chain.begin());
    return chain;
  }

  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
};

TEST_F(Release01, CentralGoesOnWithItsStoreAndTakesInItsFrames) {
  const auto opened = central::OpenCentralStore(*opener_);
  ASSERT_TRUE(opened) << opened.error().Describe();
  central::CentralStore& store = **opened;
  const auto hello = std::get<sync::Hello>(*sync::DecodeUp(*base::FromHex(Fixture("hello-two-epochs.hex"))));
  ASSERT_TRUE(store.OpenLane(*base::SiteId::Parse("other-01"), Lane::kHistory, hello, {1}));
  const sync::Hello present{7, {{kEpoch, 1, 42, {}}}};
  const auto opening = store.OpenLane(site_, Lane::kHistory, present, {1});
  ASSERT_TRUE(opening) << opening.error().Describe();
  ASSERT_EQ(opening->positions.size(), 1U);
  EXPECT_EQ(opening->positions[0].committed, 40U);
  EXPECT_EQ(opening->positions[0].chain, Chain());
  EXPECT_FALSE(opening->restored);
  EXPECT_TRUE(opening->newly_missing.empty());

  const auto frame = std::get<sync::Frame>(*sync::DecodeUp(*base::FromHex(Fixture("frame-two-records.hex"))));
  ASSERT_EQ(frame.epoch, kEpoch);
  const central::RecordRun run{site_, frame.lane, frame.epoch, frame.first_seq, frame.bodies};
  ASSERT_TRUE(store.Commit({&run, 1}));
  EXPECT_EQ(store.Positions(site_, Lane::kHistory)->at(0).committed, 42U);

  std::vector<std::string> values;
  ASSERT_TRUE(store.ForEachReading(site_, 1, {0}, {INT64_MAX / 2}, [&](const metering::Reading& reading) {
    values.push_back(reading.value->ToString());
  }));
  ASSERT_EQ(values.size(), 39U);
  EXPECT_EQ(values.front(), "2.5");
  EXPECT_EQ(values.back(), "40.5");
  const auto segment = store.SegmentFrom(site_, Lane::kHistory, kEpoch, 1);
  ASSERT_TRUE(segment && *segment);
  EXPECT_EQ(store.Verify(site_, Lane::kHistory, **segment).value(), 0U);
}

TEST_F(Release01, ABoxGoesOnInItsEpoch) {
  const base::SystemClock clock;
  edge::EdgeStoreOptions options;
  options.site = site_;
  const auto store = edge::EdgeStore::Open(*opener_, options, clock);
  ASSERT_TRUE(store) << store.error().Describe();
  const auto outbox = (*store)->Outbox(Lane::kHistory);
  ASSERT_EQ(outbox.size(), 1U);
  EXPECT_EQ(outbox[0].epoch, kEpoch);
  EXPECT_EQ(outbox[0].first, 1U);
  EXPECT_EQ(outbox[0].last, 40U);
  EXPECT_EQ(outbox[0].acked, 38U);
  EXPECT_EQ(outbox[0].chain, Chain());
  EXPECT_EQ((*store)->Outbox(Lane::kAlarm).size(), 1U);
}

/// 0.2 kept series of version 1, 0.3 keeps version 2 in a table of another form; the readings are the same.
class ReleaseWithSeries : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE((*opener_->Open())->Execute(Fixture("telemetry.sql", GetParam()))); }

  /// As text, in order, up to a minute.
  static std::vector<std::string> Read(metering::PointNo point, int minutes) {
    std::vector<std::string> texts;
    for (int minute = 0; minute < minutes; ++minute) {
      texts.push_back(test::ToText(release::ReadingsOf(minute)[point - 1]));
    }
    std::ranges::sort(texts);
    return texts;
  }
  template <class ForEach>
  static std::vector<std::string> Held(ForEach for_each) {
    std::vector<std::string> texts;
    EXPECT_TRUE(for_each([&](const metering::Reading& reading) { texts.push_back(test::ToText(reading)); }));
    std::ranges::sort(texts);
    return texts;
  }

  static constexpr std::uint64_t kEpoch = 1'772'380'000;
  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
};

TEST_P(ReleaseWithSeries, CentralHoldsEveryReadingOnceAndTakesInItsFrames) {
  const auto opened = central::OpenCentralStore(*opener_);
  ASSERT_TRUE(opened) << opened.error().Describe();
  central::CentralStore& store = **opened;
  const auto readings = [&](metering::PointNo point) {
    return Held([&](const auto& use) { return store.ForEachReading(site_, point, {0}, {INT64_MAX / 2}, use); });
  };
  for (const metering::PointNo point : {1, 2}) EXPECT_EQ(readings(point), Read(point, release::kMinutesInStore));
  const auto hello = std::get<sync::Hello>(*sync::DecodeUp(*base::FromHex(Fixture("hello.hex", GetParam()))));
  ASSERT_EQ(hello.epochs.size(), 1U);
  const auto opening = store.OpenLane(site_, Lane::kHistory, hello, {1});
  ASSERT_TRUE(opening) << opening.error().Describe();
  const auto frame = std::get<sync::Frame>(*sync::DecodeUp(*base::FromHex(Fixture("frame.hex", GetParam()))));
  ASSERT_EQ(opening->positions.at(0).committed + 1, frame.first_seq);
  const central::RecordRun run{site_, frame.lane, frame.epoch, frame.first_seq, frame.bodies};
  ASSERT_TRUE(store.Commit({&run, 1}));
  EXPECT_EQ(store.Positions(site_, Lane::kHistory)->at(0).committed, hello.epochs[0].last);
  EXPECT_EQ(store.Positions(site_, Lane::kHistory)->at(0).chain, hello.epochs[0].chain);
  for (const metering::PointNo point : {1, 2}) {
    EXPECT_EQ(readings(point), Read(point, release::kMinutesInStore + release::kMinutesInFrame));
  }
  const auto tombstones = *store.Tombstones(site_);
  ASSERT_EQ(tombstones.size(), 1U);
  EXPECT_EQ(tombstones[0].rule, telemetry::DropRule::kGaugesThinned);
  for (std::uint64_t from = 1;;) {
    const auto segment = store.SegmentFrom(site_, Lane::kHistory, kEpoch, from);
    ASSERT_TRUE(segment);
    if (!*segment) break;
    EXPECT_EQ(store.Verify(site_, Lane::kHistory, **segment).value(), 0U) << (*segment)->first;
    from = (*segment)->last + 1;
  }
}

TEST_P(ReleaseWithSeries, ItsSeriesAndRollUpsTellTheDay) {
  auto log = std::move(*telemetry::RecordLog::Open(*opener_));
  const auto site = *log->EnsureSite(site_);
  const auto head = log->Heads(site, Lane::kHistory)->back();
  EXPECT_GT(head.compacted, 0U);
  const auto points = *log->Points(site);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].point.meter_name, "进线一段");
  const base::UtcTime end = release::kMidnight + std::chrono::hours(24);
  const auto day = telemetry::ReadHistory(
      *log, site, points[0], {release::kMidnight, end, end + std::chrono::hours(4), 2000, telemetry::Resolution::kDay});
  ASSERT_TRUE(day) << day.error().Describe();
  ASSERT_EQ(day->buckets.size(), 1U);
  EXPECT_EQ(day->buckets[0].count, 1440U);
  EXPECT_EQ(day->buckets[0].first.ToString(), "1000.00");
  EXPECT_EQ(day->buckets[0].last.ToString(), "1014.39");
  EXPECT_EQ(day->buckets[0].consumption->ToString(), "14.39");
  EXPECT_FALSE(log->series().Rollups(site, 1, {calendar::DayOf(release::kMidnight), calendar::DayOf(end)})->empty());
  EXPECT_EQ(log->meters().Events(site, "feeder-1", {0}, {INT64_MAX / 2})->size(), 1U);
  EXPECT_EQ(log->NewestAlarms(site, 10)->size(), 1U);
}

TEST_P(ReleaseWithSeries, ABoxGoesOnInItsEpoch) {
  const base::SystemClock clock;
  edge::EdgeStoreOptions options;
  options.site = site_;
  const auto store = edge::EdgeStore::Open(*opener_, options, clock);
  ASSERT_TRUE(store) << store.error().Describe();
  const auto outbox = (*store)->Outbox(Lane::kHistory);
  ASSERT_EQ(outbox.size(), 1U);
  EXPECT_EQ(outbox[0].epoch, kEpoch);
  EXPECT_EQ(outbox[0].first, 1U);
  EXPECT_EQ(outbox[0].acked + 2, outbox[0].last);
  const auto frame = std::get<sync::Frame>(*sync::DecodeUp(*base::FromHex(Fixture("frame.hex", GetParam()))));
  EXPECT_EQ(outbox[0].last + 1, frame.first_seq);
}

INSTANTIATE_TEST_SUITE_P(Of, ReleaseWithSeries, testing::Values("0.2", "0.3"),
                         [](const auto& one) { return one.index == 0 ? "Release02" : "Release03"; });

}  // namespace
}  // namespace yb
