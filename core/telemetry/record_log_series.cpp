// RecordLog: from slices to runs, from runs to series, and the readers of all three.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/base/log.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/telemetry/record_log_statements.hpp"

namespace yb::telemetry {
namespace {

using base::Bytes;
using base::ByteView;
using metering::Reading;
using storage::Rows;
using storage::Statement;
using sync::Lane;

/// Points whose series share a row: a row of a few pages wastes little of its last one.
constexpr metering::PointNo kPointsPerRow = 64;
/// Runs are merged once they reach over so much time, or hold so many readings.
constexpr base::Duration kMergeSpan = std::chrono::hours(24);
constexpr std::size_t kMergeReadings = 8'000'000;

const base::Logger kLog("series");

/// What makes a reading the same one: a point is never read twice in a microsecond.
using Identity = std::tuple<metering::PointNo, std::int64_t, bool, std::int64_t, std::uint8_t, metering::Quality>;

Identity IdentityOf(const Reading& reading) {
  const base::Decimal value = reading.value.value_or(base::Decimal());
  return {reading.point,    reading.time.micros, reading.value.has_value(),
          value.mantissa(), value.scale(),       reading.quality};
}

Bytes Copy(ByteView view) {
  return {view.begin(), view.end()};
}

}  // namespace

base::Status RecordLog::InsertRun(SiteNo site, std::uint64_t epoch, const CompactedRun& run, TimeSpan span,
                                  std::size_t readings) {
  return statements_->add_run->Bind(1, site)
      .Bind(2, Signed(epoch))
      .Bind(3, Signed(run.first_seq))
      .Bind(4, Signed(run.last_seq))
      .Bind(5, span.first.micros)
      .Bind(6, span.last.micros)
      .Bind(7, static_cast<std::int64_t>(readings))
      .Bind(8, ByteView(run.chain))
      .Bind(9, ByteView(run.series))
      .Run();
}

base::Result<bool> RecordLog::Compact(SiteNo site, const CompactionLimits& limits, base::UtcTime now) {
  YB_ASSIGN(const std::vector<EpochHead> heads, Heads(site, Lane::kHistory));
  for (const EpochHead& head : heads) {
    const bool newest = head.epoch == heads.back().epoch;
    std::uint64_t upto = head.last;
    if (newest && head.last - std::min(head.last, head.acked) <= limits.leave_unacknowledged) upto = head.acked;
    Statement& pending = *statements_->pending;
    {
      const Rows rows(pending);
      pending.Bind(1, site).Bind(2, Number(Lane::kHistory)).Bind(3, Signed(head.epoch)).Bind(4, Signed(upto));
      YB_TRY(pending.Step());
      const bool old = !pending.IsNull(2) && now - base::UtcTime{pending.Int(2)} >= limits.longest;
      const bool enough = Unsigned(pending.Int(0)) >= limits.most_records ||
                          Unsigned(pending.Int(1)) >= limits.most_bytes || old || !newest;
      if (pending.Int(0) == 0 || !enough) continue;
    }
    CompactedRun run;
    SeriesSet set;
    Statement& select = *statements_->slices_above;
    {
      const Rows rows(select);
      select.Bind(1, site).Bind(2, Number(Lane::kHistory)).Bind(3, Signed(head.epoch)).Bind(4, Signed(upto));
      while (set.size() < limits.most_readings && run.last_seq + 1 - run.first_seq < 2 * limits.most_records) {
        YB_ASSIGN(const bool row, select.Step());
        if (!row) break;
        const std::uint64_t seq = Unsigned(select.Int(0));
        if (run.first_seq == 0) run.first_seq = seq;
        if (run.last_seq != 0 && seq != run.last_seq + 1) break;  // what lies between came as a run
        run.last_seq = seq;
        std::copy_n(select.Blob(2).begin(), std::min(select.Blob(2).size(), run.chain.size()), run.chain.begin());
        if (select.Int(1) == 0) continue;
        YB_ASSIGN(const HistoryRecord record, DecodeHistoryRecord(select.Blob(3)));
        set.Add(std::get<Slice>(record));
      }
    }
    const TimeSpan span = set.span();
    const std::size_t readings = set.size();
    run.series = set.Finish(kRunBlockReadings);
    YB_TRY(MoveIntoRun(site, head, std::move(run), span, readings));
    return true;
  }
  return false;
}

base::Status RecordLog::MoveIntoRun(SiteNo site, const EpochHead& head, CompactedRun run, TimeSpan span,
                                    std::size_t readings) {
  const auto place = [&](Statement& statement) -> Statement& {
    return statement.Bind(1, site)
        .Bind(2, Number(Lane::kHistory))
        .Bind(3, Signed(head.epoch))
        .Bind(4, Signed(run.last_seq));
  };
  YB_ASSIGN(storage::Transaction transaction, Begin());
  YB_TRY(InsertRun(site, head.epoch, run, span, readings));
  YB_TRY(place(*statements_->keep_others).Run());
  YB_TRY(place(*statements_->drop_records).Run());
  YB_TRY(statements_->move_head->Bind(1, Signed(run.last_seq))
             .Bind(2, ByteView(run.chain))
             .Bind(3, site)
             .Bind(4, Number(Lane::kHistory))
             .Bind(5, Signed(head.epoch))
             .Run());
  return transaction.Commit();
}

base::Result<std::vector<CompactedRun::Other>> RecordLog::KeptBetween(SiteNo site, std::uint64_t epoch,
                                                                      std::uint64_t first, std::uint64_t last) {
  Statement& select = *statements_->kept_between;
  const Rows rows(select);
  select.Bind(1, site).Bind(2, Signed(epoch)).Bind(3, Signed(first)).Bind(4, Signed(last));
  std::vector<CompactedRun::Other> kept;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return kept;
    kept.push_back({Unsigned(select.Int(0)), Copy(select.Blob(1))});
  }
}

