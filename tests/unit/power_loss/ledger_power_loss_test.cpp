// Power loss: the power goes hundreds of times at random moments while both sides of a ledger write to a disk that
// forgets what was not synced, and while snapshots are taken. What was returned as done or acknowledged before is there
// afterwards, chains hold, the tables are what the events say, and so is every snapshot that is there.
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/power_loss_disk.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;
namespace fs = std::filesystem;

constexpr int kPowerCuts = 150;  // of each side
constexpr int kCutsOfARun = 15;  // then the program starts again on what the disk was left with
const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const Actor kClerk{"1", "张三", ""};
const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());

/// Of a hundred unsynced sectors: none, some, nearly all.
int DrawKept(std::mt19937_64& random) {
  constexpr std::array<int, 4> kChances = {0, 30, 70, 98};
  return kChances[random() % kChances.size()];
}

class LedgerPowerLoss : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(Data()); }
  [[nodiscard]] fs::path Data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path Left() const { return folder_.path() / "left"; }
  void TakeOver() {
    fs::remove_all(Data());
    fs::copy(Left(), Data());
  }
  std::unique_ptr<LedgerStore> Open(const fs::path& file, Side side, const std::string& vfs = "") {
    const auto opener = storage::MakeSqliteOpener({.file = file, .vfs = vfs});
    LedgerOptions options;
    options.side = side;
    options.snapshots = {1, {}, 3};
    auto store = LedgerStore::Open(*opener, std::move(options), kCalendar, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    return std::move(*store);
  }
  /// What the disk was left with is a whole ledger.
  std::unique_ptr<LedgerStore> OpenLeft(Side side) {
    auto store = Open(Left() / "ledger.db", side);
    const auto verdicts = store->Verify();
    EXPECT_TRUE(verdicts);
    for (const auto& verdict : *verdicts) {
      EXPECT_FALSE(verdict.stream.first_break) << InWords(verdict.stream.first_break->what).en;
    }
    if (random_() % 5 != 0) return store;  // all tables anew takes longer than the rest
    const auto snapshots = store->VerifySnapshots();
    EXPECT_TRUE(snapshots);
    for (const auto& snapshot : *snapshots) {
      EXPECT_FALSE(snapshot.check.unsound) << InWords(*snapshot.check.unsound).en << " " << snapshot.check.case_id;
    }
    for (const auto from : {CaseTables::From::kSnapshots, CaseTables::From::kFirstEvent}) {
      const auto rebuilt = store->Rebuild(from);
      EXPECT_TRUE(rebuilt);
      for (const auto& site : *rebuilt) {
        EXPECT_EQ(site.before, site.after);
        EXPECT_TRUE(site.source.refused.empty());
        bounded_ += site.source.snapshot ? 1 : 0;
      }
    }
    return store;
  }
  /// Some pieces, so that the power goes at the beginning, in the middle, and after the end of one.
  void TakePieces(LedgerStore& store) {
    for (std::uint64_t pieces = random_() % 6; pieces > 0; --pieces) {
      const auto more = store.SnapshotStep();
      ASSERT_TRUE(more) << more.error().Describe();
    }
  }

  base::SystemClock clock_;
  test::TempFolder folder_;
  std::mt19937_64 random_{20260302};
  int bounded_ = 0;  // rebuilds from a snapshot
  int uids_ = 0;
};

