// CivilDate: a day of the civil calendar, without time or zone. A value.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::calendar {

/// Days since 1970-01-01 of the civil (Gregorian) calendar.
using CivilDate = std::chrono::sys_days;

/// `YYYY-MM-DD` of a day that exists, from 1800 to 9999; kInvalidArgument otherwise.
[[nodiscard]] base::Result<CivilDate> ParseDate(std::string_view text);

/// "2025-10-10".
[[nodiscard]] std::string ToString(CivilDate date);

[[nodiscard]] int YearOf(CivilDate date);

}  // namespace yb::calendar
