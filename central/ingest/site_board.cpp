#include "central/ingest/site_board.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "core/telemetry/history_record.hpp"

namespace yb::central {
namespace {

constexpr base::Duration kTick = std::chrono::seconds(1);
const base::Logger kLog("ingest");

}  // namespace

SiteBoard::SiteBoard(SiteBoardOptions options, base::Guarded<SiteStates>& states, IngestCounters& counters,
                     const base::Clock& clock)
    : options_(std::move(options)), states_(states), counters_(counters), clock_(clock) {}

void SiteBoard::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void SiteBoard::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SiteBoard::OnLive(const base::SiteId& site, base::ByteView payload) {
  const bool posted = messages_.Post({site, base::Bytes(payload.begin(), payload.end())}, options_.most_waiting);
  if (!posted) ++counters_.overflow;
}

void SiteBoard::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (const Message& message : messages_.Take(stop, kTick)) HandleLive(message);
  }
}

void SiteBoard::HandleLive(const Message& message) {
  const base::SiteId& site = message.site;
  Heard(site);
  const auto live = telemetry::DecodeLive(message.payload);
  if (!live) {
    ++counters_.rejected;
    kLog.Warn("unreadable live frame", {{"site", site.text()}, {"why", live.error().Describe()}});
    return;
  }
  const bool renamed = states_.With([&](SiteStates& states) {
    telemetry::SiteState& state = states[site];
    for (const metering::Reading& reading : live->readings) state.latest.Offer(reading);
    if (!live->lines.empty()) {
      state.lines = live->lines;
      state.lines_told = clock_.Now();
    }
    for (const telemetry::LaneTail& tail : live->tails) {
      telemetry::LaneProgress& progress = state.lanes[tail.lane];
      progress.lane = tail.lane;
      if (tail.epoch > progress.epoch) progress = {tail.lane, tail.epoch, 0, 0, progress.holes, std::nullopt};
      progress.last_known = std::max(progress.last_known, tail.last_seq);
      progress.oldest_waiting = tail.oldest_waiting.micros == 0 ? std::nullopt : std::optional(tail.oldest_waiting);
    }
    if (live->site_name.empty() || state.name == live->site_name) return false;
    state.name = live->site_name;
    return true;
  });
  ++counters_.live_frames;
  if (!renamed) return;
  names_.With([&](auto& names) { names[site] = live->site_name; });
  if (options_.on_named) options_.on_named();
}

void SiteBoard::Heard(const base::SiteId& site) {
  const bool anew = heard_.With([&](auto& heard) {
    heard[site] = clock_.Steady();
    return states_.With([&](SiteStates& states) {
      telemetry::SiteState& state = states[site];
      if (state.link == telemetry::Link::kOnline) return false;
      state.link = telemetry::Link::kOnline;
      state.link_since = clock_.Now();
      return true;
    });
  });
  if (anew && options_.on_heard) options_.on_heard(site);
}

void SiteBoard::NoteSilence() {
  heard_.With([&](const auto& heard) {
    const base::Monotonic now = clock_.Steady();
    for (const auto& [site, at] : heard) {
      const base::Duration silence = now - at;
      if (silence <= options_.offline_after) continue;
      states_.With([&, key = site](SiteStates& states) {
        telemetry::SiteState& state = states[key];
        if (state.link != telemetry::Link::kOnline) return;
        state.link = telemetry::Link::kOffline;
        state.link_since = clock_.Now() - silence;
      });
    }
  });
}

void SiteBoard::ShowCommitted(const base::SiteId& site, const sync::Frame& frame, std::size_t skip) {
  for (std::size_t i = skip; i < frame.bodies.size() && frame.lane == sync::Lane::kHistory; ++i) {
    // It was decoded when it was stored, so it can be decoded here; not under the lock, which live values and pages
    // need meanwhile.
    const auto record = telemetry::DecodeHistoryRecord(frame.bodies[i]);
    if (record) states_.With([&](SiteStates& states) { states[site].Apply(*record); });
  }
  states_.With([&](SiteStates& states) {
    telemetry::LaneProgress& progress = states[site].lanes[frame.lane];
    progress.lane = frame.lane;
    progress.epoch = frame.epoch;
    progress.committed = frame.last_seq();
    progress.last_known = std::max(progress.last_known, progress.committed);
    if (progress.committed >= progress.last_known) progress.oldest_waiting.reset();
  });
}

std::map<base::SiteId, std::string> SiteBoard::TakeNames() {
  return names_.With([](auto& names) { return std::exchange(names, {}); });
}

}  // namespace yb::central
