// Snapshots of a ledger's file: taken while people act, gone on from, and found out where they are not sound.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/ledger/event_codec.hpp"
#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;
using From = CaseTables::From;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const Actor kClerk{"1", "张三", ""};
const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());

class LedgerSnapshotTest : public testing::Test {
 protected:
  static constexpr SnapshotRule kAtOnce{1, {}, 4};

  std::unique_ptr<LedgerStore> Open(SnapshotRule rule = kAtOnce) {
    const auto opener = storage::MakeSqliteOpener({.file = File()});
    LedgerOptions options;
    options.snapshots = rule;
    auto store = LedgerStore::Open(*opener, std::move(options), kCalendar, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    return std::move(*store);
  }
  [[nodiscard]] std::filesystem::path File() const { return folder_.path() / "ledger.db"; }
  [[nodiscard]] std::unique_ptr<storage::Database> Database() const { return *storage::OpenSqlite({.file = File()}); }

  /// Received with both materials and accepted: four events.
  std::string Accepted(LedgerStore& store, const std::string& name = "申请表") {
    NewCase made;
    made.terms = test::PlanningTerms();
    made.person = "person-1";
    made.applicant = {1, 2, 3};
    made.area_m2 = *base::Decimal::Parse("86.50");
    made.receipt_prefix = "JY03";
    const auto received = store.Receive(kSite, kClerk, made);
    EXPECT_TRUE(received);
    const std::string id = received->state.case_id;
    EXPECT_TRUE(store.Act(kSite, id, kClerk, PutMaterial{"application", "aa", test::AsSealed(name), 1}));
    EXPECT_TRUE(store.Act(kSite, id, kClerk, PutMaterial{"site-plan", "bb", test::AsSealed("总平面图"), 2}));
    EXPECT_TRUE(store.Act(kSite, id, kClerk, Accept{}));
    return id;
  }
  /// Pieces until nothing is due; how many there were.
  static int Take(LedgerStore& store) {
    int pieces = 0;
    while (true) {
      const auto more = store.SnapshotStep();
      EXPECT_TRUE(more) << more.error().Describe();
      if (!more || !*more) return pieces;
      ++pieces;
    }
  }
  static LedgerStore::Rebuilt Rebuild(LedgerStore& store, From from = From::kSnapshots) {
    const auto all = store.Rebuild(from);
    EXPECT_TRUE(all && all->size() == 1);
    EXPECT_EQ(all->at(0).before, all->at(0).after);
    return all->at(0);
  }
  static std::vector<LedgerStore::SnapshotVerdict> Verify(LedgerStore& store) {
    const auto verdicts = store.VerifySnapshots();
    EXPECT_TRUE(verdicts);
    return *verdicts;
  }
  [[nodiscard]] std::int64_t Number(const std::string& sql) const {
    const auto database = Database();
    const auto select = *database->Prepare(sql);
    EXPECT_TRUE(*select->Step());
    return select->Int(0);
  }
  /// The tables in the hands of somebody who holds the disk.
  struct Held {
    std::unique_ptr<storage::Database> database;
    std::unique_ptr<StreamLog> log;
    std::unique_ptr<SnapshotTables> tables;
    SiteNo site = 0;
  };
  [[nodiscard]] Held HeldTables() const {
    Held held;
    held.database = Database();
    held.log = *StreamLog::Open(*held.database);
    held.tables = *SnapshotTables::Open(*held.database, *held.log);
    held.site = **held.log->FindSite(kSite);
    return held;
  }
  void Flip(const std::string& table, const std::string& column, std::size_t byte) const {
    const auto database = Database();
    const auto select = *database->Prepare("SELECT " + column + " FROM " + table + " LIMIT 1");
    ASSERT_TRUE(*select->Step());
    base::Bytes bytes(select->Blob(0).begin(), select->Blob(0).end());
    const base::Bytes before = bytes;
    select->Reset();
    bytes[byte % bytes.size()] ^= 4;
    const auto update = *database->Prepare("UPDATE " + table + " SET " + column + " = ?1 WHERE " + column + " = ?2");
    ASSERT_TRUE(update->Bind(1, base::ByteView(bytes)).Bind(2, base::ByteView(before)).Run());
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
};

TEST_F(LedgerSnapshotTest, BoundARebuildToTheEventsSince) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  Accepted(*store);
  EXPECT_GE(Take(*store), 4) << "eight events in pieces of four, and a beginning and an end";
  ASSERT_TRUE(store->Act(kSite, id, kClerk, HandOver{}));
  Accepted(*store);
  const auto bounded = Rebuild(*store);
  ASSERT_TRUE(bounded.source.snapshot);
  EXPECT_EQ(bounded.source.snapshot->events, 8U);
  EXPECT_EQ(bounded.source.snapshot->cases, 2U);
  EXPECT_EQ(bounded.source.folded, 5U) << "the handing over, and the new case";
  EXPECT_EQ(bounded.events, 13U);
  EXPECT_TRUE(bounded.source.refused.empty());
  const auto full = Rebuild(*store, From::kFirstEvent);
  EXPECT_FALSE(full.source.snapshot);
  EXPECT_EQ(full.source.folded, 13U);
  EXPECT_EQ(full.after, bounded.after);
}

TEST_F(LedgerSnapshotTest, HoldEventsOfTheSiteToo) {
  const auto store = Open();
  const auto extend = [&](const std::string& uid) {
    SiteEvent event;
    event.uid = uid;
    event.time = clock_.Now();
    event.act = ExtendLogIn{clock_.Now()};
    ASSERT_TRUE(*store->ActOfSite(kSite, event));
  };
  extend("one");
  Take(*store);
  EXPECT_EQ(Verify(*store).at(0).snapshot.cases, 0U) << "a snapshot of no case";
  Accepted(*store);
  extend("two");
  Take(*store);
  extend("three");
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 2U);
  for (const auto& verdict : verdicts) EXPECT_FALSE(verdict.check.unsound);
  EXPECT_EQ(verdicts[0].snapshot.events, 6U);
  EXPECT_EQ(verdicts[0].snapshot.cases, 1U);
  const auto bounded = Rebuild(*store);
  EXPECT_TRUE(bounded.source.snapshot);
  EXPECT_EQ(bounded.source.folded, 0U);
  EXPECT_EQ(store->SiteEvents(kSite)->size(), 3U);
  // One that leaves out an event of the site is found out.
  Take(*store);
  {
    const auto [database, log, tables, site] = HeldTables();
    LedgerSnapshot forged = tables->KeptOf(site)->at(0).snapshot;
    CaseRecord record;
    record.events = {{1, {Side::kPark, {store->Outbox(kSite).at(0).epoch, 1}}}};
    forged.no += 1;
    ASSERT_TRUE(tables->Put({site, ""}, EncodeCaseRecord(record), forged));
    ASSERT_TRUE(tables->Add(site, forged));
  }
  EXPECT_EQ(Verify(*store).at(0).check.unsound, Unsound::kOtherFold);
}

