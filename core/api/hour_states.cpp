#include "core/api/hour_states.hpp"

#include <algorithm>
#include <map>

namespace yb::api {
namespace {

constexpr base::Duration kHour = std::chrono::hours(1);

base::UtcTime HourOf(base::UtcTime time) {
  const std::int64_t into = time.micros % kHour.count();
  return {time.micros - (into < 0 ? into + kHour.count() : into)};
}

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

std::vector<telemetry::MissingRange> Undeclared(const std::vector<telemetry::MissingRange>& missing,
                                                const std::vector<telemetry::Tombstone>& tombstones) {
  std::vector<telemetry::MissingRange> left = missing;
  for (const telemetry::Tombstone& tombstone : tombstones) {
    if (tombstone.epoch == 0) continue;  // it names no records
    std::vector<telemetry::MissingRange> next;
    for (const telemetry::MissingRange& range : left) {
      const bool touches = range.epoch == tombstone.epoch && range.last != 0 && range.first <= tombstone.last_seq &&
                           range.last >= tombstone.first_seq;
      if (!touches) {
        next.push_back(range);
        continue;
      }
      telemetry::MissingRange part = range;
      part.last = tombstone.first_seq - 1;
      if (range.first < tombstone.first_seq) next.push_back(part);
      part = range;
      part.first = tombstone.last_seq + 1;
      if (range.last > tombstone.last_seq) next.push_back(part);
    }
    left = std::move(next);
  }
  return left;
}

std::vector<DeclaredHour> DeclareHours(const std::vector<telemetry::Tombstone>& tombstones, base::UtcTime from,
                                       base::UtcTime to) {
  const base::UtcTime first_hour = from == HourOf(from) ? from : HourOf(from) + kHour;
  std::map<base::UtcTime, DeclaredHour> hours;
  for (const telemetry::Tombstone& tombstone : tombstones) {
    if (tombstone.count == 0) continue;
    for (base::UtcTime hour = std::max(HourOf(tombstone.from), first_hour); hour <= tombstone.to && hour < to;
         hour = hour + kHour) {
      DeclaredHour& declared = hours[hour];
      declared.hour = hour;
      ++declared.tombstones;
      declared.count += tombstone.count;
    }
  }
  std::vector<DeclaredHour> out;
  for (const auto& [hour, declared] : hours) out.push_back(declared);
  return out;
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
