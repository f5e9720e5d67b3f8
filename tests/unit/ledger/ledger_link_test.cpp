// Two ledgers, their links and a way between that loses, until both say the same.
#include "core/ledger/ledger_link.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "core/ledger/event_codec.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::ledger {
namespace {

using namespace cases;

const base::CityId kCity = *base::CityId::Parse("150200");
const base::SiteId kSite = *base::SiteId::Parse("bt-lvye-01");
const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());

/// One program's half: a ledger, and its link once it is connected.
struct Half {
  Half(Side which, std::filesystem::path where, std::atomic<int>& uids, std::mutex& way)
      : side(which), file(std::move(where)), uids_(uids), way_(way) {}

  void Start(std::function<base::Status(sync::Lane, base::ByteView)> publish) {
    const auto opener = storage::MakeSqliteOpener({.file = file});
    auto opened = LedgerStore::Open(
        *opener, {side, [this] { return "uid-" + std::to_string(++uids_); }, false, {.events = 1, .age = {}}},
        kCalendar, clock);
    ASSERT_TRUE(opened) << opened.error().Describe();
    store = std::move(*opened);
    LedgerLinkOptions options;
    options.city = kCity;
    options.sender.ack_timeout = std::chrono::milliseconds(200);
    options.sender.hello_timeout = std::chrono::milliseconds(200);
    options.sender.reopen_first = std::chrono::milliseconds(5);
    options.sender.reopen_most = std::chrono::milliseconds(50);
    options.piece_bytes = 2000;
    options.borrow = {std::chrono::milliseconds(10), std::chrono::milliseconds(50), give_up};
    options.publish = [publish = std::move(publish)](const base::SiteId&, sync::Lane lane, base::ByteView bytes) {
      return publish(lane, bytes);
    };
    options.on_changed = [this](const base::SiteId&, const std::vector<std::string>& cases) {
      told.With([&](std::set<std::string>& all) { all.insert(cases.begin(), cases.end()); });
    };
    {
      const std::scoped_lock lock(way_);
      link = std::make_unique<LedgerLink>(std::move(options), *store, clock);
    }
    link->Start({kSite});
    link->OnConnected();
  }
  const Side side;
  const std::filesystem::path file;
  base::SystemClock clock;
  base::Duration give_up = std::chrono::seconds(20);
  base::Guarded<std::set<std::string>> told;  // cases of which the link said that they changed
  std::unique_ptr<LedgerStore> store;
  std::unique_ptr<LedgerLink> link;

 private:
  std::atomic<int>& uids_;
  std::mutex& way_;
};

