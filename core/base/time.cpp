#include "core/base/time.hpp"

#include <charconv>
#include <cstdio>

namespace yb::base {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

bool ReadDigits(std::string_view text, std::size_t at, std::size_t count, int& value) {
  if (at + count > text.size()) return false;
  const char* end = text.data() + at + count;
  const auto [stop, code] = std::from_chars(text.data() + at, end, value);
  return code == std::errc() && stop == end && text[at] != '-';
}

}  // namespace

std::string ToIso(UtcTime time) {
  const std::int64_t days = FloorDivide(time.micros, kMicrosPerDay);
  const std::int64_t rest = time.micros - days * kMicrosPerDay;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const std::int64_t seconds = rest / kMicrosPerSecond;
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                static_cast<int>(rest % kMicrosPerSecond));
  return text;
}

Result<UtcTime> FromIso(std::string_view text) {
  const auto refuse = [&] {
    return Fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "' is no UTC time",
                "write 2026-03-02T06:08:00Z");
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text.back() != 'Z' || !ReadDigits(text, 0, 4, year) || !ReadDigits(text, 5, 2, month) ||
      !ReadDigits(text, 8, 2, day) || !ReadDigits(text, 11, 2, hour) || !ReadDigits(text, 14, 2, minute) ||
      !ReadDigits(text, 17, 2, second)) {
    return refuse();
  }
  std::int64_t fraction = 0;
  if (text.size() > 20) {
    const std::string_view digits = text.substr(20, text.size() - 21);
    if (text[19] != '.' || digits.empty() || digits.size() > 6) return refuse();
    std::int64_t unit = kMicrosPerSecond / 10;
    for (char c : digits) {
      if (c < '0' || c > '9') return refuse();
      fraction += (c - '0') * unit;
      unit /= 10;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return refuse();
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return UtcTime{days * kMicrosPerDay + (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + fraction};
}

UtcTime SystemClock::Now() const {
  return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

Monotonic SystemClock::Steady() const {
  return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count()};
}

}  // namespace yb::base
