#include <CLI/CLI.hpp>
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

/// Why the deadline is that day: each day that did not count or counted against its weekday.
void ExplainDays(const WorkingCalendar& working, CivilDate from, CivilDate to, std::ostream& out) {
  for (CivilDate date = from + std::chrono::days(1); date <= to; date += std::chrono::days(1)) {
    const bool known = working.Knows(calendar::YearOf(date));
    const DayKind kind = working.KindOf(date);
    if (known && kind == DayKind::kWorkday) continue;
    out << calendar::ToString(date) << "  " << calendar::ToString(kind)
        << (working.IsWorkingDay(date) ? ", counts" : ", does not count")
        << (known ? "" : ", no notice of the year is loaded 暂定") << "\n";
  }
}

base::Status AddDays(const AddOptions& options, Console& console) {
  YB_ASSIGN(const CivilDate from, calendar::ParseDate(options.from));
  const WorkingCalendar working(calendar::PublishedNotices());
  YB_ASSIGN(const calendar::Deadline deadline, working.Add(from, options.working_days));
  if (options.why) ExplainDays(working, from, deadline.date, console.out);
  console.out << calendar::ToString(deadline.date) << Mark(deadline.provisional) << "\n";
  return {};
}

base::Status Between(const std::string& first, const std::string& last, Console& console) {
  YB_ASSIGN(const CivilDate from, calendar::ParseDate(first));
  YB_ASSIGN(const CivilDate to, calendar::ParseDate(last));
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
      "is not loaded are counted with plain weekends, and the answer is marked 暂定 (provisional).");

  CLI::App* add = group->add_subcommand("add", "The day so many working days later; counting starts on the next one");
  auto options = std::make_shared<AddOptions>();
  add->add_option("--from", options->from, "Day to count from, YYYY-MM-DD")->type_name("DATE")->required();
  add->add_option("--working-days", options->working_days, "0 to 10000")->type_name("DAYS")->required();
  add->add_flag("--why", options->why, "First name each day that did not count, or counted by notice only");
  add->callback([options, &chosen] { chosen = [options](Console& console) { return AddDays(*options, console); }; });

  CLI::App* between = group->add_subcommand("between", "How many working days lie after A, up to and including B");
  auto days = std::make_shared<std::pair<std::string, std::string>>();
  between->add_option("A", days->first, "YYYY-MM-DD")->required();
  between->add_option("B", days->second, "YYYY-MM-DD")->required();
  between->callback(
      [days, &chosen] { chosen = [days](Console& console) { return Between(days->first, days->second, console); }; });
}

}  // namespace yb::ctl
