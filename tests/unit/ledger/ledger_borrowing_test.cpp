// A new box starts from central's snapshot: two ledgers, and what goes between them handed over by the test.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/ledger/snapshot_borrower.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;
using base::ErrorCode;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const Actor kClerk{"1", "张三", ""};
const Actor kOfficer{"2", "李四", test::kPlanning};
const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());
constexpr std::size_t kPiece = 1;  // a record at a time

class LedgerBorrowingTest : public testing::Test {
 protected:
  void SetUp() override {
    park_ = Open(Side::kPark, "park.db");
    city_ = Open(Side::kCity, "city.db");
  }
  std::unique_ptr<LedgerStore> Open(Side side, const std::string& name) {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / name});
    LedgerOptions options;
    options.side = side;
    options.snapshots = {1, {}, 64};
    auto store = LedgerStore::Open(*opener, std::move(options), kCalendar, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    return std::move(*store);
  }
  /// Accepted and handed over: five events.
  std::string HandedOver(LedgerStore& park) {
    NewCase made;
    made.terms = test::PlanningTerms();
    made.person = "person-1";
    made.applicant = {1, 2, 3};
    made.receipt_prefix = "JY03";
    const auto received = park.Receive(kSite, kClerk, made);
    EXPECT_TRUE(received) << received.error().Describe();
    std::string id = received->state.case_id;
    EXPECT_TRUE(park.Act(kSite, id, kClerk, PutMaterial{"application", "aa", test::AsSealed("申请表"), 1}));
    EXPECT_TRUE(park.Act(kSite, id, kClerk, PutMaterial{"site-plan", "bb", test::AsSealed("总平面图"), 2}));
    EXPECT_TRUE(park.Act(kSite, id, kClerk, Accept{}));
    EXPECT_TRUE(park.Act(kSite, id, kClerk, HandOver{}));
    return id;
  }
  static sync::Hello HelloOf(LedgerStore& from) {
    sync::Hello hello;
    hello.epochs = from.Outbox(kSite);
    return hello;
  }
  /// Brings what one side wrote to the other, as its link does.
  static void Bring(LedgerStore& from, LedgerStore& to) {
    const auto opening = to.OpenForReading(kSite, HelloOf(from));
    ASSERT_TRUE(opening);
    for (const sync::EpochPosition& position : opening->positions) {
      const auto bodies = from.ReadBodies(kSite, {position.epoch, position.committed + 1}, 1U << 20);
      ASSERT_TRUE(bodies);
      if (bodies->empty()) continue;
      ASSERT_TRUE(to.Store(kSite, position.epoch, position.committed + 1, *bodies));
    }
  }
  static void TakeSnapshot(LedgerStore& store) {
    for (bool more = true; more;) {
      const auto step = store.SnapshotStep();
      ASSERT_TRUE(step);
      more = *step;
    }
  }
  /// Two cases that go on and one that is finished, the same on both sides, and a snapshot of them at the city.
  void MakePast() {
    finished_ = HandedOver(*park_);
    for (int i = 0; i < 2; ++i) open_.push_back(HandedOver(*park_));
    Bring(*park_, *city_);
    ASSERT_TRUE(park_->Act(kSite, finished_, kClerk, Request{Request::Kind::kWithdrawal, "撤回"}));
    Bring(*park_, *city_);
    const EventId request = city_->Find(kSite, finished_)->state.requests.at(0).event;
    ASSERT_TRUE(city_->Act(kSite, finished_, kOfficer, Answer{request, true, ""}));
    ASSERT_TRUE(city_->Act(kSite, open_[0], kOfficer, Pause{PauseGround::kHearing, "听证"}));
    Bring(*city_, *park_);
    ASSERT_TRUE(park_->Find(kSite, finished_)->state.finished());
    TakeSnapshot(*city_);
  }
  /// The box is gone; another one takes its place.
  std::unique_ptr<LedgerStore> NewBox(const std::string& name = "new.db") {
    clock_.Advance(std::chrono::minutes(1));
    auto box = Open(Side::kPark, name);
    EXPECT_TRUE(box->NoteRestored(kSite));
    return box;
  }
  SnapshotPiece Lend(const SnapshotWant& want) {
    const auto message = city_->Lend(kSite, want, kPiece);
    EXPECT_TRUE(message) << message.error().Describe();
    const auto* piece = std::get_if<SnapshotPiece>(&*message);
    EXPECT_NE(piece, nullptr);
    return piece != nullptr ? *piece : SnapshotPiece{};
  }
  /// All pieces, over the wire's bytes; the cases in the order in which they came.
  std::vector<std::string> BorrowAll(LedgerStore& box) {
    std::vector<std::string> order;
    for (int i = 0; i < 50; ++i) {
      const auto want = box.Borrowing(kSite);
      EXPECT_TRUE(want);
      if (!want || !*want) return order;
      const auto read = DecodeSnapshotMessage(EncodeMessage(Lend(**want)));
      EXPECT_TRUE(read) << read.error().Describe();
      const auto came = box.Borrow(kSite, std::get<SnapshotPiece>(*read));
      EXPECT_TRUE(came) << came.error().Describe();
      if (!came) return order;
      order.insert(order.end(), came->begin(), came->end());
    }
    ADD_FAILURE() << "it does not come to an end";
    return order;
  }
  /// The own past comes back from the city's copy, and then the city's events.
  std::vector<std::string> BringPast(LedgerStore& box) {
    for (const sync::EpochRange& epoch : park_->Outbox(kSite)) {
      const auto piece = city_->AnswerFetch(kSite, {1, epoch.epoch, 1, epoch.last}, 1U << 20);
      EXPECT_TRUE(piece);
      EXPECT_TRUE(box.StoreFetched(kSite, *piece));
    }
    auto changed = box.Finish(kSite);
    EXPECT_TRUE(changed);
    Bring(*city_, box);
    return changed ? *changed : std::vector<std::string>();
  }
  void ExpectAsAtTheCity(LedgerStore& box, bool whole) {
    for (const std::string& id : {finished_, open_[0], open_[1]}) {
      const auto here = box.Find(kSite, id);
      const auto there = city_->Find(kSite, id);
      ASSERT_TRUE(here && there) << here.error().Describe();
      EXPECT_EQ(here->state, there->state) << id;
      EXPECT_EQ(here->events.size() + here->coming, there->events.size());
      EXPECT_EQ(here->coming == 0, whole);
    }
  }
  static std::int64_t CountTab(LedgerStore& store, Tab tab) {
    CaseFilter filter;
    filter.tab = tab;
    return *store.Read([&](StreamLog&, CaseTables& tables) { return tables.Count(filter); });
  }
  std::vector<SnapshotTables::Kept> Kept(LedgerStore& store) {
    return *store.Read(
        [](StreamLog& log, CaseTables& tables) { return tables.snapshots().KeptOf(**log.FindSite(kSite)); });
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  std::unique_ptr<LedgerStore> park_;
  std::unique_ptr<LedgerStore> city_;
  std::string finished_;
  std::vector<std::string> open_;
};

