#include "core/ledger/ledger_store.hpp"

#include <gtest/gtest.h>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;

const base::SiteId kSite = *base::SiteId::Parse("bt-lvye-01");
const Actor kClerk{"1", "张三", ""};
const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());

class LedgerStoreTest : public testing::Test {
 protected:
  std::unique_ptr<LedgerStore> Open(Side side = Side::kPark) {
    const auto opener = storage::MakeSqliteOpener({.file = File()});
    auto store =
        LedgerStore::Open(*opener, {side, [this] { return "uid-" + std::to_string(++uids_); }}, kCalendar, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    return std::move(*store);
  }
  [[nodiscard]] std::filesystem::path File() const { return folder_.path() / "ledger.db"; }

  static NewCase Planning() {
    NewCase made;
    made.terms = test::PlanningTerms();
    made.person = "person-1";
    made.applicant = {1, 2, 3};
    made.receipt_prefix = "JY03";
    made.keys = {{9, 9}};
    return made;
  }
  /// Received with both materials and accepted.
  static std::string Accepted(LedgerStore& store) {
    const auto received = store.Receive(kSite, kClerk, Planning());
    EXPECT_TRUE(received);
    const std::string id = received->state.case_id;
    EXPECT_TRUE(store.Act(kSite, id, kClerk, PutMaterial{"application", "aa", test::AsSealed("申请表"), 1}));
    EXPECT_TRUE(store.Act(kSite, id, kClerk, PutMaterial{"site-plan", "bb", test::AsSealed("总平面图"), 2}));
    EXPECT_TRUE(store.Act(kSite, id, kClerk, Accept{}));
    return id;
  }
  void Execute(const std::string& sql) {
    const auto database = storage::OpenSqlite({.file = File()});
    ASSERT_TRUE(database);
    const auto done = (*database)->Execute(sql);
    ASSERT_TRUE(done) << done.error().Describe();
  }
  /// Makes every chain and head fit the bodies that are there, as somebody would who covers a change up.
  void ReckonChains() {
    const auto database = *storage::OpenSqlite({.file = File()});
    const auto select = *database->Prepare("SELECT seq, body FROM event ORDER BY seq");
    std::vector<std::pair<std::int64_t, sync::Chain>> chains;
    sync::Chain chain{};
    while (*select->Step()) {
      chain = sync::NextChain(chain, select->Blob(1));
      chains.emplace_back(select->Int(0), chain);
    }
    select->Reset();
    const auto update = *database->Prepare("UPDATE event SET chain = ?2 WHERE seq = ?1");
    for (const auto& [seq, one] : chains) ASSERT_TRUE(update->Bind(1, seq).Bind(2, base::ByteView(one)).Run());
    const auto head = *database->Prepare("UPDATE head SET chain = ?1, last = ?2");
    ASSERT_TRUE(head->Bind(1, base::ByteView(chain)).Bind(2, chains.back().first).Run());
  }
  static std::int64_t Count(LedgerStore& store, CaseFilter filter) {
    return *store.Read([&](StreamLog&, CaseTables& tables) { return tables.Count(filter); });
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  int uids_ = 0;
};

TEST_F(LedgerStoreTest, KeepsACaseOverARestart) {
  std::string id;
  {
    const auto store = Open();
    id = Accepted(*store);
  }
  const auto store = Open();
  const auto file = store->Find(kSite, id);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->state.phase, Phase::kAccepted);
  EXPECT_EQ(file->state.receipt_no, "JY03-1-2026-000001");
  EXPECT_EQ(file->state.applicant, (base::Bytes{1, 2, 3}));
  EXPECT_EQ(file->events.size(), 4U);
  EXPECT_EQ(calendar::ToString(file->events.back().day), "2026-03-02");
  EXPECT_EQ(file->events.back().lamport, 4U);
  const auto second = store->Receive(kSite, kClerk, Planning());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->state.receipt_no, "JY03-1-2026-000002");
}

