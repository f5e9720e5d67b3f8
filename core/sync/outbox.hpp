// Outbox: what the writer of a lane keeps for sending, as LaneLink asks for it. Implemented over the store of a box and
// over the ledger.
#pragma once

#include <span>

#include "core/base/result.hpp"
#include "core/sync/lane_recovery.hpp"

namespace yb::sync {

/// Used on the link's thread only.
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Ascending by epoch, without a closed one.
  [[nodiscard]] virtual std::vector<EpochRange> Ranges() = 0;
  /// There is a closed epoch: an earlier recovery did not come to its end.
  [[nodiscard]] virtual bool Recovering() = 0;
  /// From `from` on, in order: at least one if there is one, then as many as fit `most_bytes`.
  [[nodiscard]] virtual base::Result<std::vector<base::Bytes>> ReadBodies(Position from, std::size_t most_bytes) = 0;
  /// Zeros for sequence 0; nullopt where it is not held.
  [[nodiscard]] virtual std::optional<Chain> ChainAt(Position at) = 0;
  /// Records that the reader asks for again.
  [[nodiscard]] virtual base::Result<Piece> Answer(const Fetch& wanted, std::size_t most_bytes) = 0;
  /// `chain`: what the reader told of it; zeros where it did not.
  virtual void OnAcknowledged(Position at, const Chain& chain) = 0;

  /// The reader's word on what was written here: it is what it holds, or it knows more, and a recovery begins.
  virtual void OnStanding(bool good) { (void)good; }

  // The steps of a recovery (lane_recovery.hpp), each one transaction.
  [[nodiscard]] virtual base::Status Cut(std::span<const sync::Cut> cuts) = 0;
  [[nodiscard]] virtual base::Status StoreFetched(const Piece& piece) = 0;
  [[nodiscard]] virtual base::Status Finish() = 0;
};

}  // namespace yb::sync
