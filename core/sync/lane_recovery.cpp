#include "core/sync/lane_recovery.hpp"

#include <algorithm>

namespace yb::sync {
namespace {

const EpochRange* Find(std::span<const EpochRange> outbox, std::uint64_t epoch) {
  const auto found = std::ranges::find(outbox, epoch, &EpochRange::epoch);
  return found == outbox.end() ? nullptr : &*found;
}

}  // namespace

bool LaneRecovery::Begin(std::span<const EpochPosition> positions, std::span<const EpochRange> outbox, bool closed,
                         const ChainAt& chain_at) {
  checks_.clear();
  cut_ = false;
  std::uint64_t newest = outbox.empty() ? 0 : outbox.back().epoch;
  for (const EpochPosition& position : positions) newest = std::max(newest, position.epoch);
  for (const EpochRange& range : outbox) {
    if (std::ranges::find(positions, range.epoch, &EpochPosition::epoch) != positions.end()) continue;
    // Central never heard of it, or forgot: what is in it may lie elsewhere at central.
    checks_.push_back({.epoch = range.epoch, .agreed = range.first - 1, .differs = range.first});
  }
  bool needed = closed;
  for (const EpochPosition& position : positions) {
    checks_.push_back(Compare(position, Find(outbox, position.epoch), position.epoch == newest, chain_at));
    needed = needed || checks_.back().rolled_back;
  }
  std::ranges::sort(checks_, {}, &Check::epoch);
  return needed;
}

LaneRecovery::Check LaneRecovery::Compare(const EpochPosition& position, const EpochRange* range, bool newest,
                                          const ChainAt& chain_at) {
  Check check{.epoch = position.epoch, .committed = position.committed};
  if (range == nullptr) {
    check.rolled_back = true;
    return check;
  }
  check.held_from = range->first;
  if (range->last < position.committed) {
    check.rolled_back = true;
    check.differs = range->last + 1;
    return check;
  }
  const std::optional<Chain> own = chain_at({position.epoch, position.committed});
  if (own && *own != position.chain) {
    check.rolled_back = true;
    check.differs = position.committed;
    return check;
  }
  // The same past up to what is committed, or one so long ago that the box does not hold it any more.
  check.agreed = position.committed;
  check.differs = position.committed + 1;
  if (!newest || position.told <= position.committed) return check;
  const std::optional<Chain> told = chain_at({position.epoch, position.told});
  const bool other = told && position.told_chain != Chain{} && *told != position.told_chain;
  check.rolled_back = range->last < position.told || other;
  return check;
}

LaneRecovery::Step LaneRecovery::Next(std::span<const EpochRange> outbox) const {
  for (const Check& check : checks_) {
    if (check.settled()) continue;
    return {Need::kProbe, {0, check.epoch, check.Probe() + 1, check.Probe()}};
  }
  if (!cut_) return {Need::kCut, {}};
  for (const Check& check : checks_) {
    const EpochRange* range = Find(outbox, check.epoch);
    const std::uint64_t last = range == nullptr ? 0 : range->last;
    if (last < check.committed) return {Need::kFetch, {0, check.epoch, last + 1, check.committed}};
  }
  return {Need::kFinish, {}};
}

void LaneRecovery::OnProbed(const Piece& piece, const ChainAt& chain_at) {
  const auto check = std::ranges::find(checks_, piece.epoch, &Check::epoch);
  if (check == checks_.end() || check->settled()) return;
  const std::uint64_t probe = check->Probe();
  check->probed = true;
  // Central answers for the nearest record below where it lacks the one that was asked for.
  const std::uint64_t at = std::min(piece.first_seq - 1, probe);
  const std::optional<Chain> own = chain_at({piece.epoch, at});
  // What the box does not hold any more is taken to be the same until a later record says otherwise.
  const bool same = !own || *own == piece.chain_before;
  if (same && at > check->agreed) check->agreed = at;
  if (!same || at < probe) check->differs = probe;
  // Nothing that the box still holds is of the common past: all of it comes back from central.
  if (check->settled() && check->agreed + 1 < check->held_from) {
    check->agreed = 0;
    check->differs = 1;
  }
}

std::vector<Cut> LaneRecovery::Cuts() const {
  std::vector<Cut> cuts;
  for (const Check& check : checks_) cuts.push_back({check.epoch, check.agreed, check.rolled_back});
  return cuts;
}

}  // namespace yb::sync
