// LaneRecovery: how a box that was set back to an older copy comes back to one past with central (quarantine, 隔离).
// Nothing is sent on the lane until it is done:
//   1. for each epoch that central knows, find up to where both pasts agree (probes, by halving);
//   2. cut: every record of the box beyond that, and beyond what central committed, is moved to a new epoch, which
//   stays
//      closed; what the box writes meanwhile goes there too;
//   3. fetch what central committed beyond the cut, in its own epoch; a moved record that comes back is dropped;
//   4. finish: the new epoch is numbered and chained anew, and opened.
// It holds no records and does no I/O. All of it can begin again at any moment.
//
// Owned by LaneSender; used on its thread only.
#pragma once

#include <functional>
#include <span>

#include "core/sync/lane.hpp"

namespace yb::sync {

/// The box's chain head after a record: zeros for sequence 0; nullopt where it is not held.
using ChainAt = std::function<std::optional<Chain>(Position)>;

/// Records of `epoch` above `keep` are not of the common past.
struct Cut {
  std::uint64_t epoch = 0;
  std::uint64_t keep = 0;
  bool rolled_back = false;  // the box lacks, or has otherwise, what central knows of this epoch
};

class LaneRecovery {
 public:
  enum class Need : std::uint8_t { kProbe, kCut, kFetch, kFinish };
  struct Step {
    Need need = Need::kFinish;
    Fetch fetch{};  // kProbe, kFetch; without session
  };

  /// `outbox` is without the closed epoch; `closed`: there is one, so an earlier recovery did not come to its end.
  /// True if recovery is needed.
  [[nodiscard]] bool Begin(std::span<const EpochPosition> positions, std::span<const EpochRange> outbox, bool closed,
                           const ChainAt& chain_at);

  [[nodiscard]] Step Next(std::span<const EpochRange> outbox) const;
  /// The answer to a probe.
  void OnProbed(const Piece& piece, const ChainAt& chain_at);
  void OnCut() { cut_ = true; }

  /// One for each epoch of either side; complete once Next says kCut.
  [[nodiscard]] std::vector<Cut> Cuts() const;

 private:
  struct Check {
    std::uint64_t epoch = 0;
    std::uint64_t committed = 0;
    std::uint64_t agreed = 0;   // both chains are the same here …
    std::uint64_t differs = 1;  // … and not here; all is known when these are neighbours
    std::uint64_t held_from = 1;
    bool probed = false;
    bool rolled_back = false;
    [[nodiscard]] bool settled() const { return agreed + 1 >= differs; }
    [[nodiscard]] std::uint64_t Probe() const { return probed ? agreed + (differs - agreed) / 2 : differs - 1; }
  };
  [[nodiscard]] static Check Compare(const EpochPosition& position, const EpochRange* range, bool newest,
                                     const ChainAt& chain_at);

  std::vector<Check> checks_;
  bool cut_ = false;
};

}  // namespace yb::sync
