// Compaction moves readings from slices into series behind the writers, takes them back where records move to another
// epoch, and deletes slices when their time is over.
//
// A value over a RecordLog and one site of it; used on the log's thread.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

/// When slices are compacted, whichever comes first, and how much at a time.
struct CompactionLimits {
  base::Duration longest = std::chrono::hours(1);  // age of the oldest reading
  std::uint64_t most_records = 7200;
  std::size_t most_readings = 262'144;  // in memory at once, some 60 bytes each: an hour of 1,000 points at 15 s
};

class Compaction {
 public:
  Compaction(RecordLog& log, SiteNo site) : log_(log), site_(site) {}

  /// Moves readings of the oldest epoch that has enough of them. True if it did: there may be more. A slice that does
  /// not fit the chain is damaged: it is passed over, and gets into the series when it is healed.
  [[nodiscard]] base::Result<bool> Compact(const CompactionLimits& limits, base::UtcTime now);

  /// Within a transaction: readings of records above `above` leave the series again, before these records move; the
  /// epoch is compacted up to `compacted` then at most.
  [[nodiscard]] base::Status TakeBack(std::uint64_t epoch, std::uint64_t above, std::uint64_t compacted);

  /// Within a transaction: deletes slices of an hour or so that are kRecordsKept old, compacted and not above `upto`,
  /// and stores how far `head` then reaches back. What is no slice stays. `next_epoch` is that of the lane behind this
  /// one, if any. True if it did.
  [[nodiscard]] base::Result<bool> Prune(EpochHead& head, std::uint64_t upto, std::optional<std::uint64_t> next_epoch,
                                         base::UtcTime now);

  /// `now`, but no later than the newest hour of the history ended, so that a clock that jumps ahead deletes nothing.
  [[nodiscard]] base::Result<base::UtcTime> ConfirmedNow(const EpochHead& newest, base::UtcTime now);

  /// Within a transaction: deletes slices first…upto, which are in the series or not wanted any more.
  [[nodiscard]] base::Status DropSlices(EpochHead& head, std::uint64_t upto);
  /// Within a transaction: deletes all records up to `last` of an epoch that were not sent, from `first` on also what
  /// is no slice.
  [[nodiscard]] base::Status DropRecords(EpochHead& head, std::uint64_t first, std::uint64_t last);

 private:
  struct Gathered {
    SeriesBatch batch;
    std::uint64_t last = 0;
    sync::Chain chain{};  // after `last`
  };
  [[nodiscard]] base::Result<bool> IsEnough(const EpochHead& head, bool newest, const CompactionLimits& limits,
                                            base::UtcTime now);
  [[nodiscard]] base::Result<Gathered> Gather(const EpochHead& head, std::size_t most_readings);
  [[nodiscard]] base::Result<std::uint64_t> WrittenBefore(const EpochHead& head, base::UtcTime limit,
                                                          std::optional<std::uint64_t> next_epoch, base::UtcTime now);
  [[nodiscard]] base::Status SaveCompacted(std::uint64_t epoch, std::uint64_t compacted);
  [[nodiscard]] base::Result<std::unique_ptr<storage::Statement>> Prepare(std::string_view sql, std::uint64_t epoch);

  RecordLog& log_;
  SiteNo site_;
};

}  // namespace yb::telemetry