TEST_F(LedgerBorrowingTest, ShowsTheCasesBeforeAnyEventIsThereAndTheOpenOnesFirst) {
  MakePast();
  auto box = NewBox();
  const std::string own = HandedOver(*box);  // received before it is connected for the first time
  const std::vector<std::string> order = BorrowAll(*box);
  ASSERT_EQ(order.size(), 3U);
  EXPECT_EQ(order.back(), finished_);
  EXPECT_TRUE(std::ranges::is_sorted(order.begin(), order.begin() + 2));
  ExpectAsAtTheCity(*box, false);
  EXPECT_EQ(CountTab(*box, Tab::kSuspended), 1);
  EXPECT_EQ(CountTab(*box, Tab::kDone), 1);
  const auto kept = Kept(*box);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].unsound, Unsound::kAhead);
  // It is worked on, over a restart too.
  EXPECT_TRUE(box->Act(kSite, open_[1], kClerk, BindNumber{std::string(43, '7')}));
  EXPECT_FALSE(box->Act(kSite, finished_, kClerk, HandOver{})) << "the state says no";
  box.reset();
  box = Open(Side::kPark, "new.db");
  EXPECT_EQ(box->Find(kSite, open_[1])->state.number, std::string(43, '7'));
  EXPECT_FALSE(*box->SnapshotStep()) << "none is taken of events that are not here";
  EXPECT_EQ(box->Rebuild(CaseTables::From::kFirstEvent).error().code, ErrorCode::kUnavailable);
  const auto rebuilt = box->Rebuild();
  ASSERT_TRUE(rebuilt);
  EXPECT_EQ(rebuilt->at(0).before, rebuilt->at(0).after);
  const auto changed = BringPast(*box);
  EXPECT_FALSE(changed.empty());
  Bring(*box, *city_);
  ExpectAsAtTheCity(*box, true);
  EXPECT_EQ(box->Find(kSite, own)->state, city_->Find(kSite, own)->state);
  EXPECT_FALSE(Kept(*box).at(0).unsound) << "its events have come, and they are those";
  EXPECT_FALSE(box->VerifySnapshots()->at(0).check.unsound);
  const auto full = box->Rebuild(CaseTables::From::kFirstEvent);
  ASSERT_TRUE(full);
  EXPECT_EQ(full->at(0).before, full->at(0).after) << "without the snapshot the same";
  TakeSnapshot(*box);
  EXPECT_EQ(Kept(*box).at(0).no, kept[0].no + 1) << "it goes on from the borrowed one";
}

