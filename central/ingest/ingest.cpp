#include "central/ingest/ingest.hpp"

#include <algorithm>
#include <set>

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/topics.hpp"

namespace yb::central {
namespace {

using sync::Lane;
using sync::LaneReceiver;

constexpr base::Duration kTick = std::chrono::seconds(1);

const base::Logger kLog("ingest");

}  // namespace

/// What one group commit stores and, once it is synced, acknowledges.
struct Ingest::Batch {
  struct Placed {
    LaneKey key;
    sync::Frame frame;
  };
  std::vector<Placed> placed;
  std::set<std::pair<LaneKey, std::uint64_t>> to_acknowledge;  // lane and epoch
};

Ingest::Ingest(IngestOptions options, std::unique_ptr<CentralStore> store, base::Guarded<SiteStates>& states,
               const base::Clock& clock)
    : options_(std::move(options)), store_(std::move(store)), states_(states), clock_(clock) {}

Ingest::~Ingest() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  client_.reset();
}

base::Status Ingest::Start(const ConnectFunction& connect) {
  YB_ASSIGN(const std::vector<base::SiteId> sites, store_->Sites());
  for (const base::SiteId& site : sites) {
    telemetry::SiteState state;
    YB_TRY(store_->Seed(site, state));
    YB_ASSIGN(const std::vector<sync::EpochPosition> positions, store_->Positions(site, Lane::kHistory));
    if (!positions.empty()) {
      state.link = telemetry::Link::kOffline;  // until it is heard
      const sync::EpochPosition& newest = positions.back();
      state.lanes[Lane::kHistory] = {Lane::kHistory, newest.epoch, newest.committed, newest.committed, 0, std::nullopt};
    }
    states_.With([&](SiteStates& states) { states.emplace(site, std::move(state)); });
  }
  YB_ASSIGN(client_, connect(*this));
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  return {};
}

void Ingest::OnDisconnected(std::string_view) {
  connected_ = false;
}

void Ingest::OnMessage(std::string_view topic, base::ByteView payload) {
  if (!messages_.Post({std::string(topic), base::Bytes(payload.begin(), payload.end())}, options_.most_waiting)) {
    ++counters_.overflow;
  }
}

void Ingest::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::deque<Message> messages = messages_.Take(stop, kTick);
    Batch batch;
    for (const Message& message : messages) Handle(message, batch);
    Commit(batch);
    NoteSilence();
  }
}

LaneReceiver& Ingest::Receiver(const LaneKey& key) {
  return receivers_.try_emplace(key, LaneReceiver(options_.credits)).first->second;
}

void Ingest::Handle(const Message& message, Batch& batch) {
  const auto topic = sync::ParseTopic(message.topic);
  if (!topic || !topic->up || topic->city != options_.city) {
    ++counters_.rejected;
    return;
  }
  Heard(topic->site);
  if (topic->lane == Lane::kLive) {
    HandleLive(topic->site, message.payload);
    return;
  }
  const LaneKey key{topic->site, topic->lane};
  auto up = sync::DecodeUp(message.payload);
  if (!up) {
    ++counters_.rejected;
    kLog.Warn("unreadable message", {{"topic", message.topic}, {"why", up.error().Describe()}});
    Send(key, sync::EncodeDown(Receiver(key).AskToReopen(0)));
    return;
  }
  if (const auto* hello = std::get_if<sync::Hello>(&*up)) {
    // What came before it in this batch must be in the positions it is told.
    Commit(batch);
    batch = {};
    HandleHello(key, *hello);
    return;
  }
  HandleFrame(key, std::move(std::get<sync::Frame>(*up)), batch);
}

void Ingest::HandleHello(const LaneKey& key, const sync::Hello& hello) {
  auto positions = store_->Positions(key.site, key.lane);
  if (!positions) {
    kLog.Error("positions cannot be read", {{"site", key.site.text()}, {"why", positions.error().Describe()}});
    return;  // the box asks again
  }
  const sync::Welcome welcome = Receiver(key).OnHello(hello, std::move(*positions));
  Send(key, sync::EncodeDown(welcome));
  kLog.Info("session opened", {{"site", key.site.text()},
                               {"lane", sync::ToString(key.lane)},
                               {"committed", welcome.positions.empty() ? 0 : welcome.positions.back().committed}});
}

void Ingest::HandleFrame(const LaneKey& key, sync::Frame frame, Batch& batch) {
  // The topic is what the broker vouches for; a frame that names another site is refused.
  if (frame.site != key.site.text() || frame.city != options_.city.text() || frame.lane != key.lane) {
    ++counters_.rejected;
    kLog.Warn("a frame names another origin than its topic", {{"site", key.site.text()}, {"frame", frame.site}});
    return;
  }
  ++counters_.frames;
  LaneReceiver& receiver = Receiver(key);
  switch (receiver.OnFrame(frame)) {
    case LaneReceiver::Verdict::kReopen:
      ++counters_.reopens;
      Send(key, sync::EncodeDown(receiver.AskToReopen(frame.session)));
      return;
    case LaneReceiver::Verdict::kDuplicate:
      ++counters_.duplicates;
      batch.to_acknowledge.emplace(key, frame.epoch);
      return;
    case LaneReceiver::Verdict::kApply:
    case LaneReceiver::Verdict::kApplyRest: break;
  }
  batch.to_acknowledge.emplace(key, frame.epoch);
  batch.placed.push_back({key, std::move(frame)});
}

