#include "edge/uplink/lane_link.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"

namespace yb::edge {
namespace {

using sync::LaneSender;

/// Below the broker's limit for a message (mosquitto.conf, max_packet_size), topic and properties included.
constexpr std::size_t kMostMessageBytes = 1'000'000;

const base::Logger kLog("uplink");

}  // namespace

LaneLink::LaneLink(LaneLinkOptions options, EdgeStore& store, telemetry::RecordLog& log, const base::Clock& clock,
                   Publish publish, OnAct on_act)
    : options_(std::move(options)),
      store_(store),
      log_(log),
      clock_(clock),
      publish_(std::move(publish)),
      on_act_(std::move(on_act)),
      sender_(options_.sender),
      sizer_(options_.frames) {}

void LaneLink::OnMessage(base::ByteView payload) {
  if (options_.lane == sync::Lane::kAlarm) {
    auto act = telemetry::DecodeDownAct(payload);
    if (act && *act) {
      if (on_act_) on_act_(std::move(**act));
      return;
    }
  }
  const auto down = sync::DecodeDown(payload);
  if (!down) {
    kLog.Warn("unreadable message from central",
              {{"lane", sync::ToString(options_.lane)}, {"why", down.error().Describe()}});
    return;
  }
  if (const auto* ack = std::get_if<sync::Ack>(&*down)) OnAck(*ack);
  if (const auto* welcome = std::get_if<sync::Welcome>(&*down)) OnWelcome(*welcome);
  if (const auto* piece = std::get_if<sync::Piece>(&*down)) OnPiece(*piece);
  if (const auto* wanted = std::get_if<sync::Fetch>(&*down)) SendAgain(*wanted);
}

void LaneLink::SendAgain(const sync::Fetch& wanted) {
  for (const sync::EpochRange& range : store_.Outbox(options_.lane)) {
    if (range.epoch != wanted.epoch) continue;
    const telemetry::EpochHead head{range.epoch, range.last, range.acked, range.chain, range.first, range.chain_before};
    const auto piece = log_.Answer(store_.site_no(), options_.lane, head, wanted, sizer_.body_bytes());
    // One that is lost is asked for again.
    if (piece) (void)publish_(sync::EncodeUp(*piece));
    if (piece) ++counters_.resent;
  }
}

void LaneLink::OnAck(const sync::Ack& ack) {
  ++counters_.acks;
  const auto moved = sender_.OnAck(ack, clock_.Steady());
  if (!moved) return;
  for (; !under_way_.empty() && under_way_.front().first <= *moved; under_way_.pop_front()) {
    sizer_.OnAcknowledged(under_way_.front().second, clock_.Steady());
  }
  store_.OnAcknowledged(options_.lane, *moved);
}

sync::ChainAt LaneLink::BoxChain() {
  return [this](sync::Position at) -> std::optional<sync::Chain> {
    const auto chain = log_.ChainAt(store_.site_no(), options_.lane, at);
    if (chain && *chain) return *chain;
    for (const sync::EpochRange& range : store_.Outbox(options_.lane)) {
      if (range.epoch == at.epoch && range.first == at.seq + 1) return range.chain_before;
    }
    return std::nullopt;
  };
}

void LaneLink::OnWelcome(const sync::Welcome& welcome) {
  const bool closed = store_.Recovering(options_.lane);
  switch (sender_.OnWelcome(welcome, store_.Outbox(options_.lane), closed, BoxChain(), clock_.Steady())) {
    case LaneSender::Standing::kIgnored: return;
    case LaneSender::Standing::kRolledBack: ++counters_.recoveries; return;
    case LaneSender::Standing::kGood: break;
  }
  for (const sync::EpochPosition& position : welcome.positions) {
    store_.OnAcknowledged(options_.lane, {position.epoch, position.committed});
  }
}

void LaneLink::OnPiece(const sync::Piece& piece) {
  if (!sender_.OnPiece(piece, BoxChain(), clock_.Steady())) return;
  const base::Status stored = store_.StoreFetched(options_.lane, piece);
  Do(stored, "what central gave back is not stored");
  if (stored) sender_.OnStored(clock_.Steady());
}

void LaneLink::Do(const base::Status& done, std::string_view what) {
  if (done) return;
  kLog.Error(what, {{"lane", sync::ToString(options_.lane)}, {"why", done.error().Describe()}});
  sender_.OnSendFailed(clock_.Steady());
}

LaneLink::Did LaneLink::Step() {
  const std::vector<sync::EpochRange> outbox = store_.Outbox(options_.lane);
  const LaneSender::Action action = sender_.Next(clock_.Steady(), outbox);
  switch (action.what) {
    case LaneSender::Do::kNothing: return Did::kNothing;
    case LaneSender::Do::kRecycle: return Did::kAskedToRecycle;
    case LaneSender::Do::kSendHello: SendHello(action.session); break;
    case LaneSender::Do::kSendFetch: Do(publish_(sync::EncodeUp(action.fetch)), "nothing can be asked back"); break;
    case LaneSender::Do::kCut: {
      const base::Status cut = store_.Cut(options_.lane, sender_.cuts());
      Do(cut, "no new epoch can be begun");
      if (cut) sender_.OnCut();
      break;
    }
    case LaneSender::Do::kFinish: {
      const base::Status finished = store_.Finish(options_.lane);
      Do(finished, "the new epoch cannot be opened");
      if (finished) sender_.OnFinished(clock_.Steady());
      break;
    }
    case LaneSender::Do::kSendFrame:
      SendFrame(action, std::ranges::find(outbox, action.from.epoch, &sync::EpochRange::epoch)->last);
      break;
  }
  return Did::kSomething;
}

void LaneLink::SendHello(std::uint64_t session) {
  ++counters_.sessions;
  under_way_.clear();
  if (!publish_(sync::EncodeUp(sync::Hello{session, store_.Outbox(options_.lane)}))) {
    sender_.OnSendFailed(clock_.Steady());
  }
}

void LaneLink::SendFrame(const LaneSender::Action& action, std::uint64_t last_held) {
  auto bodies = log_.ReadBodies(store_.site_no(), options_.lane, action.from, sizer_.body_bytes());
  if (!bodies || bodies->empty()) {
    kLog.Error("the outbox cannot be read", {{"lane", sync::ToString(options_.lane)},
                                             {"epoch", action.from.epoch},
                                             {"seq", action.from.seq},
                                             {"why", bodies ? "the record is missing" : bodies.error().Describe()}});
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  sync::Frame frame{options_.city.text(), options_.site.text(), options_.lane,     action.session,
                    action.from.epoch,    action.from.seq,      std::move(*bodies)};
  base::Bytes bytes = sync::EncodeUp(frame);
  while (bytes.size() > kMostMessageBytes && frame.bodies.size() > 1) {
    frame.bodies.resize(frame.bodies.size() / 2);  // they pack worse than the last ones did
    bytes = sync::EncodeUp(frame);
  }
  if (!publish_(bytes)) {
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  const sync::Position last{frame.epoch, frame.last_seq()};
  std::size_t body_bytes = 0;
  for (const base::Bytes& body : frame.bodies) body_bytes += body.size();
  sender_.OnFrameSent(action.from, last, clock_.Steady());
  under_way_.emplace_back(last, sizer_.OnSent(body_bytes, bytes.size(), last.seq < last_held, clock_.Steady()));
  ++counters_.frames_sent;
  counters_.bytes_sent += bytes.size();
}

}  // namespace yb::edge
