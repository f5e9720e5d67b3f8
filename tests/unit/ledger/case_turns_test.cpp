// Whose turn (待办) a case is: of those who may do what it waits for, also while it is suspended.
#include <gtest/gtest.h>

#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::ledger {
namespace {

using namespace cases;
using Who = std::set<std::string>;
using test::kHousing;
using test::kPlanning;

const base::SiteId kSite = *base::SiteId::Parse("bt-lvye-01");
const std::string kThird = "市水务局";

CaseState InReview() {
  CaseState state;
  state.phase = Phase::kInReview;
  state.holder = Side::kCity;
  state.signers = {kPlanning, kHousing};
  return state;
}
PauseSpan OpenPause(PauseGround ground) {
  return {ground, "", *calendar::ParseDate("2026-03-02"), std::nullopt};
}

TEST(CaseTurns, OfARequestAreAllDepartmentsThatMayAnswerItAlsoWhileTheClocksStandStill) {
  CaseState state = InReview();
  state.pauses = {OpenPause(PauseGround::kExpertReview)};
  EXPECT_EQ(TurnOf(state), Who{});
  for (const Request::Kind kind :
       {Request::Kind::kWithdrawal, Request::Kind::kSupplement, Request::Kind::kCorrection}) {
    state.requests = {{{Side::kPark, {1, 9}}, kind, ""}};
    EXPECT_EQ(TurnOf(state), (Who{"city", kPlanning, kHousing}));
  }
  state.pauses.clear();
  state.signatures[kPlanning] = {true, "", {}, {}};
  EXPECT_EQ(TurnOf(state), (Who{"city", kPlanning, kHousing})) << "who has signed may answer all the same";
  state.phase = Phase::kWithdrawn;
  EXPECT_EQ(TurnOf(state), Who{});
}

TEST(CaseTurns, OfWhatTheCityAsksOfTheParkIsThePark) {
  CaseState state = InReview();
  state.phase = Phase::kAccepted;
  state.holder = Side::kPark;
  state.pauses = {OpenPause(PauseGround::kApplicant)};
  state.requests = {{{Side::kCity, {1, 9}}, Request::Kind::kCorrection, ""}};
  EXPECT_EQ(TurnOf(state), Who{"park"});
}

TEST(CaseTurns, OfAnEventThatCameToNothingAreTheDepartmentsThatHaveAPart) {
  CaseState state = InReview();
  state.phase = Phase::kClosed;
  state.ineffective = {{{Side::kCity, {1, 9}}, "", "", false}};
  EXPECT_EQ(TurnOf(state), (Who{"city", kPlanning, kHousing}));
}

TEST(CaseTurns, OfADepartmentsNoticeIsTheWindowUntilItIsHandedOut) {
  CaseState state = InReview();
  state.pauses = {OpenPause(PauseGround::kCorrection)};
  state.notice_unprinted = true;
  EXPECT_EQ(TurnOf(state), Who{"park"});
  state.notice_unprinted = false;
  EXPECT_EQ(TurnOf(state), Who{}) << "the applicant is awaited";
}

/// A file of the program before: whose turn it is stands in it as that program said.
TEST(CaseTurns, OfAnOlderFileAreWrittenAnewAtTheFirstStart) {
  const test::TempFolder folder;
  const auto opener = storage::MakeSqliteOpener({.file = folder.path() / "ledger.db"});
  const calendar::WorkingCalendar calendar(calendar::PublishedNotices());
  test::ManualClock clock;
  const auto open = [&](Side side) { return *LedgerStore::Open(*opener, {side}, calendar, clock); };
  const Actor clerk{"1", "张三", ""};
  const Actor planner{"2", "李四", kPlanning};
  const Actor housing{"3", "王五", kHousing};
  std::vector<std::string> ids;
  {
    const auto park = open(Side::kPark);
    for (int i = 0; i < 3; ++i) {
      NewCase made;
      made.terms = test::PlanningTerms();
      made.terms.materials.clear();
      ids.push_back(park->Receive(kSite, clerk, std::move(made))->state.case_id);
      ASSERT_TRUE(park->Act(kSite, ids.back(), clerk, Accept{}));
      ASSERT_TRUE(park->Act(kSite, ids.back(), clerk, HandOver{}));
    }
  }
  {
    const auto city = open(Side::kCity);  // both sides in one file: what matters is what it holds
    for (const std::string& id : {ids[0], ids[2]}) {
      ASSERT_TRUE(city->Act(kSite, id, planner, CorrectionNotice{{"site-plan"}, "缺图例", {}}));
    }
    for (const Actor& who : {planner, housing}) ASSERT_TRUE(city->Act(kSite, ids[1], who, Sign{true, ""}));
    ASSERT_TRUE(city->Act(kSite, ids[1], planner, Decide{true, "", "准予", {}}));
  }
  {
    const auto park = open(Side::kPark);
    ASSERT_TRUE(park->Act(kSite, ids[0], clerk, Request{Request::Kind::kSupplement, "已补"}));
    ASSERT_TRUE(park->Act(kSite, ids[1], clerk, Request{Request::Kind::kCorrection, "笔误"}));
  }
  {
    const auto older = *opener->Open();
    ASSERT_TRUE(
        older->Execute("DELETE FROM turn;"
                       "INSERT INTO turn (who, due, site, case_id) SELECT 'city', due, site, case_id FROM cases"
                       "  WHERE case_id <> '" +
                       ids[2] +
                       "';"
                       "DROP TABLE snapshot_borrowed; PRAGMA user_version = 4;"));
  }
  const auto store = open(Side::kCity);
  const auto todo = [&](const std::string& who) {
    return *store->Read([&](StreamLog&, CaseTables& tables) { return tables.Count({.who = who, .sites = {}}); });
  };
  EXPECT_EQ(todo("city"), 2);
  EXPECT_EQ(todo(kPlanning), 2) << "the suspended one, and the one that is decided and has no deadline any more";
  EXPECT_EQ(todo(kHousing), 2);
  EXPECT_EQ(todo(kThird), 0);
  EXPECT_EQ(todo("park"), 1) << "the notice that is to be handed out";
}

}  // namespace
}  // namespace yb::ledger
