#include "edge/uplink/uplink.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/sync/topics.hpp"

namespace yb::edge {
namespace {

using sync::Lane;

constexpr base::Duration kLookAtLines = std::chrono::seconds(1);
constexpr std::size_t kMostEvents = 10'000;  // acknowledgements are few; beyond this something is broken above us

const base::Logger kLog("uplink");

/// One lane of the box's store, for sending. `log` is read only.
class StoreOutbox final : public sync::Outbox {
 public:
  StoreOutbox(EdgeStore& store, telemetry::RecordLog& log, Lane lane) : store_(store), log_(log), lane_(lane) {}

  std::vector<sync::EpochRange> Ranges() override { return store_.Outbox(lane_); }
  bool Recovering() override { return store_.Recovering(lane_); }
  base::Result<std::vector<base::Bytes>> ReadBodies(sync::Position from, std::size_t most_bytes) override {
    return log_.ReadBodies(store_.site_no(), lane_, from, most_bytes);
  }
  std::optional<sync::Chain> ChainAt(sync::Position at) override {
    const auto chain = log_.ChainAt(store_.site_no(), lane_, at);
    if (chain && *chain) return *chain;
    for (const sync::EpochRange& range : store_.Outbox(lane_)) {
      if (range.epoch == at.epoch && range.first == at.seq + 1) return range.chain_before;
    }
    return std::nullopt;
  }
  base::Result<sync::Piece> Answer(const sync::Fetch& wanted, std::size_t most_bytes) override {
    for (const sync::EpochRange& range : store_.Outbox(lane_)) {
      if (range.epoch != wanted.epoch) continue;
      const telemetry::EpochHead head{range.epoch, range.last,  range.acked,
                                      range.chain, range.first, range.chain_before};
      return log_.Answer(store_.site_no(), lane_, head, wanted, most_bytes);
    }
    return base::Fail(base::ErrorCode::kNotFound, "no such epoch");
  }
  void OnAcknowledged(sync::Position at, const sync::Chain& /*chain*/) override { store_.OnAcknowledged(lane_, at); }
  base::Status Cut(std::span<const sync::Cut> cuts) override { return store_.Cut(lane_, cuts); }
  base::Status StoreFetched(const sync::Piece& piece) override { return store_.StoreFetched(lane_, piece); }
  base::Status Finish() override { return store_.Finish(lane_); }

 private:
  EdgeStore& store_;
  telemetry::RecordLog& log_;
  const Lane lane_;
};

}  // namespace

Uplink::Uplink(UplinkOptions options, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
               const base::Clock& clock)
    : options_(std::move(options)), store_(store), log_(std::move(log)), clock_(clock) {
  status_.With([&](UplinkStatus& status) { status.connected_since = clock_.Now(); });
  for (const Lane lane : sync::kKeptLanes) {
    lanes_.emplace_back(sync::LaneLinkOptions{options_.city, options_.site, lane, options_.sender, options_.frames},
                        std::make_unique<StoreOutbox>(store_, *log_, lane), clock_,
                        [this, topic = sync::UpTopic(options_.city, options_.site, lane)](base::ByteView bytes) {
                          return client_->Publish(topic, bytes, mqtt::Qos::kAtLeastOnce);
                        });
  }
}

Uplink::~Uplink() {
  store_.SetOnNews(nullptr);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  client_.reset();
}

base::Status Uplink::Start(const ConnectFunction& connect) {
  YB_ASSIGN(client_, connect(*this));
  store_.SetOnNews([this] { events_.Wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  return {};
}

base::Status Uplink::Publish(Lane lane, base::ByteView payload) {
  return client_->Publish(sync::UpTopic(options_.city, options_.site, lane), payload, mqtt::Qos::kAtLeastOnce);
}

UplinkStatus Uplink::status() const {
  return status_.With([](const UplinkStatus& status) { return status; });
}

void Uplink::OnConnected() {
  events_.Post(Connected{});
  if (options_.on_link) options_.on_link(true);
}
void Uplink::OnDisconnected(std::string_view reason) {
  events_.Post(Disconnected{std::string(reason)});
  if (options_.on_link) options_.on_link(false);
}
void Uplink::OnConnectFailed(const mqtt::Fault& fault) {
  status_.With([&](UplinkStatus& status) { status.fault = fault; });
}
void Uplink::OnMessage(std::string_view topic, base::ByteView payload) {
  if (options_.on_other) {
    const auto parts = sync::ParseTopic(topic);
    if (parts && !sync::IsTelemetry(parts->lane)) {
      options_.on_other(parts->lane, payload);
      return;
    }
  }
  // One that finds no room is as one that was lost on the way: the sender times out and opens anew.
  (void)events_.Post(Message{std::string(topic), base::Bytes(payload.begin(), payload.end())}, kMostEvents);
}

void Uplink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    base::Duration wait = UntilLive();
    for (const sync::LaneLink& lane : lanes_) {
      if (const auto wake_at = lane.WakeAt()) wait = std::min(wait, *wake_at - clock_.Steady());
    }
    const std::deque<Event> events = events_.Take(stop, std::max(wait, base::Duration(0)));
    for (const Event& event : events) Handle(event);
    DriveLanes();
    ShowStatus();
  }
}

void Uplink::Handle(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    connected_ = true;
    send_all_live_ = true;
    for (sync::LaneLink& lane : lanes_) lane.OnConnected(base::DrawNumber());
    status_.With([&](UplinkStatus& status) {
      status.connected = true;
      status.connected_since = clock_.Now();
      status.fault = {};
    });
  } else if (const auto* lost = std::get_if<Disconnected>(&event)) {
    connected_ = false;
    for (sync::LaneLink& lane : lanes_) lane.OnDisconnected();
    status_.With([&](UplinkStatus& status) {
      status.connected = false;
      status.connected_since = clock_.Now();
      status.fault = {mqtt::FaultKind::kLost, lost->reason};
    });
  } else {
    HandleDown(std::get<Message>(event));
  }
}

