// Power loss: the power goes hundreds of times at random moments while the real stores of box and central write to a
// disk that forgets what was not synced. What was called durable or acknowledged before is there afterwards, the
// database is whole, and heads and records agree.
#include "tests/support/hand_over.hpp"
#include "tests/support/power_loss_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "central/ingest/ingest.hpp"
#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/compaction.hpp"
#include "core/telemetry/rollup_store.hpp"
#include "core/telemetry/thinning.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

using base::Bytes;
using metering::Reading;
using sync::Lane;
using telemetry::EpochHead;
using telemetry::RecordLog;

namespace fs = std::filesystem;

constexpr int kPowerCuts = 300;
constexpr int kCutsOfARun = 15;  // then the program starts again on what the disk was left with

/// Of a hundred unsynced sectors: none, some, nearly all.
int DrawKept(std::mt19937_64& random) {
  constexpr std::array<int, 4> kChances = {0, 30, 70, 98};
  return kChances[random() % kChances.size()];
}

std::string Ask(storage::Database& database, std::string_view sql) {
  const auto statement = database.Prepare(sql);
  if (!statement) return statement.error().Describe();
  const auto row = (*statement)->Step();
  return row && *row ? std::string((*statement)->Text(0)) : "no row";
}

/// Heads of a reopened store, after all that must hold of any: it is whole, and heads and records agree.
std::vector<EpochHead> ExpectWhole(const fs::path& file, const base::SiteId& site) {
  EXPECT_EQ(Ask(**storage::OpenSqlite({.file = file}), "PRAGMA integrity_check"), "ok");
  const auto opener = storage::MakeSqliteOpener({.file = file});
  const auto log = *RecordLog::Open(*opener);
  const auto no = *log->EnsureSite(site);
  const auto heads = *log->Heads(no, Lane::kHistory);
  for (const EpochHead& head : heads) {
    const auto bodies = *log->ReadBodies(no, Lane::kHistory, {head.epoch, 1}, SIZE_MAX);
    EXPECT_EQ(bodies.size(), head.last);
    sync::Chain chain{};
    for (const Bytes& body : bodies) chain = sync::NextChain(chain, body);
    EXPECT_EQ(chain, head.chain);
    EXPECT_LE(head.acked, head.last);
  }
  return heads;
}

/// Chain after `count` records of an epoch: equal chains are equal bytes.
sync::Chain ChainAfter(const fs::path& file, const base::SiteId& site, std::uint64_t epoch, std::uint64_t count) {
  const auto opener = storage::MakeSqliteOpener({.file = file});
  const auto log = *RecordLog::Open(*opener);
  const auto bodies = *log->ReadBodies(*log->EnsureSite(site), Lane::kHistory, {epoch, 1}, SIZE_MAX);
  sync::Chain chain{};
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, bodies.size()); ++i) {
    chain = sync::NextChain(chain, bodies[i]);
  }
  return chain;
}

class PowerLoss : public testing::Test {
 protected:
  void TakeOver(const fs::path& left) {
    fs::remove_all(Data());
    fs::copy(left, Data());
  }
  [[nodiscard]] fs::path Data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path Left() const { return folder_.path() / "left"; }
  void SetUp() override { fs::create_directories(Data()); }

  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  const base::CityId city_ = *base::CityId::Parse("150200");
  base::SystemClock clock_;
  test::TempFolder folder_;
  std::mt19937_64 random_{20260302};
};

