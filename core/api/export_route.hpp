// The route that exports one point as a table (core/contract/http-api.yaml, exportReadings): CSV in UTF-8 with BOM,
// made and sent piece by piece, so that a year needs no more memory than a day.
#pragma once

#include "core/api/site_queries.hpp"
#include "core/http/router.hpp"

namespace yb::api {

/// Both programs. The references outlive the router.
void AddExportRoute(http::Router& router, SiteQueries& queries, const base::Clock& clock);

}  // namespace yb::api
