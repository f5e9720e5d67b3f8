// HistoryQuery: what a page asks of one point over a stretch of time: its readings where these are few, else their
// extremes, and roll-ups for long stretches.
// Reads through the given log; used on the thread that owns it.
#pragma once

#include "core/telemetry/reading_series.hpp"
#include "core/telemetry/record_log.hpp"
#include "core/telemetry/rollup.hpp"

namespace yb::telemetry {

struct HistoryRequest {
  base::UtcTime from{};
  base::UtcTime to{};
  base::UtcTime now{};
  std::size_t most = 2000;  // readings in the answer, 2 to 4000
  Resolution step = Resolution::kRaw;
};

struct History {
  Resolution made_from = Resolution::kRaw;
  ReadingSeries series;         // raw: readings, or of a long range the extremes of roll-ups
  std::vector<Bucket> buckets;  // where roll-ups were asked for
};

[[nodiscard]] base::Result<History> ReadHistory(RecordLog& log, SiteNo site, const PointDefinition& point,
                                                const HistoryRequest& request);

/// Readings with a value in a bucket, of those expected by the point's interval until `now`: 0 to 1; nullopt where the
/// interval is not known.
[[nodiscard]] std::optional<double> CompletenessOf(const Bucket& bucket, Resolution resolution,
                                                   const PointDefinition& point, base::UtcTime now);

}  // namespace yb::telemetry
