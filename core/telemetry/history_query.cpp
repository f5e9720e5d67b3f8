#include "core/telemetry/history_query.hpp"

#include <algorithm>

#include "core/telemetry/rollup_store.hpp"

namespace yb::telemetry {
namespace {

using metering::Reading;

/// Readings that are unpacked for one answer at most: some ten milliseconds.
constexpr std::int64_t kMostUnpacked = 100'000;
constexpr base::Duration kUsualInterval = std::chrono::seconds(15);

std::int64_t ExpectedReadings(const PointDefinition& point, const HistoryRequest& request) {
  return (request.to - request.from) / (point.poll.count() > 0 ? point.poll : kUsualInterval);
}

/// Quarters of an hour of a year are unpacked as fast as readings of a fortnight.
Resolution Choose(const PointDefinition& point, const HistoryRequest& request) {
  return ExpectedReadings(point, request) <= kMostUnpacked ? Resolution::kRaw : Resolution::kQuarterHour;
}

/// The least and the greatest of each bucket as readings at its beginning and middle, so that a chart shows the range.
std::vector<Reading> ExtremesOf(std::span<const Bucket> buckets, metering::PointNo point, Resolution resolution) {
  std::vector<Reading> readings;
  readings.reserve(buckets.size() * 2);
  for (const Bucket& bucket : buckets) {
    const bool falls = bucket.last < bucket.first;
    readings.push_back({point, bucket.start, falls ? bucket.max : bucket.min, metering::Quality::kGood});
    if (bucket.min == bucket.max) continue;
    const base::UtcTime middle = bucket.start + LengthOf(resolution) / 2;
    readings.push_back({point, middle, falls ? bucket.min : bucket.max, metering::Quality::kGood});
  }
  return readings;
}

/// Where buckets are missing for longer than `limit`: why, roll-ups do not tell.
std::vector<Gap> GapsBetween(std::span<const Bucket> buckets, Resolution resolution, base::UtcTime from,
                             base::UtcTime end, base::Duration limit) {
  std::vector<Gap> gaps;
  base::UtcTime until = from;
  const auto close = [&](base::UtcTime next) {
    if (next - until > limit) gaps.push_back({until, next, GapReason::kNoData});
  };
  for (const Bucket& bucket : buckets) {
    close(bucket.start);
    until = bucket.start + LengthOf(resolution);
  }
  close(end);
  return gaps;
}

}  // namespace

base::Result<History> ReadHistory(RecordLog& log, SiteNo site, const PointDefinition& point,
                                  const HistoryRequest& request) {
  const metering::PointNo no = point.point.no;
  const base::UtcTime end = std::max(request.from, std::min(request.to, request.now));
  History history;
  history.made_from = request.step == Resolution::kRaw ? Choose(point, request) : request.step;
  if (history.made_from == Resolution::kRaw) {
    std::vector<Reading> readings;
    YB_TRY(log.ForEachReading(site, no, request.from, request.to,
                              [&](const Reading& reading) { readings.push_back(reading); }));
    history.series = MakeSeries(std::move(readings), request.from, end, point.limit, request.most);
    return history;
  }
  YB_ASSIGN(const std::vector<Bucket> quarters,
            RollupStore(log, site).Quarters(point,
                                            {calendar::DayOf(request.from), calendar::DayOf({request.to.micros - 1})}));
  history.buckets = Aggregate(quarters, history.made_from);
  std::erase_if(history.buckets,
                [&](const Bucket& bucket) { return bucket.start < request.from || bucket.start >= request.to; });
  if (request.step != Resolution::kRaw) return history;
  std::size_t total = 0;
  for (const Bucket& bucket : history.buckets) total += bucket.count;
  history.series =
      MakeSeries(ExtremesOf(history.buckets, no, history.made_from), request.from, end, point.limit, request.most);
  history.series.gaps = GapsBetween(history.buckets, history.made_from, request.from, end, point.limit);
  history.series.total = total;
  history.series.thinned = true;
  history.buckets.clear();
  return history;
}

std::optional<double> CompletenessOf(const Bucket& bucket, Resolution resolution, const PointDefinition& point,
                                     base::UtcTime now) {
  if (point.poll.count() <= 0) return std::nullopt;
  const base::Duration length = std::min(LengthOf(resolution), std::max(now - bucket.start, point.poll));
  const double expected = static_cast<double>(length.count()) / static_cast<double>(point.poll.count());
  return std::min(1.0, static_cast<double>(bucket.count) / expected);
}

}  // namespace yb::telemetry
