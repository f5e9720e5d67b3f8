// The routes that both programs serve (core/contract/http-api.yaml): about, sites, meters, readings, metrics, pages.
#pragma once

#include "core/api/alarm_queries.hpp"
#include "core/api/day_use.hpp"
#include "core/api/site_queries.hpp"
#include "core/http/router.hpp"
#include "core/metrics/metrics.hpp"

namespace yb::api {

struct About {
  std::string program;  // "edge" or "central"
  std::string version;
  std::string city;
  std::string site;       // a box only
  std::string site_name;  // a box only
};

/// The references outlive the router.
void AddSiteRoutes(http::Router& router, About about, SiteQueries& queries, AlarmQueries& alarms, const DayUse& use,
                   metrics::Metrics& metrics, const base::Clock& clock);

}  // namespace yb::api
