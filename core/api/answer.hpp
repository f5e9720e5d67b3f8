// What the routes of core/api share: reading a point's number from a path, and answering with an entity tag.
// Pure functions; any thread.
#pragma once

#include <string>

#include "core/domain/metering/reading.hpp"
#include "core/http/http_server.hpp"

namespace yb::api {

/// `{point}` of the path; kInvalidArgument for what is no point number.
[[nodiscard]] base::Result<metering::PointNo> ReadPoint(const http::Request& request);

/// `body` with a tag over `tagged`, which is the body without what alone does not count as a change (`now_us`).
[[nodiscard]] http::Response AnswerTagged(const http::Request& request, std::string body, const std::string& tagged);

}  // namespace yb::api
