// FullBox: a box of eight points whose quota or disk is full, beside a central that takes what it sends. For tests;
// what was written is kept, so that every reading can be looked for.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/keeper.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {

using base::Decimal;
using base::UtcTime;
using edge::EdgeStore;
using metering::Reading;
using sync::Lane;
using telemetry::RecordLog;

constexpr std::uint64_t kEpoch = 1'772'000'000;
const UtcTime kMidnight = *base::FromIso("2026-03-01T16:00:00Z");  // 2 March 2026, 00:00 in Beijing
constexpr auto kDay = std::chrono::hours(24);

/// Points 1 to 4 are gauges, 5 to 8 registers; asked every five minutes.
constexpr metering::PointNo kGauges = 4;
constexpr metering::PointNo kPoints = 8;

class FullBox : public testing::Test {
 protected:
  void Open(const std::filesystem::path& folder) {
    box_ = storage::MakeSqliteOpener({.file = folder / "telemetry.db"});
    folder_ = folder;
    auto log = std::move(*RecordLog::Open(*box_));
    const auto site = *log->EnsureSite(site_);
    telemetry::PointTable points;
    for (metering::PointNo no = 1; no <= kPoints; ++no) {
      telemetry::PointDefinition& point = points.emplace_back();
      point.point.no = no;
      point.point.key = "m/" + std::to_string(no);
      point.point.meter = "m";
      point.point.kind = no <= kGauges ? metering::PointKind::kGauge : metering::PointKind::kRegister;
    }
    auto transaction = *log->Begin();
    ASSERT_TRUE(log->Append(site, Lane::kHistory, head_, telemetry::EncodePointTable(points)));
    ASSERT_TRUE(log->SaveHead(site, Lane::kHistory, head_));
    ASSERT_TRUE(transaction.Commit());
  }
  /// One day of readings and an event, every `step`; then central has what there is by now, if `send`.
  void WriteDay(base::Duration step, bool send) {
    auto log = std::move(*RecordLog::Open(*box_));
    const auto site = *log->EnsureSite(site_);
    head_ = log->Heads(site, Lane::kHistory)->back();
    auto transaction = *log->Begin();
    const UtcTime end = now_ + kDay;
    for (; now_ < end; now_ = now_ + step) {
      std::vector<Reading> readings;
      for (metering::PointNo no = 1; no <= kPoints; ++no) {
        readings.push_back(
            {no, now_ + base::Duration(no), Decimal(serial_++ * 7919 % 100'000'007, 3), metering::Quality::kGood});
        written_.push_back(readings.back());
      }
      ASSERT_TRUE(log->Append(site, Lane::kHistory, head_, telemetry::EncodeSlice(readings, {77, {1}, now_})));
    }
    const metering::MeterEvent event{metering::MeterEventKind::kReset, "m", 5, now_ - step, now_, {}, {}, ""};
    ASSERT_TRUE(log->Append(site, Lane::kHistory, head_, telemetry::EncodeMeterEvents({&event, 1})));
    if (send) head_.acked = head_.last;
    ASSERT_TRUE(log->SaveHead(site, Lane::kHistory, head_));
    ASSERT_TRUE(transaction.Commit());
    ++days_;
    if (send) Send(*log, site);
  }
  void Send(RecordLog& log, telemetry::SiteNo site) {
    sync::Hello hello{1, {}};
    const auto heads = *log.Heads(site, Lane::kHistory);
    for (const telemetry::EpochHead& head : heads) {
      hello.epochs.push_back({head.epoch, head.first, head.last, head.chain, head.chain_before, head.acked, false});
    }
    const auto opening = central_->OpenLane(site_, Lane::kHistory, hello, now_);
    ASSERT_TRUE(opening) << opening.error().Describe();
    for (const telemetry::EpochHead& head : heads) {
      const auto known = std::ranges::find(opening->positions, head.epoch, &sync::EpochPosition::epoch);
      const std::uint64_t from = std::max(known == opening->positions.end() ? 1 : known->committed + 1, head.first);
      if (head.closed || from > head.last) continue;
      const auto bodies = *log.ReadBodies(site, Lane::kHistory, {head.epoch, from}, SIZE_MAX);
      const central::RecordRun run{site_, Lane::kHistory, head.epoch, from, bodies};
      ASSERT_TRUE(central_->Commit({&run, 1}));
    }
  }
  void Keep() {
    test::ManualClock clock(now_);
    telemetry::KeeperOptions options;
    options.compaction.longest = {};
    options.prune = []() -> base::Result<bool> { return false; };
    telemetry::Keeper keeper(options, std::move(*RecordLog::Open(*box_)), clock);
    for (int i = 0; i < 1000 && *keeper.RunOnce(); ++i) continue;
  }
  /// Goes down the ladder until nothing more is asked for or possible.
  void Tidy(edge::KeepQuota quota) {
    test::ManualClock clock(now_);
    edge::EdgeStoreOptions options;
    options.site = site_;
    options.quota = std::move(quota);
    const auto store = std::move(*EdgeStore::Open(*box_, options, clock));
    for (int i = 0; i < 2000; ++i) {
      const auto more = store->Tidy();
      ASSERT_TRUE(more) << more.error().Describe();
      if (!*more) return;
    }
    FAIL() << "the ladder has no end";
  }