TEST_F(LedgerBorrowingTest, TellsOfEachCaseOnceItsFilesAreKnown) {
  MakePast();
  const auto box = NewBox();
  BorrowAll(*box);
  for (const sync::EpochRange& epoch : park_->Outbox(kSite)) {
    ASSERT_TRUE(box->StoreFetched(kSite, *city_->AnswerFetch(kSite, {1, epoch.epoch, 1, epoch.last}, 1U << 20)));
  }
  ASSERT_TRUE(box->Finish(kSite));
  EXPECT_EQ(box->Find(kSite, open_[0])->coming, 1U) << "the city's events are still on their way";
  EXPECT_EQ(box->Find(kSite, open_[0])->state, city_->Find(kSite, open_[0])->state);
  const auto hello = HelloOf(*city_);
  ASSERT_TRUE(box->OpenForReading(kSite, hello));
  const auto bodies = city_->ReadBodies(kSite, {hello.epochs[0].epoch, 1}, 1U << 20);
  const auto changed = box->Store(kSite, hello.epochs[0].epoch, 1, *bodies);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->size(), 3U);
  ExpectAsAtTheCity(*box, true);
}

TEST_F(LedgerBorrowingTest, GoesOnAfterARestartAndPassesOverWhatItDidNotAskFor) {
  MakePast();
  auto box = NewBox();
  const SnapshotPiece first = Lend({});
  ASSERT_TRUE(first.next);
  const SnapshotPiece second = Lend({first.snapshot.no, *first.next});
  EXPECT_TRUE(box->Borrow(kSite, second)->empty()) << "of one that it knows nothing of";
  const auto came = box->Borrow(kSite, first);
  ASSERT_EQ(came->size(), 1U);
  EXPECT_TRUE(box->Borrow(kSite, first)->empty()) << "it came twice";
  EXPECT_TRUE(box->Find(kSite, came->at(0)));
  box.reset();
  box = Open(Side::kPark, "new.db");
  EXPECT_EQ((*box->Borrowing(kSite))->at, *first.next);
  EXPECT_EQ(BorrowAll(*box).size(), 2U);
  ExpectAsAtTheCity(*box, false);
}

TEST_F(LedgerBorrowingTest, BeginsAnewWhereTheOtherSideHasTheSnapshotNoMore) {
  MakePast();
  const auto box = NewBox();
  ASSERT_TRUE(box->Borrow(kSite, Lend({})));
  for (int i = 0; i < 3; ++i) {
    open_.push_back(HandedOver(*park_));
    Bring(*park_, *city_);
    TakeSnapshot(*city_);
  }
  EXPECT_EQ(BorrowAll(*box).size(), 6U);
  ExpectAsAtTheCity(*box, false);
  EXPECT_EQ(Kept(*box).size(), 1U);
}

TEST_F(LedgerBorrowingTest, RefusesWhatCannotBeASnapshotOfItsSite) {
  MakePast();
  const auto box = NewBox();
  SnapshotPiece other = Lend({});
  other.snapshot.site = "lvye-02";
  EXPECT_EQ(box->Borrow(kSite, other).error().code, ErrorCode::kUnsupported);
  SnapshotPiece later = Lend({});
  ++later.snapshot.format;
  EXPECT_EQ(box->Borrow(kSite, later).error().code, ErrorCode::kUnsupported);
  SnapshotPiece broken = Lend({});
  broken.records.at(0).resize(3);
  EXPECT_FALSE(box->Borrow(kSite, broken));
  EXPECT_TRUE(Kept(*box).empty()) << "of a piece that is refused nothing stays";
  // A record is missing: it shows at the end.
  base::Result<std::vector<std::string>> came = std::vector<std::string>();
  for (int i = 0; i < 50 && came; ++i) {
    const auto want = box->Borrowing(kSite);
    ASSERT_TRUE(*want);
    SnapshotPiece piece = Lend(**want);
    if (i == 1) piece.records.clear();
    came = box->Borrow(kSite, piece);
  }
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(box->GiveUpBorrowing(kSite));
  EXPECT_FALSE(*box->Borrowing(kSite));
  EXPECT_FALSE(box->Find(kSite, finished_)) << "nothing of it is believed";
  ASSERT_TRUE(box->NoteRestored(kSite));
  EXPECT_FALSE(*box->Borrowing(kSite)) << "it is not asked for again";
  BringPast(*box);
  ExpectAsAtTheCity(*box, true);
}

