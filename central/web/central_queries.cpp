#include "central/web/central_queries.hpp"

#include <algorithm>

namespace yb::central {
namespace {

tl::unexpected<base::Error> NoSite(const base::SiteId& site) {
  return base::Fail(base::ErrorCode::kNotFound,
                    base::Words{"there is no site " + site.text(), "没有站点 " + site.text()});
}

base::Status ReadLane(CentralStore& store, const base::SiteId& site, api::LaneSync& lane) {
  const sync::Lane which = lane.progress.lane;
  YB_ASSIGN(const auto positions, store.Positions(site, which));
  for (const sync::EpochPosition& position : positions) {
    lane.epochs.push_back({position.epoch, 1, position.committed, position.chain});
  }
  if (positions.empty()) return {};  // told of by live values only
  YB_ASSIGN(lane.missing, store.Missing(site, which));
  YB_ASSIGN(lane.damage, store.DamageOf(site, which));
  YB_ASSIGN(lane.hours, store.Hours(site, which));
  if (which == sync::Lane::kHistory) {
    YB_ASSIGN(lane.tombstones, store.Tombstones(site));
    lane.missing = api::Undeclared(lane.missing, lane.tombstones);
  }
  return {};
}

}  // namespace

CentralQueries::CentralQueries(base::Guarded<SiteStates>& states, std::unique_ptr<CentralStore> store,
                               ResendLeft resend_left)
    : states_(states), store_(std::move(store)), resend_left_(std::move(resend_left)) {}

std::vector<api::SiteSummary> CentralQueries::Sites(base::UtcTime now) {
  return states_.With([&](const SiteStates& states) {
    std::vector<api::SiteSummary> sites;
    for (const auto& [site, state] : states) sites.push_back(api::Summarize(site, state, now));
    return sites;
  });
}

base::Result<api::SiteMeters> CentralQueries::Meters(const base::SiteId& site) {
  return states_.With([&](const SiteStates& states) -> base::Result<api::SiteMeters> {
    const auto found = states.find(site);
    if (found == states.end()) return NoSite(site);
    return api::ListMeters(site, found->second);
  });
}

base::Result<api::PointSeries> CentralQueries::Readings(const base::SiteId& site, metering::PointNo point,
                                                        const telemetry::HistoryRequest& request) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  YB_ASSIGN(telemetry::History history, store_.With([&](std::unique_ptr<CentralStore>& store) {
    return store->ReadHistory(site, definition, request);
  }));
  return api::PointSeries{std::move(definition), std::move(history)};
}

base::Result<std::vector<metering::Reading>> CentralQueries::RawReadings(const base::SiteId& site,
                                                                         metering::PointNo point, base::UtcTime from,
                                                                         base::UtcTime to) {
  YB_TRY(Define(site, point));
  std::vector<metering::Reading> readings;
  YB_TRY(store_.With([&](std::unique_ptr<CentralStore>& store) {
    return store->ForEachReading(site, point, from, to,
                                 [&](const metering::Reading& reading) { readings.push_back(reading); });
  }));
  std::ranges::stable_sort(readings, {}, &metering::Reading::time);
  return readings;
}

base::Result<std::vector<telemetry::Alarm>> CentralQueries::Alarms(const base::SiteId& site, int most) {
  return store_.With([&](std::unique_ptr<CentralStore>& store) { return store->NewestAlarms(site, most); });
}

base::Result<telemetry::PointDefinition> CentralQueries::Define(const base::SiteId& site,
                                                                metering::PointNo point) const {
  return states_.With([&](const SiteStates& states) -> base::Result<telemetry::PointDefinition> {
    const auto found = states.find(site);
    if (found == states.end()) return NoSite(site);
    return api::FindPoint(found->second, site, point);
  });
}

base::Result<api::PointEvents> CentralQueries::Events(const base::SiteId& site, metering::PointNo point,
                                                      base::UtcTime from, base::UtcTime to) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  YB_ASSIGN(telemetry::MeterEvents events, store_.With([&](std::unique_ptr<CentralStore>& store) {
    return store->Events(site, definition.point.meter, from, to);
  }));
  return api::SelectEvents(std::move(definition), std::move(events));
}

