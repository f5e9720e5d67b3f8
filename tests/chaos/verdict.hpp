// Verdict: what central holds, held against what metersim says it answered. A reading's identity is its point and its
// value: the meters of a chaos run answer every question with a value of its own, so that no clock is needed to say
// which answer a stored reading is.
//
// Values; no threads.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/telemetry/completeness_log.hpp"
#include "tests/support/truth.hpp"

namespace yb::chaos {

/// By point key, such as "pump-1/current_volume".
using Answers = std::map<std::string, std::vector<test::TruthValue>>;
using Stored = std::map<std::string, std::vector<test::StoredValue>>;
/// Point key and value.
using ReadingId = std::pair<std::string, std::string>;

/// How far the box's wall clock was off from `from` on.
struct ClockOffset {
  base::UtcTime from;
  base::Duration offset{0};
};

/// What may be missing.
struct Excuses {
  std::vector<test::Span> kills;  // answered within a group-commit interval before the box was killed
  /// Where in a replaced database a reading was, on the box's clock.
  struct Replaced {
    sync::Position at;
    base::UtcTime time;
  };
  /// In a replaced database only, and never acknowledged.
  std::map<ReadingId, Replaced> only_before_a_restore;
  /// What the box declared as dropped before it was sent: each excuses as many readings of its time as it counts.
  std::vector<telemetry::Tombstone> tombstones;
  /// What central names as missing, by record or, where nobody knows of the records, by time; nothing else is excused
  /// for a restore.
  std::vector<telemetry::MissingRange> named;
  std::vector<test::Span> without_records;
};

struct Verdict {
  std::size_t answered = 0;
  std::size_t compared = 0;  // found at central, alike in value, unit and time
  std::size_t excused_kill = 0;
  std::size_t excused_tombstone = 0;
  std::size_t excused_restore = 0;
  std::vector<std::string> named;       // what central names as missing, "epoch/first…last"
  std::vector<std::string> lost;        // missing or different, and not excused
  std::vector<std::string> duplicated;  // stored more often than answered, or never answered
};

/// A stored time may lie `apart` from the answer's, read on the box's clock as `clock` says it was.
[[nodiscard]] Verdict Judge(const Answers& answers, const Stored& stored, const Excuses& excuses,
                            const std::vector<ClockOffset>& clock, base::Duration apart);

}  // namespace yb::chaos