  /// Of the box's file, as its quota counts them.
  std::uint64_t UsedBytes() {
    const auto database = std::move(*box_->Open());
    const auto ask = [&](const char* pragma) {
      const auto statement = std::move(*database->Prepare(pragma));
      EXPECT_TRUE(statement->Step().value_or(false));
      return static_cast<std::uint64_t>(statement->Int(0));
    };
    return (ask("PRAGMA page_count") - ask("PRAGMA freelist_count")) * ask("PRAGMA page_size");
  }

  template <class ForEach>
  static std::multiset<std::string> Texts(ForEach for_each) {
    std::multiset<std::string> texts;
    for (metering::PointNo no = 1; no <= kPoints; ++no) {
      EXPECT_TRUE(for_each(no, [&](const Reading& reading) { texts.insert(test::ToText(reading)); }));
    }
    return texts;
  }
  std::multiset<std::string> AtBox() {
    auto log = std::move(*RecordLog::Open(*box_));
    const auto site = *log->EnsureSite(site_);
    return Texts(
        [&](metering::PointNo no, auto use) { return log->ForEachReading(site, no, {0}, {INT64_MAX / 2}, use); });
  }
  std::multiset<std::string> AtCentral() {
    return Texts(
        [&](metering::PointNo no, auto use) { return central_->ForEachReading(site_, no, {0}, {INT64_MAX / 2}, use); });
  }
  /// Last value of each register and civil day.
  std::set<std::string> DayEnds() const {
    std::map<std::pair<metering::PointNo, calendar::DayNo>, Reading> last;
    for (const Reading& reading : written_) {
      if (reading.point > kGauges) last[{reading.point, calendar::DayOf(reading.time)}] = reading;
    }
    std::set<std::string> texts;
    for (const auto& [of, reading] : last) texts.insert(test::ToText(reading));
    return texts;
  }
  void ExpectNamedExactly(const std::multiset<std::string>& held, bool unsent,
                          const std::vector<telemetry::Tombstone>& tombstones) {
    std::uint64_t named = 0;
    for (const telemetry::Tombstone& tombstone : tombstones) {
      if ((tombstone.rule == telemetry::DropRule::kUnsentThinned) == unsent) named += tombstone.count;
    }
    std::multiset<std::string> all;
    for (const Reading& reading : written_) all.insert(test::ToText(reading));
    for (const std::string& one : held) EXPECT_TRUE(all.contains(one)) << one;
    EXPECT_EQ(all.size() - held.size(), named);
    for (const std::string& end : DayEnds()) EXPECT_EQ(held.count(end), 1U) << end;
  }
  void ExpectBothSidesExplained() {
    auto log = std::move(*RecordLog::Open(*box_));
    const auto site = *log->EnsureSite(site_);
    Send(*log, site);
    const auto tombstones = *log->series().Tombstones(site);
    ASSERT_FALSE(tombstones.empty());
    EXPECT_EQ(*central_->Tombstones(site_), tombstones);
    ExpectNamedExactly(AtBox(), false, tombstones);
    ExpectNamedExactly(AtCentral(), true, tombstones);
    const auto missing = *central_->Missing(site_, Lane::kHistory);
    for (const telemetry::Tombstone& one : tombstones) {
      if (one.rule != telemetry::DropRule::kUnsentThinned) continue;
      EXPECT_TRUE(std::ranges::any_of(missing, [&](const telemetry::MissingRange& range) {
        return range.epoch == one.epoch && range.first <= one.first_seq && one.last_seq <= range.last &&
               range.reason == telemetry::MissingReason::kNoLongerHeld;
      })) << one.first_seq;
    }
    EXPECT_EQ(log->meters().Events(site, "m", {0}, {INT64_MAX / 2})->size(), days_);
    EXPECT_EQ(central_->Events(site_, "m", {0}, {INT64_MAX / 2})->size(), days_);
    EXPECT_EQ(log->Points(site)->size(), kPoints);
  }

  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::TempFolder temp_;
  std::filesystem::path folder_;
  std::unique_ptr<storage::DatabaseOpener> box_;
  std::unique_ptr<storage::DatabaseOpener> central_opener_ =
      storage::MakeSqliteOpener({.file = temp_.path() / "central.db"});
  std::unique_ptr<central::CentralStore> central_ = std::move(*central::OpenCentralStore(*central_opener_));
  telemetry::EpochHead head_{kEpoch};
  UtcTime now_ = kMidnight;
  std::vector<Reading> written_;
  std::int64_t serial_ = 1;
  std::size_t days_ = 0;
};

}  // namespace yb
