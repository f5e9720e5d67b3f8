#include "core/domain/cases/case_fold.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/domain/cases/causal_gate.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::cases {
namespace {

using calendar::CivilDate;

const CivilDate kDay = *calendar::ParseDate("2026-03-02");
using test::kHousing;
using test::kPlanning;

/// Writes one case's events as the two programs would: each side knows what it was told so far.
class TwoSides {
 public:
  const CaseEvent& Write(Side writer, Act act, const std::string& department = {}, int day = 0) {
    CaseEvent event;
    event.id = {writer, {1, ++last_[writer]}};
    event.case_id = "0198-case";
    event.lamport = ++lamport_[writer];
    if (heard_[writer] != 0) event.seen = {1, heard_[writer]};
    event.day = kDay + std::chrono::days(day);
    event.actor.department = department;
    event.act = std::move(act);
    events_.push_back(std::move(event));
    return events_.back();
  }
  /// The other side's events so far reach `side`.
  void Hear(Side side) {
    heard_[side] = last_[Other(side)];
    lamport_[side] = std::max(lamport_[side], lamport_[Other(side)]);
  }
  [[nodiscard]] CaseState State() const { return Fold(events_); }
  [[nodiscard]] const std::vector<CaseEvent>& events() const { return events_; }

 private:
  std::map<Side, std::uint64_t> last_{{Side::kPark, 0}, {Side::kCity, 0}}, heard_ = last_, lamport_ = last_;
  std::vector<CaseEvent> events_;
};

void Intake(TwoSides& both) {
  both.Write(Side::kPark, Receive{"JY03-1-2026-000418", test::PlanningTerms(), "person-1", {}, {}, false});
  both.Write(Side::kPark, PutMaterial{"application", "aa", test::AsSealed("申请表"), 100});
  both.Write(Side::kPark, PutMaterial{"site-plan", "bb", test::AsSealed("总平面图"), 86'000'000});
  both.Write(Side::kPark, Accept{});
}
void HandOverToCity(TwoSides& both) {
  Intake(both);
  both.Write(Side::kPark, HandOver{});
  both.Hear(Side::kCity);
}

TEST(CaseFold, TakesACaseFromTheWindowToDelivery) {
  TwoSides both;
  HandOverToCity(both);
  EXPECT_EQ(both.State().holder, Side::kCity);
  both.Write(Side::kCity, Sign{true, "同意"}, kPlanning, 1);
  both.Write(Side::kCity, Sign{true, "同意"}, kHousing, 1);
  both.Write(Side::kCity, Decide{true, "城乡规划法 §40", "准予", {}}, kPlanning, 2);
  both.Write(Side::kCity, Return{"制证"}, kPlanning, 2);
  both.Hear(Side::kPark);
  both.Write(Side::kPark, Certify{"建字第 150207202600001 号", "cc"}, {}, 3);
  both.Write(Side::kPark, Dispatch{"EMS", "1234567890123"}, {}, 3);
  both.Write(Side::kPark, Deliver{{1}, "dd", {}}, {}, 4);
  both.Write(Side::kPark, Close{}, {}, 4);
  both.Write(Side::kPark, Rate{5, ""}, {}, 4);
  const CaseState state = both.State();
  EXPECT_EQ(state.phase, Phase::kClosed);
  EXPECT_EQ(state.holder, Side::kPark);
  EXPECT_EQ(state.granted, true);
  EXPECT_EQ(state.accepted, kDay);
  EXPECT_EQ(state.decided, kDay + std::chrono::days(2));
  EXPECT_EQ(state.certificate_no, "建字第 150207202600001 号");
  EXPECT_TRUE(state.ineffective.empty()) << state.ineffective.front().reason_en;
}

TEST(CaseFold, ADepartmentsNoticeWaitsForTheWindowUntilItIsPrintedOrTheSupplementIsIn) {
  TwoSides both;
  HandOverToCity(both);
  both.Write(Side::kCity, CorrectionNotice{{"site-plan"}, "缺图例", {}}, kPlanning);
  EXPECT_TRUE(both.State().awaits_hand_out());
  both.Write(Side::kCity, Print{std::string(kCorrectionPaper), false}, kPlanning);
  both.Hear(Side::kPark);
  both.Write(Side::kPark, Print{"acceptance", true});
  EXPECT_TRUE(both.State().awaits_hand_out()) << "neither the department's copy nor another paper is handed out";
  TwoSides in = both;
  both.Write(Side::kPark, Print{std::string(kCorrectionPaper), false});
  EXPECT_FALSE(both.State().awaits_hand_out());
  EXPECT_TRUE(both.State().awaits_applicant());
  in.Write(Side::kPark, Request{Request::Kind::kSupplement, "已补"});
  EXPECT_FALSE(in.State().awaits_hand_out()) << "the applicant knew";

  both.Hear(Side::kCity);
  both.Write(Side::kCity, Resume{}, kPlanning);
  EXPECT_FALSE(both.State().awaits_hand_out());
  both.Write(Side::kCity, CorrectionNotice{{"site-plan"}, "再补", {}}, kPlanning);
  EXPECT_TRUE(both.State().awaits_hand_out()) << "it is another notice";

  TwoSides window;
  window.Write(Side::kPark, Receive{"JY03-1-2026-000419", test::PlanningTerms(), "person-1", {}, {}, false});
  window.Write(Side::kPark, CorrectionNotice{{"site-plan"}, "", {}});
  EXPECT_FALSE(window.State().awaits_hand_out()) << "the window's own is handed out by who gives it";
}

TEST(CaseFold, NamesTheEventSinceWhichAnActIsNotPossible) {
  TwoSides both;
  HandOverToCity(both);
  CaseEvent again = both.events().back();
  EXPECT_EQ(EventThatForbade(both.events(), again)->id, both.events().back().id) << "handed over before";
  CaseEvent wanted;
  wanted.id.writer = Side::kCity;
  wanted.day = kDay;
  wanted.actor.department = kPlanning;
  wanted.act = Sign{true, ""};
  EXPECT_EQ(EventThatForbade(both.events(), wanted), nullptr) << "it is possible";
  wanted.act = Decide{true, "依据", "", {}};
  EXPECT_EQ(EventThatForbade(both.events(), wanted), nullptr) << "it never was";
  const EventId asked = both.Write(Side::kPark, Request{Request::Kind::kWithdrawal, "不办了"}).id;
  both.Hear(Side::kCity);
  const EventId answered = both.Write(Side::kCity, Answer{asked, false, "已会签"}, kHousing).id;
  both.Write(Side::kCity, Remind{"请尽快"}, kHousing);
  wanted.act = Answer{asked, true, ""};
  EXPECT_EQ(EventThatForbade(both.events(), wanted)->id, answered);
}

/// Up to the certificate: 证 1.
void CertifyByPark(TwoSides& both) {
  HandOverToCity(both);
  both.Write(Side::kCity, Sign{true, ""}, kPlanning);
  both.Write(Side::kCity, Sign{true, ""}, kHousing);
  both.Write(Side::kCity, Decide{true, "", "准予", {}}, kPlanning);
  both.Write(Side::kCity, Return{"制证"}, kPlanning);
  both.Hear(Side::kPark);
  both.Write(Side::kPark, Certify{"证 1", ""});
}

TEST(CaseFold, CorrectsACertificateUntilItIsDelivered) {
  TwoSides both;
  CertifyByPark(both);
  both.Write(Side::kPark, Dispatch{"EMS", "1"});
  both.Write(Side::kPark, CorrectCertificate{"证 1", "", "没有改"});
  both.Write(Side::kPark, CorrectCertificate{"证 2", "", ""});
  both.Write(Side::kPark, CorrectCertificate{"", "", "空的"});
  both.Hear(Side::kCity);
  both.Write(Side::kCity, CorrectCertificate{"证 3", "", "不是制证的一方"}, kPlanning);
  CaseState state = both.State();
  EXPECT_EQ(state.ineffective.size(), 4U);
  EXPECT_EQ(state.certificate_no, "证 1");
  EXPECT_EQ(state.waybill, "EMS 1");

  both.Write(Side::kPark, CorrectCertificate{"证 2", "", "录入笔误"});
  state = both.State();
  EXPECT_EQ(state.ineffective.size(), 4U);
  EXPECT_EQ(state.certificate_no, "证 2");
  EXPECT_EQ(state.waybill, "") << "what is under way is void";
  EXPECT_EQ(state.phase, Phase::kAwaitingDelivery);

  both.Write(Side::kPark, Dispatch{"EMS", "2"});
  both.Write(Side::kPark, CorrectCertificate{"证 2", "ff", "盖章后扫描"});
  EXPECT_EQ(both.State().waybill, "EMS 2") << "a scan makes nothing void";
  both.Write(Side::kPark, Deliver{{1}, "", {}});
  both.Write(Side::kPark, CorrectCertificate{"证 3", "", "送达以后"});
  state = both.State();
  EXPECT_EQ(state.certificate_no, "证 2");
  EXPECT_EQ(state.ineffective.size(), 5U);
}

TEST(CaseFold, TakesTheDayOnWhichTheReceiptWasSigned) {
  TwoSides both;
  CertifyByPark(both);
  const auto on = [](int day) { return std::optional(kDay + std::chrono::days(day)); };
  both.Write(Side::kPark, Deliver{{1}, "", on(-1)}, {}, 7);
  EXPECT_EQ(both.State().delivered, std::nullopt) << "before the decision";
  both.Write(Side::kPark, Deliver{{1}, "", on(8)}, {}, 7);
  EXPECT_EQ(both.State().delivered, std::nullopt) << "not yet";
  EXPECT_EQ(both.State().ineffective.size(), 2U);
  both.Write(Side::kPark, Deliver{{1}, "", on(4)}, {}, 7);
  EXPECT_EQ(both.State().delivered, on(4)) << "a Friday's delivery is noted on Monday";
  EXPECT_EQ(both.State().phase, Phase::kDelivered);
}

TEST(CaseFold, AwaitsTheApplicantUntilWhatWasAskedForIsHandedIn) {
  TwoSides window;
  window.Write(Side::kPark, Receive{"JY03-1-2026-000421", test::PlanningTerms(), "p", {}, {}, false});
  EXPECT_FALSE(window.State().awaits_applicant());
  window.Write(Side::kPark, CorrectionNotice{{"site-plan"}, "", std::nullopt});
  EXPECT_TRUE(window.State().awaits_applicant());
  window.Write(Side::kPark, Supplement{});
  EXPECT_FALSE(window.State().awaits_applicant());

  TwoSides both;
  HandOverToCity(both);
  both.Write(Side::kCity, Pause{PauseGround::kExpertReview, "告知书"}, kPlanning);
  EXPECT_FALSE(both.State().awaits_applicant()) << "experts are awaited";
  both.Write(Side::kCity, Resume{}, kPlanning);
  both.Write(Side::kCity, CorrectionNotice{{"site-plan"}, "红线不符", kDay + std::chrono::days(9)}, kHousing);
  EXPECT_TRUE(both.State().awaits_applicant());
  both.Hear(Side::kPark);
  both.Write(Side::kPark, Request{Request::Kind::kSupplement, "已交"});
  EXPECT_FALSE(both.State().awaits_applicant()) << "now a department has to look";
  EXPECT_TRUE(both.State().paused());
}

TEST(CaseFold, CallsAReturnAfterTheDecisionWhatItIs) {
  EXPECT_EQ(NameOf(ActKind::kReturn, std::nullopt).zh, "退回");
  EXPECT_EQ(NameOf(ActKind::kReturn, true).zh, "转园区制证");
  EXPECT_EQ(NameOf(ActKind::kReturn, false).zh, "转园区送达");
  EXPECT_EQ(NameOf(ActKind::kSign, true).zh, NameOf(ActKind::kSign).zh);
}

TEST(CaseFold, LetsOnlyTheHolderDecide) {
  TwoSides both;
  HandOverToCity(both);
  Decide decision{true, "", "准予", Delegation{"包管发 3", DelegationMode::kEntrusted, {}, kDay, kDay}};
  both.Write(Side::kPark, decision);
  const CaseState state = both.State();
  EXPECT_EQ(state.phase, Phase::kInReview);
  ASSERT_EQ(state.ineffective.size(), 1U);
  EXPECT_EQ(state.ineffective[0].event, both.events().back().id);
}

TEST(CaseFold, ShowsAWithdrawalAsARequestUntilTheHolderAnswers) {
  TwoSides both;
  HandOverToCity(both);
  const EventId asked = both.Write(Side::kPark, Request{Request::Kind::kWithdrawal, "申请人撤回"}).id;
  EXPECT_EQ(both.State().requests.size(), 1U);
  EXPECT_EQ(both.State().phase, Phase::kInReview);

  TwoSides declined = both;
  declined.Hear(Side::kCity);
  declined.Write(Side::kCity, Answer{asked, false, "已进入决定"}, kPlanning);
  EXPECT_TRUE(declined.State().requests.empty());
  EXPECT_EQ(declined.State().phase, Phase::kInReview);

  both.Hear(Side::kCity);
  both.Write(Side::kCity, Answer{asked, true, ""}, kPlanning);
  EXPECT_EQ(both.State().phase, Phase::kWithdrawn);
  EXPECT_EQ(both.State().ended, both.events().back().day);
}

TEST(CaseFold, DeclinesAWithdrawalThatComesAfterTheDecision) {
  TwoSides both;
  HandOverToCity(both);
  // While apart: the applicant withdraws at the window, the departments decide.
  const EventId asked = both.Write(Side::kPark, Request{Request::Kind::kWithdrawal, ""}).id;
  both.Write(Side::kCity, Sign{true, ""}, kPlanning);
  both.Write(Side::kCity, Sign{true, ""}, kHousing);
  both.Write(Side::kCity, Decide{true, "", "准予", {}}, kPlanning);
  both.Hear(Side::kCity);
  both.Write(Side::kCity, Answer{asked, true, ""}, kPlanning);
  const CaseState state = both.State();
  EXPECT_EQ(state.phase, Phase::kDecided);
  ASSERT_EQ(state.ineffective.size(), 1U);
  EXPECT_EQ(state.ineffective[0].reason_zh, "已作出决定，不能撤回");
}

TEST(CaseFold, PausesForADepartmentsCorrectionUntilTheSupplementIsConfirmed) {
  TwoSides both;
  HandOverToCity(both);
  both.Write(Side::kCity, CorrectionNotice{{"site-plan"}, "红线不符", std::nullopt}, kHousing, 1);
  both.Write(Side::kCity, Sign{true, ""}, kPlanning, 1);
  EXPECT_TRUE(both.State().paused());
  EXPECT_EQ(both.State().ineffective.size(), 1U) << "nobody signs while it is suspended";
  both.Hear(Side::kPark);
  both.Write(Side::kPark, PutMaterial{"site-plan", "ee", test::AsSealed("总平面图（改）"), 90'000'000}, {}, 3);
  const EventId asked = both.Write(Side::kPark, Request{Request::Kind::kSupplement, ""}, {}, 3).id;
  both.Hear(Side::kCity);
  both.Write(Side::kCity, Answer{asked, true, ""}, kHousing, 4);
  const CaseState state = both.State();
  EXPECT_FALSE(state.paused());
  EXPECT_EQ(state.pauses, (std::vector<PauseSpan>{{PauseGround::kCorrection, "红线不符", kDay + std::chrono::days(1),
                                                   kDay + std::chrono::days(4)}}));
  EXPECT_EQ(state.materials.at("site-plan").file, "ee");
}

TEST(CaseFold, RefusesAParksDecisionOutsideItsDelegation) {
  const auto decide = [](const char* area, std::optional<base::Decimal> most, int valid_days) {
    TwoSides both;
    Receive receive{"JY03-1-2026-000419", test::PlanningTerms(), "p", {}, *base::Decimal::Parse(area), false};
    receive.terms.materials.clear();
    both.Write(Side::kPark, receive);
    both.Write(Side::kPark, Accept{});
    const Delegation delegation{"包管发 3", DelegationMode::kEntrusted, most, kDay,
                                kDay + std::chrono::days(valid_days)};
    both.Write(Side::kPark, Decide{true, "", "准予", delegation}, {}, 1);
    const CaseState state = both.State();
    return state.ineffective.empty() ? std::string("decided") : state.ineffective[0].reason_zh;
  };
  const base::Decimal most(5000, 0);
  EXPECT_EQ(decide("5000.0", most, 30), "decided");
  EXPECT_EQ(decide("5000.1", most, 30), "此件超出委托范围（限 5000 m² 以下）");
  EXPECT_EQ(decide("100", most, 0), "包管发 3 不在有效期内");
  EXPECT_EQ(decide("99999", {}, 30), "decided");
}

TEST(CaseFold, TellsWhatIsMissingOnceOnly) {
  TwoSides both;
  both.Write(Side::kPark, Receive{"JY03-1-2026-000420", test::PlanningTerms(), "p", {}, {}, false});
  both.Write(Side::kPark, Accept{});
  both.Write(Side::kPark, CorrectionNotice{{"site-plan"}, "", std::nullopt});
  both.Write(Side::kPark, Supplement{});
  both.Write(Side::kPark, CorrectionNotice{{"application"}, "", std::nullopt});
  both.Write(Side::kPark, Accept{{"application", "site-plan"}, kDay + std::chrono::days(7)});
  const CaseState state = both.State();
  ASSERT_EQ(state.ineffective.size(), 2U);
  EXPECT_EQ(state.ineffective[0].reason_zh, "还缺材料：application、site-plan");
  EXPECT_EQ(state.ineffective[1].reason_zh, "补正只能一次性告知（行政许可法 §32）");
  EXPECT_EQ(state.phase, Phase::kAccepted) << "with materials that follow (容缺)";
}

TEST(CaseFold, BindsOneNumberAndNamesTheSecond) {
  TwoSides both;
  Intake(both);
  both.Write(Side::kPark, BindNumber{std::string(43, '1')});
  both.Write(Side::kCity, BindNumber{std::string(43, '2')});
  both.Write(Side::kCity, BindNumber{"12"});
  const CaseState state = both.State();
  EXPECT_EQ(state.number, std::string(43, '2')) << "its event has the lower Lamport time";
  ASSERT_EQ(state.ineffective.size(), 2U);
}

TEST(CaseFold, FreezesAtACriticalEventItDoesNotKnow) {
  TwoSides both;
  Intake(both);
  both.Write(Side::kPark, UnknownAct{false});
  EXPECT_FALSE(both.State().needs_upgrade);
  both.Write(Side::kPark, UnknownAct{true});
  both.Write(Side::kPark, HandOver{});
  EXPECT_TRUE(both.State().needs_upgrade);
  EXPECT_EQ(both.State().phase, Phase::kAccepted);
}

TEST(CaseFold, LapsesARequestWhenTheCaseComesBack) {
  TwoSides both;
  HandOverToCity(both);
  both.Write(Side::kPark, Request{Request::Kind::kWithdrawal, ""});
  both.Write(Side::kPark, Remind{""});
  both.Write(Side::kCity, Remind{""});
  both.Write(Side::kCity, Remind{""});
  both.Write(Side::kCity, Return{"不属本部门"}, kPlanning);
  const CaseState state = both.State();
  EXPECT_EQ(state.holder, Side::kPark);
  EXPECT_TRUE(state.requests.empty());
  ASSERT_EQ(state.ineffective.size(), 1U);
}

TEST(Transitions, NameEveryActAndLeadSomewhereFromEveryPhase) {
  for (std::size_t act = 0; act < static_cast<std::size_t>(ActKind::kUnknown); ++act) {
    EXPECT_NE(NameOf(static_cast<ActKind>(act)).zh, "未知") << act;
  }
  PhaseSet reached = Bit(Phase::kNone);
  for (const Transition& row : Transitions()) {
    if (row.to) reached |= Bit(*row.to);
  }
  for (std::size_t phase = 0; phase <= static_cast<std::size_t>(Phase::kMerged); ++phase) {
    EXPECT_TRUE(reached & Bit(static_cast<Phase>(phase))) << ToString(static_cast<Phase>(phase));
  }
}

// ---- Both sides agree at every pair of prefixes, whatever the order of arrival ----

/// Random acts of both sides; each side hears the other now and then.
TwoSides RandomHistory(std::mt19937& random) {
  TwoSides both;
  Intake(both);
  const std::string departments[] = {kPlanning, kHousing, "别的局"};
  std::vector<EventId> requests;
  const int count = 5 + static_cast<int>(random() % 30);
  for (int i = 0; i < count; ++i) {
    const Side side = random() % 2 == 0 ? Side::kPark : Side::kCity;
    if (random() % 3 == 0) both.Hear(side);
    const std::string department = side == Side::kCity ? departments[random() % 3] : "";
    const int day = i / 3;
    const CaseEvent& event = both.Write(side, test::RandomAct(random, requests), department, day);
    if (std::holds_alternative<Request>(event.act)) requests.push_back(event.id);
  }
  return both;
}

/// What a side shows once it holds the first `park` and `city` events, handed to it in a random order.
CaseState Arrive(const std::vector<CaseEvent>& park, const std::vector<CaseEvent>& city, std::mt19937& random) {
  CausalGate gate;
  CaseFold fold;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < park.size() || j < city.size()) {
    const bool from_park = j == city.size() || (i < park.size() && random() % 2 == 0);
    std::size_t& next = from_park ? i : j;
    const std::vector<CaseEvent>& stream = from_park ? park : city;
    for (CaseEvent& event : gate.Take(stream[next])) fold.Add(std::move(event));
    ++next;
    if (random() % 4 == 0) {  // it comes again
      const auto again = gate.Take(stream[random() % next]);
      EXPECT_TRUE(again.empty());
    }
  }
  return fold.state();
}