class LedgerLinkTest : public testing::Test {
 protected:
  void StartPark() {
    park_.Start([this](sync::Lane lane, base::ByteView bytes) { return Pass(city_, lane, bytes); });
  }
  void StartCity() {
    city_.Start([this](sync::Lane lane, base::ByteView bytes) { return Pass(park_, lane, bytes); });
  }
  /// The way between: loses every n-th message, or all.
  base::Status Pass(Half& to, sync::Lane lane, base::ByteView bytes) {
    const std::scoped_lock lock(way_);
    if (cut_ || (lose_every_ > 0 && ++messages_ % lose_every_ == 0)) return {};
    if (lost_ && lost_(lane, bytes)) return {};
    if (to.link) to.link->OnMessage(kSite, lane, bytes);
    return {};
  }
  void StopHalf(Half& half) {
    // Nothing is handed to a link that is going.
    std::unique_ptr<LedgerLink> going;
    {
      const std::scoped_lock lock(way_);
      going = std::move(half.link);
    }
    going.reset();
    half.store.reset();
  }
  /// Changes what the way does.
  void Let(const std::function<void()>& change) {
    const std::scoped_lock lock(way_);
    change();
  }
  static std::vector<std::pair<std::uint64_t, std::uint64_t>> Last(LedgerStore& store, Side writer) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
    const auto statuses = store.Status();
    for (const StreamStatus& status : *statuses) {
      if (status.writer != writer) continue;
      for (const StreamHead& head : status.heads) {
        if (head.last != 0) places.emplace_back(head.epoch, head.last);
      }
    }
    return places;
  }
  [[nodiscard]] bool Even() const {
    for (const Side writer : {Side::kPark, Side::kCity}) {
      if (Last(*park_.store, writer) != Last(*city_.store, writer)) return false;
    }
    return true;
  }
  /// Every event, every chain and every case is the same on both sides.
  void ExpectSame(const std::set<std::string>& cases) const {
    for (const Side writer : {Side::kPark, Side::kCity}) {
      EXPECT_EQ(Last(*park_.store, writer), Last(*city_.store, writer));
    }
    for (const auto* half : {&park_, &city_}) {
      const auto verdicts = half->store->Verify();
      for (const auto& verdict : *verdicts) {
        ASSERT_FALSE(verdict.stream.first_break) << InWords(verdict.stream.first_break->what).en;
      }
      const auto rebuilt = half->store->Rebuild();
      ASSERT_TRUE(rebuilt);
      for (const auto& one : *rebuilt) EXPECT_EQ(one.before, one.after);
    }
    const auto of_site = [](const Half& half) {
      const auto events = half.store->SiteEvents(kSite);
      std::vector<std::pair<std::string, EventId>> places;
      for (const SiteEvent& event : *events) places.emplace_back(event.uid, event.id);
      return places;
    };
    EXPECT_EQ(of_site(park_), of_site(city_));
    for (const std::string& id : cases) {
      const auto at_park = park_.store->Find(kSite, id);
      const auto at_city = city_.store->Find(kSite, id);
      ASSERT_TRUE(at_park && at_city) << id;
      EXPECT_EQ(at_park->state, at_city->state) << id;
      EXPECT_EQ(at_park->events.size(), at_city->events.size());
    }
  }
  std::string ReceiveAtPark() {
    NewCase made;
    made.terms = test::PlanningTerms();
    made.person = "p";
    made.receipt_prefix = "JY03";
    base::Result<CaseFile> received = base::Fail(base::ErrorCode::kUnavailable, "not asked yet");
    // Numbers are locked from when it shows that the box was set back until its new epoch is begun.
    (void)test::WaitUntil([&] {
      received = park_.store->Receive(kSite, {"1", "张三", ""}, made);
      return received || received.error().code != base::ErrorCode::kUnavailable;
    });
    EXPECT_TRUE(received) << received.error().Describe();
    return received ? received->state.case_id : "";
  }
  static SiteEvent Extension(const std::string& uid) {
    SiteEvent event;
    event.uid = uid;
    event.actor = {"admin", "赵六", ""};
    event.act = ExtendLogIn{{1}};
    return event;
  }
  /// How many records of the park's stream, as the city holds it, are of the act.
  int RecordsOf(const std::string& uid) const {
    int records = 0;
    const auto counted = city_.store->Read([&](StreamLog& log, CaseTables&) {
      return log.ForEach({**log.FindSite(kSite), Side::kPark}, [&](sync::Position, base::ByteView body) {
        const auto any = DecodeAnyEvent({}, body);
        const auto* event = any ? std::get_if<SiteEvent>(&*any) : nullptr;
        records += event != nullptr && event->uid == uid ? 1 : 0;
      });
    });
    EXPECT_TRUE(counted);
    return records;
  }
  /// The next receipt number is one that no case has had.
  void ExpectNewNumber() {
    const auto twice = [this] {
      return *park_.store->Read([](StreamLog&, CaseTables& tables) { return tables.DoubleReceipts(); });
    };
    const auto before = twice();
    ASSERT_FALSE(ReceiveAtPark().empty());
    EXPECT_EQ(twice(), before);
  }
  /// Some acts of both sides on the cases; those that are refused leave nothing.
  void ActAtRandom(std::mt19937& random, std::set<std::string>& cases, int count) {
    const Actor clerk{"1", "张三", ""};
    for (int i = 0; i < count; ++i) {
      if (random() % 10 == 0) {
        ASSERT_TRUE(park_.store->ActOfSite(kSite, Extension(std::to_string(++extensions_))));
      }
      if (cases.empty() || random() % 12 == 0) {
        const std::string id = ReceiveAtPark();
        ASSERT_FALSE(id.empty());
        cases.insert(id);
        for (const char* material : {"application", "site-plan"}) {
          ASSERT_TRUE(park_.store->Act(kSite, id, clerk, PutMaterial{material, "f", test::AsSealed("n"), 1}));
        }
        ASSERT_TRUE(park_.store->Act(kSite, id, clerk, Accept{}));
        if (random() % 2 == 0) {
          ASSERT_TRUE(park_.store->Act(kSite, id, clerk, HandOver{}));
        }
      }
      const std::string& id = *std::next(cases.begin(), static_cast<std::ptrdiff_t>(random() % cases.size()));
      Half& half = random() % 2 == 0 ? park_ : city_;
      const auto file = half.store->Find(kSite, id);
      if (!file) continue;  // not there yet
      std::vector<EventId> requests;
      for (const OpenRequest& open : file->state.requests) requests.push_back(open.event);
      const Actor actor{"2", "李四", half.side == Side::kCity ? (random() % 2 ? test::kPlanning : test::kHousing) : ""};
      (void)half.store->Act(kSite, id, actor, test::RandomAct(random, requests));
    }
  }

  test::TempFolder folder_;
  std::atomic<int> uids_{0};
  std::mutex way_;
  bool cut_ = false;
  std::function<bool(sync::Lane, base::ByteView)> lost_;
  int lose_every_ = 0;
  int messages_ = 0;
  int extensions_ = 0;
  Half park_{Side::kPark, folder_.path() / "park.db", uids_, way_};
  Half city_{Side::kCity, folder_.path() / "city.db", uids_, way_};
};

