// RollupStore closes days: it merges the parts of a day's series and stores its roll-ups, and tells the quarters of any
// days, stored ones or made from readings where these are newer.
//
// A value over a RecordLog and one site of it; used on the log's thread.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

class RollupStore {
 public:
  /// Closing a day holds about `readings_at_once` in memory: fewer are slower.
  RollupStore(RecordLog& log, SiteNo site, std::size_t readings_at_once = kReadingsAtOnce)
      : log_(log), site_(site), readings_at_once_(readings_at_once) {}

  /// Closes the oldest stale day that is over. True if it did: there may be another.
  [[nodiscard]] base::Result<bool> CloseDay(base::UtcTime now);

  /// Quarters of an hour with values, ascending; they say what was committed last.
  [[nodiscard]] base::Result<std::vector<Bucket>> Quarters(const PointDefinition& point, DayRange days);

 private:
  using Definitions = std::map<metering::PointNo, PointDefinition>;

  /// Merges and rolls up one place, in a transaction that only stores what was made before it: who else writes does not
  /// wait for more. False: the day changed meanwhile.
  [[nodiscard]] base::Result<bool> ClosePlace(const SeriesPlace& place, const SeriesTables::StaleDay& stale,
                                              const Definitions& points);
  [[nodiscard]] base::Result<DayRollup> Make(const PointDefinition& point, calendar::DayNo day,
                                             std::vector<metering::Reading> readings,
                                             std::vector<metering::Reading> lead);

  RecordLog& log_;
  SiteNo site_;
  std::size_t readings_at_once_;
};

}  // namespace yb::telemetry