TEST_F(LedgerStoreTest, RefusesWhatTheTableRefusesAndKeepsNothingOfIt) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  const auto refused = store->Act(kSite, id, kClerk, Decide{true, "", "", {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kRefused);
  EXPECT_EQ(refused.error().message_zh, "没有委托文书，园区不能作出决定");
  EXPECT_EQ(store->Find(kSite, id)->events.size(), 4U);
  EXPECT_EQ(store->Act(kSite, "no-such", kClerk, Remind{}).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(store->Act(*base::SiteId::Parse("other-01"), id, kClerk, Remind{}).error().code,
            base::ErrorCode::kNotFound);
}

TEST_F(LedgerStoreTest, FindsCasesByTurnDeadlineAndNumber) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  const auto other = store->Receive(kSite, kClerk, Planning());
  ASSERT_TRUE(other);
  CaseFilter filter;
  filter.today = *calendar::ParseDate("2026-03-02");
  EXPECT_EQ(Count(*store, filter), 2);
  filter.tab = Tab::kDoing;
  EXPECT_EQ(Count(*store, filter), 0);

  ASSERT_TRUE(store->Act(kSite, id, kClerk, HandOver{}));
  EXPECT_EQ(Count(*store, filter), 1) << "it is in the city's hands";
  filter.tab = Tab::kTodo;
  EXPECT_EQ(Count(*store, filter), 1);
  filter.who = test::kHousing;
  EXPECT_EQ(Count(*store, filter), 1) << "both departments sign";
  // 5 working days after Monday 03-02: the 9th is still in time.
  filter.tab = Tab::kOverdue;
  filter.today = *calendar::ParseDate("2026-03-09");
  EXPECT_EQ(Count(*store, filter), 0);
  filter.today = *calendar::ParseDate("2026-03-10");
  EXPECT_EQ(Count(*store, filter), 1);

  const auto search = [&](const std::string& text, std::vector<base::Bytes> keys) {
    return store->Read([&](StreamLog&, CaseTables& tables) { return tables.Search(text, keys, 10)->size(); });
  };
  EXPECT_EQ(search("JY03-1-2026-000002", {}), 1U);
  EXPECT_EQ(search("jy03-1-2026-00000", {}), 2U) << "a part is enough, in letters of any case";
  EXPECT_EQ(search("JY0", {}), 0U) << "of four characters";
  EXPECT_EQ(search("", {{9, 9}}), 2U);
  ASSERT_TRUE(store->Act(kSite, id, kClerk, BindNumber{std::string(43, '7')}));
  EXPECT_EQ(search(std::string(43, '7'), {}), 1U);
}

TEST_F(LedgerStoreTest, NamesTheFirstBrokenEvent) {
  {
    const auto store = Open();
    Accepted(*store);
    const auto verdicts = store->Verify();
    ASSERT_TRUE(verdicts);
    ASSERT_EQ(verdicts->size(), 2U);
    EXPECT_EQ((*verdicts)[0].stream.events, 4U);
    EXPECT_FALSE((*verdicts)[0].stream.first_break);
  }
  Execute("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '总平面图', '总平面圖') AS BLOB) WHERE seq = 3");
  const auto verdicts = Open()->Verify();
  ASSERT_TRUE(verdicts);
  ASSERT_TRUE((*verdicts)[0].stream.first_break);
  EXPECT_EQ((*verdicts)[0].stream.first_break->what, Break::What::kChanged);
  EXPECT_EQ((*verdicts)[0].stream.first_break->at.seq, 3U);
}

TEST_F(LedgerStoreTest, NamesAMissingEventAndARewrittenPast) {
  sync::EpochRange own;
  {
    const auto store = Open();
    Accepted(*store);
    own = store->Outbox(kSite).at(0);
    // The other side recorded another chain at 4 than is here: whoever changed the past here also mended the chain.
    sync::Chain other = own.chain;
    other[0] ^= 1;
    ASSERT_TRUE(store->OnAcknowledged(kSite, {own.epoch, 4}, other));
    const auto verdicts = store->Verify();
    ASSERT_TRUE((*verdicts)[0].stream.first_break);
    EXPECT_EQ((*verdicts)[0].stream.first_break->what, Break::What::kRewritten);
    EXPECT_EQ((*verdicts)[0].stream.first_break->at.seq, 4U);
  }
  Execute("DELETE FROM attest; DELETE FROM event WHERE seq = 2");
  const auto verdicts = Open()->Verify();
  EXPECT_EQ((*verdicts)[0].stream.first_break->what, Break::What::kMissing);
  EXPECT_EQ((*verdicts)[0].stream.first_break->at.seq, 2U);
}

/// Whoever holds the box's disk changes an event and reckons every chain behind it anew, so that the file holds in
/// itself. What the other side said of the chain gives it away.
TEST_F(LedgerStoreTest, NamesAPastThatWasRewrittenWithItsChains) {
  sync::EpochRange own;
  {
    const auto store = Open();
    Accepted(*store);
    own = store->Outbox(kSite).at(0);
    // The other side has acknowledged all four events, one frame of two and one of two.
    ASSERT_TRUE(store->OnAcknowledged(kSite, {own.epoch, 2}, *store->ChainAt(kSite, {own.epoch, 2})));
    ASSERT_TRUE(store->OnAcknowledged(kSite, {own.epoch, 4}, *store->ChainAt(kSite, {own.epoch, 4})));
    EXPECT_FALSE((*store->Verify())[0].stream.first_break);
  }
  std::filesystem::copy_file(File(), folder_.path() / "honest.db");
  Execute("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '总平面图', '总平面圖') AS BLOB) WHERE seq = 3");
  ReckonChains();
  const auto store = Open();
  const auto verdicts = *store->Verify();
  ASSERT_TRUE(verdicts[0].stream.first_break);
  EXPECT_EQ(verdicts[0].stream.first_break->what, Break::What::kRewritten);
  EXPECT_EQ(verdicts[0].stream.first_break->at.seq, 4U);
  EXPECT_EQ(verdicts[0].stream.first_break->agreed, 2U);
  // With the record of the other side's word gone as well, its own copy still tells the event.
  Execute("DELETE FROM attest");
  EXPECT_FALSE((*Open()->Verify())[0].stream.first_break);
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "honest.db"});
  const auto honest = *LedgerStore::Open(*opener, {Side::kCity}, kCalendar, clock_);
  const auto differences = *store->Compare(*honest);
  ASSERT_EQ(differences.size(), 2U);
  ASSERT_TRUE(differences[0].streams.differs);
  EXPECT_EQ(differences[0].streams.differs->seq, 3U);
  EXPECT_EQ(differences[0].streams.events, 2U);
  EXPECT_FALSE(differences[1].streams.differs);
}

