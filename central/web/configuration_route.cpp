#include "central/web/configuration_route.hpp"

#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/http/error_response.hpp"

namespace yb::central {
namespace {

using nlohmann::json;

json ToJson(const telemetry::AppliedConfiguration& applied) {
  std::size_t points = 0;
  json meters = json::array();
  for (const telemetry::AppliedMeter& meter : applied.meters) {
    points += meter.points.size();
    meters.push_back({{"meter", meter.key},
                      {"line", meter.line},
                      {"protocol", meter.protocol},
                      {"address", meter.address},
                      {"profile", meter.profile},
                      {"ct", meter.ct.ToString()},
                      {"pt", meter.pt.ToString()},
                      {"interval_us", meter.interval.count()}});
  }
  return {{"version", applied.version},
          {"applied_us", applied.applied.micros},
          {"points", points},
          {"meters", std::move(meters)}};
}

base::Result<json> Show(const http::Request& request, CentralQueries& queries, base::UtcTime now) {
  YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(request.path_parameters.at("site")));
  YB_ASSIGN(const auto applied, queries.Configuration(site));
  return json{{"now_us", now.micros}, {"site", site.text()}, {"applied", applied ? ToJson(*applied) : json(nullptr)}};
}

}  // namespace

void AddConfigurationRoute(http::Router& router, CentralQueries& queries, const base::Clock& clock) {
  router.Add("GET", "/api/v1/sites/{site}/configuration", http::kSignedIn,
             [&queries, &clock](const http::Request& request) {
               return api::AnswerUncached(Show(request, queries, clock.Now()));
             });
}

}  // namespace yb::central
