#include "central/web/central_queries.hpp"

namespace yb::central {
namespace {

tl::unexpected<base::Error> NoSite(const base::SiteId& site) {
  return base::Fail(base::ErrorCode::kNotFound, "there is no site " + site.text());
}

}  // namespace

CentralQueries::CentralQueries(base::Guarded<SiteStates>& states, std::unique_ptr<CentralStore> store)
    : states_(states), store_(std::move(store)) {}

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
  YB_ASSIGN(telemetry::PointDefinition definition,
            states_.With([&](const SiteStates& states) -> base::Result<telemetry::PointDefinition> {
              const auto found = states.find(site);
              if (found == states.end()) return NoSite(site);
              return api::FindPoint(found->second, site, point);
            }));
  YB_ASSIGN(telemetry::History history, store_.With([&](std::unique_ptr<CentralStore>& store) {
    return store->ReadHistory(site, definition, request);
  }));
  return api::PointSeries{std::move(definition), std::move(history)};
}

}  // namespace yb::central
