// The tables of cases, made from both streams as they come: in any order, in any pieces, and late, and whatever
// snapshots are taken meanwhile.
#include "core/ledger/case_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/ledger/event_codec.hpp"
#include "core/ledger/snapshot_taking.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;

constexpr std::uint64_t kEpoch = 100;
const calendar::CivilDate kDay = *calendar::ParseDate("2026-03-02");

/// Both sides write about a few cases, and now and then about the site; each hears the other now and then.
class TwoWriters {
 public:
  explicit TwoWriters(unsigned seed) : random_(seed), of_site_(seed) {
    const int count = 20 + static_cast<int>(random_() % 30);
    for (int i = 0; i < count; ++i) {
      WriteOne();
      if (of_site_() % 8 == 0) WriteOfSite();
    }
  }
  /// An event of the site is given as one of no case that reminds of its uid.
  [[nodiscard]] const std::vector<CaseEvent>& of(Side side) const { return events_.at(side); }
  [[nodiscard]] base::Bytes Body(Side side, std::size_t i) const {
    const CaseEvent& event = of(side)[i];
    if (!event.case_id.empty()) return EncodeEvent(event, "u");
    SiteEvent site{event.id,      std::get<Remind>(event.act).text,
                   event.lamport, event.seen,
                   event.time,    event.day,
                   event.actor,   ExtendLogIn{{1'000}}};
    if (event.lamport % 4 == 0) site.act = UnknownSiteAct{event.lamport % 8 == 0};
    return EncodeEvent(site);
  }

 private:
  void WriteOfSite() {
    const auto drawn = of_site_();
    // One act in two is in both streams or twice in one, as after a recovery.
    Write(drawn % 3 == 0 ? Side::kCity : Side::kPark, "", Remind{"uid-" + std::to_string(drawn % 8)});
  }
  void WriteOne() {
    if (cases_ < 3 && random_() % 5 == 0) {
      const std::string id = "case-" + std::to_string(++cases_);
      Write(Side::kPark, id, Receive{"JY03-1-2026-00000" + id.substr(5), test::PlanningTerms(), "p", {}, {}, false});
      for (const char* material : {"application", "site-plan"}) {
        Write(Side::kPark, id, PutMaterial{material, "f", test::AsSealed("n"), 1});
      }
      Write(Side::kPark, id, Accept{});
      return;
    }
    const Side side = random_() % 2 == 0 ? Side::kPark : Side::kCity;
    if (random_() % 3 == 0) {
      heard_[side] = events_[Other(side)].size();
      lamport_[side] = std::max(lamport_[side], lamport_[Other(side)]);
    }
    const std::string id = "case-" + std::to_string(1 + random_() % 3);
    Write(side, id, test::RandomAct(random_, requests_));
  }
  void Write(Side side, const std::string& case_id, Act act) {
    CaseEvent event;
    event.id = {side, {kEpoch, events_[side].size() + 1}};
    event.case_id = case_id;
    event.lamport = ++lamport_[side];
    if (heard_[side] != 0) event.seen = {kEpoch, heard_[side]};
    event.day = kDay;
    event.actor.department = side == Side::kCity ? (random_() % 2 == 0 ? test::kPlanning : test::kHousing) : "";
    event.act = std::move(act);
    if (std::holds_alternative<Request>(event.act)) requests_.push_back(event.id);
    events_[side].push_back(std::move(event));
  }

  std::mt19937 random_;
  std::mt19937 of_site_;
  int cases_ = 0;
  std::map<Side, std::vector<CaseEvent>> events_{{Side::kPark, {}}, {Side::kCity, {}}};
  std::map<Side, std::size_t> heard_;
  std::map<Side, std::uint64_t> lamport_;
  std::vector<EventId> requests_;
};

class CaseTablesTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = *storage::OpenSqlite({.file = folder_.path() / "ledger.db"});
    ASSERT_TRUE(database_->Execute(StreamLog::kSchema));
    ASSERT_TRUE(database_->Execute(CaseTables::kSchema));
    ASSERT_TRUE(database_->Execute(CaseTables::kSchema2));
    ASSERT_TRUE(database_->Execute(CaseTables::kSchema3));
    ASSERT_TRUE(database_->Execute(SnapshotTables::kSchema));
    ASSERT_TRUE(database_->Execute(SnapshotTables::kSchema2));
    log_ = *StreamLog::Open(*database_);
    auto tables = CaseTables::Open(*database_, *log_,
                                   std::make_shared<const calendar::WorkingCalendar>(calendar::PublishedNotices()));
    ASSERT_TRUE(tables) << tables.error().Describe();
    tables_ = std::move(*tables);
  }
  /// The first events of each writer come to a site of their own, in random pieces and turns.
  SiteNo Arrive(
      const TwoWriters& both, std::map<Side, std::size_t> most, std::mt19937& random,
      const std::function<void()>& between = [] {}) {
    const SiteNo site = *log_->EnsureSite(*base::SiteId::Parse("s" + std::to_string(++sites_) + "-01"));
    std::map<Side, std::size_t> have;
    while (have[Side::kPark] < most[Side::kPark] || have[Side::kCity] < most[Side::kCity]) {
      Side side = random() % 2 == 0 ? Side::kPark : Side::kCity;
      if (have[side] == most[side]) side = Other(side);
      std::vector<base::Bytes> bodies;
      for (std::size_t piece = 1 + random() % 5; piece > 0 && have[side] + bodies.size() < most[side]; --piece) {
        bodies.push_back(both.Body(side, have[side] + bodies.size()));
      }
      EXPECT_TRUE(log_->Store({site, side}, kEpoch, have[side] + 1, bodies));
      have[side] += bodies.size();
      EXPECT_TRUE(tables_->Advance(site));
      between();
    }
    return site;
  }
  /// Some pieces of a snapshot, of one that is begun or goes on.
  void TakePieces(std::mt19937& random) {
    const SnapshotRule rule{1, {}, 1 + static_cast<std::int64_t>(random() % 6)};
    for (std::uint64_t pieces = random() % 5; pieces > 0; --pieces) {
      if (!taking_) {
        taking_ = *SnapshotTaking::FindDue(*tables_, *log_, rule, {}, {1}, "t" + std::to_string(++tokens_));
        if (!taking_) return;
        ASSERT_TRUE(taking_->Begin(*tables_));
        continue;
      }
      ASSERT_TRUE(taking_->Read(*tables_));
      const auto progress = taking_->Write(*tables_);
      ASSERT_TRUE(progress);
      ASSERT_NE(*progress, SnapshotTaking::Progress::kLost);
      taken_ += *progress == SnapshotTaking::Progress::kDone ? 1 : 0;
      if (*progress == SnapshotTaking::Progress::kDone) taking_.reset();
    }
  }
  /// Every snapshot of the site holds, and from each the tables come out as they are.
  void ExpectSoundSnapshots(SiteNo site) {
    const std::string digest = *tables_->DigestOf(site);
    const auto all = tables_->snapshots().KeptOf(site);
    ASSERT_TRUE(all);
    ASSERT_LE(all->size(), 2U);
    for (const SnapshotTables::Kept& kept : *all) {
      ASSERT_FALSE(kept.unsound) << InWords(*kept.unsound).en;
      const auto check = tables_->CheckSnapshot(site, kept.snapshot);
      ASSERT_TRUE(check);
      ASSERT_FALSE(check->unsound) << InWords(*check->unsound).en << " " << check->case_id;
      const auto whole = tables_->Restore(site, kept.snapshot);
      ASSERT_TRUE(whole && *whole);
      ASSERT_TRUE(tables_->Advance(site));
      ASSERT_EQ(*tables_->DigestOf(site), digest);
    }
    ExpectCountsOfLists(site);
    ASSERT_TRUE(tables_->Clear(site));
    ASSERT_TRUE(tables_->Advance(site, CaseTables::From::kFirstEvent));
    ASSERT_EQ(*tables_->DigestOf(site), digest);
  }
  static std::map<Side, std::size_t> RandomPrefixes(const TwoWriters& both, std::mt19937& random) {
    return {{Side::kPark, random() % (both.of(Side::kPark).size() + 1)},
            {Side::kCity, random() % (both.of(Side::kCity).size() + 1)}};
  }
  /// The first events of each writer come to one site that snapshots are taken of, and to one without.
  void ExpectTheSameWithSnapshots(const TwoWriters& both, const std::map<Side, std::size_t>& most,
                                  std::mt19937& random) {
    storage::Transaction transaction = *storage::Transaction::Begin(*database_);  // rolled back: nothing is synced
    taking_.reset();
    const std::uint64_t before = tables_->folded();
    const SiteNo with = Arrive(both, most, random, [&] { TakePieces(random); });
    const std::uint64_t between = tables_->folded();
    const SiteNo without = Arrive(both, most, random);
    folded_with_ += between - before;
    folded_without_ += tables_->folded() - between;
    ASSERT_EQ(*tables_->DigestOf(with), *tables_->DigestOf(without));
    for (const auto& [id, events] : Expected(both, most)) {
      if (id.empty()) {
        ExpectSiteEvents(with, events);
        continue;
      }
      CaseState expected = Fold(events);
      expected.case_id = id;
      ASSERT_EQ(tables_->Load({with, id})->state, expected) << id;
    }
    ExpectSoundSnapshots(with);
  }
  /// The site's events in fold order, each act once.
  void ExpectSiteEvents(SiteNo site, std::vector<CaseEvent> expected) {
    std::ranges::sort(expected, FoldsBefore);
    std::set<std::string> known;
    std::erase_if(expected, [&](const CaseEvent& event) {
      const bool again = !known.insert(std::get<Remind>(event.act).text).second;
      again_ += again ? 1 : 0;
      return again;
    });
    const auto events = tables_->SiteEvents(site);
    ASSERT_TRUE(events) << events.error().Describe();
    ASSERT_EQ(events->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ((*events)[i].uid, std::get<Remind>(expected[i].act).text);
      ASSERT_EQ((*events)[i].id, expected[i].id);
    }
    of_site_ += expected.size();
  }
  /// Each tab counts as many as it lists, for each who has a turn.
  void ExpectCountsOfLists(SiteNo site) {
    for (const std::string& who : {std::string("park"), std::string("city"), test::kPlanning, test::kHousing}) {
      for (const Tab tab : kTabs) {
        const CaseFilter filter{.tab = tab, .who = who, .sites = {site}, .today = kDay + std::chrono::days(9)};
        EXPECT_EQ(*tables_->Count(filter), static_cast<std::int64_t>(tables_->List(filter)->size()))
            << who << " " << ToString(tab);
      }
    }
  }
  /// What a case is by its events alone, of those whose causes are there.
  static std::map<std::string, std::vector<CaseEvent>> Expected(const TwoWriters& both,
                                                                const std::map<Side, std::size_t>& most) {
    std::map<Side, std::size_t> passed;
    std::map<std::string, std::vector<CaseEvent>> cases;
    for (bool moved = true; moved;) {
      moved = false;
      for (const Side side : {Side::kPark, Side::kCity}) {
        while (passed[side] < most.at(side)) {
          const CaseEvent& event = both.of(side)[passed[side]];
          if (event.seen.seq > passed[Other(side)]) break;
          cases[event.case_id].push_back(event);
          ++passed[side];
          moved = true;
        }
      }
    }
    return cases;
  }

  test::TempFolder folder_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<StreamLog> log_;
  std::unique_ptr<CaseTables> tables_;
  std::unique_ptr<SnapshotTaking> taking_;
  int sites_ = 0;
  int tokens_ = 0;
  std::size_t taken_ = 0;
  std::uint64_t folded_with_ = 0;
  std::uint64_t folded_without_ = 0;
  std::size_t of_site_ = 0;
  std::size_t again_ = 0;
};

TEST_F(CaseTablesTest, AreTheSameOnBothSidesAtPairsOfPrefixesAndEveryConflictIsATask) {
  std::size_t conflicts = 0;
  std::size_t waiting = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    storage::Transaction transaction = *storage::Transaction::Begin(*database_);  // rolled back: nothing is synced
    std::mt19937 random(seed);
    const TwoWriters both(seed);
    for (int pair = 0; pair < 4; ++pair) {
      std::map<Side, std::size_t> most;
      for (const Side side : {Side::kPark, Side::kCity}) {
        most[side] = pair == 0 ? both.of(side).size() : random() % (both.of(side).size() + 1);
      }
      const SiteNo one = Arrive(both, most, random);
      const SiteNo other = Arrive(both, most, random);
      ASSERT_EQ(*tables_->DigestOf(one), *tables_->DigestOf(other)) << "seed " << seed << " pair " << pair;
      std::size_t projected = 0;
      for (const auto& [id, events] : Expected(both, most)) {
        if (id.empty()) {
          ExpectSiteEvents(one, events);
          projected += events.size();
          continue;
        }
        const auto file = tables_->Load({one, id});
        ASSERT_TRUE(file) << "seed " << seed << " " << id;
        CaseState expected = Fold(events);
        expected.case_id = id;
        ASSERT_EQ(file->state, expected) << "seed " << seed << " " << id;
        ASSERT_EQ(file->events.size(), events.size()) << "nothing is discarded";
        projected += events.size();
        for (const Ineffective& conflict : file->state.ineffective) {
          ++conflicts;
          CaseFilter filter;
          filter.who = conflict.event.writer == Side::kPark ? "park" : "city";
          filter.sites = {one};
          const auto tasks = *tables_->List(filter);
          ASSERT_TRUE(std::ranges::find(tasks, CaseKey{one, id}) != tasks.end()) << "seed " << seed << " " << id;
        }
      }
      ExpectCountsOfLists(one);
      waiting += most[Side::kPark] + most[Side::kCity] - projected;
      // Made anew they are the same.
      const std::string before = *tables_->DigestOf(one);
      ASSERT_TRUE(tables_->Clear(one));
      ASSERT_TRUE(tables_->Advance(one));
      ASSERT_EQ(*tables_->DigestOf(one), before);
      ExpectCountsOfLists(one);
    }
  }
  EXPECT_GT(conflicts, 500U) << "the histories make no conflicts: they prove nothing";
  EXPECT_GT(waiting, 100U) << "no event had to wait for its causes";
  EXPECT_GT(of_site_, 500U) << "too few events of the site";
  EXPECT_GT(again_, 100U) << "no act was recorded twice";
}

