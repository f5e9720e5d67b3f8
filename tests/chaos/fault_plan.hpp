// FaultPlan: which faults a chaos run makes, in which order, when and for how long. A function of count and seed alone,
// so that a run can be repeated. Values; no threads.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::chaos {

enum class FaultKind : std::uint8_t {
  kEdgeKill,
  kBrokerKill,
  kCentralKill,
  kUplinkCut,         // nothing gets through and nobody is told
  kUplinkSlow,        // delay, lost segments, broken connections, 256 kbit/s
  kBrokerWipe,        // its persistence is deleted while it is down
  kDiskFull,          // of the box or of central, on a small file system of their own
  kEdgeRestore,       // an older copy, made by SQLite's backup while the box ran
  kEdgeFileRollback,  // the files replaced by those of an earlier kill, behind the program's back
  kEdgeLedgerLost,    // the box has no ledger any more, as one that takes the place of another
  kCentralRestore,    // an older copy, made by SQLite's backup while central ran
  kClockJump,         // the box's wall clock, while it runs, and back again
};

struct NamedFault {
  FaultKind kind;
  std::string_view name;
};
inline constexpr std::array<NamedFault, 12> kFaults = {{
    {FaultKind::kEdgeKill, "edge_kill"},
    {FaultKind::kBrokerKill, "broker_kill"},
    {FaultKind::kCentralKill, "central_kill"},
    {FaultKind::kUplinkCut, "uplink_cut"},
    {FaultKind::kUplinkSlow, "uplink_slow"},
    {FaultKind::kBrokerWipe, "broker_wipe"},
    {FaultKind::kDiskFull, "disk_full"},
    {FaultKind::kEdgeRestore, "edge_restore"},
    {FaultKind::kEdgeFileRollback, "edge_file_rollback"},
    {FaultKind::kEdgeLedgerLost, "edge_ledger_lost"},
    {FaultKind::kCentralRestore, "central_restore"},
    {FaultKind::kClockJump, "clock_jump"},
}};

[[nodiscard]] std::string_view ToString(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::kEdgeKill;
  std::chrono::milliseconds calm{0};    // before it
  std::chrono::milliseconds length{0};  // while it lasts; of a restore: the age of the copy
  std::uint64_t draw = 0;               // decides whatever else the kind leaves open:

  // A box that is set back: without uplink before, without uplink afterwards, and central killed at the same moment.
  [[nodiscard]] bool AloneBefore() const { return draw % 2 == 0; }
  [[nodiscard]] bool AloneAfterwards() const { return draw / 2 % 2 == 0; }
  [[nodiscard]] bool TakesCentral() const { return draw / 4 % 2 == 0; }
  /// Of a kill of the box: not before it has a part of a file only.
  [[nodiscard]] bool AmidAnUpload() const { return draw % 2 == 0; }
  /// The box's disk is full, else central's.
  [[nodiscard]] bool OfTheBox() const { return draw % 3 != 0; }
  /// Of a full disk of the box: it is nearly full while old readings wait to be sent, so that some have to be dropped.
  [[nodiscard]] bool DownTheLadder() const { return kind == FaultKind::kDiskFull && OfTheBox() && draw / 3 % 2 == 0; }
};

/// `count` faults; each kind as often as any other, give or take one, in a seeded order.
[[nodiscard]] std::vector<Fault> MakePlan(std::size_t count, std::uint64_t seed);

/// Faults of the kinds in `kinds`, such as "edge_restore,central_kill", in that order, with seeded moments.
/// kInvalidArgument names a kind that is not known.
[[nodiscard]] base::Result<std::vector<Fault>> ParsePlan(std::string_view kinds, std::uint64_t seed);

}  // namespace yb::chaos
