// The two clocks of a case: 法定 (statutory) and 承诺 (promised), in working days (行政许可法 §82), and why a deadline
// is the day it is. A clock counts from the working day after acceptance; a day that a pause touches does not count;
// the deadline's day is still in time. Pure functions.
#pragma once

#include "core/domain/calendar/working_calendar.hpp"
#include "core/domain/cases/case_state.hpp"

namespace yb::cases {

enum class Lamp : std::uint8_t {
  kNormal,
  kWarning,  // 剩 2 日 or fewer
  kOverdue,  // 超期
  kPaused,   // 计时暂停
  kStopped,  // decided
};

/// One stretch of the reason for a date, ascending.
struct ClockLine {
  enum class What : std::uint8_t {
    kAccepted,        // 受理，次日起算
    kExtended,        // 延期, by `first` working days
    kCounted,         // working days `first` to `last` of the count
    kWorkingWeekend,  // 调休上班, counted
    kHoliday,         // 放假, not counted
    kPaused,          // 停, not counted; `ground`
    kResumed,         // 恢复: a pause ends; `last` working days did not count
    kIfResumed,       // a pause goes on, `last` working days did not count so far; what follows is so if it ends today
    kDue,             // 到期
    kDecided,         // 决定，计时停止
  };
  What what = What::kCounted;
  calendar::CivilDate from{};
  calendar::CivilDate to{};  // inclusive
  std::int64_t first = 0;    // of the count; 0: of nothing that is counted
  std::int64_t last = 0;
  PauseGround ground = PauseGround::kApplicant;
  friend bool operator==(const ClockLine&, const ClockLine&) = default;
};

struct ClockReading {
  std::int64_t limit_days = 0;
  calendar::CivilDate deadline{};
  bool provisional = false;              // 暂定: it reaches past the loaded calendar
  bool moving = false;                   // a pause goes on, and the deadline is the one if it ends today
  calendar::CivilDate without_pauses{};  // the deadline if nothing had paused
  std::int64_t used_days = 0;            // up to and including today, or the day of the decision
  std::int64_t left_days = 0;            // negative: 超期
  std::int64_t paused_days = 0;          // working days that did not count
  Lamp lamp = Lamp::kNormal;
  std::vector<ClockLine> why;
};

struct CaseClocks {
  ClockReading promised;
  ClockReading statutory;
};

/// Nullopt for a case that was not accepted. `today` is the site's civil day.
[[nodiscard]] std::optional<CaseClocks> ReadClocks(const CaseState& state, const calendar::WorkingCalendar& calendar,
                                                   calendar::CivilDate today);

/// The day until which what is missing has to be told; from then on the case counts as accepted on the day it was
/// received (§32).
[[nodiscard]] base::Result<calendar::Deadline> LastDayToTell(const CaseState& state,
                                                             const calendar::WorkingCalendar& calendar);

}  // namespace yb::cases
