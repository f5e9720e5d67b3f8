// What the routes of core/api share: reading what a question about a point names, and answering with an entity tag.
// Pure functions; any thread.
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/domain/metering/reading.hpp"
#include "core/http/http_server.hpp"
#include "core/telemetry/rollup.hpp"

namespace yb::api {

/// `{point}` of the path; kInvalidArgument for what is no point number.
[[nodiscard]] base::Result<metering::PointNo> ReadPoint(const http::Request& request);

/// A whole number of the query; `absent` where it is not there, which is a fault without one.
[[nodiscard]] base::Result<std::int64_t> ReadWhole(const http::Request& request, const std::string& name,
                                                   std::int64_t least, std::int64_t most,
                                                   std::optional<std::int64_t> absent);

struct PointSpan {
  base::SiteId site;
  metering::PointNo point = 0;
  base::UtcTime from;
  base::UtcTime to;
};
/// `{site}`, `{point}`, from_us and to_us, at most 400 days apart.
[[nodiscard]] base::Result<PointSpan> ReadPointSpan(const http::Request& request);

/// `step` of the query; raw where it is absent.
[[nodiscard]] base::Result<telemetry::Resolution> ReadStep(const http::Request& request);

/// A share of 0 to 1 with three digits, cut and never rounded up: 1.000 is said of all alone.
[[nodiscard]] std::string ShareText(double share);

/// `body` with a tag over `tagged`, which is the body without what alone does not count as a change (`now_us`).
[[nodiscard]] http::Response AnswerTagged(const http::Request& request, std::string body, const std::string& tagged);

}  // namespace yb::api