TEST(CaseFold, IsTheSameOnBothSidesAtEveryPairOfPrefixes) {
  std::size_t conflicts = 0;
  std::size_t undelivered = 0;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    const TwoSides both = RandomHistory(random);
    std::vector<CaseEvent> park, city;
    for (const CaseEvent& event : both.events()) (event.id.writer == Side::kPark ? park : city).push_back(event);
    for (std::size_t i = 0; i <= park.size(); ++i) {
      for (std::size_t j = 0; j <= city.size(); ++j) {
        // All pairs of the first histories, a few of each other one.
        if (seed > 30 && (i * 7 + j * 13 + seed) % 41 != 0) continue;
        const std::vector<CaseEvent> of_park(park.begin(), park.begin() + static_cast<std::ptrdiff_t>(i));
        const std::vector<CaseEvent> of_city(city.begin(), city.begin() + static_cast<std::ptrdiff_t>(j));
        const CaseState one = Arrive(of_park, of_city, random);
        ASSERT_EQ(one, Arrive(of_park, of_city, random)) << "seed " << seed << " prefixes " << i << ", " << j;
        undelivered += one.phase == Phase::kNone ? 1 : 0;
      }
    }
    const CaseState end = Arrive(park, city, random);
    ASSERT_EQ(end, both.State()) << "seed " << seed;
    conflicts += end.ineffective.size();
    // Nothing is discarded: each event is in the history, and what had no effect says why.
    for (const Ineffective& event : end.ineffective) {
      ASSERT_FALSE(event.reason_en.empty() || event.reason_zh.empty()) << "seed " << seed;
    }
  }
  EXPECT_GT(conflicts, 1000U) << "the histories make no conflicts: they prove nothing";
  EXPECT_GT(undelivered, 0U);
}

}  // namespace
}  // namespace yb::cases
