// HourStates: how complete each hour of a lane is, from the digests that the box told of and from what is known to be
// missing. What the completeness page draws as a strip. Pure functions; any thread.
#pragma once

#include <vector>

#include "core/telemetry/completeness_log.hpp"
#include "core/telemetry/tombstone.hpp"

namespace yb::api {

enum class HourStanding : std::uint8_t {
  kWhole,    // a digest, and nothing of it is known to be missing
  kPartial,  // some of its records are missing or changed
  kHole,     // all of them are
};
/// "whole", "partial", "hole". An hour that is not listed is not known.
[[nodiscard]] std::string_view ToString(HourStanding standing);

/// The parts of an hour: one for each epoch that the box was in.
struct HourState {
  base::UtcTime hour{};
  std::uint64_t epoch = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t lost = 0;  // of its records
  HourStanding standing = HourStanding::kWhole;
};

/// Hours of which the box declares readings as dropped (已声明丢弃).
struct DeclaredHour {
  base::UtcTime hour{};
  std::uint64_t tombstones = 0;  // that reach into it
  std::uint64_t count = 0;       // readings that these declare; not all need be of this hour
};

/// What is known of the hours from ≤ hour < to of a lane.
struct LaneHours {
  std::vector<HourState> hours;
  std::vector<DeclaredHour> declared;  // ascending
};

/// What is left of `missing` without the records that tombstones name: a declared loss is no hole.
[[nodiscard]] std::vector<telemetry::MissingRange> Undeclared(const std::vector<telemetry::MissingRange>& missing,
                                                              const std::vector<telemetry::Tombstone>& tombstones);

/// The hours with from ≤ hour < to that tombstones reach into.
[[nodiscard]] std::vector<DeclaredHour> DeclareHours(const std::vector<telemetry::Tombstone>& tombstones,
                                                     base::UtcTime from, base::UtcTime to);

[[nodiscard]] std::vector<HourState> JudgeHours(const std::vector<telemetry::HourDigest>& hours,
                                                const std::vector<telemetry::Damage>& damage,
                                                const std::vector<telemetry::MissingRange>& missing);

}  // namespace yb::api