TEST_F(LedgerSnapshotTest, AreTakenPieceByPieceWhilePeopleAct) {
  const auto store = Open();
  std::vector<std::string> cases;
  for (int i = 0; i < 5; ++i) cases.push_back(Accepted(*store));
  ASSERT_TRUE(*store->SnapshotStep()) << "begun: it stands on twenty events";
  ASSERT_TRUE(*store->SnapshotStep()) << "nothing is left of another one";
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store->Act(kSite, cases[static_cast<std::size_t>(i)], kClerk, Remind{"催"}));
    ASSERT_TRUE(*store->SnapshotStep());
  }
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].check.unsound);
  EXPECT_EQ(verdicts[0].snapshot.events, 20U) << "what was done meanwhile is not in it";
  EXPECT_EQ(Rebuild(*store).source.folded, 5U);
}

TEST_F(LedgerSnapshotTest, KeepTwoOfThemAndWriteOnlyCasesThatChanged) {
  const auto store = Open();
  const std::string changing = Accepted(*store);
  Accepted(*store);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store->Act(kSite, changing, kClerk, Remind{"催"}));
    Take(*store);
  }
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].no, 5U);
  EXPECT_EQ(verdicts[1].no, 4U);
  for (const auto& verdict : verdicts) EXPECT_FALSE(verdict.check.unsound);
  EXPECT_EQ(Number("SELECT count(*) FROM snapshot_case"), 3) << "one of the case that rests, two of the other";
}