TEST_F(LedgerStoreTest, NamesTheEndOfAStreamThatWasCutOff) {
  {
    const auto store = Open();
    Accepted(*store);
    const sync::EpochRange own = store->Outbox(kSite).at(0);
    ASSERT_TRUE(store->OnAcknowledged(kSite, {own.epoch, 4}, own.chain));
  }
  Execute("DELETE FROM event WHERE seq = 4");
  ReckonChains();
  const auto verdicts = *Open()->Verify();
  ASSERT_TRUE(verdicts[0].stream.first_break);
  EXPECT_EQ(verdicts[0].stream.first_break->what, Break::What::kMissing);
  EXPECT_EQ(verdicts[0].stream.first_break->at.seq, 4U);
}

TEST_F(LedgerStoreTest, GivesNoReceiptNumberTwiceAfterACopyWasPutBackTwice) {
  std::set<std::string> numbers;
  const auto receive = [&](LedgerStore& store) {
    const auto received = store.Receive(kSite, kClerk, Planning());
    ASSERT_TRUE(received) << received.error().Describe();
    EXPECT_TRUE(numbers.insert(received->state.receipt_no).second) << received->state.receipt_no;
  };
  {
    const auto store = Open();
    receive(*store);
  }
  const auto copy = folder_.path() / "copy.db";
  std::filesystem::copy_file(File(), copy);
  {
    const auto store = Open();
    for (int i = 0; i < 3; ++i) receive(*store);
    EXPECT_EQ(*numbers.rbegin(), "JY03-1-2026-000004");
  }
  for (int restore = 0; restore < 2; ++restore) {
    clock_.Advance(std::chrono::minutes(10));
    std::filesystem::copy_file(copy, File(), std::filesystem::copy_options::overwrite_existing);
    const auto store = Open();
    ASSERT_TRUE(store->NoteRestored(kSite));
    EXPECT_TRUE(store->Recovering(kSite)) << "numbered stocks are locked";
    for (int i = 0; i < 3; ++i) receive(*store);
    EXPECT_TRUE(store->Outbox(kSite).size() == 1) << "the closed epoch is not offered";
  }
}

TEST_F(LedgerStoreTest, LocksNumbersFromWhenItShowsThatItWasSetBack) {
  const auto store = Open();
  Accepted(*store);
  store->OnStanding(kSite, false);
  EXPECT_TRUE(store->Recovering(kSite));
  const auto refused = store->Receive(kSite, kClerk, Planning());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  ASSERT_TRUE(store->Cut(kSite, {}));
  EXPECT_TRUE(store->Recovering(kSite));
  EXPECT_TRUE(store->Receive(kSite, kClerk, Planning())) << "under a new epoch";
  ASSERT_TRUE(store->Finish(kSite));
  EXPECT_FALSE(store->Recovering(kSite));
}

