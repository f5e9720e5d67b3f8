// Slices become series behind the writers; each reading stays, once, whatever is where and whatever happens between.
#include "core/telemetry/compaction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/completeness_log.hpp"
#include "core/telemetry/epoch_mover.hpp"
#include "core/telemetry/rollup_store.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using base::UtcTime;
using metering::Quality;
using metering::Reading;
using sync::Lane;

const UtcTime kStart = *base::FromIso("2026-03-02T06:08:00Z");
constexpr base::Duration kDay = std::chrono::hours(24);

/// Every look is enough.
constexpr CompactionLimits kAtOnce{base::Duration(0), 1, 40};

class CompactionTest : public testing::Test {
 protected:
  void SetUp() override {
    log_ = std::move(*RecordLog::Open(*opener_));
    site_ = *log_->EnsureSite(*base::SiteId::Parse("lvye-01"));
  }
  Compaction compaction() { return {*log_, site_}; }

  void Append(EpochHead& head, const base::Bytes& body) {
    auto transaction = log_->Begin();
    ASSERT_TRUE(log_->Append(site_, Lane::kHistory, head, body));
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, head));
    ASSERT_TRUE(transaction->Commit());
  }
  /// Five points, 40 ms apart; every 17th has no value.
  static std::vector<Reading> SliceAt(int i, UtcTime time) {
    std::vector<Reading> readings;
    for (metering::PointNo point = 30; point < 35; ++point) {  // of two rows of points
      Reading reading{point, time + base::Duration(point * 40'000), std::nullopt, Quality::kGood, 7};
      if ((i + static_cast<int>(point)) % 17 == 0) {
        reading.quality = Quality::kUnreachable;
      } else {
        reading.value = Decimal(184'236 * static_cast<int>(point) + 20 * i, 2);
      }
      readings.push_back(reading);
    }
    return readings;
  }
  /// Slices 0 … count - 1 every 15 s; what they hold is expected from then on.
  void Write(EpochHead& head, int count) {
    for (int i = 0; i < count; ++i) {
      const UtcTime time = kStart + std::chrono::seconds(15 * i);
      const auto readings = SliceAt(i, time);
      Append(head, EncodeSlice(readings, {77, {5'000'000 + std::int64_t{i} * 15'000'000}, time}));
      for (const Reading& reading : readings) expected_.push_back(test::ToText(reading));
    }
    std::ranges::sort(expected_);
  }
  std::vector<std::string> Readings() {
    std::vector<std::string> lines;
    const auto status = log_->ForEachReading(site_, PointRange{}, {0}, {INT64_MAX / 2},
                                             [&](const Reading& r, const ReadingClock& clock) {
                                               lines.push_back(test::ToText(r));
                                               EXPECT_EQ(r.configuration, 7U);
                                               EXPECT_EQ(clock.boot, 77U);
                                             });
    EXPECT_TRUE(status) << status.error().Describe();
    std::ranges::sort(lines);
    return lines;
  }
  EpochHead Head() { return log_->Heads(site_, Lane::kHistory)->back(); }
  void Execute(const std::string& sql) { ASSERT_TRUE(log_->database().Execute(sql)); }

  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ = storage::MakeSqliteOpener({.file = folder_.path() / "t.db"});
  std::unique_ptr<RecordLog> log_;
  SiteNo site_ = 0;
  std::vector<std::string> expected_;
};

TEST_F(CompactionTest, KeepsEveryReadingOnceAndTheSlicesForSending) {
  EpochHead head{100};
  Write(head, 50);
  ASSERT_TRUE(*compaction().Compact(kAtOnce, kStart));
  EXPECT_EQ(Head().compacted, 8U);  // as many slices as hold 40 readings
  EXPECT_EQ(Readings(), expected_);
  while (*compaction().Compact(kAtOnce, kStart)) continue;
  EXPECT_EQ(Head().compacted, 50U);
  EXPECT_EQ(Readings(), expected_);
  EXPECT_EQ(Head().chain, head.chain);
  EXPECT_EQ(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1 << 20)->size(), 50U);
}

TEST_F(CompactionTest, WaitsForAnHourOrManyRecords) {
  EpochHead head{100};
  Write(head, 20);
  EXPECT_FALSE(*compaction().Compact({}, kStart + std::chrono::minutes(59)));
  EXPECT_TRUE(*compaction().Compact({std::chrono::hours(1), 20, 1000}, kStart + std::chrono::minutes(59)));
  EXPECT_FALSE(*compaction().Compact({}, kStart + std::chrono::hours(3)));
  Write(head, 1);
  EXPECT_TRUE(*compaction().Compact({}, kStart + std::chrono::hours(3)));
}

TEST_F(CompactionTest, WaitsForNoTimeThatAClockAheadHadTold) {
  EpochHead head{100};
  Write(head, 20);
  EXPECT_TRUE(*compaction().Compact({}, kStart - 90 * kDay));
  EXPECT_EQ(Head().compacted, 20U);
  EXPECT_EQ(Readings(), expected_);
}

TEST_F(CompactionTest, TellsTheLastSequenceOfRecordsWhoseHeadWasNotStored) {
  EpochHead head{100};
  {
    auto transaction = log_->Begin();
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, head));
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(log_->Append(site_, Lane::kHistory, head, EncodeSlice(SliceAt(i, kStart), {})));
    }
    ASSERT_TRUE(transaction->Commit());
  }
  EXPECT_EQ(Head().last, 20U);
  EXPECT_EQ(Head().chain, head.chain);
}