/// A spare box takes the place of one that is gone: central's copy is its past.
TEST_F(LedgerLinkTest, GivesANewBoxTheWholePastOfItsSite) {
  StartPark();
  StartCity();
  std::mt19937 random(8);
  std::set<std::string> cases;
  ActAtRandom(random, cases, 60);
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  StopHalf(park_);
  std::filesystem::remove(park_.file);
  park_.told.With([](auto& all) { all.clear(); });
  {
    const std::scoped_lock lock(way_);
    cut_ = true;
  }
  StartPark();
  ASSERT_TRUE(park_.store->NoteRestored(kSite));
  EXPECT_TRUE(park_.store->Recovering(kSite));
  const std::string alone = ReceiveAtPark();  // before it is connected for the first time
  {
    const std::scoped_lock lock(way_);
    cut_ = false;
  }
  ASSERT_TRUE(test::WaitUntil([&] { return Even() && city_.store->Find(kSite, alone); }));
  // Whoever wants their files and makes them findable is told of each.
  EXPECT_TRUE(test::WaitUntil(
      [&] { return park_.told.With([&](const auto& told) { return std::ranges::includes(told, cases); }); }));
  cases.insert(alone);
  ExpectSame(cases);
  EXPECT_FALSE(park_.store->Recovering(kSite));
  ExpectNewNumber();
  StopHalf(park_);
  StopHalf(city_);
}

