// A box whose quota or disk is full goes down the declared ladder: what is dropped is named, reading by reading, at the
// box and at central; events, definitions and day ends of registers are all there.
#include "tests/chaos/small_disk.hpp"
#include "tests/unit/path/full_box.hpp"

namespace yb {
namespace {

using QuotaTest = FullBox;

TEST_F(QuotaTest, GoesDownTheWholeLadderAndNamesEveryReading) {
  Open(temp_.path());
  for (int day = 0; day < 3; ++day) WriteDay(std::chrono::minutes(5), true);
  for (int day = 0; day < 5; ++day) WriteDay(std::chrono::minutes(5), false);
  now_ = now_ + std::chrono::hours(2);
  Keep();
  Tidy({.folder = {}, .history_bytes = 1});  // never enough
  ExpectBothSidesExplained();
  // Registers are thinned to quarters of an hour and their days' ends; the last two days are as they were.
  const auto box = AtBox();
  EXPECT_LT(box.size(), written_.size() * 2 / 3);
  for (const Reading& reading : written_) {
    if (calendar::DayOf(reading.time) < calendar::DayOf(now_) - 1) continue;
    EXPECT_EQ(box.count(test::ToText(reading)), 1U);
  }
}

TEST_F(QuotaTest, ThinsClosedDaysBeforeItGivesUpWhatARestoredCentralNeeds) {
  Open(temp_.path());
  for (int day = 0; day < 6; ++day) WriteDay(std::chrono::seconds(30), true);
  now_ = now_ + std::chrono::hours(2);
  Keep();
  auto log = std::move(*RecordLog::Open(*box_));
  const auto site = *log->EnsureSite(site_);
  const auto rules = [&] {
    std::set<telemetry::DropRule> seen;
    const auto tombstones = *log->series().Tombstones(site);
    for (const telemetry::Tombstone& one : tombstones) seen.insert(one.rule);
    return seen;
  };
  // What thinning the gauges of four days gives back.
  Tidy({.folder = {}, .history_bytes = UsedBytes() - 16'384});
  EXPECT_EQ(rules(), std::set{telemetry::DropRule::kGaugesThinned});
  EXPECT_EQ(log->Heads(site, Lane::kHistory)->back().first, 1U);
  // Far more than all series: now slices go, and say so; every reading that is left is where it was.
  const std::uint64_t acked = log->Heads(site, Lane::kHistory)->back().acked;
  Tidy({.folder = {}, .history_bytes = 200'000});
  EXPECT_TRUE(rules().contains(telemetry::DropRule::kAcknowledgedDropped));
  std::uint64_t named = 0;
  const auto tombstones = *log->series().Tombstones(site);
  for (const telemetry::Tombstone& one : tombstones) {
    if (one.rule != telemetry::DropRule::kAcknowledgedDropped) continue;
    EXPECT_EQ(one.count, 0U);
    EXPECT_EQ(one.epoch, kEpoch);
    EXPECT_GE(one.from, kMidnight);
    named += one.last_seq - one.first_seq + 1;
  }
  EXPECT_EQ(named, log->Heads(site, Lane::kHistory)->back().first - 1);
  EXPECT_EQ(named, acked);
  ExpectBothSidesExplained();
}

TEST_F(QuotaTest, KeepsASmallDiskFromFillingUp) {
  if (!chaos::PrepareMounts()) GTEST_SKIP() << "this system allows no mounts";
  constexpr int kMebibytes = 8;
  constexpr std::uint64_t kFree = std::uint64_t{6} << 20;
  const chaos::SmallDisk disk(temp_.path() / "disk", kMebibytes);
  Open(temp_.path() / "disk");
  for (int day = 0; day < 6; ++day) {
    WriteDay(std::chrono::seconds(30), day == 0);
    Keep();
    Tidy({.folder = folder_, .history_bytes = std::uint64_t{1} << 30, .free_bytes = kFree});
    if (HasFatalFailure()) return;
  }
  ExpectBothSidesExplained();
  const auto tombstones = *central_->Tombstones(site_);
  for (const telemetry::Tombstone& one : tombstones) EXPECT_EQ(one.reason, telemetry::DropReason::kDisk);
}

}  // namespace
}  // namespace yb
