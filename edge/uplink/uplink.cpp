#include "edge/uplink/uplink.hpp"

#include <algorithm>
#include <random>

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/topics.hpp"

namespace yb::edge {
namespace {

using sync::Lane;
using sync::LaneSender;

constexpr std::size_t kMostEvents = 10'000;  // acknowledgements are few; beyond this something is broken above us

const base::Logger kLog("uplink");

std::uint64_t Random() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

Uplink::Uplink(UplinkOptions options, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
               const base::Clock& clock)
    : options_(std::move(options)), store_(store), log_(std::move(log)), clock_(clock), sender_(options_.sender) {}

Uplink::~Uplink() {
  store_.SetOnCommit(nullptr);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  client_.reset();
}

base::Status Uplink::Start(const ConnectFunction& connect) {
  YB_ASSIGN(client_, connect(*this));
  store_.SetOnCommit([this] { events_.Wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  return {};
}

UplinkStatus Uplink::status() const {
  return status_.With([](const UplinkStatus& status) { return status; });
}

void Uplink::OnConnected() {
  events_.Post(Connected{});
}
void Uplink::OnDisconnected(std::string_view reason) {
  events_.Post(Disconnected{std::string(reason)});
}
void Uplink::OnMessage(std::string_view topic, base::ByteView payload) {
  // One that finds no room is as one that was lost on the way: the sender times out and opens anew.
  (void)events_.Post(Message{std::string(topic), base::Bytes(payload.begin(), payload.end())}, kMostEvents);
}

void Uplink::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    base::Duration wait = next_live_ - clock_.Steady();
    if (const auto wake_at = sender_.WakeAt()) wait = std::min(wait, *wake_at - clock_.Steady());
    const std::deque<Event> events = events_.Take(stop, std::max(wait, base::Duration(0)));
    for (const Event& event : events) Handle(event);
    DriveSender();
    if (clock_.Steady() >= next_live_) {
      next_live_ = clock_.Steady() + options_.live_interval;
      SendLive();
    }
  }
}

void Uplink::Handle(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    connected_ = true;
    send_all_live_ = true;
    sender_.OnConnected(clock_.Steady(), Random());
    status_.With([](UplinkStatus& status) { status.connected = true; });
  } else if (const auto* lost = std::get_if<Disconnected>(&event)) {
    connected_ = false;
    sender_.OnDisconnected();
    status_.With([&](UplinkStatus& status) {
      status.connected = false;
      status.reason = lost->reason;
    });
    SetAnswers(false);
  } else {
    HandleDown(std::get<Message>(event));
  }
}

void Uplink::HandleDown(const Message& message) {
  const auto topic = sync::ParseTopic(message.topic);
  if (!topic || topic->lane != Lane::kHistory) return;  // lanes of a later version: not ours to judge
  const auto down = sync::DecodeDown(message.payload);
  if (!down) {
    kLog.Warn("unreadable message from central", {{"topic", message.topic}, {"why", down.error().Describe()}});
    return;
  }
  const base::Monotonic now = clock_.Steady();
  if (const auto* ack = std::get_if<sync::Ack>(&*down)) {
    if (const auto moved = sender_.OnAck(*ack, now)) store_.OnAcknowledged(*moved);
    status_.With([](UplinkStatus& status) { ++status.acks; });
    return;
  }
  const auto& welcome = std::get<sync::Welcome>(*down);
  const std::vector<sync::EpochRange> outbox = store_.Outbox();
  switch (sender_.OnWelcome(welcome, outbox, now)) {
    case LaneSender::Standing::kIgnored: return;
    case LaneSender::Standing::kRolledBack: {
      kLog.Error("central holds more of this epoch than this box: the box was restored from an older copy");
      const base::Status begun = store_.BeginEpoch("restored from an older copy");
      if (!begun) kLog.Error("no new epoch", {{"why", begun.error().Describe()}});
      return;
    }
    case LaneSender::Standing::kGood: break;
  }
  for (const sync::EpochPosition& position : welcome.positions)
    store_.OnAcknowledged({position.epoch, position.committed});
  SetAnswers(true);
}

void Uplink::DriveSender() {
  while (true) {
    const std::vector<sync::EpochRange> outbox = store_.Outbox();
    const LaneSender::Action action = sender_.Next(clock_.Steady(), outbox);
    switch (action.what) {
      case LaneSender::Do::kNothing:
        if (connected_ && !sender_.streaming()) SetAnswers(false);
        return;
      case LaneSender::Do::kRecycle:
        kLog.Warn("nothing comes back from central, connecting anew");
        status_.With([](UplinkStatus& status) { ++status.recycles; });
        client_->Recycle();
        break;
      case LaneSender::Do::kSendHello: {
        status_.With([](UplinkStatus& status) { ++status.sessions; });
        const base::Bytes bytes = sync::EncodeUp(sync::Hello{action.session, outbox});
        const auto sent = client_->Publish(sync::UpTopic(options_.city, options_.site, Lane::kHistory), bytes,
                                           mqtt::Qos::kAtLeastOnce);
        if (!sent) sender_.OnSendFailed(clock_.Steady());
        break;
      }
      case LaneSender::Do::kSendFrame: SendFrame(action); break;
    }
  }
}

void Uplink::SendFrame(const LaneSender::Action& action) {
  auto out = log_->ReadForSending(store_.site_no(), Lane::kHistory, action.from, options_.frame_bytes);
  if (!out || out->bodies.empty()) {
    kLog.Error("the outbox cannot be read", {{"epoch", action.from.epoch},
                                             {"seq", action.from.seq},
                                             {"why", out ? "the record is missing" : out.error().Describe()}});
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  const sync::Frame frame{options_.city.text(), options_.site.text(), Lane::kHistory,         action.session,
                          action.from.epoch,    out->first_seq,       std::move(out->bodies), std::move(out->spans)};
  const auto sent = client_->Publish(sync::UpTopic(options_.city, options_.site, Lane::kHistory), sync::EncodeUp(frame),
                                     mqtt::Qos::kAtLeastOnce);
  if (!sent) {
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  sender_.OnFrameSent({frame.epoch, frame.first_seq}, {frame.epoch, frame.last_seq()}, clock_.Steady());
  status_.With([](UplinkStatus& status) { ++status.frames_sent; });
}

telemetry::LaneTail Uplink::Tail() {
  telemetry::LaneTail tail;
  store_.state().With([&](const telemetry::SiteState& state) {
    const auto lane = state.lanes.find(Lane::kHistory);
    if (lane == state.lanes.end()) return;
    tail = {Lane::kHistory, lane->second.epoch, lane->second.last_known,
            lane->second.oldest_waiting.value_or(base::UtcTime{})};
  });
  return tail;
}

void Uplink::SendLive() {
  if (!connected_) return;
  telemetry::LiveFrame frame{clock_.Now(), options_.site_name, store_.TakeLive(), {}};
  if (send_all_live_) {
    send_all_live_ = false;
    frame.readings.clear();
    store_.state().With([&](const telemetry::SiteState& state) {
      for (const auto& [no, latest] : state.latest.all()) {
        if (latest.value) frame.readings.push_back(*latest.value);
        if (!latest.attempt.value) frame.readings.push_back(latest.attempt);
      }
    });
  }
  const base::Monotonic now = clock_.Steady();
  if (frame.readings.empty() && now < next_sign_of_life_) return;
  next_sign_of_life_ = now + options_.sign_of_life;
  frame.tails.push_back(Tail());
  // Quality of service 0: a lost value is replaced by the next one, and a repeated one would only be older.
  (void)client_->Publish(sync::UpTopic(options_.city, options_.site, Lane::kLive), telemetry::EncodeLive(frame),
                         mqtt::Qos::kAtMostOnce);
}

void Uplink::SetAnswers(bool answers) {
  const bool changed = status_.With([&](UplinkStatus& status) {
    if (status.since && status.central_answers == answers) return false;
    status.central_answers = answers;
    status.since = clock_.Now();
    return true;
  });
  if (changed && answers) kLog.Info("central answers");
}

}  // namespace yb::edge