base::Result<Outgoing> RecordLog::ReadForSending(SiteNo site, Lane lane, sync::Position from, std::size_t most_bytes) {
  YB_ASSIGN(const storage::Snapshot snapshot, Snapshot());
  YB_ASSIGN(std::vector<Bytes> bodies, ReadBodies(site, lane, from, most_bytes));
  if (!bodies.empty() || lane != Lane::kHistory) return Outgoing{from.seq, std::move(bodies), {}};
  CompactedRun run;
  {
    Statement& select = *statements_->run_at;
    const Rows rows(select);
    YB_ASSIGN(const bool row, select.Bind(1, site).Bind(2, Signed(from.epoch)).Bind(3, Signed(from.seq)).Step());
    if (!row || Unsigned(select.Int(0)) > from.seq) return Outgoing{from.seq, {}, {}};
    run.first_seq = Unsigned(select.Int(0));
    run.last_seq = Unsigned(select.Int(1));
    std::copy_n(select.Blob(3).begin(), std::min(select.Blob(3).size(), run.chain.size()), run.chain.begin());
    run.series = Copy(select.Blob(4));
  }
  YB_ASSIGN(run.other, KeptBetween(site, from.epoch, run.first_seq, run.last_seq));
  return Outgoing{run.first_seq, {EncodeCompactedRun(run)}, {run.last_seq - run.first_seq + 1}};
}