TEST_F(LedgerPowerLoss, LeavesAStationAllThatItReturnedAsDone) {
  std::map<std::string, std::string> received;  // case by receipt number: none comes twice
  for (int cut = 0; cut < kPowerCuts;) {
    const test::PowerLossDisk disk;
    const auto store = Open(Data() / "ledger.db", Side::kPark, disk.vfs());
    std::string newest;
    std::size_t events = 0;
    std::size_t of_site = store->SiteEvents(kSite)->size();
    for (int i = 0; i < kCutsOfARun; ++i, ++cut) {
      for (std::uint64_t acts = random_() % 8; acts > 0; --acts) {
        if (random_() % 6 == 0) {
          SiteEvent event;
          event.uid = "uid-" + std::to_string(++uids_);
          event.time = clock_.Now();
          event.act = ExtendLogIn{clock_.Now()};
          const auto wrote = store->ActOfSite(kSite, event);
          ASSERT_TRUE(wrote && *wrote);
          ++of_site;
        } else if (newest.empty() || random_() % 3 == 0) {
          NewCase made;
          made.terms = test::PlanningTerms();
          made.receipt_prefix = "JY03";
          const auto file = store->Receive(kSite, kClerk, made);
          ASSERT_TRUE(file) << file.error().Describe();
          newest = file->state.case_id;
          events = 1;
          ASSERT_TRUE(received.emplace(file->state.receipt_no, newest).second) << file->state.receipt_no;
        } else {
          const auto file = store->Act(kSite, newest, kClerk, PutMaterial{"m", "f", test::AsSealed("n"), 1});
          ASSERT_TRUE(file) << file.error().Describe();
          events = file->events.size();
        }
      }
      TakePieces(*store);
      const std::vector<sync::EpochRange> durable = store->Outbox(kSite);
      if (!durable.empty()) {
        const sync::Position at{durable.back().epoch, random_() % (durable.back().last + 1)};
        ASSERT_TRUE(store->OnAcknowledged(kSite, at, *store->ChainAt(kSite, at)));
      }
      disk.Cut(Left(), DrawKept(random_), random_);
      const auto left = OpenLeft(Side::kPark);
      const std::vector<sync::EpochRange> after = left->Outbox(kSite);
      ASSERT_EQ(after.size(), durable.size());
      if (durable.empty()) continue;
      ASSERT_EQ(after.back().last, durable.back().last);
      ASSERT_EQ(after.back().chain, durable.back().chain);
      ASSERT_EQ(left->SiteEvents(kSite)->size(), of_site);
      if (newest.empty()) continue;
      const auto file = left->Find(kSite, newest);
      ASSERT_TRUE(file) << file.error().Describe();
      ASSERT_EQ(file->events.size(), events);
    }
    TakeOver();
  }
  EXPECT_GT(uids_, 50);
  EXPECT_GT(received.size(), 100U);
  EXPECT_GT(bounded_, 15);
}

TEST_F(LedgerPowerLoss, LeavesTheCityAllThatItAcknowledged) {
  // What a station wrote, to be taken in piece by piece.
  const auto station = Open(folder_.path() / "station.db", Side::kPark);
  for (int i = 0; i < 120; ++i) {
    if (i % 10 == 0) {
      SiteEvent event;
      event.uid = "uid-" + std::to_string(i);
      event.act = ExtendLogIn{clock_.Now()};
      ASSERT_TRUE(station->ActOfSite(kSite, event));
    }
    NewCase made;
    made.terms = test::PlanningTerms();
    made.receipt_prefix = "JY03";
    const auto file = station->Receive(kSite, kClerk, made);
    ASSERT_TRUE(file);
    for (const char* material : {"application", "site-plan"}) {
      ASSERT_TRUE(station->Act(kSite, file->state.case_id, kClerk, PutMaterial{material, "f", test::AsSealed("n"), 1}));
    }
    ASSERT_TRUE(station->Act(kSite, file->state.case_id, kClerk, Accept{}));
    ASSERT_TRUE(station->Act(kSite, file->state.case_id, kClerk, HandOver{}));
  }
  const sync::EpochRange written = station->Outbox(kSite).at(0);
  const std::vector<SiteEvent> of_station = *station->SiteEvents(kSite);
  std::uint64_t taken = 0;  // acknowledged
  for (int cut = 0; cut < kPowerCuts;) {
    const test::PowerLossDisk disk;
    const auto store = Open(Data() / "ledger.db", Side::kCity, disk.vfs());
    for (int i = 0; i < kCutsOfARun; ++i, ++cut) {
      const std::uint64_t last = std::min(written.last, taken + 1 + random_() % 6);
      if (taken < written.last) {
        auto bodies = *station->ReadBodies(kSite, {written.epoch, taken + 1}, SIZE_MAX);
        bodies.resize(last - taken);
        ASSERT_TRUE(store->Store(kSite, written.epoch, taken + 1, bodies));
        taken = last;
      }
      TakePieces(*store);
      disk.Cut(Left(), DrawKept(random_), random_);
      const auto left = OpenLeft(Side::kCity);
      std::size_t of_site = 0;
      for (const SiteEvent& event : of_station) of_site += event.id.at.seq <= taken ? 1 : 0;
      ASSERT_EQ(left->SiteEvents(kSite)->size(), of_site);
      ASSERT_EQ(left->OtherChainAt(kSite, {written.epoch, taken}), station->ChainAt(kSite, {written.epoch, taken}));
      sync::Hello hello;
      hello.epochs = {written};
      const auto opening = left->OpenForReading(kSite, hello);
      ASSERT_TRUE(opening);
      ASSERT_EQ(opening->positions.at(0).committed, taken);
    }
    TakeOver();
  }
  EXPECT_GT(taken, 300U);
  EXPECT_GT(bounded_, 15);
}

}  // namespace
}  // namespace yb::ledger
