// The civil day (自然日) of a site: the one place where time is cut into days. Pure functions; any thread.
#pragma once

#include "core/base/time.hpp"

namespace yb::calendar {

/// Days since 1970-01-01 on the site's own calendar.
using DayNo = std::int64_t;

constexpr base::Duration kBeijingOffset = std::chrono::hours(8);

[[nodiscard]] constexpr DayNo DayOf(base::UtcTime time, base::Duration offset = kBeijingOffset) {
  constexpr std::int64_t kDay = std::int64_t{86'400} * 1'000'000;
  // Shifted by whole and broken days apart, so that no time overflows.
  const std::int64_t day = time.micros / kDay;
  const std::int64_t rest = time.micros % kDay + offset.count();
  return day + (rest >= 0 ? rest / kDay : -((kDay - 1 - rest) / kDay));
}

[[nodiscard]] constexpr base::UtcTime StartOf(DayNo day, base::Duration offset = kBeijingOffset) {
  return {day * std::int64_t{86'400} * 1'000'000 - offset.count()};
}

}  // namespace yb::calendar
