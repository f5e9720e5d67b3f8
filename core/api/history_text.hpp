// The history of a point as the text of the schema Readings, without now_us: thousands of values cost more as JSON
// values than to write. Pure; any thread.
#pragma once

#include <string>

#include "core/api/site_queries.hpp"

namespace yb::api {

/// A JSON object.
[[nodiscard]] std::string HistoryText(const base::SiteId& site, const PointSeries& answer, base::UtcTime now);

}  // namespace yb::api