/// A clock that is behind must not put what is done here among what was done before.
TEST_F(LedgerBorrowingTest, KeepsItsOwnActsBehindItsPast) {
  MakePast();
  clock_.Advance(-std::chrono::hours(24 * 365));
  const auto box = NewBox();
  const std::string own = HandedOver(*box);
  BorrowAll(*box);
  ASSERT_TRUE(box->Act(kSite, open_[1], kClerk, BindNumber{std::string(43, '7')}));
  const auto rebuilt = box->Rebuild();
  EXPECT_EQ(rebuilt->at(0).before, rebuilt->at(0).after);
  EXPECT_EQ(box->Find(kSite, own)->events.size(), 5U);
  ASSERT_TRUE(box->NoteRestored(kSite));
  BringPast(*box);
  Bring(*box, *city_);
  ExpectAsAtTheCity(*box, true);
  EXPECT_EQ(box->Find(kSite, own)->state, city_->Find(kSite, own)->state);
}

/// Whoever sends a snapshot of another past is found out by the past itself.
TEST_F(LedgerBorrowingTest, IsGivenUpWhereAnotherPastComes) {
  MakePast();
  const auto box = NewBox();
  for (int i = 0; i < 50; ++i) {
    const auto want = box->Borrowing(kSite);
    if (!*want) break;
    SnapshotPiece piece = Lend(**want);
    piece.snapshot.streams[Side::kPark].heads.at(0).chain[3] ^= 1;
    ASSERT_TRUE(box->Borrow(kSite, piece));
  }
  ASSERT_EQ(Kept(*box).at(0).unsound, Unsound::kAhead);
  BringPast(*box);
  EXPECT_TRUE(Kept(*box).empty());
  ExpectAsAtTheCity(*box, true);
  TakeSnapshot(*box);
  EXPECT_FALSE(Kept(*box).at(0).unsound);
}

TEST_F(LedgerBorrowingTest, IsNotWantedWhereAnythingIsHere) {
  MakePast();
  park_.reset();
  std::filesystem::copy_file(folder_.path() / "park.db", folder_.path() / "older.db");
  const auto older = Open(Side::kPark, "older.db");
  ASSERT_TRUE(older->NoteRestored(kSite));
  EXPECT_FALSE(*older->Borrowing(kSite));
  const auto city = Open(Side::kCity, "city-2.db");
  ASSERT_TRUE(city->NoteRestored(kSite));
  EXPECT_FALSE(*city->Borrowing(kSite)) << "boxes lend none";
}

TEST_F(LedgerBorrowingTest, TakesANewSnapshotFirstWhereTheNewestIsOld) {
  MakePast();
  int told = 0;
  city_->SetOnHurry([&] { ++told; });
  EXPECT_TRUE(std::holds_alternative<SnapshotPiece>(*city_->Lend(kSite, {}, kPiece)));
  EXPECT_EQ(told, 0);
  clock_.Advance(std::chrono::minutes(11));
  ASSERT_TRUE(city_->Act(kSite, open_[1], kOfficer, Pause{PauseGround::kHearing, "听证"}));
  const auto message = city_->Lend(kSite, {}, kPiece);
  ASSERT_TRUE(std::holds_alternative<SnapshotNone>(*message));
  EXPECT_TRUE(std::get<SnapshotNone>(*message).later);
  EXPECT_EQ(told, 1);
  TakeSnapshot(*city_);
  const auto fresh = city_->Lend(kSite, {}, kPiece);
  ASSERT_TRUE(std::holds_alternative<SnapshotPiece>(*fresh));
  EXPECT_EQ(std::get<SnapshotPiece>(*fresh).snapshot.time, clock_.Now());
  const auto none = city_->Lend(*base::SiteId::Parse("lvye-09"), {}, kPiece);
  EXPECT_FALSE(std::get<SnapshotNone>(*none).later);
  city_->SetOnHurry(nullptr);
}