TEST_F(LedgerSnapshotTest, AreDueAfterSoManyEventsOrSoLong) {
  const auto store = Open({10, std::chrono::hours(24), 64});
  EXPECT_EQ(Take(*store), 0) << "there is nothing yet";
  const std::string id = Accepted(*store);
  EXPECT_GT(Take(*store), 0) << "the first one at once";
  ASSERT_TRUE(store->Act(kSite, id, kClerk, Remind{"催"}));
  EXPECT_EQ(Take(*store), 0);
  clock_.Advance(std::chrono::hours(25));
  EXPECT_GT(Take(*store), 0);
  clock_.Advance(std::chrono::hours(25));
  EXPECT_EQ(Take(*store), 0) << "nothing happened since";
  ASSERT_TRUE(store->Act(kSite, id, kClerk, Remind{"催"}));
  EXPECT_GT(Take(*store), 0);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Take(*store), 0) << i;
    ASSERT_TRUE(store->Act(kSite, id, kClerk, Remind{"催"}));
  }
  EXPECT_GT(Take(*store), 0);
}

TEST_F(LedgerSnapshotTest, AreNotUsedWithAFlippedByte) {
  const auto store = Open();
  Accepted(*store);
  Accepted(*store);
  std::size_t byte = 3;
  for (const auto& [table, column] :
       {std::pair("snapshot", "header"), {"snapshot", "digest"}, {"snapshot_case", "record"}}) {
    for (int i = 0; i < 6; ++i, byte += 29) {
      Take(*store);
      Flip(table, column, byte);
      const auto verdicts = Verify(*store);
      ASSERT_EQ(verdicts.size(), 1U);
      EXPECT_EQ(verdicts[0].check.unsound, Unsound::kDamaged) << column << " byte " << byte;
      const auto rebuilt = Rebuild(*store);
      EXPECT_FALSE(rebuilt.source.snapshot) << column << " byte " << byte;
      ASSERT_EQ(rebuilt.source.refused.size(), 1U) << column << " byte " << byte;
      EXPECT_EQ(rebuilt.source.refused[0], std::pair(std::uint64_t{1}, Unsound::kDamaged));
      EXPECT_EQ(rebuilt.source.folded, 8U);
      EXPECT_TRUE(Verify(*store).empty()) << "it was taken away";
    }
  }
}

TEST_F(LedgerSnapshotTest, FallBackToTheOneBefore) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  Take(*store);
  ASSERT_TRUE(store->Act(kSite, id, kClerk, HandOver{}));
  Take(*store);
  ASSERT_TRUE(Database()->Execute("UPDATE snapshot_case SET record = zeroblob(9) WHERE no = 2"));
  const auto rebuilt = Rebuild(*store);
  ASSERT_TRUE(rebuilt.source.snapshot);
  EXPECT_EQ(rebuilt.source.snapshot->no, 1U);
  EXPECT_EQ(rebuilt.source.folded, 1U);
  ASSERT_EQ(rebuilt.source.refused.size(), 1U);
  EXPECT_EQ(rebuilt.source.refused[0].first, 2U);
  Take(*store);
  EXPECT_EQ(Verify(*store).size(), 2U);
  EXPECT_EQ(Rebuild(*store).source.folded, 0U);
}

TEST_F(LedgerSnapshotTest, AreNotUsedOnAnotherPast) {
  const auto store = Open();
  Accepted(*store);
  Take(*store);
  ASSERT_TRUE(Database()->Execute("UPDATE event SET chain = zeroblob(16) WHERE seq = 4"));
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].check.unsound, Unsound::kOtherPast);
  const auto rebuilt = Rebuild(*store);
  EXPECT_FALSE(rebuilt.source.snapshot);
  EXPECT_EQ(rebuilt.source.folded, 4U);
}

