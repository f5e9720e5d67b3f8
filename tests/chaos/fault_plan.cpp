#include "tests/chaos/fault_plan.hpp"

#include <algorithm>
#include <random>

namespace yb::chaos {
namespace {

using std::chrono::milliseconds;

struct Lengths {
  int least_ms;
  int most_ms;
};

Lengths LengthsOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::kUplinkCut: return {3000, 12000};
    case FaultKind::kUplinkSlow: return {5000, 12000};
    case FaultKind::kDiskFull: return {3000, 7000};
    case FaultKind::kEdgeRestore:
    case FaultKind::kEdgeFileRollback:
    case FaultKind::kEdgeLedgerLost:
    case FaultKind::kCentralRestore: return {3000, 7000};
    case FaultKind::kClockJump: return {3000, 6000};
    case FaultKind::kEdgeKill:
    case FaultKind::kBrokerKill:
    case FaultKind::kCentralKill:
    case FaultKind::kBrokerWipe: break;
  }
  return {300, 3000};
}

/// Evenly from [least, most]; the library's distributions differ between implementations, a plan must not.
milliseconds Draw(std::mt19937_64& random, int least_ms, int most_ms) {
  return milliseconds(least_ms + static_cast<int>(random() % static_cast<std::uint64_t>(most_ms - least_ms + 1)));
}

Fault MakeFault(FaultKind kind, std::mt19937_64& random) {
  const Lengths lengths = LengthsOf(kind);
  const milliseconds calm = Draw(random, 300, 3500);
  const milliseconds length = Draw(random, lengths.least_ms, lengths.most_ms);
  return {kind, calm, length, random()};
}

template <class T>
void Shuffle(std::vector<T>& values, std::mt19937_64& random) {
  for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[random() % left]);
}

}  // namespace

std::string_view ToString(FaultKind kind) {
  return std::ranges::find(kFaults, kind, &NamedFault::kind)->name;
}

std::vector<Fault> MakePlan(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<FaultKind> kinds;
  while (kinds.size() < count) {
    std::vector<FaultKind> round;
    for (const NamedFault& fault : kFaults) round.push_back(fault.kind);
    Shuffle(round, random);
    round.resize(std::min(round.size(), count - kinds.size()));
    kinds.insert(kinds.end(), round.begin(), round.end());
  }
  Shuffle(kinds, random);
  std::vector<Fault> plan;
  for (const FaultKind kind : kinds) plan.push_back(MakeFault(kind, random));
  return plan;
}

base::Result<std::vector<Fault>> ParsePlan(std::string_view kinds, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Fault> plan;
  while (!kinds.empty()) {
    const std::string_view name = kinds.substr(0, kinds.find(','));
    kinds.remove_prefix(std::min(kinds.size(), name.size() + 1));
    const auto found = std::ranges::find(kFaults, name, &NamedFault::name);
    if (found == kFaults.end()) {
      return base::Fail(base::ErrorCode::kInvalidArgument, "there is no fault '" + std::string(name) + "'",
                        "edge_kill, broker_kill, central_kill, uplink_cut, uplink_slow, broker_wipe, disk_full, "
                        "edge_restore, edge_file_rollback, edge_ledger_lost, central_restore, clock_jump");
    }
    plan.push_back(MakeFault(found->kind, random));
  }
  return plan;
}

}  // namespace yb::chaos