/// A new box shows the cases before any event of them is there, whatever is lost on the way.
TEST_F(LedgerLinkTest, StartsANewBoxFromTheOtherSidesSnapshot) {
  StartPark();
  StartCity();
  std::mt19937 random(9);
  std::set<std::string> cases;
  ActAtRandom(random, cases, 150);
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  for (bool more = true; more;) more = *city_.store->SnapshotStep();
  for (const int lose_every : {0, 3}) {
    StopHalf(park_);
    std::filesystem::remove(park_.file);
    park_.told.With([](auto& all) { all.clear(); });
    Let([&] {
      lose_every_ = lose_every;
      // Of both streams nothing gets through: neither frames nor pieces of the own past.
      lost_ = [](sync::Lane lane, base::ByteView bytes) {
        if (lane == sync::Lane::kSnapshot) return false;
        const auto up = sync::DecodeUp(bytes);
        const auto down = sync::DecodeDown(bytes);
        return (up && std::holds_alternative<sync::Frame>(*up)) || (down && std::holds_alternative<sync::Piece>(*down));
      };
    });
    StartPark();
    ASSERT_TRUE(test::WaitUntil(
        [&] { return park_.told.With([&](const auto& told) { return std::ranges::includes(told, cases); }); }));
    ASSERT_TRUE(test::WaitUntil([this] { return !*park_.store->Borrowing(kSite); }));
    for (const std::string& id : cases) {
      const auto here = park_.store->Find(kSite, id);
      ASSERT_TRUE(here) << here.error().Describe();
      EXPECT_EQ(here->state, city_.store->Find(kSite, id)->state);
      EXPECT_GT(here->coming, 0U);
    }
    EXPECT_TRUE(park_.store->Recovering(kSite));
    // Both go on meanwhile, and again after a start in the middle.
    ActAtRandom(random, cases, 20);
    StopHalf(park_);
    StartPark();
    ActAtRandom(random, cases, 20);
    Let([&] {
      lose_every_ = 0;
      lost_ = nullptr;
    });
    ASSERT_TRUE(test::WaitUntil([this] { return Even() && !park_.store->Recovering(kSite); }));
    ExpectSame(cases);
    EXPECT_FALSE(park_.store->VerifySnapshots()->at(0).check.unsound);
    for (bool more = true; more;) more = *city_.store->SnapshotStep();
  }
  StopHalf(park_);
  StopHalf(city_);
}

TEST_F(LedgerLinkTest, StartsANewBoxFromItsEventsWhereNobodyLendsASnapshot) {
  StartPark();
  StartCity();
  std::mt19937 random(10);
  std::set<std::string> cases;
  ActAtRandom(random, cases, 40);
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  for (bool more = true; more;) more = *city_.store->SnapshotStep();
  StopHalf(park_);
  std::filesystem::remove(park_.file);
  Let([&] { lost_ = [](sync::Lane lane, base::ByteView) { return lane == sync::Lane::kSnapshot; }; });
  park_.give_up = std::chrono::milliseconds(300);
  StartPark();
  ASSERT_TRUE(test::WaitUntil([this] { return Even() && !park_.store->Recovering(kSite); }));
  ExpectSame(cases);
  EXPECT_TRUE(park_.store->VerifySnapshots()->empty());
  StopHalf(park_);
  StopHalf(city_);
}

TEST_F(LedgerLinkTest, BringsBothSidesToTheSameWhateverIsLostOnTheWay) {
  StartPark();
  StartCity();
  std::mt19937 random(5);
  std::set<std::string> cases;
  for (const int lose_every : {0, 3, 2}) {
    {
      const std::scoped_lock lock(way_);
      lose_every_ = lose_every;
    }
    ActAtRandom(random, cases, 60);
  }
  {
    const std::scoped_lock lock(way_);
    lose_every_ = 0;
  }
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  ExpectSame(cases);
  // Each side has recorded the other's word of its own chain.
  ASSERT_TRUE(test::WaitUntil([this] {
    for (const auto* half : {&park_, &city_}) {
      const auto statuses = half->store->Status();
      for (const StreamStatus& status : *statuses) {
        if (status.writer != half->side) continue;
        if (!status.attested || status.attested->at.seq != status.heads.back().last) return false;
      }
    }
    return true;
  }));
  StopHalf(park_);
  StopHalf(city_);
}

