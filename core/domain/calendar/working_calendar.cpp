#include "core/domain/calendar/working_calendar.hpp"

#include <algorithm>
#include <sstream>

namespace yb::calendar {
namespace {

using std::chrono::days;

constexpr days kCentury{36'525};
/// The last day that a date can be written of (ParseDate).
constexpr CivilDate kLastDay = std::chrono::year(9999) / 12 / 31;

bool IsWeekend(CivilDate date) {
  const std::chrono::weekday weekday(date);
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace

base::Words InWords(DayKind kind) {
  switch (kind) {
    case DayKind::kWorkday: return {"workday", "工作日"};
    case DayKind::kWeekend: return {"weekend", "周末"};
    case DayKind::kHoliday: return {"holiday", "放假"};
    case DayKind::kWorkingWeekend: return {"working weekend", "周末上班"};
  }
  return {};
}

WorkingCalendar::WorkingCalendar(std::span<const YearNotice> notices) {
  for (const YearNotice& notice : notices) {
    std::map<CivilDate, DayKind>& days = years_[notice.year];
    days.clear();
    for (const CivilDate date : notice.days_off) days[date] = DayKind::kHoliday;
    for (const CivilDate date : notice.working_weekends) days[date] = DayKind::kWorkingWeekend;
  }
}

DayKind WorkingCalendar::KindOf(CivilDate date) const {
  if (const auto year = years_.find(YearOf(date)); year != years_.end()) {
    if (const auto day = year->second.find(date); day != year->second.end()) return day->second;
  }
  return IsWeekend(date) ? DayKind::kWeekend : DayKind::kWorkday;
}

bool WorkingCalendar::IsWorkingDay(CivilDate date) const {
  const DayKind kind = KindOf(date);
  return kind == DayKind::kWorkday || kind == DayKind::kWorkingWeekend;
}

base::Result<Deadline> WorkingCalendar::Add(CivilDate from, std::int64_t working_days) const {
  if (working_days < 0 || working_days > kMostDays) {
    const std::string most = std::to_string(kMostDays);
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"working days are from 0 to " + most, "工作日数应为 0 至 " + most});
  }
  Deadline deadline{from, false};
  while (working_days > 0) {
    if (deadline.date >= kLastDay) {
      return base::Fail(base::ErrorCode::kInvalidArgument,
                        base::Words{"the day would be behind the year 9999", "到期日晚于 9999 年"});
    }
    deadline.date += days(1);
    deadline.provisional = deadline.provisional || !Knows(YearOf(deadline.date));
    if (IsWorkingDay(deadline.date)) --working_days;
  }
  return deadline;
}

std::string WorkingCalendar::Describe() const {
  std::string text;
  for (const auto& [year, days] : years_) {
    text += std::to_string(year);
    for (const auto& [date, kind] : days) {
      text += " " + ToString(date) + (kind == DayKind::kWorkingWeekend ? "-on" : "-off");
    }
    text += "\n";
  }
  return text;
}

base::Result<WorkingCalendar> WorkingCalendar::FromDescription(std::string_view text) {
  constexpr std::size_t kDate = 10;  // YYYY-MM-DD
  std::vector<YearNotice> notices;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    YearNotice notice;
    words >> notice.year;
    if (!words) return base::Fail(base::ErrorCode::kCorrupt, "a calendar's line begins with no year");
    for (std::string word; words >> word;) {
      YB_ASSIGN(const CivilDate date, ParseDate(word.substr(0, kDate)));
      const bool on = word.substr(std::min(kDate, word.size())) == "-on";
      (on ? notice.working_weekends : notice.days_off).push_back(date);
    }
    notices.push_back(std::move(notice));
  }
  return WorkingCalendar(notices);
}

base::Result<DayCount> WorkingCalendar::Between(CivilDate from, CivilDate to) const {
  if (to < from) {
    return base::Fail(base::ErrorCode::kInvalidArgument, base::Words{ToString(to) + " is before " + ToString(from),
                                                                     ToString(to) + " 早于 " + ToString(from)});
  }
  if (to - from > kCentury) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"the days are more than a century apart", "两日相距超过一百年"});
  }
  DayCount count;
  for (CivilDate date = from + days(1); date <= to; date += days(1)) {
    count.provisional = count.provisional || !Knows(YearOf(date));
    if (IsWorkingDay(date)) ++count.days;
  }
  return count;
}

}  // namespace yb::calendar
