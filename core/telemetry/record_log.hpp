// RecordLog: the durable rows of both programs. A record is one body of one lane of one site, kept as it was sent; the
// chain runs over these bytes. A box keeps its own site in it, central keeps all. What is read for screens (points,
// heads) is written in the same transaction as the records it comes from.
//
// Which copy is the truth: a reading is in exactly one of three places, and moves from one to the next in one
// transaction. Slices (table `record`) hold what is above the epoch's watermark `head.compacted`. Runs (table `run`)
// hold what is up to it, as series cut at sequences; what was no slice moves to `kept`, byte by byte. At central runs
// are merged into days (table `series`), which know no sequences any more. Readers read all three in one snapshot.
//
// Stored names (since 0.1): table `site` (no, site, name); `head` (last and acknowledged sequence and chain of each
// epoch; since 0.2 `compacted`; the newest record overrides `last` and `chain` where it is further); `record` (bodies);
// `point` (last definition of each point). Since 0.2: `kept` (records of the history lane that are no slices, up to
// the watermark), `run`, `series`, `rollup`, `stale_day` (days whose roll-ups are to be made anew). A further table
// comes with a migration.
//
// One object is one connection: used by one thread at a time. Writers: one per table; SQLite makes them wait.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/storage/database.hpp"
#include "core/sync/lane.hpp"
#include "core/telemetry/history_record.hpp"
#include "core/telemetry/rollup.hpp"
#include "core/telemetry/series_set.hpp"

namespace yb::telemetry {

/// Number of a site within one file; never leaves it.
using SiteNo = std::int64_t;

/// One epoch of one lane: 1…last, without holes. `acked` is what central acknowledged (at a box only); sequences up to
/// `compacted` are in runs.
struct EpochHead {
  std::uint64_t epoch = 0;
  std::uint64_t last = 0;
  std::uint64_t acked = 0;
  sync::Chain chain{};
  std::uint64_t compacted = 0;
};

struct SiteRow {
  SiteNo no = 0;
  base::SiteId site;
  std::string name;
};

/// What goes into one frame: bodies that stand for first_seq … , each for one sequence, or one run for many.
struct Outgoing {
  std::uint64_t first_seq = 0;
  std::vector<base::Bytes> bodies;
  std::vector<std::uint64_t> spans;  // sequences of each body; empty: one each
};

/// When slices become a run.
struct CompactionLimits {
  std::uint64_t most_records = 3600;               // whichever comes first
  std::uint64_t most_bytes = 512U << 10;           // of bodies
  std::size_t most_readings = 65'536;              // a run ends with the record that reaches it
  base::Duration longest = std::chrono::hours(6);  // age of the oldest slice
  std::uint64_t leave_unacknowledged = 0;          // so many records not yet acknowledged wait for it (a box's window)
};

/// Days first…last.
struct DayRange {
  calendar::DayNo first = 0;
  calendar::DayNo last = 0;
};

class RecordLog {
 public:
  /// Migrates the schema where needed.
  [[nodiscard]] static base::Result<std::unique_ptr<RecordLog>> Open(storage::DatabaseOpener& opener);
  ~RecordLog();

  [[nodiscard]] base::Result<storage::Transaction> Begin();
  /// Reads until its end see one state.
  [[nodiscard]] base::Result<storage::Snapshot> Snapshot();

  [[nodiscard]] base::Result<std::vector<SiteRow>> Sites();
  /// The site's number; a new site is added.
  [[nodiscard]] base::Result<SiteNo> EnsureSite(const base::SiteId& site);
  [[nodiscard]] base::Status RenameSite(SiteNo site, std::string_view name);

  /// Ascending by epoch.
  [[nodiscard]] base::Result<std::vector<EpochHead>> Heads(SiteNo site, sync::Lane lane);

  /// Within a transaction: writes the body at head.last + 1, advances `head` and projects what the body defines; a body
  /// that cannot be read is kept and projects nothing. Returns what it says. kAlreadyExists if that place is taken: the
  /// store and the head disagree.
  base::Result<HistoryRecord> Append(SiteNo site, sync::Lane lane, EpochHead& head, base::ByteView body);
  /// Within a transaction: writes a compacted run of the history lane that begins at head.last + 1 or before and ends
  /// behind it; what is stored already is left out. Returns the newest reading of each point of it, as a slice.
  base::Result<HistoryRecord> AppendRun(SiteNo site, EpochHead& head, const CompactedRun& run);
  /// Within the same transaction for an epoch's first record; later for its acknowledgements. The last sequence and the
  /// chain need no saving, they are told by the newest record.
  [[nodiscard]] base::Status SaveHead(SiteNo site, sync::Lane lane, const EpochHead& head);

