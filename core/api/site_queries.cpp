#include "core/api/site_queries.hpp"

#include <algorithm>
#include <map>

namespace yb::api {

SiteSummary Summarize(const base::SiteId& site, const telemetry::SiteState& state, base::UtcTime now) {
  SiteSummary summary{site,
                      state.name.empty() ? site.text() : state.name,
                      state.link,
                      state.link_since,
                      state.latest.newest(),
                      state.CountMeters(),
                      0,
                      state.CountGood(now),
                      {}};
  summary.points = static_cast<std::size_t>(
      std::ranges::count_if(state.points, [](const auto& entry) { return !entry.second.retired; }));
  for (const auto& [lane, progress] : state.lanes) summary.lanes.push_back(progress);
  std::map<metering::Utility, SiteSummary::Utility> utilities;
  for (const auto& [no, definition] : state.points) {
    if (definition.retired) continue;
    SiteSummary::Utility& one = utilities[definition.point.utility];
    one.utility = definition.point.utility;
    ++one.points;
    const telemetry::Latest* latest = state.latest.Find(no);
    if (latest != nullptr && telemetry::IsGood(*latest, definition.limit, now)) ++one.points_good;
  }
  for (const auto& [utility, one] : utilities) summary.utilities.push_back(one);
  return summary;
}

SiteMeters ListMeters(const base::SiteId& site, const telemetry::SiteState& state) {
  SiteMeters list{site, state.name.empty() ? site.text() : state.name, {}};
  for (const auto& [no, definition] : state.points) {
    if (definition.retired) continue;
    const metering::Point& point = definition.point;
    auto meter = std::ranges::find(list.meters, point.meter, &MeterSummary::meter);
    if (meter == list.meters.end()) {
      meter = list.meters.insert(list.meters.end(), {point.meter, point.meter_name, point.utility, point.line, {}});
    }
    const telemetry::Latest* latest = state.latest.Find(no);
    meter->points.push_back({definition, latest == nullptr ? std::nullopt : std::optional(*latest)});
  }
  return list;
}

base::Result<telemetry::PointDefinition> FindPoint(const telemetry::SiteState& state, const base::SiteId& site,
                                                   metering::PointNo point) {
  const auto found = state.points.find(point);
  if (found == state.points.end()) {
    return base::Fail(base::ErrorCode::kNotFound,
                      base::Words{"site " + site.text() + " has no point " + std::to_string(point),
                                  "站点 " + site.text() + " 没有测点 " + std::to_string(point)});
  }
  return found->second;
}

PointEvents SelectEvents(telemetry::PointDefinition definition, telemetry::MeterEvents of_meter) {
  std::erase_if(of_meter, [&](const metering::MeterEvent& event) {
    return event.point != 0 && event.point != definition.point.no;
  });
  return {std::move(definition), std::move(of_meter)};
}

base::Result<PointConsumption> Consume(telemetry::PointDefinition definition, std::vector<metering::Reading> readings,
                                       const telemetry::MeterEvents& of_meter) {
  if (definition.point.kind != metering::PointKind::kRegister) {
    return base::Fail(
        base::ErrorCode::kInvalidArgument,
        base::Words{"point " + definition.point.key + " is a gauge", "测点 " + definition.point.key + " 不是累计量"},
        base::Words{"consumption is derived from registers only", "只有累计量才有用量"});
  }
  YB_ASSIGN(metering::Consumption consumption, metering::Consume(definition.rules, std::move(readings), of_meter));
  return PointConsumption{std::move(definition), std::move(consumption)};
}

}  // namespace yb::api