TEST_F(CaseTablesTest, AreTheSameWithSnapshotsTakenAtAnyMoment) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    const TwoWriters both(seed);
    ExpectTheSameWithSnapshots(both, RandomPrefixes(both, random), random);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(taken_, 2000U) << "too few snapshots: they prove nothing";
  EXPECT_LT(folded_with_, folded_without_ / 4 * 3) << "snapshots save no work";
  EXPECT_GT(of_site_, 500U) << "too few events of the site";
}

TEST_F(CaseTablesTest, AreTheSameWithSnapshotsAtEveryPairOfPrefixes) {
  std::mt19937 random(1);
  const TwoWriters both(3);
  ASSERT_GT(both.of(Side::kCity).size(), 5U);
  for (std::size_t park = 0; park <= both.of(Side::kPark).size(); ++park) {
    for (std::size_t city = 0; city <= both.of(Side::kCity).size(); ++city) {
      ExpectTheSameWithSnapshots(both, {{Side::kPark, park}, {Side::kCity, city}}, random);
      ASSERT_FALSE(HasFailure()) << "prefixes " << park << ", " << city;
    }
  }
}

/// A program that does not know events of the site passed them over; the first snapshot that this one takes finds them.
TEST_F(CaseTablesTest, FindEventsOfTheSiteThatAnOlderProgramPassedOver) {
  const TwoWriters both(1);
  const std::map<Side, std::size_t> most = {{Side::kPark, both.of(Side::kPark).size()},
                                            {Side::kCity, both.of(Side::kCity).size()}};
  std::mt19937 random(1);
  const SiteNo site = Arrive(both, most, random);
  const auto known = tables_->SiteEvents(site);
  ASSERT_TRUE(known);
  ASSERT_GT(known->size(), 2U);
  const std::string digest = *tables_->DigestOf(site);
  ASSERT_TRUE(database_->Execute("DELETE FROM case_event WHERE case_id = ''"));
  ASSERT_NE(*tables_->DigestOf(site), digest);
  while (taken_ == 0) TakePieces(random);
  EXPECT_EQ(tables_->SiteEvents(site)->size(), known->size());
  EXPECT_EQ(*tables_->DigestOf(site), digest);
  ExpectSoundSnapshots(site);
}

