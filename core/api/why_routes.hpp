// The route that says why a point has no value (core/contract/http-api.yaml). Both programs.
#pragma once

#include <functional>

#include "core/api/why_chain.hpp"
#include "core/http/router.hpp"

namespace yb::api {

/// What is known of a point now; kNotFound for a site or point that is not there. Called from any thread.
using FindWhyFacts = std::function<base::Result<WhyFacts>(const base::SiteId& site, metering::PointNo point)>;

/// Words are in the language that `lang` (zh, en) says, else in the one that the request prefers.
void AddWhyRoute(http::Router& router, FindWhyFacts find);

}  // namespace yb::api
