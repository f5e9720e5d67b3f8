// Slices become runs and runs become series; each reading stays, once, whatever is where.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/record_log.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;
using sync::Lane;

constexpr std::int64_t kStart = 1'772'431'680'000'000;  // 2026-03-02T06:08:00Z
constexpr base::UtcTime kNow{kStart + 1'000'000'000'000};

/// A store on a file of its own.
class Store {
 public:
  explicit Store(const char* name) : opener_(storage::MakeSqliteOpener({.file = folder_.path() / name})) {
    log_ = std::move(*RecordLog::Open(*opener_));
    site_ = *log_->EnsureSite(*base::SiteId::Parse("lvye-01"));
  }
  RecordLog& log() { return *log_; }
  SiteNo site() const { return site_; }

  void Append(EpochHead& head, const base::Bytes& body) {
    auto transaction = log_->Begin();
    ASSERT_TRUE(log_->Append(site_, Lane::kHistory, head, body));
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, head));
    ASSERT_TRUE(transaction->Commit());
  }
  /// All readings, sorted.
  std::vector<std::string> Readings() {
    std::vector<std::string> lines;
    const auto status = log_->ForEachReading(
        site_, PointRange{}, {INT64_MIN}, {INT64_MAX},
        [&](const Reading& reading, const ReadingContext&) { lines.push_back(test::ToText(reading)); });
    EXPECT_TRUE(status) << status.error().Describe();
    std::ranges::sort(lines);
    return lines;
  }
  EpochHead Head() { return log_->Heads(site_, Lane::kHistory)->back(); }

 private:
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_;
  std::unique_ptr<RecordLog> log_;
  SiteNo site_ = 0;
};

