#include "core/domain/calendar/civil_date.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace yb::calendar {
namespace {

constexpr int kFirstYear = 1800;

std::optional<unsigned> Digits(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

}  // namespace

base::Result<CivilDate> ParseDate(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const auto year = Digits(text.substr(0, 4));
    const auto month = Digits(text.substr(5, 2));
    const auto day = Digits(text.substr(8, 2));
    if (year && month && day && static_cast<int>(*year) >= kFirstYear) {
      const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                             std::chrono::day(*day));
      if (date.ok()) return CivilDate(date);
    }
  }
  return base::Fail(
      base::ErrorCode::kInvalidArgument,
      base::Words{"'" + std::string(text) + "' is no date", "“" + std::string(text) + "”不是日期"},
      base::Words{"a day from 1800 on as YYYY-MM-DD, such as 2025-09-26", "请写 1800 年以后的日期，如 2025-09-26"});
}

std::string ToString(CivilDate date) {
  const std::chrono::year_month_day civil(date);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(civil.year()),
                static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
  return text;
}

int YearOf(CivilDate date) {
  return static_cast<int>(std::chrono::year_month_day(date).year());
}

}  // namespace yb::calendar
