// ReadingSeries: one point over a stretch of time as a chart needs it: values thinned with the extremes of each step
// kept, and the stretches without a value named, because the chart cannot know them. Pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

enum class GapReason : std::uint8_t { kNoData, kUnreachable, kInvalid };
[[nodiscard]] std::string_view ToString(GapReason reason);

struct Gap {
  base::UtcTime from{};
  base::UtcTime to{};
  GapReason reason = GapReason::kNoData;
};

struct ReadingSeries {
  std::size_t total = 0;  // readings before thinning, those without a value included
  bool thinned = false;
  std::vector<metering::Reading> readings;  // ascending
  std::vector<Gap> gaps;                    // ascending; longer than the point's limit each
};

/// `readings` in any order; `end` is the end of the range or now, whichever is earlier; `most` ≥ 2.
[[nodiscard]] ReadingSeries MakeSeries(std::vector<metering::Reading> readings, base::UtcTime from, base::UtcTime end,
                                       base::Duration limit, std::size_t most);

}  // namespace yb::telemetry