base::Result<HistoryRecord> RecordLog::AppendRun(SiteNo site, EpochHead& head, const CompactedRun& run) {
  YB_CHECK(run.first_seq <= head.last + 1 && run.last_seq > head.last, "a run continues its epoch");
  SeriesSet rest;
  TimeSpan span;
  std::size_t readings = 0;
  std::set<calendar::DayNo> days;
  std::map<metering::PointNo, Reading> newest;
  const auto note = [&](const Reading& reading) {
    span.first = readings == 0 ? reading.time : std::min(span.first, reading.time);
    span.last = readings == 0 ? reading.time : std::max(span.last, reading.time);
    ++readings;
    days.insert(calendar::DayOf(reading.time));
    Reading& last = newest[reading.point];
    if (last.point == 0 || reading.time >= last.time) last = reading;
  };
  base::Status read = ForEachInSeries(run.series, {}, [&](const Reading& r, const ReadingContext&) { note(r); });
  CompactedRun stored{run.first_seq, run.last_seq, run.chain, {}, {}};
  if (read && run.first_seq <= head.last) {
    // The beginning of the run is here already, as slices or in another run: by its identity each reading stays once.
    std::multiset<Identity> here;
    YB_TRY(ForEachReading(site, PointRange{}, span.first, {span.last.micros + 1},
                          [&](const Reading& r, const ReadingContext&) { here.insert(IdentityOf(r)); }));
    YB_TRY(ForEachInSeries(run.series, {}, [&](const Reading& r, const ReadingContext& context) {
      const auto found = here.find(IdentityOf(r));
      if (found == here.end()) {
        rest.Add(r, context);
      } else {
        here.erase(found);
      }
    }));
    stored.first_seq = head.last + 1;
    span = rest.span();
    readings = rest.size();
    stored.series = rest.Finish(kRunBlockReadings);
  } else {
    stored.series = run.series;
  }
  if (!read) {
    kLog.Warn("a run is kept unread", {{"first", run.first_seq}, {"why", read.error().Describe()}});
    readings = 0;
  }
  YB_TRY(InsertRun(site, head.epoch, stored, span, readings));
  for (const calendar::DayNo day : days) YB_TRY(statements_->mark_day->Bind(1, site).Bind(2, day).Run());
  for (const CompactedRun::Other& other : run.other) {
    if (other.seq <= head.last) continue;
    YB_TRY(Project(site, DecodeHistoryRecord(other.body).value_or(UnknownRecord{})));
    YB_TRY(statements_->keep_one->Bind(1, site)
               .Bind(2, Signed(head.epoch))
               .Bind(3, Signed(other.seq))
               .Bind(4, ByteView(other.body))
               .Run());
  }
  head.last = run.last_seq;
  head.chain = run.chain;
  Slice slice;
  for (const auto& [point, reading] : newest) slice.readings.push_back(reading);
  return slice;
}

base::Status RecordLog::ForEachReading(SiteNo site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                                       const std::function<void(const Reading&)>& use) {
  return ForEachReading(site, PointRange{point, point}, from, to,
                        [&](const Reading& reading, const ReadingContext&) { use(reading); });
}

base::Status RecordLog::ForEachReading(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                       const UseReading& use) {
  YB_ASSIGN(const storage::Snapshot snapshot, Snapshot());
  const UseReading in_range = [&](const Reading& reading, const ReadingContext& context) {
    if (reading.time >= from && reading.time < to) use(reading, context);
  };
  const auto each = [&](Statement& select, auto read) -> base::Status {
    const Rows rows(select);
    while (true) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) return {};
      YB_TRY(read(select.Blob(0)));
    }
  };
  const auto series = [&](ByteView body) { return ForEachInSeries(body, points, in_range); };
  YB_TRY(each(statements_->series_between->Bind(1, site)
                  .Bind(2, std::int64_t{points.first / kPointsPerRow})
                  .Bind(3, std::int64_t{points.last / kPointsPerRow})
                  .Bind(4, from.micros)
                  .Bind(5, to.micros),
              series));
  YB_TRY(each(statements_->runs_between->Bind(1, site).Bind(2, from.micros).Bind(3, to.micros), series));
  return each(statements_->slices_between->Bind(1, site)
                  .Bind(2, Number(Lane::kHistory))
                  .Bind(3, from.micros)
                  .Bind(4, to.micros),
              [&](ByteView body) -> base::Status {
                YB_ASSIGN(const HistoryRecord record, DecodeHistoryRecord(body));
                const auto* slice = std::get_if<Slice>(&record);
                if (slice == nullptr) return {};
                for (const Reading& reading : slice->readings) {
                  if (reading.point >= points.first && reading.point <= points.last) in_range(reading, slice->context);
                }
                return {};
              });
}

