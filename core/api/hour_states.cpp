#include "core/api/hour_states.hpp"

#include <algorithm>

namespace yb::api {
namespace {

/// How many of first…last are also in from…to.
std::uint64_t Shared(const HourState& hour, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t low = std::max(hour.first, from), high = std::min(hour.last, to);
  return high < low ? 0 : high - low + 1;
}

}  // namespace

std::string_view ToString(HourStanding standing) {
  switch (standing) {
    case HourStanding::kWhole: return "whole";
    case HourStanding::kPartial: return "partial";
    case HourStanding::kHole: return "hole";
  }
  return "whole";
}

std::vector<HourState> JudgeHours(const std::vector<telemetry::HourDigest>& hours,
                                  const std::vector<telemetry::Damage>& damage,
                                  const std::vector<telemetry::MissingRange>& missing) {
  std::vector<HourState> states;
  for (const telemetry::HourDigest& digest : hours) {
    HourState hour{digest.hour, digest.epoch, digest.first, digest.last, 0, HourStanding::kWhole};
    for (const telemetry::Damage& one : damage) {
      const bool open = one.state != telemetry::DamageState::kHealed && one.segment.epoch == hour.epoch;
      if (open) hour.lost += std::min(one.rows, Shared(hour, one.segment.first, one.segment.last));
    }
    for (const telemetry::MissingRange& range : missing) {
      // A range without an end is behind all that the box had told of: it is in no hour.
      if (range.epoch == hour.epoch && range.last != 0) hour.lost += Shared(hour, range.first, range.last);
    }
    const std::uint64_t count = hour.last - hour.first + 1;
    hour.lost = std::min(hour.lost, count);
    if (hour.lost > 0) hour.standing = hour.lost == count ? HourStanding::kHole : HourStanding::kPartial;
    states.push_back(hour);
  }
  return states;
}

}  // namespace yb::api