TEST_F(CompactionTest, DeletesSlicesAfterThirtyDaysAndNothingElse) {
  EpochHead head{100};
  PointDefinition point;
  point.point.no = 30;
  point.point.key = "feeder-1/voltage";
  Append(head, EncodePointTable({&point, 1}));
  Write(head, 20);
  const EpochHead hour_end = head;
  Append(head, EncodeHour({HourOf(kStart), 100, 1, 21, {}, head.chain}));
  Write(head, 20);
  while (*compaction().Compact(kAtOnce, kStart)) continue;
  const auto prune = [&](base::Duration after, std::uint64_t acked) {
    EpochHead stored = Head();
    auto transaction = log_->Begin();
    const bool pruned = *compaction().Prune(stored, acked, std::nullopt, kStart + after);
    EXPECT_TRUE(transaction->Commit());
    return pruned;
  };
  EXPECT_FALSE(prune(30 * kDay, 42));  // the hour ended less than 30 days ago
  ASSERT_TRUE(prune(31 * kDay, 15));   // not acknowledged further
  EXPECT_EQ(Head().first, 16U);
  ASSERT_TRUE(prune(31 * kDay, 42));
  EXPECT_FALSE(prune(31 * kDay, 42));
  EXPECT_EQ(Head().first, 22U);
  EXPECT_EQ(Head().chain_before, hour_end.chain);
  EXPECT_EQ(Head().last, 42U);
  EXPECT_EQ(Readings(), expected_);
  // What is asked for below begins where something is held; the definition is still there.
  const auto piece = log_->Answer(site_, Lane::kHistory, Head(), {1, 100, 3, 42}, 1 << 20);
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->first_seq, 22U);
  EXPECT_EQ(piece->chain_before, hour_end.chain);
  EXPECT_EQ(piece->bodies.size(), 21U);
  EXPECT_EQ(*log_->ChainAt(site_, Lane::kHistory, {100, 21}), hour_end.chain);
  EXPECT_EQ(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1)->size(), 1U);
}

TEST_F(CompactionTest, BelievesNoHourOfAClockThatWasNotSet) {
  EpochHead head{100};
  Write(head, 5);
  Append(head, EncodeHour({{0}, 100, 1, 5, {}, head.chain}));  // 1970
  Write(head, 5);
  while (*compaction().Compact(kAtOnce, kStart)) continue;
  EpochHead stored = Head();
  EXPECT_FALSE(*compaction().Prune(stored, 11, std::nullopt, kStart));
  Append(head, EncodeHour({HourOf(kStart), 100, 6, 11, {}, head.chain}));
  stored = Head();
  EXPECT_FALSE(*compaction().Prune(stored, 11, std::nullopt, kStart + kDay));
  EXPECT_TRUE(*compaction().Prune(stored, 11, std::nullopt, kStart + 31 * kDay));
  EXPECT_EQ(stored.first, 12U);
}

TEST_F(CompactionTest, PassesOverADamagedSliceAndTakesItInWhenItIsHealed) {
  EpochHead head{100};
  Write(head, 30);
  const auto bodies = *log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1 << 20);
  const auto changed = EncodeSlice(SliceAt(999, kStart), {77, {}, kStart});
  Execute("DELETE FROM record WHERE place & 1099511627775 = 5");
  Execute("UPDATE record SET body = x'" + base::ToHex(changed) + "' WHERE place & 1099511627775 = 9");
  while (*compaction().Compact(kAtOnce, kStart)) continue;
  EXPECT_EQ(Readings().size(), expected_.size() - 10);
  Execute("DELETE FROM record WHERE place & 1099511627775 = 20");  // after it was compacted
  CompletenessLog completeness(*log_);
  auto transaction = log_->Begin();
  ASSERT_EQ(*completeness.Heal(site_, Lane::kHistory, {100, 1, 30, {}, head.chain}, bodies), 3U);
  ASSERT_TRUE(transaction->Commit());
  EXPECT_EQ(Readings(), expected_);
}

