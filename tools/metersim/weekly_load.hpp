// WeeklyLoad: a rate (watts, litres per hour) that follows the hours of the day and the days of the week with seeded
// jitter, and the exact integral of that rate. Both are pure functions of seed and time, so a restarted simulator
// shows the register it would have shown, and a register never falls.
//
// Jitter moves a share of one minute to the minute beside it, within pairs: every pair's sum stays that of the shape,
// which is why the integral needs no history.
// Immutable after construction; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"

namespace yb::metersim {

/// Periods of the day of 分时电价: the meter's tariffs 1 to 4 are 尖, 峰, 平, 谷.
inline constexpr int kTariffs = 4;

/// Tariff 1..4 of an hour of the day, 0..23.
[[nodiscard]] int TariffOfHour(int hour);

/// Share of the rated load in ten-thousandths, for each hour of the day.
using DayShape = std::array<int, 24>;

/// The minutes of a week, Monday first, with running sums. Shared by all meters of a profile.
class WeekTable {
 public:
  static constexpr std::int64_t kMinutes = std::int64_t{7} * 24 * 60;

  WeekTable(const DayShape& weekday, const DayShape& weekend);

  [[nodiscard]] std::int64_t Share(std::int64_t minute) const { return shares_[static_cast<std::size_t>(minute)]; }
  [[nodiscard]] int Tariff(std::int64_t minute) const { return TariffOfHour(static_cast<int>(minute / 60 % 24)); }
  /// Sum of the shares of the minutes before `minute` (0..kMinutes) in `tariff`; tariff 0 counts all.
  [[nodiscard]] std::int64_t SumBefore(std::int64_t minute, int tariff) const {
    return sums_[static_cast<std::size_t>(tariff)][static_cast<std::size_t>(minute)];
  }

 private:
  std::vector<std::int64_t> shares_;
  std::array<std::vector<std::int64_t>, kTariffs + 1> sums_;
};

class WeeklyLoad {
 public:
  /// `week` outlives the load. `rated` is the rate at a share of ten-thousand, up to 10^6.
  WeeklyLoad(const WeekTable& week, std::int64_t rated, std::uint64_t seed);

  /// The rate, in ten-thousandths of the unit of `rated`.
  [[nodiscard]] std::int64_t RateAt(base::UtcTime time) const;

  /// The integral of the rate since 2024-01-01T00:00 China time, in ten-thousandths of that unit × seconds; 0 before.
  /// `tariff` 0 is the total, 1..4 the part that fell into that tariff.
  [[nodiscard]] std::int64_t TotalAt(base::UtcTime time, int tariff) const;

 private:
  struct Place {
    std::int64_t week;
    std::int64_t minute;       // of the week
    std::int64_t millisecond;  // of the minute
  };
  [[nodiscard]] Place PlaceOf(base::UtcTime time) const;
  /// What the even minute of a pair takes from the odd one (or gives, below 0).
  [[nodiscard]] std::int64_t Moved(std::int64_t week, std::int64_t even_minute) const;
  [[nodiscard]] std::int64_t ShareAt(const Place& place) const;

  const WeekTable& week_;
  std::int64_t rated_;
  std::uint64_t seed_;
};

}  // namespace yb::metersim
