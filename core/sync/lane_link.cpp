#include "core/sync/lane_link.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/sync/frame_codec.hpp"

namespace yb::sync {
namespace {

/// Below the broker's limit for a message (mosquitto.conf, max_packet_size), topic and properties included.
constexpr std::size_t kMostMessageBytes = 1'000'000;

const base::Logger kLog("lane");

}  // namespace

LaneLink::LaneLink(LaneLinkOptions options, std::unique_ptr<Outbox> outbox, const base::Clock& clock, Publish publish)
    : options_(std::move(options)),
      outbox_(std::move(outbox)),
      clock_(clock),
      publish_(std::move(publish)),
      sender_(options_.sender),
      sizer_(options_.frames) {}

void LaneLink::OnMessage(base::ByteView payload) {
  const auto down = DecodeDown(payload);
  if (!down) {
    kLog.Warn("unreadable message on a lane", {{"lane", ToString(options_.lane)}, {"why", down.error().Describe()}});
    return;
  }
  if (const auto* ack = std::get_if<Ack>(&*down)) OnAck(*ack);
  if (const auto* welcome = std::get_if<Welcome>(&*down)) OnWelcome(*welcome);
  if (const auto* piece = std::get_if<Piece>(&*down)) OnPiece(*piece);
  if (const auto* wanted = std::get_if<Fetch>(&*down)) SendAgain(*wanted);
}

void LaneLink::SendAgain(const Fetch& wanted) {
  const auto piece = outbox_->Answer(wanted, sizer_.body_bytes());
  if (!piece) return;
  (void)publish_(EncodeUp(*piece));  // one that is lost is asked for again
  ++counters_.resent;
}

void LaneLink::OnAck(const Ack& ack) {
  ++counters_.acks;
  const auto moved = sender_.OnAck(ack, clock_.Steady());
  if (!moved) return;
  for (; !under_way_.empty() && under_way_.front().first <= *moved; under_way_.pop_front()) {
    sizer_.OnAcknowledged(under_way_.front().second, clock_.Steady());
  }
  const bool of_this_place = moved->epoch == ack.epoch && moved->seq == ack.committed;
  outbox_->OnAcknowledged(*moved, of_this_place ? ack.chain : Chain{});
}

ChainAt LaneLink::OwnChain() {
  return [this](Position at) { return outbox_->ChainAt(at); };
}

void LaneLink::OnWelcome(const Welcome& welcome) {
  const bool closed = outbox_->Recovering();
  switch (sender_.OnWelcome(welcome, outbox_->Ranges(), closed, OwnChain(), clock_.Steady())) {
    case LaneSender::Standing::kIgnored: return;
    case LaneSender::Standing::kRolledBack:
      ++counters_.recoveries;
      outbox_->OnStanding(false);
      return;
    case LaneSender::Standing::kGood: outbox_->OnStanding(true); break;
  }
  for (const EpochPosition& position : welcome.positions) {
    outbox_->OnAcknowledged({position.epoch, position.committed}, position.chain);
  }
}

void LaneLink::OnPiece(const Piece& piece) {
  if (!sender_.OnPiece(piece, OwnChain(), clock_.Steady())) return;
  const base::Status stored = outbox_->StoreFetched(piece);
  Do(stored, "what came back is not stored");
  if (stored) sender_.OnStored(clock_.Steady());
}

void LaneLink::Do(const base::Status& done, std::string_view what) {
  if (done) return;
  kLog.Error(what, {{"lane", ToString(options_.lane)}, {"why", done.error().Describe()}});
  sender_.OnSendFailed(clock_.Steady());
}

LaneLink::Did LaneLink::Step() {
  const std::vector<EpochRange> outbox = outbox_->Ranges();
  const LaneSender::Action action = sender_.Next(clock_.Steady(), outbox);
  switch (action.what) {
    case LaneSender::Do::kNothing: return Did::kNothing;
    case LaneSender::Do::kRecycle: return Did::kAskedToRecycle;
    case LaneSender::Do::kSendHello: SendHello(action.session); break;
    case LaneSender::Do::kSendFetch: Do(publish_(EncodeUp(action.fetch)), "nothing can be asked back"); break;
    case LaneSender::Do::kCut: {
      const base::Status cut = outbox_->Cut(sender_.cuts());
      Do(cut, "no new epoch can be begun");
      if (cut) sender_.OnCut();
      break;
    }
    case LaneSender::Do::kFinish: {
      const base::Status finished = outbox_->Finish();
      Do(finished, "the new epoch cannot be opened");
      if (finished) sender_.OnFinished(clock_.Steady());
      break;
    }
    case LaneSender::Do::kSendFrame:
      SendFrame(action, std::ranges::find(outbox, action.from.epoch, &EpochRange::epoch)->last);
      break;
  }
  return Did::kSomething;
}

void LaneLink::SendHello(std::uint64_t session) {
  ++counters_.sessions;
  under_way_.clear();
  if (!publish_(EncodeUp(Hello{session, outbox_->Ranges(), std::exchange(answering_, false)}))) {
    sender_.OnSendFailed(clock_.Steady());
  }
}

void LaneLink::SendFrame(const LaneSender::Action& action, std::uint64_t last_held) {
  auto bodies = outbox_->ReadBodies(action.from, sizer_.body_bytes());
  if (!bodies || bodies->empty()) {
    kLog.Error("the outbox cannot be read", {{"lane", ToString(options_.lane)},
                                             {"epoch", action.from.epoch},
                                             {"seq", action.from.seq},
                                             {"why", bodies ? "the record is missing" : bodies.error().Describe()}});
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  Frame frame{options_.city.text(), options_.site.text(), options_.lane,     action.session,
              action.from.epoch,    action.from.seq,      std::move(*bodies)};
  base::Bytes bytes = EncodeUp(frame);
  while (bytes.size() > kMostMessageBytes && frame.bodies.size() > 1) {
    frame.bodies.resize(frame.bodies.size() / 2);  // they pack worse than the last ones did
    bytes = EncodeUp(frame);
  }
  if (!publish_(bytes)) {
    sender_.OnSendFailed(clock_.Steady());
    return;
  }
  const Position last{frame.epoch, frame.last_seq()};
  std::size_t body_bytes = 0;
  for (const base::Bytes& body : frame.bodies) body_bytes += body.size();
  sender_.OnFrameSent(action.from, last, clock_.Steady());
  under_way_.emplace_back(last, sizer_.OnSent(body_bytes, bytes.size(), last.seq < last_held, clock_.Steady()));
  ++counters_.frames_sent;
  counters_.bytes_sent += bytes.size();
}

}  // namespace yb::sync