base::Result<api::PointConsumption> CentralQueries::Consumption(const base::SiteId& site, metering::PointNo point,
                                                                base::UtcTime from, base::UtcTime to) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  std::vector<metering::Reading> readings;
  YB_ASSIGN(const telemetry::MeterEvents events,
            store_.With([&](std::unique_ptr<CentralStore>& store) -> base::Result<telemetry::MeterEvents> {
              YB_TRY(store->ForEachReading(site, point, from, to,
                                           [&](const metering::Reading& reading) { readings.push_back(reading); }));
              return store->Events(site, definition.point.meter, from, to);
            }));
  return api::Consume(std::move(definition), std::move(readings), events);
}

base::Result<api::WhyFacts> CentralQueries::Why(const base::SiteId& site, metering::PointNo point,
                                                api::CentralFacts central, base::UtcTime now) const {
  return states_.With([&](const SiteStates& states) -> base::Result<api::WhyFacts> {
    const auto found = states.find(site);
    if (found == states.end()) return NoSite(site);
    const telemetry::SiteState& state = found->second;
    api::WhyFacts facts;
    facts.now = now;
    YB_ASSIGN(facts.definition, api::FindPoint(state, site, point));
    if (const telemetry::Latest* latest = state.latest.Find(point)) facts.latest = *latest;
    const auto line = std::ranges::find(state.lines, facts.definition.point.line, &metering::LineState::line);
    if (line != state.lines.end()) facts.line = *line;
    central.box = state.link;
    central.box_since = state.link_since;
    central.lines_told = state.lines_told;
    facts.central = std::move(central);
    return facts;
  });
}

base::Result<std::vector<api::SiteSync>> CentralQueries::Sync() {
  std::vector<api::SiteSync> sites;
  states_.With([&](const SiteStates& states) {
    for (const auto& [site, state] : states) {
      sites.push_back({site, state.name, state.link, {}});
      for (const auto& [lane, progress] : state.lanes) sites.back().lanes.emplace_back().progress = progress;
    }
  });
  const base::Status read = store_.With([&](std::unique_ptr<CentralStore>& store) -> base::Status {
    for (api::SiteSync& site : sites) {
      for (api::LaneSync& lane : site.lanes) YB_TRY(ReadLane(*store, site.site, lane));
    }
    return {};
  });
  if (!read) return base::Fail(read.error());
  for (api::SiteSync& site : sites) {
    for (api::LaneSync& lane : site.lanes) lane.resend_left = resend_left_(site.site, lane.progress.lane);
  }
  return sites;
}

base::Result<api::LaneHours> CentralQueries::Hours(const base::SiteId& site, sync::Lane lane, base::UtcTime from,
                                                   base::UtcTime to) {
  return store_.With([&](std::unique_ptr<CentralStore>& store) -> base::Result<api::LaneHours> {
    YB_ASSIGN(const auto hours, store->HoursBetween(site, lane, from, to));
    YB_ASSIGN(const auto damage, store->DamageOf(site, lane));
    YB_ASSIGN(const auto missing, store->Missing(site, lane));
    if (lane != sync::Lane::kHistory) return api::LaneHours{api::JudgeHours(hours, damage, missing), {}};
    YB_ASSIGN(const auto tombstones, store->Tombstones(site));
    return api::LaneHours{api::JudgeHours(hours, damage, api::Undeclared(missing, tombstones)),
                          api::DeclareHours(tombstones, from, to)};
  });
}

base::Result<std::optional<telemetry::AppliedConfiguration>> CentralQueries::Configuration(const base::SiteId& site) {
  const bool known = states_.With([&](const SiteStates& states) { return states.contains(site); });
  if (!known) return NoSite(site);
  return store_.With([&](std::unique_ptr<CentralStore>& store) { return store->Configuration(site); });
}

}  // namespace yb::central
