// SeriesTables: readings by civil day and point, kept for good, and the roll-ups made of them. Part of a RecordLog, on
// its connection; what writes is called within a transaction.
//
// Stored names (since 0.2): table `series` (sets of readings of one civil day and kPointsPerRow points: part 0 is the
// merged one, others wait for the day's end), `stale_day` (days whose parts are to be merged and whose roll-ups are to
// be made anew; `mark` counts the changes), `rollup` (one day of one point);
// `thinned` (days, and the rules that were applied to them), `tombstone` (what was dropped).
#pragma once

#include <map>
#include <memory>

#include "core/domain/calendar/civil_day.hpp"
#include "core/storage/database.hpp"
#include "core/telemetry/rollup.hpp"
#include "core/telemetry/series_set.hpp"

namespace yb::telemetry {

/// Number of a site within one file; never leaves it.
using SiteNo = std::int64_t;

/// Points whose series share a row: a row of a few pages wastes little of its last one, and a query unpacks little.
constexpr metering::PointNo kPointsPerRow = 32;

/// Readings that closing or thinning a day has in memory at once, 100 bytes each.
constexpr std::size_t kReadingsAtOnce = 65'536;

/// Where a reading is kept: points row × kPointsPerRow … of a civil day.
struct SeriesPlace {
  metering::PointNo row = 0;
  calendar::DayNo day = 0;
  friend auto operator<=>(const SeriesPlace&, const SeriesPlace&) = default;
  [[nodiscard]] PointRange points() const { return {row * kPointsPerRow, row * kPointsPerRow + (kPointsPerRow - 1)}; }
  /// The same points in as many groups as hold about `most` of `readings` each, for whoever has a day of them in
  /// memory.
  [[nodiscard]] std::vector<PointRange> groups(std::size_t readings, std::size_t most) const;
};

/// Readings by their places. A value.
class SeriesBatch {
 public:
  void Add(const metering::Reading& reading, const ReadingClock& clock);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::map<SeriesPlace, SeriesSet>& sets() { return sets_; }
  /// Before the transaction that stores it: nobody waits for the packing then. Nothing is added afterwards.
  void PackAll() {
    for (auto& [place, set] : sets_) set.PackAll();
  }

 private:
  std::map<SeriesPlace, SeriesSet> sets_;
  std::size_t size_ = 0;
};

/// Days first…last.
struct DayRange {
  calendar::DayNo first = 0;
  calendar::DayNo last = 0;
};

class SeriesTables {
 public:
  /// Adds the tables where they are missing. `database` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<SeriesTables>> Open(storage::Database& database);

  [[nodiscard]] base::Status Add(SiteNo site, SeriesBatch batch);
  /// Adds those readings only that are not there already: same point, time, value and quality.
  [[nodiscard]] base::Status AddAbsent(SiteNo site, SeriesBatch batch);
  /// Takes readings out again; what is not there is passed over.
  [[nodiscard]] base::Status Remove(SiteNo site, SeriesBatch batch);
  /// Puts `set` in the place of all that is kept there. The day is not marked stale.
  [[nodiscard]] base::Status Replace(SiteNo site, const SeriesPlace& place, SeriesSet set);

  /// Calls `use` for each reading of `points` with from ≤ time < to; by place, and there by part and point.
  [[nodiscard]] base::Status ForEach(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                     const UseReading& use);
  [[nodiscard]] base::Status ForEachAt(SiteNo site, const SeriesPlace& place, const UseReading& use,
                                       PointRange points = {});
  struct PlaceSize {
    std::size_t parts = 0;
    std::size_t readings = 0;
  };
  [[nodiscard]] base::Result<PlaceSize> SizeOf(SiteNo site, const SeriesPlace& place);
  /// The row of the highest points there are; nullopt without any.
  [[nodiscard]] base::Result<std::optional<metering::PointNo>> LastRow(SiteNo site);

  struct StaleDay {
    calendar::DayNo day = 0;
    std::int64_t mark = 0;
  };
  [[nodiscard]] base::Result<std::vector<StaleDay>> StaleDays(SiteNo site, DayRange days);
  /// Unless something changed since `stale` was read.
  [[nodiscard]] base::Status Unmark(SiteNo site, const StaleDay& stale);

  [[nodiscard]] base::Status SaveRollup(SiteNo site, metering::PointNo point, calendar::DayNo day,
                                        const DayRollup& rollup);
  [[nodiscard]] base::Status RemoveRollup(SiteNo site, metering::PointNo point, calendar::DayNo day);
  /// The first day with readings of these points that `rule` was not applied to yet.
  [[nodiscard]] base::Result<std::optional<calendar::DayNo>> FirstDayNotThinned(SiteNo site, metering::PointNo row,
                                                                                DropRule rule);
  [[nodiscard]] base::Status MarkThinned(SiteNo site, calendar::DayNo day, DropRule rule);

  /// The same tombstone is kept once.
  [[nodiscard]] base::Status SaveTombstone(SiteNo site, const Tombstone& tombstone);
  /// Newest first.
  [[nodiscard]] base::Result<std::vector<Tombstone>> Tombstones(SiteNo site);

  /// Ascending by day.
  [[nodiscard]] base::Result<std::map<calendar::DayNo, DayRollup>> Rollups(SiteNo site, metering::PointNo point,
                                                                           DayRange days);
  /// The last readings of the newest roll-up before `day`; none where there is none.
  [[nodiscard]] base::Result<std::vector<metering::Reading>> LeadInto(SiteNo site, metering::PointNo point,
                                                                      calendar::DayNo day);

 private:
  using StatementPtr = std::unique_ptr<storage::Statement>;
  SeriesTables() = default;

  [[nodiscard]] base::Status Insert(SiteNo site, const SeriesPlace& place, SeriesSet set);
  /// The day, and the next one that has readings of these points: consumption reaches from one into the other.
  [[nodiscard]] base::Status Mark(SiteNo site, const SeriesPlace& place);

  StatementPtr insert_, remove_, between_, last_row_, next_day_, mark_, unmark_, stale_;
  StatementPtr save_rollup_, remove_rollup_, rollups_, lead_;
  StatementPtr not_thinned_, mark_thinned_, save_tombstone_, tombstones_;
};

}  // namespace yb::telemetry