void Uplink::HandleDown(const Message& message) {
  const auto topic = sync::ParseTopic(message.topic);
  if (!topic) return;
  const auto lane = std::ranges::find(lanes_, topic->lane, &sync::LaneLink::lane);
  if (topic->lane == Lane::kAlarm) {
    auto act = telemetry::DecodeDownAct(message.payload);
    if (act && *act) {
      if (options_.on_alarm_act) options_.on_alarm_act(std::move(**act));
      return;
    }
  }
  if (lane != lanes_.end()) lane->OnMessage(message.payload);  // else a lane of a later version: not ours to judge
}

void Uplink::DriveLanes() {
  // From the first again after each message, so that what is urgent never waits for more than one of the others. What
  // is live comes behind the alarms and before the history.
  for (std::size_t i = 0; i < lanes_.size();) {
    if (i == 1 && UntilLive() <= base::Duration(0)) SendLive();
    switch (lanes_[i].Step()) {
      case sync::LaneLink::Did::kNothing: ++i; break;
      case sync::LaneLink::Did::kSomething: i = 0; break;
      case sync::LaneLink::Did::kAskedToRecycle:
        kLog.Warn("nothing comes back from central, connecting anew", {{"lane", sync::ToString(lanes_[i].lane())}});
        status_.With([](UplinkStatus& status) { ++status.recycles; });
        client_->Recycle();
        break;
    }
  }
}

void Uplink::ShowStatus() {
  SetAnswers(std::ranges::any_of(lanes_, &sync::LaneLink::open));
  std::uint64_t sessions = 0;
  for (const sync::LaneLink& lane : lanes_) sessions += lane.counters().sessions;
  // A session that opens may be that of a central that has begun anew and knows no live values.
  send_all_live_ = send_all_live_ || sessions != sessions_;
  sessions_ = sessions;
  status_.With([this](UplinkStatus& status) {
    for (const sync::LaneLink& lane : lanes_) status.lanes[lane.lane()] = lane.counters();
  });
}

std::vector<telemetry::LaneTail> Uplink::Tails() const {
  return store_.state().With([](const telemetry::SiteState& state) {
    std::vector<telemetry::LaneTail> tails;
    for (const auto& [lane, progress] : state.lanes) {
      tails.push_back({lane, progress.epoch, progress.last_known, progress.oldest_waiting.value_or(base::UtcTime{})});
    }
    return tails;
  });
}

base::Duration Uplink::UntilLive() const {
  if (!connected_) return kLookAtLines;
  const bool waits = send_all_live_ || store_.LiveWaits();
  return (waits ? next_live_ : std::max(next_live_, next_look_at_lines_)) - clock_.Steady();
}

void Uplink::SendLive() {
  const base::Monotonic now = clock_.Steady();
  if (send_all_live_) next_lines_ = next_look_at_lines_ = now;
  telemetry::LiveFrame frame{clock_.Now(), options_.site_name, store_.TakeLive(), Tails(), LinesToTell(now)};
  if (send_all_live_) {
    send_all_live_ = false;
    store_.state().With([&](const telemetry::SiteState& state) {
      for (const auto& [no, latest] : state.latest.all()) {
        if (latest.value) frame.readings.push_back(*latest.value);
        if (!latest.attempt.value) frame.readings.push_back(latest.attempt);
      }
    });
  }
  if (frame.readings.empty() && frame.lines.empty() && now < next_sign_of_life_) return;
  next_live_ = now + options_.live_interval;
  next_sign_of_life_ = now + options_.sign_of_life;
  // Quality of service 0: a lost value is replaced by the next one, and a repeated one would only be older.
  (void)client_->Publish(sync::UpTopic(options_.city, options_.site, Lane::kLive), telemetry::EncodeLive(frame),
                         mqtt::Qos::kAtMostOnce);
}

std::vector<metering::LineState> Uplink::LinesToTell(base::Monotonic now) {
  if (now < next_look_at_lines_) return {};
  next_look_at_lines_ = now + kLookAtLines;
  if (!options_.lines) return {};
  std::vector<metering::LineState> lines = options_.lines();
  if (now < next_lines_ && metering::SaysTheSame(lines, told_lines_)) return {};
  next_lines_ = now + options_.lines_interval;
  told_lines_ = lines;
  return lines;
}

void Uplink::SetAnswers(bool answers) {
  const bool changed = status_.With([&](UplinkStatus& status) {
    if (status.central_answers == answers) return false;  // silent since the start: it never answered
    status.central_answers = answers;
    status.since = clock_.Now();
    return true;
  });
  if (changed && answers) kLog.Info("central answers");
}

}  // namespace yb::edge