/// Whatever the order of writing, late readings, compaction, closed days, pruning, damage, recoveries and reopenings.
class CompactionProperty : public CompactionTest, public testing::WithParamInterface<unsigned> {
 protected:
  void WriteSome() {
    auto when = now_;
    if (random_() % 4 == 0) when = kStart + std::chrono::minutes(random_() % (5 * 24 * 60));  // late, or early
    const int count = 1 + static_cast<int>(random_() % 12);
    for (int i = 0; i < count; ++i) {
      when = when + std::chrono::seconds(1 + random_() % 900);
      const auto readings = SliceAt(serial_++, when);
      Append(head_, EncodeSlice(readings, {77, {1}, when}));
      for (const Reading& reading : readings) expected_.push_back(test::ToText(reading));
    }
    now_ = std::max(now_, when);
    std::ranges::sort(expected_);
  }
  void CloseHour() {
    if (head_.last < hour_.first) return;
    hour_.last = head_.last;
    hour_.chain = head_.chain;
    hour_.hour = HourOf(now_);
    hour_.epoch = head_.epoch;
    const HourDigest closed = hour_;
    hour_ = {{}, head_.epoch, head_.last + 1, 0, head_.chain, {}};
    Append(head_, EncodeHour(closed));
  }
  void Prune() {
    auto transaction = log_->Begin();
    EpochHead stored = Head();
    if (!*compaction().Prune(stored, stored.last, std::nullopt, now_ + kRecordsKept - std::chrono::hours(12))) return;
    ASSERT_TRUE(transaction->Commit());
    head_.first = stored.first;
    head_.chain_before = stored.chain_before;
  }
  /// A recovery that moves the newest records to an epoch of their own and numbers them anew.
  void MoveToNewEpoch() {
    const std::uint64_t keep =
        std::max(head_.first - 1, head_.last - std::min<std::uint64_t>(head_.last, 1 + random_() % 9));
    const auto chain = *log_->ChainAt(site_, Lane::kHistory, {head_.epoch, keep});
    if (!chain || keep >= head_.last) return;
    EpochMover mover(*log_, site_, Lane::kHistory);
    EpochHead next{.epoch = head_.epoch + 1, .last = head_.last - keep, .closed = true};
    auto transaction = log_->Begin();
    ASSERT_TRUE(compaction().TakeBack(head_.epoch, keep, keep));
    ASSERT_TRUE(mover.Move(head_.epoch, keep, next.epoch, 0));
    head_.last = keep;
    head_.chain = *chain;
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, head_));
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, next));
    ASSERT_TRUE(mover.Renumber(next, {}));
    next.closed = false;
    ASSERT_TRUE(log_->SaveHead(site_, Lane::kHistory, next));
    ASSERT_TRUE(transaction->Commit());
    head_ = next;
    hour_ = {{}, head_.epoch, 1, 0, {}, {}};
  }
  /// Records are lost or changed, compacted like that or before, and healed.
  void DamageAndHeal() {
    if (head_.last < head_.first) return;
    const std::uint64_t first = head_.first + random_() % (head_.last - head_.first + 1);
    const std::uint64_t last = std::min(head_.last, first + random_() % 5);
    auto bodies = *log_->ReadBodies(site_, Lane::kHistory, {head_.epoch, first}, 1 << 20);
    if (bodies.size() < last - first + 1) return;
    bodies.resize(last - first + 1);
    const auto before = *log_->ChainAt(site_, Lane::kHistory, {head_.epoch, first - 1});
    const auto after = *log_->ChainAt(site_, Lane::kHistory, {head_.epoch, last});
    if (!before || !after) return;
    const std::string place =
        " WHERE place = (SELECT no << 40 FROM stream WHERE epoch = " + std::to_string(head_.epoch) + ") + " +
        std::to_string(first);
    Execute(random_() % 2 == 0 ? "DELETE FROM record" + place : "UPDATE record SET body = x'0A00'" + place);
    if (random_() % 2 == 0) (void)compaction().Compact(kAtOnce, now_);
    auto transaction = log_->Begin();
    ASSERT_TRUE(
        CompletenessLog(*log_).Heal(site_, Lane::kHistory, {head_.epoch, first, last, *before, *after}, bodies));
    ASSERT_TRUE(transaction->Commit());
  }

  std::mt19937 random_{GetParam()};
  EpochHead head_{100};
  HourDigest hour_{{}, 100, 1, 0, {}, {}};
  UtcTime now_ = kStart;
  int serial_ = 0;
};

TEST_P(CompactionProperty, GivesExactlyTheReadingsThatWentIn) {
  WriteSome();
  for (int step = 0; step < 120; ++step) {
    switch (random_() % 9) {
      case 0:
      case 1: (void)compaction().Compact(kAtOnce, now_); break;
      case 2: ASSERT_TRUE(RollupStore(*log_, site_).CloseDay(now_)); break;
      case 3: CloseHour(); break;
      case 4: Prune(); break;
      case 5: random_() % 3 == 0 ? MoveToNewEpoch() : SetUp(); break;
      case 6: DamageAndHeal(); break;
      default: WriteSome(); break;
    }
    ASSERT_EQ(Readings(), expected_) << "seed " << GetParam() << ", step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CompactionProperty, testing::Range(1U, 13U));

}  // namespace
}  // namespace yb::telemetry