TEST_F(PowerLoss, TakesFromACommitWhatWasNotSyncedAndNothingElse) {
  for (const bool synced : {false, true}) {
    const test::PowerLossDisk disk;
    const auto database = *storage::OpenSqlite({.file = Data() / (synced ? "a.db" : "b.db"), .vfs = disk.vfs()});
    ASSERT_TRUE(database->Execute("CREATE TABLE t (x INTEGER)"));
    ASSERT_TRUE(database->Execute(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
    ASSERT_TRUE(database->Execute("INSERT INTO t VALUES (7)"));
    disk.Cut(Left(), 0, random_);
    const auto left = *storage::OpenSqlite({.file = Left() / (synced ? "a.db" : "b.db")});
    EXPECT_EQ(Ask(*left, "SELECT count(*) FROM t"), synced ? "1" : "0");
  }
}

TEST_F(PowerLoss, LeavesABoxAllThatItCalledDurable) {
  std::int64_t made = 0;
  for (int cut = 0; cut < kPowerCuts;) {
    const test::PowerLossDisk disk;
    const auto opener = storage::MakeSqliteOpener({.file = Data() / "edge.db", .vfs = disk.vfs()});
    edge::EdgeStoreOptions options;
    options.site = site_;
    options.commit_interval = std::chrono::milliseconds(2);
    const auto store = *edge::EdgeStore::Open(*opener, options, clock_);
    telemetry::PointDefinition definition;
    definition.point.key = "m/a";
    const auto point = store->DefinePoints({definition})->at("m/a");
    for (int i = 0; i < kCutsOfARun; ++i, ++cut) {
      for (std::uint64_t readings = random_() % 40; readings > 0; --readings) {
        test::HandOver(*store, {point, clock_.Now(), base::Decimal(++made, 2), metering::Quality::kGood});
        std::this_thread::sleep_for(std::chrono::microseconds(random_() % 400));
      }
      const std::vector<sync::EpochRange> durable = store->Outbox(Lane::kHistory);
      store->OnAcknowledged(Lane::kHistory, {durable.back().epoch, random_() % (durable.back().last + 1)});
      disk.Cut(Left(), DrawKept(random_), random_);
      const std::vector<EpochHead> heads = ExpectWhole(Left() / "edge.db", site_);
      ASSERT_EQ(heads.size(), durable.size());
      for (std::size_t e = 0; e < heads.size(); ++e) {
        ASSERT_EQ(heads[e].epoch, durable[e].epoch);
        ASSERT_GE(heads[e].last, durable[e].last);
        ASSERT_EQ(ChainAfter(Left() / "edge.db", site_, durable[e].epoch, durable[e].last), durable[e].chain);
      }
    }
    TakeOver(Left());
  }
}

/// Of each reading in a record that was kept: it is in the series, in its slice, or counted by a tombstone.
void ExpectEachInOnePlace(const fs::path& file, const base::SiteId& site) {
  EXPECT_EQ(Ask(**storage::OpenSqlite({.file = file}), "PRAGMA integrity_check"), "ok");
  const auto opener = storage::MakeSqliteOpener({.file = file});
  const auto log = *RecordLog::Open(*opener);
  const auto no = *log->EnsureSite(site);
  std::multiset<std::string> written;
  std::uint64_t dropped = 0;
  const auto heads = *log->Heads(no, Lane::kHistory);
  for (const EpochHead& head : heads) {
    const auto bodies = *log->ReadBodies(no, Lane::kHistory, {head.epoch, 1}, SIZE_MAX);
    EXPECT_EQ(bodies.size(), head.last);
    for (const Bytes& body : bodies) {
      EXPECT_TRUE(telemetry::ForEachInSlice(
          body, {}, [&](const Reading& r, const telemetry::ReadingClock&) { written.insert(test::ToText(r)); }));
      if (const auto tombstone = telemetry::DecodeTombstone(body)) dropped += tombstone->count;
    }
  }
  std::multiset<std::string> kept;
  EXPECT_TRUE(
      log->ForEachReading(no, telemetry::PointRange{}, {0}, {INT64_MAX / 2},
                          [&](const Reading& r, const telemetry::ReadingClock&) { kept.insert(test::ToText(r)); }));
  EXPECT_EQ(kept.size() + dropped, written.size());
  EXPECT_TRUE(std::ranges::includes(written, kept));
}

/// One step of what writes and keeps a history: a slice every five minutes, compaction, closing and thinning of days.
base::Status WriteOrKeep(RecordLog& log, const base::SiteId& site, unsigned draw, base::UtcTime& now) {
  YB_ASSIGN(const auto no, log.EnsureSite(site));
  YB_ASSIGN(auto heads, log.Heads(no, Lane::kHistory));
  if (heads.empty()) heads.push_back({.epoch = 100});
  const auto append = [&](const Bytes& body) -> base::Status {
    YB_TRY(log.Append(no, Lane::kHistory, heads.back(), body));
    return log.SaveHead(no, Lane::kHistory, heads.back());
  };
  if (draw % 8 == 0) return telemetry::Compaction(log, no).Compact({{}, 1, 30}, now).map([](bool) {});
  if (draw % 8 == 1) return telemetry::RollupStore(log, no).CloseDay(now).map([](bool) {});
  YB_ASSIGN(storage::Transaction transaction, log.Begin());
  if (draw % 8 == 2) {
    constexpr auto kRule = telemetry::DropRule::kRegistersThinned;
    YB_ASSIGN(const auto thinned, telemetry::Thinning(log, no).ThinOldestDay(kRule, calendar::DayOf(now) - 1));
    if (!thinned) return {};
    YB_TRY(append(telemetry::EncodeTombstone(
        {now, kRule, telemetry::DropReason::kQuota, thinned->count, 0, 0, thinned->from, thinned->to})));
  } else {
    now = now + std::chrono::minutes(5);
    std::vector<Reading> readings;
    for (metering::PointNo point = 30; point < 34; ++point) {
      readings.push_back({point, now, base::Decimal(now.micros / 1'000'000, 2), metering::Quality::kGood});
    }
    YB_TRY(append(telemetry::EncodeSlice(readings, {77, {1}, now})));
  }
  return transaction.Commit();
}

TEST_F(PowerLoss, LeavesEachReadingInOnePlaceWhileTheyAreCompactedAndThinned) {
  constexpr int kRuns = 8;  // of fifteen cuts; each looks at all readings
  for (int run = 0; run < kRuns; ++run) {
    {
      const test::PowerLossDisk disk;
      const auto opener = storage::MakeSqliteOpener({.file = Data() / "keep.db", .vfs = disk.vfs()});
      const auto log = *RecordLog::Open(*opener);
      base::UtcTime now = std::max(*log->LastWritten(*log->EnsureSite(site_)), base::UtcTime{1'772'431'680'000'000});
      std::atomic<bool> looking{false};  // the worker rests, or it would write more and more while all is looked at
      const std::jthread worker([&](const std::stop_token& stop) {
        std::mt19937 draws(static_cast<unsigned>(run));
        while (!stop.stop_requested()) {
          if (looking) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            continue;
          }
          const base::Status done = WriteOrKeep(*log, site_, draws(), now);
          EXPECT_TRUE(done) << done.error().Describe();
        }
      });
      for (int i = 0; i < kCutsOfARun; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 30));
        disk.Cut(Left(), DrawKept(random_), random_);
        looking = true;
        ExpectEachInOnePlace(Left() / "keep.db", site_);
        looking = false;
      }
    }
    TakeOver(Left());
  }
}

/// Keeps what central acknowledges.
class Acknowledged final : public mqtt::MqttClient {
 public:
  base::Status Publish(const std::string&, base::ByteView payload, mqtt::Qos) override {
    const auto down = sync::DecodeDown(payload);
    if (const auto* ack = std::get_if<sync::Ack>(&*down)) {
      if (!ack->reopen) committed_ = std::max(committed_.load(), ack->committed);
    } else {
      committed_ = std::get<sync::Welcome>(*down).positions.empty()
                       ? 0
                       : std::get<sync::Welcome>(*down).positions.back().committed;
      welcomed_ = true;
    }
    return {};
  }
  void Recycle() override {}
  [[nodiscard]] std::uint64_t committed() const { return committed_; }
  [[nodiscard]] bool welcomed() const { return welcomed_; }

 private:
  std::atomic<std::uint64_t> committed_{0};
  std::atomic<bool> welcomed_{false};
};

Bytes MakeBody(std::uint64_t seq) {
  const Reading reading{1, {1'000'000}, base::Decimal(static_cast<std::int64_t>(seq), 2), metering::Quality::kGood};
  return telemetry::EncodeSlice({&reading, 1}, {});
}

TEST_F(PowerLoss, LeavesCentralAllThatItAcknowledged) {
  const std::string topic = sync::UpTopic(city_, site_, Lane::kHistory);
  constexpr std::uint64_t kEpoch = 100;
  std::uint64_t acknowledged = 0;
  for (int cut = 0; cut < kPowerCuts;) {
    const test::PowerLossDisk disk;
    const auto opener = storage::MakeSqliteOpener({.file = Data() / "central.db", .vfs = disk.vfs()});
    base::Guarded<central::SiteStates> states;
    Acknowledged* client = nullptr;
    central::Ingest ingest({.city = city_}, *central::OpenCentralStore(*opener), states, clock_);
    ASSERT_TRUE(ingest.Start([&](mqtt::MqttListener&) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      auto made = std::make_unique<Acknowledged>();
      client = made.get();
      return made;
    }));
    ingest.OnMessage(topic, sync::EncodeUp(sync::Hello{static_cast<std::uint64_t>(cut) + 1, {{kEpoch, 1, 1, {}}}}));
    for (int i = 0; i < 1000 && !client->welcomed(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(client->welcomed());
    ASSERT_GE(client->committed(), acknowledged);
    std::uint64_t next = client->committed() + 1;
    for (int i = 0, session = cut + 1; i < kCutsOfARun; ++i, ++cut) {
      for (std::uint64_t frames = random_() % 5; frames > 0; --frames) {
        sync::Frame frame{"150200", "lvye-01", Lane::kHistory, static_cast<std::uint64_t>(session), kEpoch, next, {}};
        for (std::uint64_t bodies = 1 + random_() % 8; bodies > 0; --bodies) frame.bodies.push_back(MakeBody(next++));
        ingest.OnMessage(topic, sync::EncodeUp(frame));
      }
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 8000));
      acknowledged = client->committed();
      disk.Cut(Left(), DrawKept(random_), random_);
      const std::vector<EpochHead> heads = ExpectWhole(Left() / "central.db", site_);
      const std::uint64_t committed = heads.empty() ? 0 : heads.back().last;
      ASSERT_GE(committed, acknowledged);
      sync::Chain sent{};
      for (std::uint64_t seq = 1; seq <= committed; ++seq) sent = sync::NextChain(sent, MakeBody(seq));
      ASSERT_EQ(heads.empty() ? sync::Chain{} : heads.back().chain, sent);
    }
    TakeOver(Left());
  }
  EXPECT_GT(acknowledged, 500U);
}

}  // namespace
}  // namespace yb
