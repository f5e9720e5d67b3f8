// Local time of a meter: China Standard Time (UTC+8, no summer time), which every meter clock of a park shows.
// Pure functions; no threads.
#pragma once

#include <cstdint>

#include "core/base/time.hpp"

namespace yb::metersim {

struct LocalTime {
  int year = 2024;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 1;  // 0 is Sunday
};

[[nodiscard]] LocalTime ToLocal(base::UtcTime time);

/// Midnight, local time, of the first day of the month that lies `months_back` before the month of `time`.
[[nodiscard]] base::UtcTime MonthStart(base::UtcTime time, int months_back);

}  // namespace yb::metersim