/// core/contract/vectors/README.md
TEST_F(LedgerBorrowingTest, AsksAgainUntilItIsAnsweredAndNotForEver) {
  MakePast();
  const auto box = NewBox();
  const BorrowOptions options;
  SnapshotBorrower borrower(options, *box, kSite, clock_);
  EXPECT_FALSE(*borrower.Next()) << "there is no connection";
  borrower.OnConnected(1);
  ASSERT_TRUE(*borrower.Next());
  EXPECT_FALSE(*borrower.Next()) << "one question under way";
  clock_.Advance(options.first_retry);
  EXPECT_TRUE(*borrower.Next());
  // One is being taken there, and that does not end.
  base::Duration waited{};
  while (!borrower.over() && waited < 2 * options.longest_later) {
    ASSERT_TRUE(borrower.OnMessage(SnapshotNone{true}));
    clock_.Advance(options.most_retry);
    waited += options.most_retry;
  }
  EXPECT_GE(waited, options.longest_later);
  EXPECT_TRUE(borrower.over());
  EXPECT_FALSE(*box->Borrowing(kSite));
  EXPECT_FALSE(*borrower.Next());
}

TEST(SnapshotMessages, AreThoseThatAnotherEncoderMade) {
  const auto read = [](const std::string& name) {
    std::ifstream in("core/contract/vectors/" + name);
    const auto bytes = base::FromHex(std::string{std::istreambuf_iterator<char>(in), {}});
    EXPECT_TRUE(bytes);
    auto message = DecodeSnapshotMessage(*bytes);
    EXPECT_TRUE(message) << message.error().Describe();
    return std::move(*message);
  };
  const auto want = std::get<SnapshotWant>(read("snapshot-want.hex"));
  EXPECT_EQ(want.no, 7U);
  EXPECT_EQ(want.at, (SnapshotPlace{true, "0195a000-0000-7000-8000-000000000002"}));
  const auto piece = std::get<SnapshotPiece>(read("snapshot-piece.hex"));
  EXPECT_EQ(piece.snapshot.site, "lvye-01");
  EXPECT_EQ(piece.snapshot.no, 7U);
  EXPECT_EQ(piece.snapshot.lamport, 12U);
  EXPECT_EQ(piece.snapshot.Passed().of(Side::kPark), (StreamPosition{100, 6}));
  EXPECT_EQ(piece.snapshot.Passed().of(Side::kCity), (StreamPosition{90, 3}));
  EXPECT_EQ(piece.snapshot.records[31], 31);
  EXPECT_EQ(piece.at, (SnapshotPlace{false, "a"}));
  EXPECT_EQ(piece.next, (SnapshotPlace{true, ""}));
  const auto body = [](std::string_view text) { return base::Bytes(text.begin(), text.end()); };
  EXPECT_EQ(piece.records, (std::vector{body("first"), body("second")}));
  EXPECT_TRUE(std::get<SnapshotNone>(read("snapshot-none.hex")).later);
}

TEST(SnapshotMessages, AreReadAsTheyWereWrittenAndNothingElse) {
  SnapshotPiece piece;
  piece.snapshot.site = "lvye-01";
  piece.snapshot.no = 3;
  piece.at = {true, "a"};
  piece.next = SnapshotPlace{true, "b"};
  piece.records = {{1, 2}, {3}};
  const base::Bytes bytes = EncodeMessage(piece);
  const auto read = DecodeSnapshotMessage(bytes);
  ASSERT_TRUE(read);
  const auto& back = std::get<SnapshotPiece>(*read);
  EXPECT_EQ(back.snapshot.no, 3U);
  EXPECT_EQ(back.at, piece.at);
  EXPECT_EQ(back.next, piece.next);
  EXPECT_EQ(back.records, piece.records);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    (void)DecodeSnapshotMessage(base::ByteView(bytes).first(i));  // no sanitizer speaks
  }
  EXPECT_EQ(DecodeSnapshotMessage(base::AsBytes("\xFF\xFF")).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(DecodeSnapshotMessage({}).error().code, ErrorCode::kUnsupported);
  const auto want = DecodeSnapshotMessage(EncodeMessage(SnapshotWant{7, {false, "x"}}));
  EXPECT_EQ(std::get<SnapshotWant>(*want).no, 7U);
}

}  // namespace
}  // namespace yb::ledger
