#include "core/telemetry/rollup_store.hpp"

#include <algorithm>

namespace yb::telemetry {
namespace {

using metering::Reading;

/// A day is closed when it has been over for so long; until then its roll-ups are made when asked.
constexpr base::Duration kUntilClosed = std::chrono::hours(1);
/// Days before the range that are made too while they are stale, since a register leads from one into the next.
constexpr calendar::DayNo kMostStaleBefore = 3;

}  // namespace

base::Result<DayRollup> RollupStore::Make(const PointDefinition& point, calendar::DayNo day,
                                          std::vector<Reading> readings, std::vector<Reading> lead) {
  if (point.point.kind != metering::PointKind::kRegister) return telemetry::RollUp(std::move(readings), nullptr);
  RegisterHistory history{point.rules, {}, std::move(lead)};
  YB_ASSIGN(history.events,
            log_.meters().Events(site_, point.point.meter, calendar::StartOf(day), calendar::StartOf(day + 1)));
  return telemetry::RollUp(std::move(readings), &history);
}

base::Result<bool> RollupStore::CloseDay(base::UtcTime now) {
  const calendar::DayNo last = calendar::DayOf(now - kUntilClosed) - 1;
  YB_ASSIGN(const auto stale, log_.series().StaleDays(site_, {std::numeric_limits<calendar::DayNo>::min(), last}));
  if (stale.empty()) return false;
  YB_ASSIGN(const std::vector<PointDefinition> points, log_.Points(site_));
  Definitions definitions;
  for (const PointDefinition& point : points) definitions.emplace(point.point.no, point);
  YB_ASSIGN(const std::optional<metering::PointNo> last_row, log_.series().LastRow(site_));
  for (metering::PointNo row = 0; last_row && row <= *last_row; ++row) {
    YB_ASSIGN(const bool closed, ClosePlace({row, stale.front().day}, stale.front(), definitions));
    if (!closed) return true;
  }
  YB_TRY(log_.series().Unmark(site_, stale.front()));
  return true;
}

base::Result<bool> RollupStore::ClosePlace(const SeriesPlace& place, const SeriesTables::StaleDay& stale,
                                           const Definitions& points) {
  YB_ASSIGN(const SeriesTables::PlaceSize size, log_.series().SizeOf(site_, place));
  if (size.parts == 0) return true;
  SeriesSet merged;
  std::map<metering::PointNo, DayRollup> rollups;
  for (const PointRange& group : place.groups(size.readings, readings_at_once_)) {
    std::map<metering::PointNo, std::vector<Reading>> readings;
    YB_TRY(log_.series().ForEachAt(
        site_, place,
        [&](const Reading& reading, const ReadingClock& clock) {
          readings[reading.point].push_back(reading);
          if (size.parts > 1) merged.Add(reading, clock);
        },
        group));
    merged.Pack();
    for (metering::PointNo point = group.first; point <= group.last; ++point) {
      const auto defined = points.find(point);
      DayRollup& rollup = rollups[point];
      if (defined == points.end() || !readings.contains(point)) continue;
      YB_ASSIGN(std::vector<Reading> lead, log_.series().LeadInto(site_, point, place.day));
      YB_ASSIGN(rollup, Make(defined->second, place.day, std::move(readings[point]), std::move(lead)));
    }
  }
  merged.PackAll();
  YB_ASSIGN(storage::Transaction transaction, log_.Begin());
  YB_ASSIGN(const auto present, log_.series().StaleDays(site_, {place.day, place.day}));
  if (present.empty() || present.front().mark != stale.mark) return false;
  if (size.parts > 1) YB_TRY(log_.series().Replace(site_, place, std::move(merged)));
  for (const auto& [point, rollup] : rollups) {
    YB_TRY(rollup.quarters.empty() ? log_.series().RemoveRollup(site_, point, place.day)
                                   : log_.series().SaveRollup(site_, point, place.day, rollup));
  }
  YB_TRY(transaction.Commit());
  return true;
}

base::Result<std::vector<Bucket>> RollupStore::Quarters(const PointDefinition& point, DayRange days) {
  const metering::PointNo no = point.point.no;
  YB_ASSIGN(const storage::Snapshot snapshot, log_.Snapshot());
  const DayRange looked_at{days.first - kMostStaleBefore, days.last};
  YB_ASSIGN(std::set<calendar::DayNo> fresh, log_.UncompactedDays(site_, looked_at));
  YB_ASSIGN(const auto stale, log_.series().StaleDays(site_, looked_at));
  for (const SeriesTables::StaleDay& one : stale) fresh.insert(one.day);
  calendar::DayNo first = days.first;
  while (first > looked_at.first && fresh.contains(first - 1)) --first;
  YB_ASSIGN(auto rollups, log_.series().Rollups(site_, no, {first, days.last}));
  for (const calendar::DayNo day : fresh) {
    if (day < first) continue;
    std::vector<Reading> readings;
    YB_TRY(log_.ForEachReading(site_, no, calendar::StartOf(day), calendar::StartOf(day + 1),
                               [&](const Reading& reading) { readings.push_back(reading); }));
    std::vector<Reading> lead;
    const auto next = rollups.lower_bound(day);
    if (next == rollups.begin()) {
      YB_ASSIGN(lead, log_.series().LeadInto(site_, no, day));
    } else {
      lead = std::prev(next)->second.tail;
      for (Reading& reading : lead) reading.point = no;
    }
    YB_ASSIGN(DayRollup made, Make(point, day, std::move(readings), std::move(lead)));
    rollups.erase(day);
    if (!made.quarters.empty()) rollups.emplace(day, std::move(made));
  }
  std::vector<Bucket> quarters;
  std::size_t count = 0;
  for (const auto& [day, rollup] : rollups) count += rollup.quarters.size();
  quarters.reserve(count);
  for (auto& [day, rollup] : rollups) {
    if (day >= days.first) quarters.insert(quarters.end(), rollup.quarters.begin(), rollup.quarters.end());
  }
  return quarters;
}

}  // namespace yb::telemetry