TEST_F(LedgerLinkTest, WritesOnApartAndAgreesAgain) {
  StartPark();
  StartCity();
  std::mt19937 random(6);
  std::set<std::string> cases;
  ActAtRandom(random, cases, 20);
  const std::string both = ReceiveAtPark();  // no other act touches it
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  {
    const std::scoped_lock lock(way_);
    cut_ = true;
  }
  ActAtRandom(random, cases, 80);
  // Both give one case a number, and neither knows of the other's.
  ASSERT_TRUE(park_.store->Act(kSite, both, {"1", "张三", ""}, BindNumber{std::string(43, '5')}));
  ASSERT_TRUE(city_.store->Act(kSite, both, {"2", "李四", test::kPlanning}, BindNumber{std::string(43, '6')}));
  EXPECT_FALSE(Even());
  {
    const std::scoped_lock lock(way_);
    cut_ = false;
  }
  ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
  cases.insert(both);
  ExpectSame(cases);
  const auto conflict = park_.store->Find(kSite, both);
  EXPECT_EQ(conflict->state.ineffective.size(), 1U) << "one number holds, the other is a task for a person";
  StopHalf(park_);
  StopHalf(city_);
}

/// Either side is set back to an older copy of its file, and goes on writing before it hears of the other.
TEST_F(LedgerLinkTest, FetchesItsPastBackAfterARestore) {
  for (const Side which : {Side::kPark, Side::kCity}) {
    StartPark();
    StartCity();
    std::mt19937 random(7);
    std::set<std::string> cases;
    ActAtRandom(random, cases, 40);
    ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
    Half& half = which == Side::kPark ? park_ : city_;
    StopHalf(park_);
    StopHalf(city_);
    std::filesystem::copy_file(half.file, folder_.path() / "older.db",
                               std::filesystem::copy_options::overwrite_existing);
    StartPark();
    StartCity();
    ActAtRandom(random, cases, 60);
    ASSERT_TRUE(*park_.store->ActOfSite(kSite, Extension("kept")));
    ASSERT_TRUE(test::WaitUntil([this] { return Even(); }));
    StopHalf(park_);
    StopHalf(city_);

    std::filesystem::copy_file(folder_.path() / "older.db", half.file,
                               std::filesystem::copy_options::overwrite_existing);
    for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(half.file.string() + beside);
    {
      const std::scoped_lock lock(way_);
      cut_ = true;
    }
    StartPark();
    StartCity();
    ActAtRandom(random, cases, 20);
    // A box that cannot know that it was set back brings the act into its ledger again.
    ASSERT_EQ(*park_.store->ActOfSite(kSite, Extension("kept")), which == Side::kPark);
    {
      const std::scoped_lock lock(way_);
      cut_ = false;
    }
    // Ended and begun again in the midst of it, on a way that loses.
    for (int restart = 0; restart < 3; ++restart) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10 * restart));
      StopHalf(half);
      half.side == Side::kPark ? StartPark() : StartCity();
    }
    ASSERT_TRUE(test::WaitUntil([this] { return Even(); })) << (which == Side::kPark ? "park" : "city");
    ExpectSame(cases);
    ASSERT_TRUE(test::WaitUntil([&] { return !half.store->Recovering(kSite); })) << "numbers are free again";
    ExpectNewNumber();
    const auto events = *city_.store->SiteEvents(kSite);
    EXPECT_EQ(std::ranges::count(events, std::string("kept"), &SiteEvent::uid), 1) << "two records, one act";
    EXPECT_EQ(RecordsOf("kept"), which == Side::kPark ? 2 : 1);
    StopHalf(park_);
    StopHalf(city_);
    std::filesystem::remove(park_.file);
    std::filesystem::remove(city_.file);
  }
}

}  // namespace
}  // namespace yb::ledger