void Ingest::Commit(Batch& batch) {
  base::Result<std::vector<StoredRecord>> stored;
  if (!batch.placed.empty()) {
    std::vector<RecordRun> runs;
    for (const Batch::Placed& placed : batch.placed) {
      runs.push_back({placed.key.site, placed.key.lane, placed.frame.epoch, placed.frame.first_seq, placed.frame.bodies,
                      placed.frame.spans});
    }
    stored = store_->Commit(runs);
    if (!stored) {
      ++counters_.commit_failures;
      kLog.Error("commit failed, nothing is acknowledged",
                 {{"frames", runs.size()}, {"why", stored.error().Describe()}});
      for (const Batch::Placed& placed : batch.placed) {
        Receiver(placed.key).OnStoreFailed();
        Send(placed.key, sync::EncodeDown(Receiver(placed.key).AskToReopen(placed.frame.session)));
      }
      return;
    }
    ++counters_.commits;
    for (const RecordRun& run : runs) counters_.records += run.bodies.size();
  }
  for (const auto& [key, epoch] : batch.to_acknowledge) Send(key, sync::EncodeDown(Receiver(key).Acknowledge(epoch)));
  if (batch.placed.empty()) return;
  states_.With([&](SiteStates& states) {
    for (const StoredRecord& record : *stored) states[record.site].Apply(record.record);
    for (const Batch::Placed& placed : batch.placed) {
      telemetry::LaneProgress& progress = states[placed.key.site].lanes[placed.key.lane];
      progress.lane = placed.key.lane;
      progress.epoch = placed.frame.epoch;
      progress.committed = placed.frame.last_seq();
      progress.last_known = std::max(progress.last_known, progress.committed);
      if (progress.committed >= progress.last_known) progress.oldest_waiting.reset();
    }
  });
}

void Ingest::HandleLive(const base::SiteId& site, base::ByteView payload) {
  const auto live = telemetry::DecodeLive(payload);
  if (!live) {
    ++counters_.rejected;
    kLog.Warn("unreadable live frame", {{"site", site.text()}, {"why", live.error().Describe()}});
    return;
  }
  ++counters_.live_frames;
  const bool renamed = states_.With([&](SiteStates& states) {
    telemetry::SiteState& state = states[site];
    for (const metering::Reading& reading : live->readings) state.latest.Offer(reading);
    for (const telemetry::LaneTail& tail : live->tails) {
      telemetry::LaneProgress& progress = state.lanes[tail.lane];
      progress.lane = tail.lane;
      if (tail.epoch > progress.epoch) progress = {tail.lane, tail.epoch, 0, 0, 0, std::nullopt};
      progress.last_known = std::max(progress.last_known, tail.last_seq);
      progress.oldest_waiting = tail.oldest_waiting.micros == 0 ? std::nullopt : std::optional(tail.oldest_waiting);
    }
    if (live->site_name.empty() || state.name == live->site_name) return false;
    state.name = live->site_name;
    return true;
  });
  if (!renamed) return;
  const base::Status named = store_->NameSite(site, live->site_name);
  if (!named) kLog.Warn("the site's name is not kept", {{"site", site.text()}, {"why", named.error().Describe()}});
}

void Ingest::Heard(const base::SiteId& site) {
  heard_[site] = clock_.Steady();
  states_.With([&](SiteStates& states) {
    telemetry::SiteState& state = states[site];
    if (state.link == telemetry::Link::kOnline) return;
    state.link = telemetry::Link::kOnline;
    state.link_since = clock_.Now();
  });
}

void Ingest::NoteSilence() {
  const base::Monotonic now = clock_.Steady();
  for (const auto& [site, heard] : heard_) {
    const base::Duration silence = now - heard;
    if (silence <= options_.offline_after) continue;
    states_.With([&, key = site](SiteStates& states) {
      telemetry::SiteState& state = states[key];
      if (state.link != telemetry::Link::kOnline) return;
      state.link = telemetry::Link::kOffline;
      state.link_since = clock_.Now() - silence;
    });
  }
}

void Ingest::Send(const LaneKey& key, const base::Bytes& bytes) {
  // Lost answers are asked for again by the box's time-outs.
  (void)client_->Publish(sync::DownTopic(options_.city, key.site, key.lane), bytes, mqtt::Qos::kAtLeastOnce);
}

}  // namespace yb::central
