// Holidays and working weekends as the General Office of the State Council published them for each year
// (国务院办公厅关于部分节假日安排的通知).
#include "core/domain/calendar/working_calendar.hpp"

namespace yb::calendar {
namespace {

struct MonthDay {
  unsigned month;
  unsigned day;
};

/// From `first` to `last`, both included.
struct Holiday {
  MonthDay first;
  MonthDay last;
};

CivilDate On(int year, MonthDay at) {
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(at.month), std::chrono::day(at.day));
}

YearNotice Notice(int year, std::initializer_list<Holiday> holidays, std::initializer_list<MonthDay> working_weekends) {
  YearNotice notice;
  notice.year = year;
  for (const Holiday& holiday : holidays) {
    const CivilDate last = On(year, holiday.last);
    for (CivilDate date = On(year, holiday.first); date <= last; date += std::chrono::days(1)) {
      notice.days_off.push_back(date);
    }
  }
  for (const MonthDay& day : working_weekends) notice.working_weekends.push_back(On(year, day));
  return notice;
}

}  // namespace

std::span<const YearNotice> PublishedNotices() {
  static const std::vector<YearNotice> notices = {
      Notice(2025,
             {{{1, 1}, {1, 1}},     // 元旦
              {{1, 28}, {2, 4}},    // 春节
              {{4, 4}, {4, 6}},     // 清明节
              {{5, 1}, {5, 5}},     // 劳动节
              {{5, 31}, {6, 2}},    // 端午节
              {{10, 1}, {10, 8}}},  // 国庆节、中秋节
             {{1, 26}, {2, 8}, {4, 27}, {9, 28}, {10, 11}}),
      Notice(2026,
             {{{1, 1}, {1, 3}},     // 元旦
              {{2, 15}, {2, 23}},   // 春节
              {{4, 4}, {4, 6}},     // 清明节
              {{5, 1}, {5, 5}},     // 劳动节
              {{6, 19}, {6, 21}},   // 端午节
              {{9, 25}, {9, 27}},   // 中秋节
              {{10, 1}, {10, 7}}},  // 国庆节
             {{1, 4}, {2, 14}, {2, 28}, {5, 9}, {9, 20}, {10, 10}}),
  };
  return notices;
}

}  // namespace yb::calendar
