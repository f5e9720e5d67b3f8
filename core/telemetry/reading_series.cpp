#include "core/telemetry/reading_series.hpp"

#include <algorithm>

namespace yb::telemetry {
namespace {

using metering::Quality;
using metering::Reading;

GapReason Worst(GapReason reason, const Reading& reading) {
  if (reading.quality == Quality::kInvalid) return GapReason::kInvalid;
  return reading.quality == Quality::kUnreachable && reason == GapReason::kNoData ? GapReason::kUnreachable : reason;
}

std::vector<Gap> FindGaps(const std::vector<Reading>& readings, base::UtcTime from, base::UtcTime end,
                          base::Duration limit) {
  std::vector<Gap> gaps;
  base::UtcTime last_value = from;
  GapReason reason = GapReason::kNoData;
  const auto close = [&](base::UtcTime until) {
    if (until - last_value > limit) gaps.push_back({last_value, until, reason});
    last_value = until;
    reason = GapReason::kNoData;
  };
  for (const Reading& reading : readings) {
    if (reading.value) {
      close(reading.time);
    } else {
      reason = Worst(reason, reading);
    }
  }
  close(end);
  return gaps;
}

/// Of each of `most` / 2 equal steps of time, the least and the greatest value.
std::vector<Reading> Thin(const std::vector<Reading>& readings, base::UtcTime from, base::UtcTime end,
                          std::size_t most) {
  const auto steps = static_cast<std::int64_t>(std::max<std::size_t>(most / 2, 1));
  const std::int64_t width = std::max<std::int64_t>((end - from).count() / steps + 1, 1);
  std::vector<Reading> kept;
  const auto by_value = [](const Reading& a, const Reading& b) { return *a.value < *b.value; };
  for (auto begin = readings.begin(); begin != readings.end();) {
    const std::int64_t step = (begin->time - from).count() / width;
    const auto stop =
        std::find_if(begin, readings.end(), [&](const Reading& r) { return (r.time - from).count() / width != step; });
    auto [least, greatest] = std::minmax_element(begin, stop, by_value);
    if (least > greatest) std::swap(least, greatest);
    kept.push_back(*least);
    if (greatest != least) kept.push_back(*greatest);
    begin = stop;
  }
  return kept;
}

}  // namespace

std::string_view ToString(GapReason reason) {
  switch (reason) {
    case GapReason::kNoData: return "no_data";
    case GapReason::kUnreachable: return "unreachable";
    case GapReason::kInvalid: return "invalid";
  }
  return "no_data";
}

ReadingSeries MakeSeries(std::vector<Reading> readings, base::UtcTime from, base::UtcTime end, base::Duration limit,
                         std::size_t most) {
  std::ranges::stable_sort(readings, {}, &Reading::time);
  ReadingSeries series;
  series.total = readings.size();
  series.gaps = FindGaps(readings, from, end, limit);
  if (readings.size() <= most) {
    series.readings = std::move(readings);
    return series;
  }
  std::erase_if(readings, [](const Reading& reading) { return !reading.value; });
  series.thinned = readings.size() > most;
  series.readings = series.thinned ? Thin(readings, from, end, most) : std::move(readings);
  return series;
}

}  // namespace yb::telemetry
