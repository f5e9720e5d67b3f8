#include "core/telemetry/site_state.hpp"

#include <set>

namespace yb::telemetry {

std::string_view ToString(Link link) {
  switch (link) {
    case Link::kNever: return "never";
    case Link::kOnline: return "online";
    case Link::kOffline: return "offline";
  }
  return "never";
}

void SiteState::Apply(const HistoryRecord& record) {
  if (const auto* slice = std::get_if<Slice>(&record)) {
    for (const metering::Reading& reading : slice->readings) latest.Offer(reading);
  } else if (const auto* table = std::get_if<PointTable>(&record)) {
    for (const PointDefinition& definition : *table) points[definition.point.no] = definition;
  }
}

std::size_t SiteState::CountGood(base::UtcTime now) const {
  std::size_t good = 0;
  for (const auto& [no, definition] : points) {
    const Latest* found = latest.Find(no);
    if (!definition.retired && found != nullptr && IsGood(*found, definition.limit, now)) ++good;
  }
  return good;
}

std::size_t SiteState::CountMeters() const {
  std::set<std::string_view> meters;
  for (const auto& [no, definition] : points) {
    if (!definition.retired) meters.insert(definition.point.meter);
  }
  return meters.size();
}

base::Status Seed(SiteState& state, RecordLog& log, SiteNo site, int most_records) {
  YB_ASSIGN(const std::vector<PointDefinition> points, log.Points(site));
  std::set<metering::PointNo> missing;
  for (const PointDefinition& definition : points) {
    state.points[definition.point.no] = definition;
    if (!definition.retired) missing.insert(definition.point.no);
  }
  return log.ForNewestReadings(site, most_records, [&](std::span<const metering::Reading> readings) {
    for (const metering::Reading& reading : readings) {
      state.latest.Offer(reading);
      if (reading.value) missing.erase(reading.point);
    }
    return !missing.empty();
  });
}

}  // namespace yb::telemetry
