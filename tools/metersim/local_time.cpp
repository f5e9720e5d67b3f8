#include "tools/metersim/local_time.hpp"

#include <chrono>

namespace yb::metersim {
namespace {

constexpr std::chrono::hours kEastOfGreenwich{8};
using LocalMicros = std::chrono::sys_time<base::Duration>;

}  // namespace

LocalTime ToLocal(base::UtcTime time) {
  const LocalMicros local{base::Duration(time.micros) + kEastOfGreenwich};
  const auto days = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{days};
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(local - days).count();
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(seconds / 3600),
          .minute = static_cast<int>(seconds / 60 % 60),
          .second = static_cast<int>(seconds % 60),
          .weekday = static_cast<int>(std::chrono::weekday{days}.c_encoding())};
}

base::UtcTime MonthStart(base::UtcTime time, int months_back) {
  const LocalTime local = ToLocal(time);
  const std::chrono::year_month month =
      std::chrono::year_month{std::chrono::year(local.year), std::chrono::month(static_cast<unsigned>(local.month))} -
      std::chrono::months(months_back);
  const LocalMicros midnight = std::chrono::sys_days(month / std::chrono::day(1));
  return {(midnight.time_since_epoch() - kEastOfGreenwich).count()};
}

}  // namespace yb::metersim
