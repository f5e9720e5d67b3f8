// The route that tells which configuration a box has reported as applied, see core/contract/http-api.yaml.
#pragma once

#include "central/web/central_queries.hpp"
#include "core/http/router.hpp"

namespace yb::central {

/// The references outlive the router.
void AddConfigurationRoute(http::Router& router, CentralQueries& queries, const base::Clock& clock);

}  // namespace yb::central