/// Whoever holds the disk writes a state that was never decided, and every digest so that it fits.
TEST_F(LedgerSnapshotTest, AreFoundOutWhenTheySaySomethingElseThanTheirEvents) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  Take(*store);
  {
    const auto [database, log, tables, site] = HeldTables();
    LedgerSnapshot forged = tables->KeptOf(site)->at(0).snapshot;
    CaseRecord record = **tables->RecordOf({site, id});
    ASSERT_TRUE(record.state);
    record.state->granted = true;
    record.state->phase = Phase::kDecided;
    forged.no = 2;
    ASSERT_TRUE(tables->Put({site, id}, EncodeCaseRecord(record), forged));
    ASSERT_TRUE(tables->Add(site, forged));
  }
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].check.unsound, Unsound::kOtherFold);
  EXPECT_EQ(verdicts[0].check.case_id, id);
  EXPECT_FALSE(verdicts[1].check.unsound);
  EXPECT_EQ(Rebuild(*store, From::kFirstEvent).source.folded, 4U);
}

TEST_F(LedgerSnapshotTest, MissNoCase) {
  const auto store = Open();
  Accepted(*store);
  const std::string forgotten = Accepted(*store);
  Take(*store);
  {
    const auto [database, log, tables, site] = HeldTables();
    LedgerSnapshot forged = tables->KeptOf(site)->at(0).snapshot;
    const auto select = *database->Prepare("SELECT digest FROM snapshot_case WHERE case_id = ?");
    ASSERT_TRUE(*select->Bind(1, std::string_view(forgotten)).Step());
    for (std::size_t i = 0; i < forged.records.size(); ++i) forged.records.at(i) ^= select->Blob(0)[i];
    select->Reset();
    const auto drop = *database->Prepare("DELETE FROM snapshot_case WHERE case_id = ?");
    ASSERT_TRUE(drop->Bind(1, std::string_view(forgotten)).Run());
    ASSERT_TRUE(tables->DropBefore(site, 2));
    forged.cases -= 1;
    ASSERT_TRUE(tables->Add(site, forged));
  }
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].check.unsound, Unsound::kOtherFold);
}

TEST_F(LedgerSnapshotTest, OfAnotherVersionAreTakenAnew) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  Take(*store);
  {
    const auto [database, log, tables, site] = HeldTables();
    LedgerSnapshot older = tables->KeptOf(site)->at(0).snapshot;
    older.format -= 1;
    ASSERT_TRUE(tables->DropBefore(site, 2));
    ASSERT_TRUE(tables->Add(site, older));
  }
  EXPECT_EQ(Verify(*store).at(0).check.unsound, Unsound::kFormat);
  Take(*store);
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].check.unsound);
  EXPECT_EQ(Rebuild(*store).source.folded, 0U);
}

TEST_F(LedgerSnapshotTest, LeaveOutAStateThatIsTooLargeAndFoldItFromItsEvents) {
  const auto store = Open();
  Accepted(*store, std::string(kMostStateBytes, 'x'));
  Accepted(*store);
  Take(*store);
  EXPECT_LT(Number("SELECT max(length(record)) FROM snapshot_case"), 4096);
  EXPECT_FALSE(Verify(*store).at(0).check.unsound);
  const auto rebuilt = Rebuild(*store);
  EXPECT_TRUE(rebuilt.source.snapshot);
  EXPECT_EQ(rebuilt.source.folded, 4U) << "the large one only";
}

