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
  using telemetry::DropRule;
  Open(temp_.path());
  for (int day = 0; day < 4; ++day) WriteDay(std::chrono::minutes(5), true);
  now_ = now_ + std::chrono::hours(2);
  Keep();
  auto log = std::move(*RecordLog::Open(*box_));
  const auto site = *log->EnsureSite(site_);
  const std::uint64_t acked = log->Heads(site, Lane::kHistory)->back().acked;
  std::vector<DropRule> rules;  // as they were declared
  std::uint64_t named = 0;
  Tidy({.folder = {}, .history_bytes = 1}, [&] {  // never enough
    const auto tombstones = *log->series().Tombstones(site);
    rules.clear();
    named = 0;
    for (const telemetry::Tombstone& one : tombstones) {
      rules.push_back(one.rule);
      if (one.rule != DropRule::kAcknowledgedDropped) continue;
      EXPECT_EQ(one.count, 0U);
      EXPECT_EQ(one.epoch, kEpoch);
      named += one.last_seq - one.first_seq + 1;
    }
    // What is not held any more is named, and goes after all that may be thinned.
    EXPECT_EQ(named, log->Heads(site, Lane::kHistory)->back().first - 1);
    if (named == 0) return;
    EXPECT_EQ(std::ranges::count(rules, DropRule::kGaugesThinned), 3);
    EXPECT_EQ(std::ranges::count(rules, DropRule::kRegistersThinned), 3);
  });
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