TEST_F(CaseTablesTest, CountWhatAnOlderDatabaseHolds) {
  const auto older = *storage::OpenSqlite({.file = folder_.path() / "older.db"});
  ASSERT_TRUE(older->Execute(StreamLog::kSchema));
  ASSERT_TRUE(older->Execute(CaseTables::kSchema));
  ASSERT_TRUE(older->Execute(CaseTables::kSchema2));
  // Site, case, receipt number, number, phase, finished, suspended, supervised, due, person, updated.
  ASSERT_TRUE(older->Execute(
      "INSERT INTO cases VALUES (1, 'a', '', '', 1, 0, 0, 1, 20, '', 1), (1, 'b', '', '', 1, 0, 0, 0, 30,"
      " '', 1), (1, 'c', '', '', 9, 1, 0, 0, 25, '', 1), (2, 'd', '', '', 1, 0, 1, 0, 20, '', 1);"
      "INSERT INTO turn VALUES ('park', 20, 1, 'a'), ('city', 25, 1, 'c');"));
  ASSERT_TRUE(older->Execute(CaseTables::kSchema3));
  ASSERT_TRUE(older->Execute(SnapshotTables::kSchema));
  ASSERT_TRUE(older->Execute(SnapshotTables::kSchema2));
  const auto log = *StreamLog::Open(*older);
  const auto tables = *CaseTables::Open(*older, *log, nullptr);
  const auto count = [&](Tab tab, const std::string& who) {
    return *tables->Count({.tab = tab, .who = who, .sites = {}, .today = calendar::CivilDate(std::chrono::days(25))});
  };
  EXPECT_EQ(count(Tab::kTodo, "park"), 1);
  EXPECT_EQ(count(Tab::kDoing, "park"), 2);
  EXPECT_EQ(count(Tab::kTodo, "city"), 1) << "of a finished case something may be left to do";
  EXPECT_EQ(count(Tab::kDoing, "city"), 3);
  EXPECT_EQ(count(Tab::kDone, "park"), 1);
  EXPECT_EQ(count(Tab::kSuspended, "park"), 1);
  EXPECT_EQ(count(Tab::kOverdue, "park"), 1);
  EXPECT_EQ(count(Tab::kSupervised, "park"), 1);
}

