#include "edge/web/edge_queries.hpp"

namespace yb::edge {

EdgeQueries::EdgeQueries(base::SiteId site, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
                         std::function<CentralLink()> link)
    : site_(std::move(site)), store_(store), log_(std::move(log)), link_(std::move(link)) {}

base::Status EdgeQueries::CheckSite(const base::SiteId& site) const {
  if (site == site_) return {};
  return base::Fail(base::ErrorCode::kNotFound, "this box is site " + site_.text() + ", not " + site.text());
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
  YB_TRY(CheckSite(site));
  YB_ASSIGN(telemetry::PointDefinition definition, store_.state().With([&](const telemetry::SiteState& state) {
    return api::FindPoint(state, site_, point);
  }));
  YB_ASSIGN(telemetry::History history, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return telemetry::ReadHistory(*log, store_.site_no(), definition, request);
  }));
  return api::PointSeries{std::move(definition), std::move(history)};
}

}  // namespace yb::edge
