// Thinning (抽稀): which readings stay when a store must become smaller, and a civil day of the series made thinner.
// Of each quarter of an hour the first value stays, and of a register the last value of each civil day.
#pragma once

#include <set>

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

/// Drops what need not stay of readings of one point. `is_day_end` says whether a reading is the last value of its
/// civil day. Pure.
void Thin(std::vector<metering::Reading>& readings, const std::function<bool(const metering::Reading&)>& is_day_end);

/// What was dropped.
struct Dropped {
  std::uint64_t count = 0;
  base::UtcTime from{};  // least and greatest time
  base::UtcTime to{};
  void Add(base::UtcTime time);
};

/// A value over a RecordLog and one site of it; used on the log's thread.
class Thinning {
 public:
  Thinning(RecordLog& log, SiteNo site) : log_(log), site_(site) {}

  /// Within a transaction: thins the oldest day before `end` that was not thinned by `rule` yet. Its roll-ups stay as
  /// they are. Nullopt: there is none.
  [[nodiscard]] base::Result<std::optional<Dropped>> ThinOldestDay(DropRule rule, calendar::DayNo end);

  /// Times of the last value of the civil day that a reading is of, for registers, as roll-ups tell. Nullopt where they
  /// do not: then any reading may be it.
  [[nodiscard]] base::Result<std::optional<base::UtcTime>> DayEnd(metering::PointNo point, calendar::DayNo day);

 private:
  [[nodiscard]] base::Result<std::optional<calendar::DayNo>> OldestDay(DropRule rule, calendar::DayNo end,
                                                                       metering::PointNo last_row);
  [[nodiscard]] base::Status ThinPlace(const SeriesPlace& place, DropRule rule,
                                       const std::set<metering::PointNo>& gauges, Dropped& dropped);
  [[nodiscard]] base::Status ThinPoints(const SeriesPlace& place, PointRange group, DropRule rule,
                                        const std::set<metering::PointNo>& gauges, SeriesSet& rest, Dropped& dropped);

  RecordLog& log_;
  SiteNo site_;
};

}  // namespace yb::telemetry