  /// Bodies from `from` on, of one epoch, in order: at least one if there is one, then as many as fit `most_bytes`.
  /// None below the watermark of compaction.
  [[nodiscard]] base::Result<std::vector<base::Bytes>> ReadBodies(SiteNo site, sync::Lane lane, sync::Position from,
                                                                  std::size_t most_bytes);
  /// As ReadBodies, and below the watermark the run that `from` lies in. Nothing where nothing is.
  [[nodiscard]] base::Result<Outgoing> ReadForSending(SiteNo site, sync::Lane lane, sync::Position from,
                                                      std::size_t most_bytes);
  /// First time in the record or run at `at`; zero if it holds no reading or is not there.
  [[nodiscard]] base::Result<base::UtcTime> TimeOf(SiteNo site, sync::Lane lane, sync::Position at);

  [[nodiscard]] base::Result<std::vector<PointDefinition>> Points(SiteNo site);

  /// Calls `use` for each reading of `point` with from ≤ time < to; nearly in order of time.
  [[nodiscard]] base::Status ForEachReading(SiteNo site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                                            const std::function<void(const metering::Reading&)>& use);
  [[nodiscard]] base::Status ForEachReading(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                            const UseReading& use);
  /// Newest readings first, slice by slice and run by run, at most `most_records` of them; stops when `use` returns
  /// false.
  [[nodiscard]] base::Status ForNewestReadings(SiteNo site, int most_records,
                                               const std::function<bool(std::span<const metering::Reading>)>& use);

  /// Moves slices of the oldest epoch that has enough of them into a run. True if it did: there may be more.
  [[nodiscard]] base::Result<bool> Compact(SiteNo site, const CompactionLimits& limits, base::UtcTime now);
  /// Moves runs of at least a day into series by point, which are smaller and faster to read, but can no more be sent
  /// (central only). True if it did.
  [[nodiscard]] base::Result<bool> Merge(SiteNo site, base::UtcTime now);
  /// Stores the roll-ups of the oldest closed day that is stale, and with them that it is no more. True if there may be
  /// another.
  [[nodiscard]] base::Result<bool> RollUp(SiteNo site, base::UtcTime now);
  /// Quarters of an hour with values, ascending: stored ones, and of stale days made from their readings, so that they
  /// say what was committed last.
  [[nodiscard]] base::Result<std::vector<Bucket>> Quarters(SiteNo site, metering::PointNo point, DayRange days);

 private:
  struct Statements;
  RecordLog(std::unique_ptr<storage::Database> database, std::unique_ptr<Statements> statements);

  [[nodiscard]] base::Status InsertRecord(SiteNo site, sync::Lane lane, sync::Position at, TimeSpan span,
                                          base::ByteView chain, base::ByteView body);
  [[nodiscard]] base::Status Project(SiteNo site, const HistoryRecord& record);
  [[nodiscard]] base::Status SavePoints(SiteNo site, const PointTable& table);
  [[nodiscard]] base::Status InsertRun(SiteNo site, std::uint64_t epoch, const CompactedRun& run, TimeSpan span,
                                       std::size_t readings);
  [[nodiscard]] base::Status MoveIntoRun(SiteNo site, const EpochHead& head, CompactedRun run, TimeSpan span,
                                         std::size_t readings);
  /// Whether slices behind `heads` or runs behind `newest_run` have readings before `end`.
  [[nodiscard]] base::Result<bool> ReachesInto(SiteNo site, const std::vector<EpochHead>& heads,
                                               std::int64_t newest_run, base::UtcTime end);
  [[nodiscard]] base::Result<std::vector<CompactedRun::Other>> KeptBetween(SiteNo site, std::uint64_t epoch,
                                                                           std::uint64_t first, std::uint64_t last);

  std::unique_ptr<storage::Database> database_;  // outlives the statements
  std::unique_ptr<Statements> statements_;
};

}  // namespace yb::telemetry
