#include "tools/metersim/weekly_load.hpp"

#include <algorithm>

#include "tools/metersim/seeded.hpp"

namespace yb::metersim {
namespace {

constexpr base::UtcTime kOrigin{1'704'038'400'000'000};  // Monday 2024-01-01T00:00 at UTC+8
constexpr std::int64_t kMillisPerMinute = 60'000;
constexpr std::int64_t kJitterPercent = 20;

}  // namespace

int TariffOfHour(int hour) {
  if (hour >= 18 && hour < 20) return 1;
  if ((hour >= 8 && hour < 11) || (hour >= 17 && hour < 22)) return 2;
  if (hour >= 23 || hour < 7) return 4;
  return 3;
}

WeekTable::WeekTable(const DayShape& weekday, const DayShape& weekend) {
  for (auto& sums : sums_) sums.assign(1, 0);
  for (std::int64_t minute = 0; minute < kMinutes; ++minute) {
    const DayShape& day = minute / 1440 < 5 ? weekday : weekend;
    const auto hour = static_cast<std::size_t>(minute / 60 % 24);
    const std::int64_t here = day[hour];
    const std::int64_t next = day[(hour + 1) % 24];
    const std::int64_t share = here + (next - here) * (minute % 60) / 60;
    shares_.push_back(share);
    for (int tariff = 0; tariff <= kTariffs; ++tariff) {
      auto& sums = sums_[static_cast<std::size_t>(tariff)];
      sums.push_back(sums.back() + (tariff == 0 || tariff == Tariff(minute) ? share : 0));
    }
  }
}

WeeklyLoad::WeeklyLoad(const WeekTable& week, std::int64_t rated, std::uint64_t seed)
    : week_(week), rated_(rated), seed_(seed) {}

WeeklyLoad::Place WeeklyLoad::PlaceOf(base::UtcTime time) const {
  const std::int64_t millis = std::max<std::int64_t>(0, (time - kOrigin).count() / 1000);
  const std::int64_t minutes = millis / kMillisPerMinute;
  return {minutes / WeekTable::kMinutes, minutes % WeekTable::kMinutes, millis % kMillisPerMinute};
}

std::int64_t WeeklyLoad::Moved(std::int64_t week, std::int64_t even_minute) const {
  const std::int64_t least = std::min(week_.Share(even_minute), week_.Share(even_minute + 1));
  const auto salt = static_cast<std::uint64_t>(week * WeekTable::kMinutes + even_minute);
  return least * Within(Mix(seed_, salt), -kJitterPercent, kJitterPercent) / 100;
}

std::int64_t WeeklyLoad::ShareAt(const Place& place) const {
  const std::int64_t even = place.minute / 2 * 2;
  const std::int64_t moved = Moved(place.week, even);
  return week_.Share(place.minute) + (place.minute == even ? moved : -moved);
}

std::int64_t WeeklyLoad::RateAt(base::UtcTime time) const {
  return rated_ * ShareAt(PlaceOf(time));
}

std::int64_t WeeklyLoad::TotalAt(base::UtcTime time, int tariff) const {
  const Place place = PlaceOf(time);
  std::int64_t minutes_of_share =
      place.week * week_.SumBefore(WeekTable::kMinutes, tariff) + week_.SumBefore(place.minute, tariff);
  std::int64_t within = 0;
  if (tariff == 0 || tariff == week_.Tariff(place.minute)) {
    if (place.minute % 2 == 1) minutes_of_share += Moved(place.week, place.minute - 1);
    within = rated_ * ShareAt(place) * place.millisecond / 1000;
  }
  return rated_ * minutes_of_share * 60 + within;
}

}  // namespace yb::metersim
