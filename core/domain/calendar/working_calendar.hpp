// WorkingCalendar (工作日历): which days count when the law counts in working days (行政许可法 §82). Saturdays and
// Sundays are off, except where the State Council's notice of the year makes them working days (调休); its holidays are
// off. A year whose notice is not loaded is counted with plain weekends, and what rests on it is provisional (暂定).
//
// Values; pure.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "core/domain/calendar/civil_date.hpp"

namespace yb::calendar {

/// What the State Council's notice (国务院办公厅关于节假日安排的通知) says of one year.
struct YearNotice {
  int year = 0;
  std::vector<CivilDate> days_off;          // holidays, weekend days among them included
  std::vector<CivilDate> working_weekends;  // 调休上班
};

/// The notices known when this version was made.
[[nodiscard]] std::span<const YearNotice> PublishedNotices();

enum class DayKind : std::uint8_t {
  kWorkday,
  kWeekend,
  kHoliday,         // 放假, by notice
  kWorkingWeekend,  // 调休上班, by notice
};

/// "workday" / "工作日", …
[[nodiscard]] base::Words InWords(DayKind kind);

/// A day, and whether it rests on a year whose notice is not loaded.
struct Deadline {
  CivilDate date;
  bool provisional = false;  // 暂定
};

struct DayCount {
  std::int64_t days = 0;
  bool provisional = false;
};

class WorkingCalendar {
 public:
  /// A later notice of the same year replaces the earlier one.
  explicit WorkingCalendar(std::span<const YearNotice> notices);

  [[nodiscard]] DayKind KindOf(CivilDate date) const;
  [[nodiscard]] bool IsWorkingDay(CivilDate date) const;
  [[nodiscard]] bool Knows(int year) const { return years_.contains(year); }

  /// The `working_days`-th working day after `from` (`from` itself for 0): counting starts on the next working day.
  /// 0 to kMostDays, and a day of the years to 9999; kInvalidArgument otherwise.
  [[nodiscard]] base::Result<Deadline> Add(CivilDate from, std::int64_t working_days) const;

  /// Working days after `from` up to and including `to`. kInvalidArgument if `to` is before `from`, or more than a
  /// century behind it.
  [[nodiscard]] base::Result<DayCount> Between(CivilDate from, CivilDate to) const;

  /// Two calendars are equal when they know the same days of the same years.
  friend bool operator==(const WorkingCalendar&, const WorkingCalendar&) = default;
  /// One line of each year, with the days that differ from plain weeks: "2026 2026-01-01-off 2026-01-04-on …".
  [[nodiscard]] std::string Describe() const;
  /// What Describe has written; kCorrupt for anything else.
  [[nodiscard]] static base::Result<WorkingCalendar> FromDescription(std::string_view text);

  static constexpr std::int64_t kMostDays = 10'000;

 private:
  std::map<int, std::map<CivilDate, DayKind>> years_;  // days that differ from plain weeks
};

}  // namespace yb::calendar