TEST_F(CaseTablesTest, ReckonDeadlinesAnewWhenAnotherNoticeComes) {
  CaseEvent event;
  event.id = {Side::kPark, {kEpoch, 1}};
  event.case_id = "c";
  event.lamport = 1;
  event.day = *calendar::ParseDate("2026-12-28");
  Receive receive{"JY03-1-2026-000001", test::PlanningTerms(), "p", {}, {}, false};
  receive.terms.materials.clear();
  event.act = receive;
  const SiteNo site = *log_->EnsureSite(*base::SiteId::Parse("lvye-01"));
  CaseEvent accept = event;
  accept.id.at.seq = 2;
  accept.lamport = 2;
  accept.act = Accept{};
  const std::vector<base::Bytes> bodies = {EncodeEvent(event, "1"), EncodeEvent(accept, "2")};
  ASSERT_TRUE(log_->Store({site, Side::kPark}, kEpoch, 1, bodies));
  ASSERT_TRUE(tables_->Advance(site));
  const auto due = [&] {
    const auto select = *database_->Prepare("SELECT due FROM cases");
    EXPECT_TRUE(*select->Step());
    return calendar::ToString(calendar::CivilDate(std::chrono::days(select->Int(0))));
  };
  // Five working days after Monday 12-28: with plain weekends Monday 2027-01-04.
  EXPECT_EQ(due(), "2027-01-04");
  std::vector<calendar::YearNotice> notices(calendar::PublishedNotices().begin(), calendar::PublishedNotices().end());
  notices.push_back({2027, {*calendar::ParseDate("2027-01-01")}, {*calendar::ParseDate("2027-01-03")}});
  const auto later = std::make_shared<const calendar::WorkingCalendar>(notices);
  EXPECT_TRUE(*tables_->Reckon(later));
  // Friday 01-01 is off and Sunday 01-03 worked: 29, 30, 31, 3, 4.
  EXPECT_EQ(due(), "2027-01-04");
  notices.back().working_weekends.clear();
  EXPECT_TRUE(*tables_->Reckon(std::make_shared<const calendar::WorkingCalendar>(notices)));
  EXPECT_EQ(due(), "2027-01-05");
  EXPECT_FALSE(*tables_->Reckon(std::make_shared<const calendar::WorkingCalendar>(notices)));
}

}  // namespace
}  // namespace yb::ledger
