// RecordLog: roll-ups of closed days, and the quarters of any.
#include <algorithm>
#include <map>

#include "core/telemetry/record_log_statements.hpp"

namespace yb::telemetry {
namespace {

using metering::Reading;
using storage::Rows;
using storage::Statement;

/// A day's roll-ups are stored when it has been over for so long; until then they are made from its readings when
/// asked.
constexpr base::Duration kUntilClosed = std::chrono::hours(1);
/// A day of so many points is in memory at once: a few megabytes at a box.
constexpr metering::PointNo kPointsAtATime = 8;

}  // namespace

base::Result<bool> RecordLog::RollUp(SiteNo site, base::UtcTime now) {
  std::int64_t newest_run = 0;
  calendar::DayNo day = 0;
  YB_ASSIGN(const std::vector<EpochHead> heads, Heads(site, sync::Lane::kHistory));
  {
    Statement& select = *statements_->oldest_stale;
    const Rows rows(select.Bind(1, site));
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return false;
    day = select.Int(0);
    newest_run = select.Int(1);
  }
  const base::UtcTime start = calendar::StartOf(day);
  const base::UtcTime end = calendar::StartOf(day + 1);
  if (now < end + kUntilClosed) return false;
  YB_ASSIGN(const std::vector<PointDefinition> points, Points(site));
  metering::PointNo last = 0;
  for (const PointDefinition& definition : points) last = std::max(last, definition.point.no);
  std::map<metering::PointNo, base::Bytes> rollups;
  for (metering::PointNo first = 1; first <= last; first += kPointsAtATime) {
    std::map<metering::PointNo, std::vector<Reading>> readings;
    YB_TRY(ForEachReading(site, {first, first + (kPointsAtATime - 1)}, start, end,
                          [&](const Reading& r, const ReadingContext&) { readings[r.point].push_back(r); }));
    for (auto& [point, of_point] : readings) {
      const std::vector<Bucket> quarters = telemetry::RollUp(std::move(of_point));
      if (!quarters.empty()) rollups[point] = EncodeRollup(quarters, start);
    }
  }
  YB_ASSIGN(storage::Transaction transaction, Begin());
  // What came for this day while it was being made is not in it: then it stays stale.
  YB_ASSIGN(const bool changed, ReachesInto(site, heads, newest_run, end));
  if (changed) return true;
  for (const auto& [point, body] : rollups) {
    YB_TRY(statements_->save_rollup->Bind(1, site)
               .Bind(2, std::int64_t{point})
               .Bind(3, day)
               .Bind(4, base::ByteView(body))
               .Run());
  }
  YB_TRY(statements_->unmark_day->Bind(1, site).Bind(2, day).Run());
  YB_TRY(transaction.Commit());
  return true;
}

base::Result<bool> RecordLog::ReachesInto(SiteNo site, const std::vector<EpochHead>& heads, std::int64_t newest_run,
                                          base::UtcTime end) {
  {
    Statement& select = *statements_->newer_runs;
    const Rows rows(select.Bind(1, site).Bind(2, newest_run).Bind(3, end.micros));
    YB_ASSIGN(const bool row, select.Step());
    if (row) return true;
  }
  YB_ASSIGN(const std::vector<EpochHead> present, Heads(site, sync::Lane::kHistory));
  for (const EpochHead& head : present) {
    const auto before = std::ranges::find(heads, head.epoch, &EpochHead::epoch);
    const std::uint64_t seen = before == heads.end() ? 0 : before->last;
    Statement& select = *statements_->newer_slices;
    const Rows rows(select.Bind(1, site)
                        .Bind(2, Number(sync::Lane::kHistory))
                        .Bind(3, Signed(head.epoch))
                        .Bind(4, Signed(seen))
                        .Bind(5, end.micros));
    YB_ASSIGN(const bool row, select.Step());
    if (row) return true;
  }
  return false;
}

base::Result<std::vector<Bucket>> RecordLog::Quarters(SiteNo site, metering::PointNo point, DayRange days) {
  YB_ASSIGN(const storage::Snapshot snapshot, Snapshot());
  std::map<calendar::DayNo, std::vector<Bucket>> by_day;
  {
    Statement& select = *statements_->rollups;
    const Rows rows(select.Bind(1, site).Bind(2, std::int64_t{point}).Bind(3, days.first).Bind(4, days.last));
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      YB_ASSIGN(by_day[select.Int(0)], DecodeRollup(select.Blob(1), calendar::StartOf(select.Int(0))));
    }
  }
  std::vector<calendar::DayNo> stale;
  {
    Statement& select = *statements_->stale_between;
    const Rows rows(select.Bind(1, site).Bind(2, days.first).Bind(3, days.last));
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      stale.push_back(select.Int(0));
    }
  }
  for (const calendar::DayNo day : stale) {
    std::vector<Reading> readings;
    YB_TRY(ForEachReading(site, point, calendar::StartOf(day), calendar::StartOf(day + 1),
                          [&](const Reading& reading) { readings.push_back(reading); }));
    by_day[day] = telemetry::RollUp(std::move(readings));
  }
  std::vector<Bucket> quarters;
  for (const auto& [day, of_day] : by_day) quarters.insert(quarters.end(), of_day.begin(), of_day.end());
  return quarters;
}

}  // namespace yb::telemetry
