#include "central/ingest/ingest.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/topics.hpp"

namespace yb::central {
namespace {

using sync::Lane;
using sync::LaneReceiver;

constexpr base::Duration kTick = std::chrono::seconds(1);
/// Messages of one commit, packed; an alarm waits for one such commit at most.
constexpr std::size_t kMostBatchBytes = 4U << 20;
/// Bodies of one piece that a box asks back.
constexpr std::size_t kPieceBytes = 64U << 10;

const base::Logger kLog("ingest");

/// Alarms before the other lanes.
int Urgency(Lane lane) {
  return lane == Lane::kAlarm ? 0 : 1 + static_cast<int>(lane);
}

}  // namespace

/// What one group commit stores and, once it is synced, acknowledges.
struct Ingest::Batch {
  struct Placed {
    LaneKey key;
    sync::Frame frame;
    std::size_t skip = 0;  // records at its front that are stored already
  };
  std::vector<Placed> placed;
  std::set<std::pair<LaneKey, std::uint64_t>> to_acknowledge;  // lane and epoch
};

Ingest::Ingest(IngestOptions options, std::unique_ptr<CentralStore> store, base::Guarded<SiteStates>& states,
               const base::Clock& clock)
    : options_(std::move(options)),
      store_(std::move(store)),
      states_(states),
      clock_(clock),
      broker_(BrokerLink{false, clock.Now(), {}}),
      auditor_(
          options_.audit, *store_, clock_,
          [this](const LaneKey& key, const sync::Fetch& fetch) { Send(key, sync::EncodeDown(fetch)); },
          [this](const LaneKey& key) { ShowHoles(key); }),
      board_({options_.most_waiting, options_.offline_after, options_.on_heard, [this] { messages_.Wake(); }}, states_,
             counters_, clock_) {}

Ingest::~Ingest() {
  board_.Stop();
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  client_.reset();
}

base::Status Ingest::Start(const ConnectFunction& connect) {
  YB_ASSIGN(const std::vector<base::SiteId> sites, store_->Sites());
  for (const base::SiteId& site : sites) {
    telemetry::SiteState state;
    YB_TRY(store_->Seed(site, state));
    for (const Lane lane : sync::kKeptLanes) {
      YB_ASSIGN(const std::vector<sync::EpochPosition> positions, store_->Positions(site, lane));
      if (positions.empty()) continue;
      state.link = telemetry::Link::kOffline;  // until it is heard
      const sync::EpochPosition& newest = positions.back();
      state.lanes[lane] = {lane,        newest.epoch, newest.committed, newest.committed, CountHoles({site, lane}),
                           std::nullopt};
    }
    states_.With([&](SiteStates& states) { states.emplace(site, std::move(state)); });
  }
  YB_ASSIGN(client_, connect(*this));
  board_.Start();
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  return {};
}

void Ingest::OnConnected() {
  connected_ = true;
  broker_.With([&](BrokerLink& link) { link = {true, clock_.Now(), {}}; });
  if (options_.on_link) options_.on_link(true);
}

void Ingest::OnDisconnected(std::string_view reason) {
  connected_ = false;
  broker_.With([&](BrokerLink& link) { link = {false, clock_.Now(), {mqtt::FaultKind::kLost, std::string(reason)}}; });
  if (options_.on_link) options_.on_link(false);
}

void Ingest::OnConnectFailed(const mqtt::Fault& fault) {
  broker_.With([&](BrokerLink& link) { link.fault = fault; });
}

void Ingest::OnMessage(std::string_view topic, base::ByteView payload) {
  const auto parts = sync::ParseTopic(topic);
  if (!parts || !parts->up || parts->city != options_.city) {
    ++counters_.rejected;
    return;
  }
  if (!sync::IsTelemetry(parts->lane)) {
    if (options_.on_other) options_.on_other(parts->site, parts->lane, payload);
    return;
  }
  if (parts->lane == Lane::kLive) {
    board_.OnLive(parts->site, payload);
    return;
  }
  if (!messages_.Post({*parts, base::Bytes(payload.begin(), payload.end())}, options_.most_waiting)) {
    ++counters_.overflow;
  }
}

void Ingest::Run(const std::stop_token& stop) {
  std::map<int, std::deque<Message>> waiting;  // by urgency
  while (!stop.stop_requested()) {
    const bool idle = waiting.empty();
    for (Message& message : messages_.Take(stop, idle ? kTick : base::Duration(0))) {
      waiting[Urgency(message.topic.lane)].push_back(std::move(message));
    }
    if (!waiting.empty()) TakeIn(waiting);
    board_.NoteSilence();
    NameSites();
    TellBoxes();
    Audit();
  }
}

void Ingest::Tell(const base::SiteId& site, base::Bytes bytes) {
  to_tell_.With([&](auto& waiting) { waiting.emplace_back(site, std::move(bytes)); });
  messages_.Wake();
}

void Ingest::NameSites() {
  for (const auto& [site, name] : board_.TakeNames()) {
    const base::Status kept = store_->NameSite(site, name);
    if (!kept) kLog.Warn("the site's name is not kept", {{"site", site.text()}, {"why", kept.error().Describe()}});
  }
}

void Ingest::TellBoxes() {
  const auto waiting = to_tell_.With([](auto& all) { return std::exchange(all, {}); });
  for (const auto& [site, bytes] : waiting) Send({site, Lane::kAlarm}, bytes);
}

void Ingest::Audit() {
  auto wishes = wishes_.With([](std::vector<Wish>& waiting) { return std::exchange(waiting, {}); });
  for (const Wish& wish : wishes) auditor_.Want(wish.key, wish.epoch, wish.first, wish.last);
  auditor_.OnTick();
}

void Ingest::AskAgain(const base::SiteId& site, Lane lane, std::uint64_t epoch, std::uint64_t first,
                      std::uint64_t last) {
  wishes_.With([&](std::vector<Wish>& waiting) { waiting.push_back({{site, lane}, epoch, first, last}); });
  messages_.Wake();
}

std::uint64_t Ingest::CountHoles(const LaneKey& key) {
  std::uint64_t holes = 0;
  if (const auto damage = store_->DamageOf(key.site, key.lane)) {
    for (const telemetry::Damage& one : *damage) {
      if (one.state != telemetry::DamageState::kHealed) holes += one.rows;
    }
  }
  if (const auto missing = store_->Missing(key.site, key.lane)) {
    for (const telemetry::MissingRange& range : *missing) {
      if (range.reason == telemetry::MissingReason::kNoLongerHeld) holes += range.last - range.first + 1;
    }
  }
  return holes;
}

void Ingest::ShowHoles(const LaneKey& key) {
  const std::uint64_t holes = CountHoles(key);
  states_.With([&](SiteStates& states) { states[key.site].lanes[key.lane].holes = holes; });
}

void Ingest::TakeIn(std::map<int, std::deque<Message>>& waiting) {
  // One commit of the most urgent kind, then a look at what came meanwhile: a backlog never delays an alarm.
  const auto most_urgent = waiting.begin();
  std::deque<Message>& messages = most_urgent->second;
  Batch batch;
  std::size_t bytes = 0;
  while (!messages.empty() && bytes < kMostBatchBytes) {
    bytes += messages.front().payload.size();
    Handle(messages.front(), batch);
    messages.pop_front();
  }
  Commit(batch);
  if (messages.empty()) waiting.erase(most_urgent);
}

LaneReceiver& Ingest::Receiver(const LaneKey& key) {
  return receivers_.try_emplace(key, LaneReceiver(options_.credits)).first->second;
}

void Ingest::Handle(const Message& message, Batch& batch) {
  board_.Heard(message.topic.site);
  const LaneKey key{message.topic.site, message.topic.lane};
  auto up = sync::DecodeUp(message.payload);
  if (!up) {
    ++counters_.rejected;
    kLog.Warn("unreadable message",
              {{"site", key.site.text()}, {"lane", sync::ToString(key.lane)}, {"why", up.error().Describe()}});
    Send(key, sync::EncodeDown(Receiver(key).AskToReopen(0)));
    return;
  }
  if (auto* frame = std::get_if<sync::Frame>(&*up)) {
    HandleFrame(key, std::move(*frame), batch);
    return;
  }
  // What came before it in this batch must be in what it is told.
  Commit(batch);
  batch = {};
  if (const auto* hello = std::get_if<sync::Hello>(&*up)) HandleHello(key, *hello);
  if (const auto* fetch = std::get_if<sync::Fetch>(&*up)) HandleFetch(key, *fetch);
  if (const auto* resent = std::get_if<sync::Piece>(&*up)) {
    counters_.resent += resent->bodies.size();
    auditor_.OnResent(key, *resent);
  }
}

void Ingest::HandleHello(const LaneKey& key, const sync::Hello& hello) {
  auto opening = store_->OpenLane(key.site, key.lane, hello, clock_.Now());
  if (!opening) {
    kLog.Error("no session can be opened", {{"site", key.site.text()}, {"why", opening.error().Describe()}});
    return;  // the box asks again
  }
  if (opening->restored) {
    ++counters_.restores;
    kLog.Error("this central was set back to an older copy; the box sends again what it holds",
               {{"site", key.site.text()}, {"lane", sync::ToString(key.lane)}});
  }
  for (const telemetry::MissingRange& range : opening->newly_missing) {
    kLog.Error("records are missing", {{"site", key.site.text()},
                                       {"lane", sync::ToString(key.lane)},
                                       {"epoch", range.epoch},
                                       {"first", range.first},
                                       {"last", range.last},
                                       {"reason", telemetry::ToString(range.reason)}});
  }
  sync::Welcome welcome = Receiver(key).OnHello(hello, std::move(opening->positions));
  welcome.central_epoch = opening->central_epoch;
  Send(key, sync::EncodeDown(welcome));
  kLog.Info("session opened", {{"site", key.site.text()},
                               {"lane", sync::ToString(key.lane)},
                               {"committed", welcome.positions.empty() ? 0 : welcome.positions.back().committed}});
}

void Ingest::HandleFetch(const LaneKey& key, const sync::Fetch& fetch) {
  auto piece = store_->Answer(key.site, key.lane, fetch, kPieceBytes);
  if (!piece) {
    kLog.Warn("a box asks for what is not here", {{"site", key.site.text()}, {"why", piece.error().Describe()}});
    return;  // it opens anew
  }
  ++counters_.pieces;
  Send(key, sync::EncodeDown(*piece));
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
  const std::uint64_t before = receiver.Accepted(frame.epoch);
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
  const auto skip = static_cast<std::size_t>(before + 1 - frame.first_seq);
  batch.placed.push_back({key, std::move(frame), skip});
}

void Ingest::Commit(Batch& batch) {
  if (!batch.placed.empty()) {
    std::vector<RecordRun> runs;
    for (const Batch::Placed& placed : batch.placed) {
      runs.push_back({placed.key.site, placed.key.lane, placed.frame.epoch, placed.frame.first_seq + placed.skip,
                      std::span(placed.frame.bodies).subspan(placed.skip)});
    }
    const base::Status stored = store_->Commit(runs);
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
  for (const Batch::Placed& placed : batch.placed) board_.ShowCommitted(placed.key.site, placed.frame, placed.skip);
}

base::Status Ingest::Publish(const base::SiteId& site, Lane lane, base::ByteView payload) {
  return client_->Publish(sync::DownTopic(options_.city, site, lane), payload, mqtt::Qos::kAtLeastOnce);
}

void Ingest::Send(const LaneKey& key, const base::Bytes& bytes) {
  // Lost answers are asked for again by the box's time-outs.
  (void)client_->Publish(sync::DownTopic(options_.city, key.site, key.lane), bytes, mqtt::Qos::kAtLeastOnce);
}

}  // namespace yb::central
