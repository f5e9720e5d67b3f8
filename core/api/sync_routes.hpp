// The routes that tell how complete what was synchronised is, and have it sent again (core/contract/http-api.yaml).
#pragma once

#include <functional>

#include "core/api/hour_states.hpp"
#include "core/api/site_queries.hpp"
#include "core/http/router.hpp"

namespace yb::api {

/// Both programs. The references outlive the router.
void AddSyncStatusRoute(http::Router& router, SiteQueries& queries, const base::Clock& clock);

/// Hours of a lane with from ≤ hour < to. kNotFound for a site or lane that is not there.
using FindHours = std::function<base::Result<LaneHours>(const base::SiteId& site, sync::Lane lane, base::UtcTime from,
                                                        base::UtcTime to)>;
/// Both programs.
void AddHoursRoute(http::Router& router, FindHours find, const base::Clock& clock);

/// Has a box send the records first…last of an epoch again.
using AskAgain = std::function<void(const base::SiteId& site, sync::Lane lane, std::uint64_t epoch, std::uint64_t first,
                                    std::uint64_t last)>;
/// Central only.
void AddResendRoute(http::Router& router, SiteQueries& queries, AskAgain ask_again);

}  // namespace yb::api
