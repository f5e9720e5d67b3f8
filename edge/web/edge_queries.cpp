#include "edge/web/edge_queries.hpp"

#include <algorithm>

namespace yb::edge {

EdgeQueries::EdgeQueries(base::SiteId site, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
                         std::function<CentralLink()> link)
    : site_(std::move(site)), store_(store), log_(std::move(log)), link_(std::move(link)) {}

base::Status EdgeQueries::CheckSite(const base::SiteId& site) const {
  if (site == site_) return {};
  return base::Fail(base::ErrorCode::kNotFound, base::Words{"this box is site " + site_.text() + ", not " + site.text(),
                                                            "本机是站点 " + site_.text() + "，不是 " + site.text()});
}

std::vector<api::SiteSummary> EdgeQueries::Sites(base::UtcTime now) {
  api::SiteSummary summary =
      store_.state().With([&](const telemetry::SiteState& state) { return api::Summarize(site_, state, now); });
  const CentralLink central = link_();
  summary.link = central.link;
  summary.link_since = central.since;
  return {std::move(summary)};
}

base::Result<api::SiteMeters> EdgeQueries::Meters(const base::SiteId& site) {
  YB_TRY(CheckSite(site));
  return store_.state().With([&](const telemetry::SiteState& state) { return api::ListMeters(site_, state); });
}

base::Result<api::PointSeries> EdgeQueries::Readings(const base::SiteId& site, metering::PointNo point,
                                                     const telemetry::HistoryRequest& request) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  YB_ASSIGN(telemetry::History history, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return telemetry::ReadHistory(*log, store_.site_no(), definition, request);
  }));
  return api::PointSeries{std::move(definition), std::move(history)};
}

base::Result<std::vector<metering::Reading>> EdgeQueries::RawReadings(const base::SiteId& site, metering::PointNo point,
                                                                      base::UtcTime from, base::UtcTime to) {
  YB_TRY(Define(site, point));
  std::vector<metering::Reading> readings;
  YB_TRY(log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return log->ForEachReading(store_.site_no(), point, from, to,
                               [&](const metering::Reading& reading) { readings.push_back(reading); });
  }));
  std::ranges::stable_sort(readings, {}, &metering::Reading::time);
  return readings;
}

base::Result<std::vector<telemetry::Alarm>> EdgeQueries::Alarms(const base::SiteId& site, int most) {
  YB_TRY(CheckSite(site));
  return log_.With(
      [&](std::unique_ptr<telemetry::RecordLog>& log) { return log->NewestAlarms(store_.site_no(), most); });
}

base::Result<telemetry::PointDefinition> EdgeQueries::Define(const base::SiteId& site, metering::PointNo point) const {
  YB_TRY(CheckSite(site));
  return store_.state().With([&](const telemetry::SiteState& state) { return api::FindPoint(state, site_, point); });
}

base::Result<api::PointEvents> EdgeQueries::Events(const base::SiteId& site, metering::PointNo point,
                                                   base::UtcTime from, base::UtcTime to) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  YB_ASSIGN(telemetry::MeterEvents events, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return log->meters().Events(store_.site_no(), definition.point.meter, from, to);
  }));
  return api::SelectEvents(std::move(definition), std::move(events));
}

base::Result<api::PointConsumption> EdgeQueries::Consumption(const base::SiteId& site, metering::PointNo point,
                                                             base::UtcTime from, base::UtcTime to) {
  YB_ASSIGN(telemetry::PointDefinition definition, Define(site, point));
  std::vector<metering::Reading> readings;
  YB_ASSIGN(const telemetry::MeterEvents events,
            log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) -> base::Result<telemetry::MeterEvents> {
              YB_TRY(log->ForEachReading(store_.site_no(), point, from, to,
                                         [&](const metering::Reading& reading) { readings.push_back(reading); }));
              return log->meters().Events(store_.site_no(), definition.point.meter, from, to);
            }));
  return api::Consume(std::move(definition), std::move(readings), events);
}

base::Result<api::LaneHours> EdgeQueries::Hours(const base::SiteId& site, sync::Lane lane, base::UtcTime from,
                                                base::UtcTime to) {
  YB_TRY(CheckSite(site));
  return log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) -> base::Result<api::LaneHours> {
    YB_ASSIGN(const auto hours, telemetry::CompletenessLog(*log).HoursBetween(store_.site_no(), lane, from, to));
    api::LaneHours out{api::JudgeHours(hours, {}, {}), {}};
    if (lane != sync::Lane::kHistory) return out;
    YB_ASSIGN(const auto tombstones, log->series().Tombstones(store_.site_no()));
    out.declared = api::DeclareHours(tombstones, from, to);
    return out;
  });
}

base::Result<std::vector<api::SiteSync>> EdgeQueries::Sync() {
  api::SiteSync site{site_, {}, link_().link, {}};
  std::map<sync::Lane, telemetry::LaneProgress> lanes;
  store_.state().With([&](const telemetry::SiteState& state) {
    site.name = state.name;
    lanes = state.lanes;
  });
  for (const auto& [lane, progress] : lanes) {
    api::LaneSync out;
    out.progress = progress;
    out.epochs = store_.Outbox(lane);
    out.recovering = store_.Recovering(lane);
    YB_ASSIGN(out.hours, log_.With([&, of = lane](std::unique_ptr<telemetry::RecordLog>& log) {
      return telemetry::CompletenessLog(*log).Hours(store_.site_no(), of);
    }));
    if (lane == sync::Lane::kHistory) {
      YB_ASSIGN(out.tombstones, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
        return log->series().Tombstones(store_.site_no());
      }));
    }
    site.lanes.push_back(std::move(out));
  }
  return std::vector<api::SiteSync>{std::move(site)};
}

}  // namespace yb::edge
