// The route of a box's uplink (上行), see core/contract/http-api.yaml. A box only.
#pragma once

#include <functional>

#include "core/api/why_chain.hpp"
#include "core/http/router.hpp"
#include "core/sync/lane.hpp"

namespace yb::edge {

struct LaneUplink {
  sync::Lane lane = sync::Lane::kHistory;
  std::uint64_t waiting = 0;  // records that central has not acknowledged
  std::optional<base::UtcTime> oldest_waiting;
  std::uint64_t frames_sent = 0;  // since the start, as below
  std::uint64_t sessions = 0;
  std::uint64_t resent = 0;
  std::uint64_t bytes_sent = 0;
};

struct UplinkView {
  api::UplinkFacts facts;
  std::string broker;  // "mqtts://broker.example:8883"; empty before the box has joined
  std::uint64_t recycles = 0;
  std::vector<LaneUplink> lanes;
};

/// `view` may be called from any thread. Words are in the language that the request prefers.
void AddUplinkRoute(http::Router& router, std::function<UplinkView()> view, const base::Clock& clock);

}  // namespace yb::edge
