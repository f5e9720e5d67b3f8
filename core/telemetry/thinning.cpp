#include "core/telemetry/thinning.hpp"

#include <algorithm>

namespace yb::telemetry {

using metering::Reading;

void Thin(std::vector<Reading>& readings, const std::function<bool(const Reading&)>& is_day_end) {
  std::ranges::stable_sort(readings, {}, &Reading::time);
  const auto quarter = [](const Reading& reading) {
    return reading.time.micros / base::Duration(kQuarterHour).count();
  };
  std::vector<Reading> kept;
  for (auto begin = readings.begin(); begin != readings.end();) {
    const auto end =
        std::find_if(begin, readings.end(), [&](const Reading& r) { return quarter(r) != quarter(*begin); });
    auto first = std::find_if(begin, end, [](const Reading& r) { return r.value.has_value(); });
    if (first == end) first = begin;  // why there was no value
    for (auto one = begin; one != end; ++one) {
      if (one == first || (one->value && is_day_end(*one))) kept.push_back(*one);
    }
    begin = end;
  }
  readings = std::move(kept);
}

void Dropped::Add(base::UtcTime time) {
  from = count == 0 ? time : std::min(from, time);
  to = count == 0 ? time : std::max(to, time);
  ++count;
}

base::Result<std::optional<base::UtcTime>> Thinning::DayEnd(metering::PointNo point, calendar::DayNo day) {
  YB_ASSIGN(const auto stale, log_.series().StaleDays(site_, {day, day}));
  YB_ASSIGN(const auto rollups, log_.series().Rollups(site_, point, {day, day}));
  if (!stale.empty() || rollups.empty() || rollups.begin()->second.tail.empty()) return std::optional<base::UtcTime>();
  return std::optional(rollups.begin()->second.tail.back().time);
}

base::Result<std::optional<calendar::DayNo>> Thinning::OldestDay(DropRule rule, calendar::DayNo end,
                                                                 metering::PointNo last_row) {
  std::optional<calendar::DayNo> oldest;
  for (metering::PointNo row = 0; row <= last_row; ++row) {
    YB_ASSIGN(const auto day, log_.series().FirstDayNotThinned(site_, row, rule));
    if (day && *day < end && (!oldest || *day < *oldest)) oldest = day;
  }
  return oldest;
}

base::Result<std::optional<Dropped>> Thinning::ThinOldestDay(DropRule rule, calendar::DayNo end) {
  YB_ASSIGN(const std::optional<metering::PointNo> last_row, log_.series().LastRow(site_));
  if (!last_row) return std::optional<Dropped>();
  YB_ASSIGN(const std::optional<calendar::DayNo> day, OldestDay(rule, end, *last_row));
  if (!day) return std::optional<Dropped>();
  YB_ASSIGN(const std::vector<PointDefinition> points, log_.Points(site_));
  std::set<metering::PointNo> gauges;
  for (const PointDefinition& point : points) {
    if (point.point.kind == metering::PointKind::kGauge) gauges.insert(point.point.no);
  }
  Dropped dropped;
  for (metering::PointNo row = 0; row <= *last_row; ++row) YB_TRY(ThinPlace({row, *day}, rule, gauges, dropped));
  YB_TRY(log_.series().MarkThinned(site_, *day, rule));
  return std::optional(dropped);
}

base::Status Thinning::ThinPlace(const SeriesPlace& place, DropRule rule, const std::set<metering::PointNo>& gauges,
                                 Dropped& dropped) {
  SeriesSet rest;
  const std::uint64_t before = dropped.count;
  YB_ASSIGN(const SeriesTables::PlaceSize size, log_.series().SizeOf(site_, place));
  for (const PointRange& group : place.groups(size.readings, kReadingsAtOnce)) {
    YB_TRY(ThinPoints(place, group, rule, gauges, rest, dropped));
  }
  if (dropped.count == before) return {};
  return log_.series().Replace(site_, place, std::move(rest));
}

base::Status Thinning::ThinPoints(const SeriesPlace& place, PointRange group, DropRule rule,
                                  const std::set<metering::PointNo>& gauges, SeriesSet& rest, Dropped& dropped) {
  std::map<metering::PointNo, std::vector<Reading>> of_rule;
  std::map<metering::PointNo, std::map<base::UtcTime, ReadingClock>> clocks;
  YB_TRY(log_.series().ForEachAt(
      site_, place,
      [&](const Reading& reading, const ReadingClock& clock) {
        if (gauges.contains(reading.point) != (rule == DropRule::kGaugesThinned)) {
          rest.Add(reading, clock);
          return;
        }
        of_rule[reading.point].push_back(reading);
        clocks[reading.point][reading.time] = clock;
      },
      group));
  for (auto& [point, readings] : of_rule) {
    const bool gauge = gauges.contains(point);
    std::optional<base::UtcTime> last;
    for (const Reading& reading : readings) {
      if (!gauge && reading.value && (!last || reading.time > *last)) last = reading.time;
    }
    std::vector<Reading> kept = readings;
    Thin(kept, [&](const Reading& reading) { return reading.time == last; });
    std::multiset<base::UtcTime> gone;
    for (const Reading& reading : readings) gone.insert(reading.time);
    for (const Reading& reading : kept) {
      gone.erase(gone.find(reading.time));
      rest.Add(reading, clocks[point][reading.time]);
    }
    for (const base::UtcTime time : gone) dropped.Add(time);
  }
  rest.Pack();
  return {};
}

}  // namespace yb::telemetry
