// HourStates: how complete each hour of a lane is, from the digests that the box told of and from what is known to be
// missing. What the completeness page draws as a strip. Pure functions; any thread.
#pragma once

#include <vector>

#include "core/telemetry/completeness_log.hpp"

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

[[nodiscard]] std::vector<HourState> JudgeHours(const std::vector<telemetry::HourDigest>& hours,
                                                const std::vector<telemetry::Damage>& damage,
                                                const std::vector<telemetry::MissingRange>& missing);

}  // namespace yb::api
