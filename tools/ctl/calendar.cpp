#include <CLI/CLI.hpp>
#include <optional>
#include <ostream>

#include "core/domain/calendar/working_calendar.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

using calendar::CivilDate;
using calendar::DayKind;
using calendar::WorkingCalendar;

struct AddOptions {
  std::string from;
  std::int64_t working_days = 0;
  bool why = false;
};

const char* Mark(bool provisional) {
  return provisional ? " 暂定" : "";
}

/// Holidays that the law gives on a fixed day of the year, whatever a notice adds around them
/// (全国年节及纪念日放假办法 §2, as of 2025); empty where none is. The others follow the moon and the sun.
base::Words HolidayByLaw(CivilDate date) {
  const std::chrono::year_month_day civil(date);
  const unsigned month = static_cast<unsigned>(civil.month());
  const unsigned day = static_cast<unsigned>(civil.day());
  if (month == 1 && day == 1) return {"New Year", "元旦"};
  if (month == 5 && day <= 2) return {"Labour Day", "劳动节"};
  if (month == 10 && day <= 3) return {"National Day", "国庆节"};
  return {};
}

/// Days in a row of which the same is to be said.
struct Stretch {
  CivilDate first;
  CivilDate last;
  DayKind kind = DayKind::kWorkday;
  base::Words by_law;             // of a year without notice: a holiday all the same
  std::int64_t counted_from = 0;  // of the count; 0: these do not count
  std::int64_t counted_to = 0;
};

void Show(const Stretch& one, std::ostream& out) {
  const base::Words kind = calendar::InWords(one.kind);
  out << calendar::ToString(one.first);
  if (one.last != one.first) out << " … " << calendar::ToString(one.last);
  out << "  " << kind.zh << " " << kind.en << ", ";
  if (one.counted_from == 0) {
    out << "不计 does not count";
  } else if (one.counted_from == one.counted_to) {
    out << "第 " << one.counted_from << " 个工作日 working day " << one.counted_from;
  } else {
    out << "第 " << one.counted_from << " 至 " << one.counted_to << " 个工作日 working days " << one.counted_from
        << " to " << one.counted_to;
  }
  if (!one.by_law.en.empty()) {
    out << "; 法定" << one.by_law.zh << "，通知未公布前按平日计 " << one.by_law.en
        << " by law, counted as any weekday until the notice is there";
  }
  out << "\n";
}

void ShowUnknownYear(int year, std::ostream& out) {
  out << year
      << "  放假通知未载入，按平常周末计，暂定 no notice of this year is loaded: counted with plain weekends, "
         "provisional\n";
}

/// Why the deadline is that day: every day after `from`, in stretches.
void ExplainDays(const WorkingCalendar& working, CivilDate from, CivilDate to, std::ostream& out) {
  std::optional<Stretch> open;
  const auto close = [&] {
    if (open) Show(*open, out);
    open.reset();
  };
  int year = 0;
  std::int64_t counted = 0;
  for (CivilDate date = from + std::chrono::days(1); date <= to; date += std::chrono::days(1)) {
    const bool known = working.Knows(calendar::YearOf(date));
    if (calendar::YearOf(date) != year) {
      close();
      year = calendar::YearOf(date);
      if (!known) ShowUnknownYear(year, out);
    }
    Stretch day{date, date, working.KindOf(date), {}, 0, 0};
    if (working.IsWorkingDay(date)) day.counted_from = day.counted_to = ++counted;
    if (!known && day.kind == DayKind::kWorkday) day.by_law = HolidayByLaw(date);
    if (open && open->kind == day.kind && open->by_law.en == day.by_law.en) {
      open->last = date;
      open->counted_to = day.counted_to;
      continue;
    }
    close();
    open = day;
  }
  close();
}

base::Status AddDays(const AddOptions& options, Console& console) {
  YB_ASSIGN(const CivilDate from, Typed(console, "--from", calendar::ParseDate(options.from)));
  const WorkingCalendar working(calendar::PublishedNotices());
  YB_ASSIGN(const calendar::Deadline deadline, working.Add(from, options.working_days));
  if (options.why) ExplainDays(working, from, deadline.date, console.out);
  console.out << calendar::ToString(deadline.date) << Mark(deadline.provisional) << "\n";
  return {};
}

base::Status Between(const std::string& first, const std::string& last, Console& console) {
  YB_ASSIGN(const CivilDate from, Typed(console, "A", calendar::ParseDate(first)));
  YB_ASSIGN(const CivilDate to, Typed(console, "B", calendar::ParseDate(last)));
  YB_ASSIGN(const calendar::DayCount count, WorkingCalendar(calendar::PublishedNotices()).Between(from, to));
  console.out << count.days << Mark(count.provisional) << "\n";
  return {};
}

}  // namespace

void AddCalendar(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("calendar", "The working calendar (工作日历) that deadlines are counted with");
  group->require_subcommand(1);
  group->footer(
      "Holidays and working weekends (调休) are those of the State Council's notices. Days of a year whose notice\n"
      "is not loaded are counted with plain weekends, and the answer is marked 暂定 (provisional).\n"
      "Exit code: 0 counted, 1 it cannot be counted (B before A, more than a century, behind the year 9999),\n"
      "64 wrongly called, such as by a day that there is not.");

  CLI::App* add = group->add_subcommand("add", "The day so many working days later; counting starts on the next one");
  auto options = std::make_shared<AddOptions>();
  add->add_option("--from", options->from, "Day to count from, YYYY-MM-DD")->type_name("DATE")->required();
  add->add_option("--working-days", options->working_days, "0 to 10000; 0 is the day itself")
      ->type_name("DAYS")
      ->check(CLI::Range(std::int64_t{0}, WorkingCalendar::kMostDays))
      ->required();
  add->add_flag("--why", options->why, "First tell of every day between whether it counts, and why");
  add->callback([options, &chosen] { chosen = [options](Console& console) { return AddDays(*options, console); }; });

  CLI::App* between = group->add_subcommand("between", "How many working days lie after A, up to and including B");
  auto days = std::make_shared<std::pair<std::string, std::string>>();
  between->add_option("A", days->first, "YYYY-MM-DD")->required();
  between->add_option("B", days->second, "YYYY-MM-DD")->required();
  between->callback(
      [days, &chosen] { chosen = [days](Console& console) { return Between(days->first, days->second, console); }; });
}

}  // namespace yb::ctl