TEST_F(LedgerStoreTest, LooksAtAFileWithoutChangingIt) {
  const auto opener = storage::MakeSqliteOpener({.file = File()});
  LedgerOptions looking;
  looking.only_existing = true;
  const auto none = LedgerStore::Open(*opener, looking, kCalendar, clock_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::kUnsupported);
  const auto store = Open();
  Accepted(*store);
  const auto looked = LedgerStore::Open(*opener, looking, kCalendar, clock_);
  ASSERT_TRUE(looked) << looked.error().Describe();
  EXPECT_EQ((*(*looked)->Verify())[0].stream.events, 4U);
}

TEST_F(LedgerStoreTest, MakesTheSameTablesFromTheEventsAgain) {
  const auto store = Open();
  Accepted(*store);
  ASSERT_TRUE(store->Act(kSite, Accepted(*store), kClerk, HandOver{}));
  const auto same = store->Rebuild();
  ASSERT_TRUE(same);
  ASSERT_EQ(same->size(), 1U);
  EXPECT_EQ((*same)[0].before, (*same)[0].after);
  // A row that somebody changed is put right, and seen.
  Execute("UPDATE cases SET number = 'x'");
  const auto mended = store->Rebuild();
  ASSERT_TRUE(mended);
  EXPECT_NE((*mended)[0].before, (*mended)[0].after);
  EXPECT_EQ((*mended)[0].after, (*same)[0].after);
}

TEST_F(LedgerStoreTest, TakesAnActOfTheSiteOnceAmongTheEventsOfCases) {
  SiteEvent event;
  event.uid = "0199c2aa-0000-7000-8000-00000000000d";
  event.time = clock_.Now() - std::chrono::hours(30);
  event.actor = {"admin", "赵六", ""};
  event.act = ExtendLogIn{clock_.Now() + std::chrono::hours(24)};
  int told = 0;
  {
    const auto store = Open();
    EXPECT_TRUE(store->SiteEvents(kSite)->empty()) << "of a site that has no ledger yet";
    store->SetOnCommit([&] { ++told; });
    EXPECT_TRUE(*store->ActOfSite(kSite, event));
    EXPECT_FALSE(*store->ActOfSite(kSite, event));
    EXPECT_EQ(told, 1);
    Accepted(*store);
    EXPECT_FALSE(*store->ActOfSite(kSite, event));
    event.uid.back() = 'e';
    event.actor.name = "钱七";
    EXPECT_TRUE(*store->ActOfSite(kSite, event));
  }
  const auto store = Open();
  EXPECT_FALSE(*store->ActOfSite(kSite, event)) << "nor after a restart";
  const auto events = store->SiteEvents(kSite);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[0].actor.name, "赵六");
  EXPECT_EQ((*events)[0].id.at.seq, 1U);
  EXPECT_EQ((*events)[0].lamport, 1U);
  EXPECT_EQ(calendar::ToString((*events)[0].day), "2026-03-01");
  EXPECT_EQ((*events)[1].id.at.seq, 6U) << "behind the four of the case, in the same stream";
  EXPECT_EQ(LastExtension(*events), &(*events)[1]);
  // It is no case, and a whole event.
  EXPECT_EQ(store->Find(kSite, "").error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(store->Act(kSite, "", kClerk, Remind{}).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(Count(*store, {}), 1);
  const auto verdicts = *store->Verify();
  EXPECT_EQ(verdicts[0].stream.events, 6U);
  EXPECT_FALSE(verdicts[0].stream.first_break);
  for (const auto from : {CaseTables::From::kSnapshots, CaseTables::From::kFirstEvent}) {
    const auto rebuilt = *store->Rebuild(from);
    EXPECT_EQ(rebuilt[0].before, rebuilt[0].after);
    EXPECT_EQ(store->SiteEvents(kSite)->size(), 2U);
  }
  Execute("DELETE FROM case_event WHERE case_id = ''");
  const auto mended = *store->Rebuild();
  EXPECT_NE(mended[0].before, mended[0].after) << "they are part of the tables that are compared";
  EXPECT_EQ(store->SiteEvents(kSite)->size(), 2U);
}

TEST_F(LedgerStoreTest, FreezesACaseWithAnEventOfALaterVersion) {
  const auto store = Open();
  const std::string id = Accepted(*store);
  CaseFile file = *store->Find(kSite, id);
  EXPECT_TRUE(store->Allows(file, kClerk, Remind{}));
  file.state.needs_upgrade = true;
  const auto frozen = store->Allows(file, kClerk, Remind{});
  ASSERT_FALSE(frozen);
  EXPECT_EQ(frozen.error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace yb::ledger
