#include "core/sync/lane_receiver.hpp"

#include <algorithm>

namespace yb::sync {

Welcome LaneReceiver::OnHello(const Hello& hello, std::vector<EpochPosition> committed) {
  session_ = hello.session;
  accepted_ = std::move(committed);
  return {session_, accepted_, credits_};
}

std::uint64_t LaneReceiver::Accepted(std::uint64_t epoch) const {
  const auto found = std::ranges::find(accepted_, epoch, &EpochPosition::epoch);
  return found == accepted_.end() ? 0 : found->committed;
}

LaneReceiver::Verdict LaneReceiver::OnFrame(const Frame& frame) {
  if (frame.session == 0 || frame.session != session_) return Verdict::kReopen;
  const std::uint64_t accepted = Accepted(frame.epoch);
  if (frame.first_seq > accepted + 1) {
    session_ = 0;
    return Verdict::kReopen;
  }
  if (frame.last_seq() <= accepted) return Verdict::kDuplicate;
  const auto found = std::ranges::find(accepted_, frame.epoch, &EpochPosition::epoch);
  if (found == accepted_.end()) {
    accepted_.push_back({frame.epoch, frame.last_seq(), {}});
  } else {
    found->committed = frame.last_seq();
  }
  return frame.first_seq == accepted + 1 ? Verdict::kApply : Verdict::kApplyRest;
}

Ack LaneReceiver::Acknowledge(std::uint64_t epoch) const {
  return {session_, false, epoch, Accepted(epoch), credits_};
}

Ack LaneReceiver::AskToReopen(std::uint64_t session) const {
  return {session, true, 0, 0, credits_};
}

}  // namespace yb::sync