base::Status RecordLog::ForNewestReadings(SiteNo site, int most_records,
                                          const std::function<bool(std::span<const Reading>)>& use) {
  YB_ASSIGN(const storage::Snapshot snapshot, Snapshot());
  std::vector<Reading> readings;
  int left = most_records;
  bool more = true;
  const auto each = [&](Statement& select, auto read) -> base::Status {
    const Rows rows(select);
    while (more && left > 0) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) return {};
      --left;
      readings.clear();
      YB_TRY(read(select.Blob(0)));
      more = use(readings);
    }
    return {};
  };
  YB_TRY(each(statements_->newest_slices->Bind(1, site).Bind(2, Number(Lane::kHistory)).Bind(3, std::int64_t{left}),
              [&](ByteView body) -> base::Status {
                YB_ASSIGN(HistoryRecord record, DecodeHistoryRecord(body));
                if (auto* slice = std::get_if<Slice>(&record)) readings = std::move(slice->readings);
                return {};
              }));
  const auto series = [&](ByteView body) {
    return ForEachInSeries(body, {}, [&](const Reading& r, const ReadingContext&) { readings.push_back(r); });
  };
  YB_TRY(each(statements_->newest_runs->Bind(1, site).Bind(2, std::int64_t{left}), series));
  return each(statements_->newest_series->Bind(1, site).Bind(2, std::int64_t{left}), series);
}

base::Result<bool> RecordLog::Merge(SiteNo site, base::UtcTime now) {
  struct Old {
    std::int64_t id = 0;
    Bytes body;
  };
  std::vector<Old> runs;
  std::set<metering::PointNo> rows_of_points;
  {
    Statement& select = *statements_->runs_by_age;
    const Rows rows(select.Bind(1, site));
    base::UtcTime first{};
    std::size_t readings = 0;
    bool full = false;
    while (!full) {
      YB_ASSIGN(const bool row, select.Step());
      if (!row) break;
      if (runs.empty()) first = {select.Int(1)};
      readings += static_cast<std::size_t>(select.Int(3));
      runs.push_back({select.Int(0), Copy(select.Blob(4))});
      full = base::UtcTime{select.Int(2)} - first >= kMergeSpan || readings >= kMergeReadings;
    }
    if (!full && (runs.empty() || now - first < kMergeSpan + kMergeSpan / 4)) return false;
  }
  for (const Old& run : runs) {
    YB_TRY(ForEachBlock(run.body, [&](const SeriesBlockInfo& info) {
      for (auto row = info.first_point / kPointsPerRow; row <= info.last_point / kPointsPerRow; ++row)
        rows_of_points.insert(row);
    }));
  }
  struct Merged {
    metering::PointNo row = 0;
    TimeSpan span;
    std::size_t readings = 0;
    Bytes body;
  };
  std::vector<Merged> merged;
  for (const metering::PointNo row : rows_of_points) {
    SeriesSet set;
    const PointRange points{row * kPointsPerRow, row * kPointsPerRow + (kPointsPerRow - 1)};
    for (const Old& run : runs) {
      YB_TRY(ForEachInSeries(run.body, points, [&](const Reading& r, const ReadingContext& c) { set.Add(r, c); }));
    }
    if (set.size() == 0) continue;
    const TimeSpan span = set.span();
    const std::size_t readings = set.size();
    merged.push_back({row, span, readings, set.Finish(kDayBlockReadings)});
  }
  YB_ASSIGN(storage::Transaction transaction, Begin());
  for (const Merged& m : merged) {
    YB_TRY(statements_->add_series->Bind(1, site)
               .Bind(2, std::int64_t{m.row})
               .Bind(3, m.span.first.micros)
               .Bind(4, m.span.last.micros)
               .Bind(5, static_cast<std::int64_t>(m.readings))
               .Bind(6, ByteView(m.body))
               .Run());
  }
  for (const Old& run : runs) YB_TRY(statements_->drop_run->Bind(1, run.id).Run());
  YB_TRY(transaction.Commit());
  return true;
}

}  // namespace yb::telemetry