std::vector<Reading> SliceAt(int i) {
  std::vector<Reading> readings;
  for (metering::PointNo point = 1; point <= 5; ++point) {
    Reading reading{point, {kStart + std::int64_t{i} * 15'000'000 + point * 40'000}, std::nullopt, Quality::kGood};
    if ((i + static_cast<int>(point)) % 17 == 0) {
      reading.quality = Quality::kUnreachable;
    } else {
      reading.value = Decimal(184'236 * static_cast<int>(point) + 20 * i, 2);
    }
    readings.push_back(reading);
  }
  return readings;
}

base::Bytes BodyAt(int i) {
  return EncodeSlice(SliceAt(i),
                     {77, {5'000'000 + std::int64_t{i} * 15'000'000}, {kStart + std::int64_t{i} * 15'000'000}});
}

CompactionLimits EveryRecords(std::uint64_t records) {
  CompactionLimits limits;
  limits.most_records = records;
  return limits;
}

TEST(Compaction, KeepsEveryReadingOnce) {
  Store store("a.db");
  EpochHead head{100, 0, 0, {}};
  for (int i = 0; i < 50; ++i) store.Append(head, BodyAt(i));
  const auto before = store.Readings();
  ASSERT_EQ(before.size(), 250U);
  ASSERT_TRUE(*store.log().Compact(store.site(), EveryRecords(20), kNow));
  EXPECT_EQ(store.Readings(), before);
  EXPECT_EQ(store.Head().compacted, 40U);  // a run takes up to twice as many
  EXPECT_EQ(store.Head().last, 50U);
  EXPECT_EQ(store.Head().chain, head.chain);
  EXPECT_TRUE(store.log().ReadBodies(store.site(), Lane::kHistory, {100, 40}, 1 << 20)->empty());
  EXPECT_EQ(store.log().ReadBodies(store.site(), Lane::kHistory, {100, 41}, 1 << 20)->size(), 10U);
}

TEST(Compaction, LeavesWhatIsUnderWayToCentralAlone) {
  Store store("a.db");
  EpochHead head{100, 0, 0, {}};
  for (int i = 0; i < 30; ++i) store.Append(head, BodyAt(i));
  head.acked = 21;
  store.Append(head, BodyAt(30));
  CompactionLimits limits = EveryRecords(20);
  limits.leave_unacknowledged = 100;
  ASSERT_TRUE(*store.log().Compact(store.site(), limits, {kStart}));
  EXPECT_EQ(store.Head().compacted, 21U);
}

TEST(Compaction, WaitsUntilThereIsEnough) {
  Store store("a.db");
  EpochHead head{100, 0, 0, {}};
  for (int i = 0; i < 19; ++i) store.Append(head, BodyAt(i));
  EXPECT_FALSE(*store.log().Compact(store.site(), EveryRecords(20), {kStart + 300'000'000}));
  EXPECT_TRUE(*store.log().Compact(store.site(), EveryRecords(20), {kStart + 7 * std::int64_t{3'600'000'000}}));
}

TEST(Compaction, TellsTheLastSequenceAlsoWhenAllIsCompacted) {
  Store store("a.db");
  EpochHead head{100, 0, 0, {}};
  {
    auto transaction = store.log().Begin();
    ASSERT_TRUE(store.log().SaveHead(store.site(), Lane::kHistory, head));  // an epoch's beginning, as the box saves it
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(store.log().Append(store.site(), Lane::kHistory, head, BodyAt(i)));
    ASSERT_TRUE(transaction->Commit());
  }
  EXPECT_EQ(store.Head().last, 20U);
  ASSERT_TRUE(*store.log().Compact(store.site(), EveryRecords(20), kNow));
  EXPECT_EQ(store.Head().last, 20U);
  EXPECT_EQ(store.Head().chain, head.chain);
}

/// Sends all of one store to another as a box does: from the other's position on.
void SendAll(Store& box, Store& central, std::size_t most_bytes) {
  for (int frames = 0; frames < 1000; ++frames) {
    const auto heads = *central.log().Heads(central.site(), Lane::kHistory);
    EpochHead head = heads.empty() ? EpochHead{100, 0, 0, {}} : heads.back();
    const auto out = *box.log().ReadForSending(box.site(), Lane::kHistory, {100, head.last + 1}, most_bytes);
    if (out.bodies.empty()) return;
    auto transaction = central.log().Begin();
    for (const base::Bytes& body : out.bodies) {
      if (out.spans.empty()) {
        ASSERT_TRUE(central.log().Append(central.site(), Lane::kHistory, head, body));
      } else {
        const auto run = std::get<CompactedRun>(*DecodeHistoryRecord(body));
        EXPECT_EQ(run.last_seq - run.first_seq + 1, out.spans.front());
        ASSERT_TRUE(central.log().AppendRun(central.site(), head, run));
      }
    }
    ASSERT_TRUE(central.log().SaveHead(central.site(), Lane::kHistory, head));
    ASSERT_TRUE(transaction->Commit());
  }
  FAIL() << "it never ends";
}

TEST(CompactedRun, BringsTheSameReadingsAndTheSameChainAsTheSlices) {
  Store box("box.db");
  Store central("central.db");
  EpochHead head{100, 0, 0, {}};
  for (int i = 0; i < 100; ++i) {
    if (i == 30) {
      PointDefinition definition;
      definition.point.no = 1;
      definition.point.key = "m/a";
      box.Append(head, EncodePointTable({&definition, 1}));
    }
    if (i == 31) box.Append(head, {0xFF, 0xFF});
    box.Append(head, BodyAt(i));
  }
  const auto truth = box.Readings();
  ASSERT_TRUE(*box.log().Compact(box.site(), EveryRecords(40), kNow));
  SendAll(box, central, 400);
  EXPECT_EQ(central.Readings(), truth);
  EXPECT_EQ(central.Head().last, head.last);
  EXPECT_EQ(central.Head().chain, head.chain);
  EXPECT_EQ(central.log().Points(central.site())->size(), 1U);
}

TEST(CompactedRun, LeavesOutWhatCentralHasOfIt) {
  for (const int position : {1, 7, 39, 40, 41, 79}) {
    Store box("box.db");
    Store central("central.db");
    EpochHead head{100, 0, 0, {}};
    EpochHead there{100, 0, 0, {}};
    for (int i = 0; i < 100; ++i) {
      box.Append(head, BodyAt(i));
      if (i < position) central.Append(there, BodyAt(i));
    }
    const auto truth = box.Readings();
    while (*box.log().Compact(box.site(), EveryRecords(20), kNow)) continue;
    SendAll(box, central, 400);
    EXPECT_EQ(central.Readings(), truth) << position;
    EXPECT_EQ(central.Head().chain, head.chain) << position;
  }
}

TEST(CompactedRun, OfANewerWriterIsKeptUnread) {
  Store central("central.db");
  EpochHead head{100, 0, 0, {}};
  CompactedRun run{1, 10, {1}, {}, {}};
  SeriesSet set;
  set.Add({1, {kStart}, Decimal(1, 0), Quality::kGood}, {});
  run.series = set.Finish(kRunBlockReadings);
  const auto min_reader = std::ranges::search(run.series, base::Bytes{'Y', 'S', 1, 1});
  ASSERT_FALSE(min_reader.empty());
  min_reader[3] = 9;
  auto transaction = central.log().Begin();
  ASSERT_TRUE(central.log().AppendRun(central.site(), head, run));
  ASSERT_TRUE(central.log().SaveHead(central.site(), Lane::kHistory, head));
  ASSERT_TRUE(transaction->Commit());
  EXPECT_EQ(central.Head().last, 10U);
  EXPECT_TRUE(central.Readings().empty());
  EXPECT_EQ(central.log().ReadForSending(central.site(), Lane::kHistory, {100, 3}, 1000)->bodies.size(), 1U);
}

TEST(Merging, KeepsEveryReadingOnceWhileSlicesAndRunsGoOn) {
  Store store("a.db");
  EpochHead head{100, 0, 0, {}};
  std::mt19937 random(5);
  for (int day = 0; day < 3; ++day) {
    for (int i = 0; i < 60; ++i) {
      std::vector<Reading> slice = SliceAt(day * 5760 + i * 96);
      slice.push_back(
          {static_cast<metering::PointNo>(60 + random() % 200), slice[0].time, Decimal(1, 0), Quality::kGood});
      store.Append(head, EncodeSlice(slice, {}));
    }
  }
  const auto truth = store.Readings();
  int runs = 0;
  while (*store.log().Compact(store.site(), EveryRecords(10), kNow)) ++runs;
  ASSERT_GT(runs, 5);
  ASSERT_TRUE(*store.log().Merge(store.site(), {kStart + std::int64_t{3} * 86'400'000'000}));
  EXPECT_EQ(store.Readings(), truth);
  while (*store.log().Merge(store.site(), kNow)) continue;
  EXPECT_EQ(store.Readings(), truth);
  EXPECT_EQ(store.Head().last, head.last);
}

TEST(Migration, AFileOfRelease01KeepsAllItHeld) {
  const test::TempFolder folder;
  const auto opener = storage::MakeSqliteOpener({.file = folder.path() / "telemetry.db"});
  {
    std::ifstream in("tests/fixtures/databases/telemetry-1.sql");
    const std::string sql{std::istreambuf_iterator<char>(in), {}};
    ASSERT_FALSE(sql.empty());
    const auto made = (*opener->Open())->Execute("PRAGMA foreign_keys = OFF;" + sql);
    ASSERT_TRUE(made) << made.error().Describe();
  }
  const auto log = std::move(*RecordLog::Open(*opener));
  const auto sites = *log->Sites();
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_EQ(sites[0].name, "铝业园区");
  const auto heads = *log->Heads(sites[0].no, Lane::kHistory);
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_EQ(heads[0].last, 21U);
  EXPECT_EQ(heads[0].acked, 21U);
  EXPECT_EQ(base::ToHex(heads[1].chain), "390D457CD0525A7D3E25793D51DC50E1");
  EXPECT_EQ(log->Points(sites[0].no)->size(), 2U);
  const auto read = [&] {
    std::vector<std::string> lines;
    EXPECT_TRUE(
        log->ForEachReading(sites[0].no, PointRange{}, {0}, {INT64_MAX},
                            [&](const Reading& r, const ReadingContext&) { lines.push_back(test::ToText(r)); }));
    std::ranges::sort(lines);
    return lines;
  };
  const auto lines = read();
  ASSERT_EQ(lines.size(), 80U);
  EXPECT_EQ(lines[0], "1 2026-03-02T06:08:00.000000Z 1842.36 good");
  EXPECT_EQ(lines[20], "1 2026-03-02T06:18:00.000000Z 1850.36 good");
  EXPECT_EQ(lines[47], "2 2026-03-02T06:09:45.040123Z none unreachable");
  while (*log->Compact(sites[0].no, EveryRecords(5), kNow)) continue;
  EXPECT_EQ(read(), lines);
  EXPECT_EQ(base::ToHex(log->Heads(sites[0].no, Lane::kHistory)->back().chain), "390D457CD0525A7D3E25793D51DC50E1");
}

}  // namespace
}  // namespace yb::telemetry
