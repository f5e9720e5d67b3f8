#include "edge/web/uplink_route.hpp"

#include <nlohmann/json.hpp>

#include "core/api/uncached.hpp"
#include "core/api/why_words.hpp"
#include "core/http/error_response.hpp"

namespace yb::edge {
namespace {

using nlohmann::json;

json OrNull(const std::optional<base::UtcTime>& time) {
  return time ? json(time->micros) : json(nullptr);
}

json ToJson(const UplinkView& view, base::UtcTime now, bool zh) {
  const api::UplinkFacts& facts = view.facts;
  const auto in = [zh](const base::Words& words) { return zh ? words.zh : words.en; };
  api::Told told;
  if (facts.joined && !facts.connected) told = api::BrokerFault(facts.fault, facts.certificate_ends, now);
  if (facts.connected && !facts.central_answers) told = api::words::CentralSilent();
  if (!facts.joined) told.evidence = api::words::kNotJoined;
  json lanes = json::array();
  for (const LaneUplink& lane : view.lanes) {
    lanes.push_back({{"lane", sync::ToString(lane.lane)},
                     {"waiting", lane.waiting},
                     {"oldest_waiting_us", OrNull(lane.oldest_waiting)},
                     {"frames_sent", lane.frames_sent},
                     {"bytes_sent", lane.bytes_sent},
                     {"sessions", lane.sessions},
                     {"resent", lane.resent}});
  }
  return {{"now_us", now.micros},
          {"joined", facts.joined},
          {"broker", view.broker},
          {"connected", facts.connected},
          {"connected_since_us", OrNull(facts.connected_since)},
          {"central_answers", facts.central_answers},
          {"answers_since_us", OrNull(facts.answers_since)},
          {"evidence", in(told.evidence)},
          {"next", in(told.next)},
          {"certificate_ends_us", OrNull(facts.certificate_ends)},
          {"recycles", view.recycles},
          {"lanes", std::move(lanes)}};
}

}  // namespace

void AddUplinkRoute(http::Router& router, std::function<UplinkView()> view, const base::Clock& clock) {
  router.Add("GET", "/api/v1/uplink", http::kSignedIn, [view = std::move(view), &clock](const http::Request& request) {
    return api::AnswerUncached(ToJson(view(), clock.Now(), http::PrefersChinese(request)));
  });
}

}  // namespace yb::edge
