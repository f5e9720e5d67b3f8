#include "edge/uplink/lane_link.hpp"

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"

namespace yb::edge {
namespace {

using sync::LaneSender;

const base::Logger kLog("uplink");

}  // namespace

LaneLink::LaneLink(LaneLinkOptions options, EdgeStore& store, telemetry::RecordLog& log, const base::Clock& clock,
                   Publish publish)
    : options_(std::move(options)),
      store_(store),
      log_(log),
      clock_(clock),
      publish_(std::move(publish)),
      sender_(options_.sender) {}

void LaneLink::OnMessage(base::ByteView payload) {
  const auto down = sync::DecodeDown(payload);
  if (!down) {
    kLog.Warn("unreadable message from central",
              {{"lane", sync::ToString(options_.lane)}, {"why", down.error().Describe()}});
    return;
  }
  if (const auto* ack = std::get_if<sync::Ack>(&*down)) {
    if (const auto moved = sender_.OnAck(*ack, clock_.Steady())) store_.OnAcknowledged(options_.lane, *moved);
    ++counters_.acks;
    return;
  }
  OnWelcome(std::get<sync::Welcome>(*down));
}

void LaneLink::OnWelcome(const sync::Welcome& welcome) {
  const std::vector<sync::EpochRange> outbox = store_.Outbox(options_.lane);
  switch (sender_.OnWelcome(welcome, outbox, clock_.Steady())) {
    case LaneSender::Standing::kIgnored: return;
    case LaneSender::Standing::kRolledBack: {
      kLog.Error("central holds more of this epoch than this box: the box was restored from an older copy");
      const base::Status begun = store_.BeginEpoch(options_.lane, "restored from an older copy");
      if (!begun) kLog.Error("no new epoch", {{"why", begun.error().Describe()}});
      return;
    }
    case LaneSender::Standing::kGood: break;
  }
  for (const sync::EpochPosition& position : welcome.positions) {
    store_.OnAcknowledged(options_.lane, {position.epoch, position.committed});
  }
}

LaneLink::Did LaneLink::Step() {
  const std::vector<sync::EpochRange> outbox = store_.Outbox(options_.lane);
  const LaneSender::Action action = sender_.Next(clock_.Steady(), outbox);
  switch (action.what) {
    case LaneSender::Do::kNothing: return Did::kNothing;
    case LaneSender::Do::kRecycle: return Did::kAskedToRecycle;
    case LaneSender::Do::kSendHello: SendHello(action.session); break;
    case LaneSender::Do::kSendFrame: SendFrame(action); break;
  }
  return Did::kSomething;
}

void LaneLink::SendHello(std::uint64_t session) {
  ++counters_.sessions;
  if (!publish_(sync::EncodeUp(sync::Hello{session, store_.Outbox(options_.lane)}))) {
    sender_.OnSendFailed(clock_.Steady());
  }
}

void LaneLink::SendFrame(const LaneSender::Action& action) {
  auto bodies = log_.ReadBodies(store_.site_no(), options_.lane, action.from, options_.frame_bytes);
  if (!bodies || bodies->empty()) {
    kLog.Error("the outbox cannot be read", {{"lane", sync::ToString(options_.lane)},
                                             {"epoch", action.from.epoch},
                                             {"seq", action.from.seq},
                                             {"why", bodies ? "the record is missing" : bodies.error().Describe()}});
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  const sync::Frame frame{options_.city.text(), options_.site.text(), options_.lane,     action.session,
                          action.from.epoch,    action.from.seq,      std::move(*bodies)};
  if (!publish_(sync::EncodeUp(frame))) {
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  sender_.OnFrameSent(action.from, {frame.epoch, frame.last_seq()}, clock_.Steady());
  ++counters_.frames_sent;
}

}  // namespace yb::edge
