// LaneReceiver: decides at central what happens to a frame of one site and lane. It holds positions, not records, and
// does no I/O. Frames of a session arrive in order or the session ends; what is committed already is acknowledged
// again.
//
// Owned by ingest; used on its thread only.
#pragma once

#include "core/sync/lane.hpp"

namespace yb::sync {

class LaneReceiver {
 public:
  enum class Verdict : std::uint8_t {
    kApply,      // in order: store all its records
    kApplyRest,  // begins below the position and ends above it: store the records above
    kDuplicate,  // all of it is committed: acknowledge again
    kReopen,     // of no open session, or beyond the next expected record
  };

  explicit LaneReceiver(std::uint32_t credits) : credits_(credits) {}

  /// Opens a session; `committed` is what the store holds.
  [[nodiscard]] Welcome OnHello(const Hello& hello, std::vector<EpochPosition> committed);

  /// kApply and kApplyRest move the accepted position; if the store then fails, call OnStoreFailed.
  [[nodiscard]] Verdict OnFrame(const Frame& frame);

  /// What was accepted since the last commit is not stored: the session ends, and the next Hello brings the truth.
  void OnStoreFailed() { session_ = 0; }

  /// The acknowledgement for everything accepted in `epoch`. To be sent only once the store's commit has been synced.
  [[nodiscard]] Ack Acknowledge(std::uint64_t epoch) const;
  [[nodiscard]] Ack AskToReopen(std::uint64_t session) const;

  /// Last accepted sequence of `epoch`, 0 if none.
  [[nodiscard]] std::uint64_t Accepted(std::uint64_t epoch) const;

 private:
  std::uint32_t credits_;
  std::uint64_t session_ = 0;
  std::vector<EpochPosition> accepted_;
};

}  // namespace yb::sync