TEST_F(LedgerSnapshotTest, OutliveASettingBackThatTheyLieBefore) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  Take(*store);
  const std::uint64_t epoch = store->Outbox(kSite).at(0).epoch;
  ASSERT_TRUE(store->Act(kSite, id, kClerk, Remind{"一"}));
  const std::vector<base::Bytes> lost = *store->ReadBodies(kSite, {epoch, 5}, SIZE_MAX);
  ASSERT_TRUE(store->Act(kSite, id, kClerk, Remind{"二"}));
  Take(*store);
  ASSERT_EQ(Verify(*store).size(), 2U);
  // The other side knows four events of this epoch: the snapshot of six stands on a past that is no more.
  clock_.Advance(std::chrono::minutes(1));
  const std::vector<sync::Cut> cuts = {{epoch, 4, true}};
  ASSERT_TRUE(store->Cut(kSite, cuts));
  auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].no, 1U);
  EXPECT_FALSE(verdicts[0].check.unsound);
  EXPECT_EQ(Take(*store), 0) << "none is taken until the past is back";
  sync::Piece piece;
  piece.epoch = epoch;
  piece.first_seq = 5;
  piece.bodies = lost;
  ASSERT_TRUE(store->StoreFetched(kSite, piece));
  ASSERT_TRUE(store->Finish(kSite));
  EXPECT_EQ(store->Find(kSite, id)->events.size(), 6U);
  EXPECT_EQ(Rebuild(*store).source.folded, 2U);
  EXPECT_EQ(Rebuild(*store, From::kFirstEvent).source.folded, 6U);
  Take(*store);
  verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_FALSE(verdicts[0].check.unsound);
}

TEST_F(LedgerSnapshotTest, AreBegunAnewWhereTheTablesAreRebuiltMeanwhile) {
  const auto store = Open();
  for (int i = 0; i < 4; ++i) Accepted(*store);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(*store->SnapshotStep());
  EXPECT_GT(Number("SELECT count(*) FROM snapshot_case"), 0);
  EXPECT_FALSE(Rebuild(*store).source.snapshot);
  EXPECT_EQ(Number("SELECT count(*) FROM snapshot_case"), 0) << "pieces of one that is not finished";
  Take(*store);
  EXPECT_FALSE(Verify(*store).at(0).check.unsound);
  EXPECT_EQ(Rebuild(*store).source.folded, 0U);
}

TEST_F(LedgerSnapshotTest, GoOnAfterAnEndInTheMiddle) {
  std::string id;
  {
    const auto store = Open();
    id = Accepted(*store);
    Accepted(*store);
    Take(*store);
    ASSERT_TRUE(store->Act(kSite, id, kClerk, HandOver{}));
    Accepted(*store);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(*store->SnapshotStep());
  }
  const auto store = Open();
  EXPECT_FALSE(Verify(*store).at(0).check.unsound) << "the one before stands";
  EXPECT_EQ(Rebuild(*store).source.folded, 5U);
  Take(*store);
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 2U);
  for (const auto& verdict : verdicts) EXPECT_FALSE(verdict.check.unsound);
}

/// tests/fixtures/databases/ledger-2.sql: two cases in seven events of the park and three of the city.
TEST_F(LedgerSnapshotTest, AreTakenOfAFileFromBeforeThereWereAny) {
  std::ifstream in("tests/fixtures/databases/ledger-2.sql");
  const std::string dump{std::istreambuf_iterator<char>(in), {}};
  ASSERT_FALSE(dump.empty());
  ASSERT_TRUE(Database()->Execute(dump));
  const auto store = Open();
  const auto file = store->Find(kSite, "0198aaaa-0000-7000-8000-000000000001");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->state.phase, Phase::kInReview);
  EXPECT_TRUE(file->state.paused());
  EXPECT_EQ(file->state.signatures.size(), 1U);
  EXPECT_EQ(file->events.size(), 9U);
  EXPECT_EQ(Rebuild(*store).source.folded, 10U) << "its tables are what its events say";
  Take(*store);
  const auto verdicts = Verify(*store);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].check.unsound);
  EXPECT_EQ(verdicts[0].snapshot.events, 10U);
  EXPECT_EQ(Rebuild(*store).source.folded, 0U);
  const auto streams = store->Verify();
  ASSERT_TRUE(streams);
  for (const auto& stream : *streams) EXPECT_FALSE(stream.stream.first_break);
}

}  // namespace
}  // namespace yb::ledger
