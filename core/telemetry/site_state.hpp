// SiteState: what is known of one site right now, as pages show it: its points, their latest values, its link. A box
// holds its own, central one per site. Seeded from the records at start, then moved by what arrives.
// Values; callers guard it (base::Guarded).
#pragma once

#include <map>

#include "core/telemetry/latest_values.hpp"
#include "core/telemetry/live_frame.hpp"
#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

enum class Link : std::uint8_t { kNever, kOnline, kOffline };
[[nodiscard]] std::string_view ToString(Link link);

struct LaneProgress {
  sync::Lane lane = sync::Lane::kHistory;
  std::uint64_t epoch = 0;
  std::uint64_t committed = 0;
  std::uint64_t last_known = 0;
  std::uint64_t holes = 0;
  std::optional<base::UtcTime> oldest_waiting;
};

struct SiteState {
  std::string name;
  std::map<metering::PointNo, PointDefinition> points;
  LatestValues latest;
  Link link = Link::kNever;
  std::optional<base::UtcTime> link_since;
  std::map<sync::Lane, LaneProgress> lanes;
  std::vector<metering::LineState> lines;        // at central: as the box last told
  std::optional<base::UtcTime> lines_told = {};  // when, by central's clock; never, before it did

  /// Takes over what a record of the history lane says.
  void Apply(const HistoryRecord& record);
  [[nodiscard]] std::size_t CountGood(base::UtcTime now) const;
  [[nodiscard]] std::size_t CountMeters() const;
};

/// Points and latest values from the records: as many of the newest slices as are needed to see each point once, at
/// most `most_records`.
[[nodiscard]] base::Status Seed(SiteState& state, RecordLog& log, SiteNo site, int most_records);

}  // namespace yb::telemetry
