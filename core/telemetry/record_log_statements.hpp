// The prepared statements of RecordLog, for its implementation files only.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

using StatementPtr = std::unique_ptr<storage::Statement>;

struct RecordLog::Statements {
  StatementPtr sites, add_site, find_site, rename_site;
  StatementPtr heads, save_head, move_head;
  StatementPtr append, bodies, time_of, pending, slices_above, newest_slices, slices_between;
  StatementPtr save_point, points;
  StatementPtr keep_others, drop_records, keep_one, kept_between;
  StatementPtr add_run, run_at, runs_between, newest_runs, runs_by_age, drop_run;
  StatementPtr add_series, series_between, newest_series;
  StatementPtr mark_day, unmark_day, oldest_stale, stale_between, newer_runs, newer_slices, save_rollup, rollups;
};

// SQLite's integers are signed: sequences stay far below 2^63, and epochs are seconds.
inline std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
inline std::uint64_t Unsigned(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}
inline std::int64_t Number(sync::Lane lane) {
  return static_cast<std::int64_t>(lane);
}

}  // namespace yb::telemetry
