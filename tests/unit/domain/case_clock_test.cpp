#include "core/domain/cases/case_clock.hpp"

#include <gtest/gtest.h>

namespace yb::cases {
namespace {

using calendar::CivilDate;
using What = ClockLine::What;

CivilDate Day(const char* text) {
  return *calendar::ParseDate(text);
}
const calendar::WorkingCalendar& TheCalendar() {
  static const calendar::WorkingCalendar kCalendar(calendar::PublishedNotices());
  return kCalendar;
}

CaseState Accepted(const char* day, std::int64_t promised, std::int64_t statutory) {
  CaseState state;
  state.phase = Phase::kAccepted;
  state.received = state.accepted = Day(day);
  state.terms.promised_days = promised;
  state.terms.statutory_days = statutory;
  return state;
}
CaseClocks Read(const CaseState& state, const char* today) {
  return *ReadClocks(state, TheCalendar(), Day(today));
}

// The dates are those of the State Council's notices of 2025 and 2026, counted by hand on a calendar.
TEST(CaseClock, CountsWorkingDaysFromTheDayAfterAcceptance) {
  EXPECT_EQ(Read(Accepted("2025-09-26", 5, 20), "2025-09-26").promised.deadline, Day("2025-10-10"));
  EXPECT_EQ(Read(Accepted("2026-02-13", 1, 20), "2026-02-13").promised.deadline, Day("2026-02-14"));
  EXPECT_EQ(Read(Accepted("2026-02-13", 9, 20), "2026-02-13").promised.deadline, Day("2026-03-04"));
  EXPECT_EQ(Read(Accepted("2026-09-24", 9, 20), "2026-09-24").promised.deadline, Day("2026-10-14"));
}

TEST(CaseClock, StandsStillWhileExpertsReview) {
  CaseState state = Accepted("2026-02-13", 5, 20);
  state.pauses = {{PauseGround::kExpertReview, "告知书 7", Day("2026-02-25"), Day("2026-02-26")}};
  const CaseClocks clocks = Read(state, "2026-02-27");
  EXPECT_EQ(clocks.promised.deadline, Day("2026-03-02"));
  EXPECT_EQ(clocks.promised.without_pauses, Day("2026-02-27"));
  EXPECT_EQ(clocks.promised.left_days, 2);
  EXPECT_EQ(clocks.promised.paused_days, 2);
  EXPECT_EQ(clocks.promised.lamp, Lamp::kWarning);
  EXPECT_EQ(clocks.statutory.deadline, Day("2026-03-23"));
  EXPECT_EQ(clocks.statutory.left_days, 17);
  EXPECT_EQ(clocks.statutory.lamp, Lamp::kNormal);
  EXPECT_FALSE(clocks.statutory.provisional);
}

/// Accepted on Friday 2026-02-27, withdrawn on Monday 2026-03-02, looked at long after.
TEST(CaseClock, StopsWhereTheCaseEndsWithoutADecision) {
  CaseState state = Accepted("2026-02-27", 5, 20);
  state.phase = Phase::kWithdrawn;
  state.ended = Day("2026-03-02");
  const CaseClocks clocks = Read(state, "2026-06-01");
  EXPECT_EQ(clocks.promised.lamp, Lamp::kStopped);
  EXPECT_EQ(clocks.promised.used_days, 2) << "Saturday the 28th was one: 调休";
  EXPECT_EQ(clocks.promised.left_days, 3);
  for (const ClockLine& line : clocks.promised.why) EXPECT_LE(line.from, *state.ended);
}

TEST(CaseClock, SaysWhyTheDateIsTheDate) {
  CaseState state = Accepted("2026-02-13", 5, 20);
  state.pauses = {{PauseGround::kExpertReview, "", Day("2026-02-25"), Day("2026-02-26")}};
  const auto why = Read(state, "2026-02-27").promised.why;
  const auto none = PauseGround::kApplicant;
  const std::vector<ClockLine> expected = {
      {What::kAccepted, Day("2026-02-13"), Day("2026-02-13"), 0, 0, none},
      {What::kWorkingWeekend, Day("2026-02-14"), Day("2026-02-14"), 1, 1, none},
      {What::kHoliday, Day("2026-02-15"), Day("2026-02-23"), 0, 0, none},
      {What::kCounted, Day("2026-02-24"), Day("2026-02-24"), 2, 2, none},
      {What::kPaused, Day("2026-02-25"), Day("2026-02-26"), 0, 0, PauseGround::kExpertReview},
      {What::kResumed, Day("2026-02-26"), Day("2026-02-26"), 0, 2, PauseGround::kExpertReview},
      {What::kCounted, Day("2026-02-27"), Day("2026-02-27"), 3, 3, none},
      {What::kWorkingWeekend, Day("2026-02-28"), Day("2026-02-28"), 4, 4, none},
      {What::kCounted, Day("2026-03-02"), Day("2026-03-02"), 5, 5, none},
      {What::kDue, Day("2026-03-02"), Day("2026-03-02"), 5, 5, none}};
  EXPECT_EQ(why, expected);
}

TEST(CaseClock, MovesTheDeadlineWhileAPauseGoesOn) {
  CaseState state = Accepted("2026-03-02", 5, 20);
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-03-04"), std::nullopt}};
  EXPECT_EQ(Read(state, "2026-03-04").promised.deadline, Day("2026-03-10"));
  EXPECT_EQ(Read(state, "2026-03-06").promised.deadline, Day("2026-03-12"));
  EXPECT_EQ(Read(state, "2026-03-06").promised.lamp, Lamp::kPaused);
  EXPECT_EQ(Read(state, "2026-03-06").promised.left_days, 4);
}

/// The lines about pauses, as from–to.
std::vector<std::pair<CivilDate, CivilDate>> PausesIn(const ClockReading& clock) {
  std::vector<std::pair<CivilDate, CivilDate>> out;
  for (const ClockLine& line : clock.why) {
    if (line.what == What::kPaused) out.emplace_back(line.from, line.to);
  }
  return out;
}
using Spans = std::vector<std::pair<CivilDate, CivilDate>>;

TEST(CaseClock, TellsOfAPauseOnADayThatIsNoWorkingDay) {
  CaseState state = Accepted("2026-03-06", 5, 20);  // a Friday
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-03-07"), std::nullopt}};
  const ClockReading saturday = Read(state, "2026-03-07").promised;
  EXPECT_EQ(PausesIn(saturday), (Spans{{Day("2026-03-07"), Day("2026-03-07")}}));
  EXPECT_EQ(saturday.deadline, Day("2026-03-13")) << "no working day is lost yet";
  EXPECT_EQ(saturday.paused_days, 0);
  EXPECT_EQ(saturday.lamp, Lamp::kPaused);
  const ClockReading tuesday = Read(state, "2026-03-10").promised;
  EXPECT_EQ(PausesIn(tuesday), (Spans{{Day("2026-03-07"), Day("2026-03-10")}}));
  EXPECT_EQ(tuesday.paused_days, 2);
  EXPECT_EQ(tuesday.deadline, Day("2026-03-17"));

  state = Accepted("2026-02-13", 5, 20);
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-02-20"), std::nullopt}};  // within the holiday
  EXPECT_EQ(PausesIn(Read(state, "2026-02-21").promised), (Spans{{Day("2026-02-20"), Day("2026-02-21")}}));
}

TEST(CaseClock, TellsOfAPauseOnTheDayOfAcceptance) {
  CaseState state = Accepted("2026-03-07", 5, 20);  // a Saturday
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-03-07"), std::nullopt}};
  const ClockReading same_day = Read(state, "2026-03-07").promised;
  EXPECT_EQ(PausesIn(same_day), (Spans{{Day("2026-03-07"), Day("2026-03-07")}}));
  EXPECT_EQ(same_day.deadline, Day("2026-03-13"));
  state.pauses.back().to = Day("2026-03-07");
  EXPECT_EQ(Read(state, "2026-03-09").promised.deadline, Day("2026-03-13")) << "it cost no working day";
}

std::vector<What> KindsIn(const ClockReading& clock) {
  std::vector<What> out;
  for (const ClockLine& line : clock.why) out.push_back(line.what);
  return out;
}

/// Accepted and told of a correction on Sunday 2026-11-29: five working days are Monday to Friday.
TEST(CaseClock, SaysThatTheDateMovesWhileAPauseGoesOnAndWhatItIsIfResumedToday) {
  CaseState state = Accepted("2026-11-29", 5, 20);
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-11-29"), std::nullopt}};
  const ClockReading sunday = Read(state, "2026-11-29").promised;
  EXPECT_TRUE(sunday.moving);
  EXPECT_EQ(sunday.deadline, Day("2026-12-04"));
  EXPECT_EQ(KindsIn(sunday),
            (std::vector{What::kAccepted, What::kPaused, What::kIfResumed, What::kCounted, What::kDue}));
  const ClockReading tuesday = Read(state, "2026-12-01").promised;
  EXPECT_TRUE(tuesday.moving);
  EXPECT_EQ(tuesday.deadline, Day("2026-12-08")) << "Monday and Tuesday are lost";
  EXPECT_EQ(tuesday.why.at(2),
            (ClockLine{What::kIfResumed, Day("2026-12-01"), Day("2026-12-01"), 0, 2, PauseGround::kCorrection}));
}

TEST(CaseClock, TellsTheEndOfAPauseAndWhatItCost) {
  CaseState state = Accepted("2026-11-29", 5, 20);
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-11-29"), Day("2026-11-29")}};
  const ClockReading same_day = Read(state, "2026-11-29").promised;
  EXPECT_FALSE(same_day.moving);
  EXPECT_EQ(same_day.why.at(2),
            (ClockLine{What::kResumed, Day("2026-11-29"), Day("2026-11-29"), 0, 0, PauseGround::kCorrection}));
  // Another on the day on which the first one ends: the Tuesday is lost once.
  state.pauses = {{PauseGround::kCorrection, "", Day("2026-11-30"), Day("2026-12-01")},
                  {PauseGround::kHearing, "", Day("2026-12-01"), Day("2026-12-02")}};
  const ClockReading twice = Read(state, "2026-12-03").promised;
  EXPECT_EQ(twice.paused_days, 3);
  EXPECT_EQ(twice.deadline, Day("2026-12-09"));
  EXPECT_EQ(KindsIn(twice), (std::vector{What::kAccepted, What::kPaused, What::kResumed, What::kPaused, What::kResumed,
                                         What::kCounted, What::kDue}));
  EXPECT_EQ(twice.why.at(2).last, 2);
  EXPECT_EQ(twice.why.at(4).last, 1);
}

TEST(CaseClock, APauseThatBeganAfterTheDeadlineMovesNothing) {
  CaseState state = Accepted("2026-03-02", 5, 20);  // due on Monday the 9th
  state.pauses = {{PauseGround::kHearing, "", Day("2026-03-11"), std::nullopt}};
  const ClockReading clock = Read(state, "2026-03-13").promised;
  EXPECT_FALSE(clock.moving);
  EXPECT_EQ(clock.deadline, Day("2026-03-09"));
  EXPECT_EQ(clock.lamp, Lamp::kOverdue);
}

TEST(CaseClock, CountsOverdueInWorkingDays) {
  const CaseState state = Accepted("2026-03-02", 5, 20);  // due on Monday the 9th
  EXPECT_EQ(Read(state, "2026-03-09").promised.left_days, 0);
  EXPECT_EQ(Read(state, "2026-03-09").promised.lamp, Lamp::kWarning) << "the day of the deadline is in time";
  EXPECT_EQ(Read(state, "2026-03-10").promised.left_days, -1);
  EXPECT_EQ(Read(state, "2026-03-16").promised.left_days, -5);
  EXPECT_EQ(Read(state, "2026-03-16").promised.lamp, Lamp::kOverdue);
}

TEST(CaseClock, StopsWithTheDecision) {
  CaseState state = Accepted("2026-03-02", 5, 20);
  state.decided = Day("2026-03-05");
  const CaseClocks clocks = Read(state, "2026-04-20");
  EXPECT_EQ(clocks.promised.used_days, 3);
  EXPECT_EQ(clocks.promised.left_days, 2);
  EXPECT_EQ(clocks.promised.lamp, Lamp::kStopped);
  const ClockLine decided = clocks.promised.why.back();
  EXPECT_EQ(decided, (ClockLine{What::kDecided, Day("2026-03-05"), Day("2026-03-05"), 0, 0, PauseGround::kApplicant}));
  EXPECT_EQ(clocks.promised.deadline, Day("2026-03-09"));
  EXPECT_EQ(KindsIn(clocks.promised), (std::vector{What::kAccepted, What::kCounted, What::kDecided}))
      << "nothing is counted on behind it";
  EXPECT_EQ(clocks.promised.why.at(1).to, Day("2026-03-05"));
  EXPECT_EQ(clocks.promised.why.at(1).last, 3);
  state.decided = Day("2026-03-11");
  EXPECT_EQ(KindsIn(Read(state, "2026-04-20").promised),
            (std::vector{What::kAccepted, What::kCounted, What::kDue, What::kDecided}))
      << "it came too late";
}

TEST(CaseClock, SaysThatADateBeyondTheLoadedCalendarIsProvisional) {
  const CaseClocks clocks = Read(Accepted("2026-12-21", 5, 20), "2026-12-21");
  EXPECT_FALSE(clocks.promised.provisional);
  EXPECT_TRUE(clocks.statutory.provisional);
}

TEST(CaseClock, ExtendsBothButThePromiseNeverPastTheLaw) {
  CaseState state = Accepted("2026-03-02", 5, 20);
  state.extended_days = 10;
  EXPECT_EQ(Read(state, "2026-03-02").promised.limit_days, 15);
  EXPECT_EQ(Read(state, "2026-03-02").statutory.limit_days, 30);
  const ClockLine extended = Read(state, "2026-03-02").promised.why.at(1);
  EXPECT_EQ(extended,
            (ClockLine{What::kExtended, Day("2026-03-02"), Day("2026-03-02"), 10, 10, PauseGround::kApplicant}));
}

TEST(CaseClock, HasNoneBeforeAcceptance) {
  CaseState state;
  state.received = Day("2026-03-02");
  EXPECT_FALSE(ReadClocks(state, TheCalendar(), Day("2026-03-03")));
  EXPECT_EQ(LastDayToTell(state, TheCalendar())->date, Day("2026-03-09"));
}

}  // namespace
}  // namespace yb::cases
