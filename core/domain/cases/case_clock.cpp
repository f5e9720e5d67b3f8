#include "core/domain/cases/case_clock.hpp"

#include <algorithm>

namespace yb::cases {
namespace {

using calendar::CivilDate;
using calendar::DayKind;
using calendar::WorkingCalendar;
using Days = std::chrono::days;

constexpr std::int64_t kWarnFrom = 2;    // working days left
constexpr std::int64_t kTellWithin = 5;  // working days (§32)
/// A pause that goes on moves the deadline each day; further than this nobody looks.
constexpr int kMostDays = 20'000;

class Walk {
 public:
  Walk(const CaseState& state, const WorkingCalendar& calendar, CivilDate today)
      : state_(state), calendar_(calendar), today_(today), lost_(state.pauses.size()) {}

  ClockReading Run(std::int64_t limit) {
    reading_.limit_days = limit;
    const CivilDate start = *state_.accepted;
    const CivilDate end = Stopped().value_or(today_);
    Add({ClockLine::What::kAccepted, start, start, 0, 0, PauseGround::kApplicant});
    if (const std::int64_t more = state_.extended_days; more != 0) {
      Add({ClockLine::What::kExtended, start, start, more, more, PauseGround::kApplicant});
    }
    // Accepted and paused on one day: nothing of it counts anyway, and yet the clock stands still.
    (void)TellPauses(start, 0);
    std::int64_t counted = 0;
    CivilDate day = start;
    for (int i = 0; i < kMostDays && counted < limit; ++i) {
      day += Days(1);
      if (Counts(day, counted)) {
        ++counted;
        if (day <= end) reading_.used_days = counted;
      }
      reading_.provisional = reading_.provisional || !calendar_.Knows(calendar::YearOf(day));
    }
    reading_.deadline = day;
    Add({ClockLine::What::kDue, day, day, counted, counted, PauseGround::kApplicant});
    if (state_.decided) Add({ClockLine::What::kDecided, end, end, 0, 0, PauseGround::kApplicant});
    reading_.left_days = limit - reading_.used_days;
    if (end > day) {
      // Past the deadline each working day is one more, paused or not.
      const auto over = calendar_.Between(day, end);
      reading_.left_days = over ? -over->days : 0;
      reading_.used_days = limit + (over ? over->days : 0);
    }
    const auto plain = calendar_.Add(start, limit);
    reading_.without_pauses = plain ? plain->date : day;
    reading_.lamp = LampOf();
    return std::move(reading_);
  }

 private:
  /// Notes why the day counts or not.
  bool Counts(CivilDate day, std::int64_t counted) {
    const DayKind kind = calendar_.KindOf(day);
    const bool working = calendar_.IsWorkingDay(day);
    // Told of weekends and holidays too: who is told to wait on one has to see it there.
    if (TellPauses(day, working ? 1 : 0)) {
      reading_.paused_days += working ? 1 : 0;
      return false;
    }
    if (!working) {
      if (kind == DayKind::kHoliday) Add({ClockLine::What::kHoliday, day, day, 0, 0, PauseGround::kApplicant});
      return false;
    }
    const auto what = kind == DayKind::kWorkingWeekend ? ClockLine::What::kWorkingWeekend : ClockLine::What::kCounted;
    Add({what, day, day, counted + 1, counted + 1, PauseGround::kApplicant});
    return true;
  }

  /// Tells of the pauses that touch the day and of their ends; one that goes on reaches to today. False where none
  /// does.
  bool TellPauses(CivilDate day, std::int64_t working) {
    bool paused = false;
    for (std::size_t i = 0; i < state_.pauses.size(); ++i) {
      const PauseSpan& pause = state_.pauses[i];
      const CivilDate last = pause.to.value_or(std::max(today_, pause.from));
      if (day < pause.from || day > last) continue;
      if (!paused) lost_[i] += working;  // a day that two of them touch is lost once
      paused = true;
      Add({ClockLine::What::kPaused, day, day, 0, 0, pause.ground});
      if (day != last) continue;
      reading_.moving = reading_.moving || !pause.to;
      const auto what = pause.to ? ClockLine::What::kResumed : ClockLine::What::kIfResumed;
      Add({what, day, day, 0, lost_[i], pause.ground});
    }
    return paused;
  }

  /// The day on which the clock stopped: of the decision, or of an end without one.
  [[nodiscard]] std::optional<CivilDate> Stopped() const { return state_.decided ? state_.decided : state_.ended; }
  /// One line for a stretch of days of one kind. What would have come after the clock stopped did not.
  void Add(const ClockLine& line) {
    if (Stopped() && line.from > *Stopped()) return;
    if (!reading_.why.empty()) {
      ClockLine& last = reading_.why.back();
      const bool days_between = HasWorkingDayBetween(last.to, line.from);
      if (last.what == line.what && last.ground == line.ground && !days_between &&
          line.what != ClockLine::What::kAccepted) {
        last.to = line.to;
        last.last = line.last;
        return;
      }
    }
    reading_.why.push_back(line);
  }
  [[nodiscard]] bool HasWorkingDayBetween(CivilDate from, CivilDate to) const {
    for (CivilDate day = from + Days(1); day < to; day += Days(1)) {
      if (calendar_.IsWorkingDay(day)) return true;
    }
    return false;
  }

  [[nodiscard]] Lamp LampOf() const {
    if (reading_.left_days < 0) return Lamp::kOverdue;
    if (Stopped()) return Lamp::kStopped;
    if (state_.paused()) return Lamp::kPaused;
    return reading_.left_days <= kWarnFrom ? Lamp::kWarning : Lamp::kNormal;
  }

  const CaseState& state_;
  const WorkingCalendar& calendar_;
  const CivilDate today_;
  std::vector<std::int64_t> lost_;  // working days, by pause
  ClockReading reading_;
};

}  // namespace

std::optional<CaseClocks> ReadClocks(const CaseState& state, const WorkingCalendar& calendar, CivilDate today) {
  if (!state.accepted) return std::nullopt;
  const std::int64_t statutory = state.terms.statutory_days + state.extended_days;
  const std::int64_t promised = std::min(state.terms.promised_days + state.extended_days, statutory);
  return CaseClocks{Walk(state, calendar, today).Run(promised), Walk(state, calendar, today).Run(statutory)};
}

base::Result<calendar::Deadline> LastDayToTell(const CaseState& state, const WorkingCalendar& calendar) {
  if (!state.received) {
    return base::Fail(base::ErrorCode::kNotFound, base::Words{"the case was not received", "办件尚未收件"});
  }
  return calendar.Add(*state.received, kTellWithin);
}

}  // namespace yb::cases
