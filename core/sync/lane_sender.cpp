#include "core/sync/lane_sender.hpp"

#include <algorithm>

namespace yb::sync {
namespace {

EpochPosition* Find(std::vector<EpochPosition>& positions, std::uint64_t epoch) {
  const auto found = std::ranges::find(positions, epoch, &EpochPosition::epoch);
  return found == positions.end() ? nullptr : &*found;
}

}  // namespace

LaneSender::LaneSender(SenderOptions options)
    : options_(options), backoff_(options.reopen_first, options.reopen_most) {}

std::uint64_t LaneSender::Draw() {
  // SplitMix64: a well-spread sequence from one seed, enough for session numbers and jitter.
  random_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = random_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

void LaneSender::OnConnected(base::Monotonic now, std::uint64_t random) {
  random_ = random;
  state_ = State::kWaiting;
  deadline_ = now;
  under_way_.clear();
  fruitless_sessions_ = 0;
  backoff_.Reset();
}

void LaneSender::OnDisconnected() {
  state_ = State::kDown;
  under_way_.clear();
}

void LaneSender::Reopen(base::Monotonic now) {
  if (state_ == State::kDown) return;
  state_ = State::kWaiting;
  deadline_ = now + backoff_.Next(Draw());
  under_way_.clear();
}

void LaneSender::OnSendFailed(base::Monotonic now) {
  Reopen(now);
}

bool LaneSender::Waits() const {
  return state_ == State::kOpening || (state_ == State::kStreaming && !under_way_.empty()) ||
         (state_ == State::kRecovering && asked_);
}

LaneSender::Action LaneSender::NextOfRecovery(base::Monotonic now, std::span<const EpochRange> outbox) {
  if (asked_) return {};
  LaneRecovery::Step step = recovery_.Next(outbox);
  if (step.need == LaneRecovery::Need::kCut) return {Do::kCut, session_, {}, {}};
  if (step.need == LaneRecovery::Need::kFinish) return {Do::kFinish, session_, {}, {}};
  step.fetch.session = session_;
  asked_ = step;
  deadline_ = now + options_.ack_timeout;
  return {Do::kSendFetch, session_, {}, step.fetch};
}

LaneSender::Action LaneSender::Next(base::Monotonic now, std::span<const EpochRange> outbox) {
  if (Waits() && now >= deadline_) {
    ++fruitless_sessions_;
    Reopen(now);
    if (fruitless_sessions_ >= options_.sessions_before_recycle) {
      fruitless_sessions_ = 0;
      return {Do::kRecycle, session_, {}, {}};
    }
  }
  if (state_ == State::kWaiting && now >= deadline_) {
    state_ = State::kOpening;
    session_ = Draw() | 1;  // 0 is no session
    deadline_ = now + options_.hello_timeout;
    return {Do::kSendHello, session_, {}, {}};
  }
  if (state_ == State::kRecovering) return NextOfRecovery(now, outbox);
  if (state_ != State::kStreaming || under_way_.size() >= std::min(options_.window, credits_)) return {};
  for (const EpochRange& range : outbox) {
    const EpochPosition* sent = Find(sent_, range.epoch);
    const std::uint64_t next = std::max(sent == nullptr ? 1 : sent->committed + 1, range.first);
    if (next <= range.last) return {Do::kSendFrame, session_, {range.epoch, next}, {}};
  }
  return {};
}

void LaneSender::OnFrameSent(Position first, Position last, base::Monotonic now) {
  YB_CHECK(first.epoch == last.epoch && first.seq <= last.seq, "a frame carries records of one epoch, in order");
  if (state_ != State::kStreaming) return;
  if (under_way_.empty()) deadline_ = now + options_.ack_timeout;
  under_way_.push_back({first, last});
  if (EpochPosition* sent = Find(sent_, first.epoch)) {
    sent->committed = last.seq;
  } else {
    sent_.push_back({first.epoch, last.seq, {}});
  }
}

LaneSender::Standing LaneSender::OnWelcome(const Welcome& welcome, std::span<const EpochRange> outbox, bool closed,
                                           const ChainAt& chain_at, base::Monotonic now) {
  if (state_ != State::kOpening || welcome.session != session_) return Standing::kIgnored;
  credits_ = std::max(1U, welcome.credits);
  if (recovery_.Begin(welcome.positions, outbox, closed, chain_at)) {
    state_ = State::kRecovering;
    asked_.reset();
    deadline_ = now + options_.ack_timeout;
    return Standing::kRolledBack;
  }
  state_ = State::kStreaming;
  sent_ = welcome.positions;
  return Standing::kGood;
}

bool LaneSender::OnPiece(const Piece& piece, const ChainAt& chain_at, base::Monotonic now) {
  if (state_ != State::kRecovering || !asked_ || piece.session != session_ || piece.epoch != asked_->fetch.epoch) {
    return false;
  }
  if (asked_->need == LaneRecovery::Need::kProbe) {
    asked_.reset();
    recovery_.OnProbed(piece, chain_at);
    return false;
  }
  const bool follows =
      piece.first_seq == asked_->fetch.first && chain_at({piece.epoch, piece.first_seq - 1}) == piece.chain_before;
  const bool skips = piece.first_seq > asked_->fetch.first && piece.first_seq <= asked_->fetch.last + 1;
  if ((follows && !piece.bodies.empty()) || skips) return piece.last_seq() <= asked_->fetch.last;
  Reopen(now);  // pasts that agreed when they were compared do not now
  return false;
}

void LaneSender::OnStored(base::Monotonic now) {
  asked_.reset();
  fruitless_sessions_ = 0;
  backoff_.Reset();
  deadline_ = now + options_.ack_timeout;
}

void LaneSender::OnFinished(base::Monotonic now) {
  if (state_ != State::kRecovering) return;
  state_ = State::kWaiting;
  deadline_ = now;
}

std::optional<Position> LaneSender::OnAck(const Ack& ack, base::Monotonic now) {
  if (state_ != State::kStreaming || ack.session != session_) return std::nullopt;
  if (ack.reopen) {
    Reopen(now);
    return std::nullopt;
  }
  credits_ = std::max(1U, ack.credits);
  const Position committed{ack.epoch, ack.committed};
  std::optional<Position> moved;
  while (!under_way_.empty() && under_way_.front().last <= committed) {
    moved = under_way_.front().last;
    under_way_.pop_front();
  }
  if (moved) {
    fruitless_sessions_ = 0;
    backoff_.Reset();
    deadline_ = now + options_.ack_timeout;
  }
  return moved;
}

std::optional<base::Monotonic> LaneSender::WakeAt() const {
  if (state_ == State::kWaiting || Waits()) return deadline_;
  return std::nullopt;
}

}  // namespace yb::sync
