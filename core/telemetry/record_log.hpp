// RecordLog: the durable rows of both programs. A record is one body of one lane of one site, kept exactly as it was
// sent; the chain runs over these bytes. A box keeps its own site in it, central keeps all. What is read for screens
// (points, heads) is written in the same transaction as the records it comes from.
//
// Which copy is the truth: readings of records up to the epoch's `compacted` are in the series (SeriesTables), those
// above are in their slices only. A query reads both in one snapshot, each reading from one of them. Slices stay behind
// the series until they are `kRecordsKept` old and acknowledged, for whoever has to send or compare them again.
//
// Stored names (since 0.1): table `site` (no, site, name); `head` (last and acknowledged sequence and chain of each
// epoch; since 0.2 what is held, told and compacted of it; the newest record overrides `last` and `chain` where it is
// further); `record` (bodies; since 0.2 by `place`, which is the stream's number × 2^40 + sequence); `stream` (since
// 0.2: numbers of site, lane and epoch); view `placed` (since 0.2: records with their stream, its `base` and `top`
// place; who asks it bounds `place`, or every record is looked at); `point` (last definition of each point).
//
// One object is one connection: used by one thread at a time. Writers: one per file.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/storage/database.hpp"
#include "core/sync/lane.hpp"
#include "core/telemetry/alarm_record.hpp"
#include "core/telemetry/alarm_tables.hpp"
#include "core/telemetry/history_record.hpp"
#include "core/telemetry/hour_digest.hpp"
#include "core/telemetry/meter_tables.hpp"
#include "core/telemetry/series_tables.hpp"

namespace yb::telemetry {

/// First and last time that a body of a lane speaks of; zero for what has none or cannot be read.
[[nodiscard]] TimeSpan TimesOf(sync::Lane lane, base::ByteView body);

/// How long records stay at both sides after they were written, acknowledged ones too: a side that was set back to an
/// older copy gets them again.
constexpr base::Duration kRecordsKept = std::chrono::hours(24 * 30);

/// Stored as both times of a slice that is there for sending only.
constexpr base::UtcTime kForSending{1};

/// One epoch of one lane: first…last, without holes.
struct EpochHead {
  std::uint64_t epoch = 0;
  std::uint64_t last = 0;
  std::uint64_t acked = 0;  // box: by central
  sync::Chain chain{};
  std::uint64_t first = 1;      // oldest that was not dropped or skipped; last + 1 when there is none
  sync::Chain chain_before{};   // of `first`
  std::uint64_t told = 0;       // central: highest sequence the box has told of …
  sync::Chain told_chain{};     // … and its chain head
  bool closed = false;          // box: of a recovery that is not finished; numbers and chain are not final
  bool rolled_back = false;     // box: it was set back in this epoch
  std::uint64_t compacted = 0;  // readings up to here are in the series; stored by Compaction alone
};

struct SiteRow {
  SiteNo no = 0;
  base::SiteId site;
  std::string name;
};

class RecordLog {
 public:
  /// Migrates the schema where needed.
  [[nodiscard]] static base::Result<std::unique_ptr<RecordLog>> Open(storage::DatabaseOpener& opener);
  ~RecordLog();

  [[nodiscard]] base::Result<storage::Transaction> Begin();
  /// Reads until its end see one state.
  [[nodiscard]] base::Result<storage::Snapshot> Snapshot() { return storage::Snapshot::Begin(*database_); }
  /// Within a transaction: before records are put into an epoch by other means than Append.
  [[nodiscard]] base::Status EnsureStream(SiteNo site, sync::Lane lane, std::uint64_t epoch);
  /// For what is kept beside the records in the same transactions (EpochMover, CompletenessLog).
  [[nodiscard]] storage::Database& database() { return *database_; }

  [[nodiscard]] base::Result<std::vector<SiteRow>> Sites();
  /// The site's number; a new site is added.
  [[nodiscard]] base::Result<SiteNo> EnsureSite(const base::SiteId& site);
  [[nodiscard]] base::Status RenameSite(SiteNo site, std::string_view name);

  /// Ascending by epoch.
  [[nodiscard]] base::Result<std::vector<EpochHead>> Heads(SiteNo site, sync::Lane lane);

  /// Within a transaction: writes the body at head.last + 1, advances `head` (not yet stored) and projects what the
  /// body defines; a body that cannot be read is kept and projects nothing. kAlreadyExists if that place is taken: the
  /// store and the head disagree. A slice that is marked `again` brings nothing twice.
  [[nodiscard]] base::Status Append(SiteNo site, sync::Lane lane, EpochHead& head, base::ByteView body);
  /// The same for a slice of readings that the series have already: it is there for sending only.
  [[nodiscard]] base::Status AppendForSending(SiteNo site, EpochHead& head, base::ByteView slice);
  /// Within the same transaction; after Append alone it may be left out, since the newest record tells the same.
  [[nodiscard]] base::Status SaveHead(SiteNo site, sync::Lane lane, const EpochHead& head);

  /// Bodies from `from` on, of one epoch, in order: at least one if there is one, then as many as fit `most_bytes`.
  [[nodiscard]] base::Result<std::vector<base::Bytes>> ReadBodies(SiteNo site, sync::Lane lane, sync::Position from,
                                                                  std::size_t most_bytes);
  /// The chain head after a record: zeros for sequence 0, nullopt where it is not held.
  [[nodiscard]] base::Result<std::optional<sync::Chain>> ChainAt(SiteNo site, sync::Lane lane, sync::Position at);
  /// What a Fetch asks for, at most `most_bytes` and at least one record where there is one. Of a probe: the chain at
  /// the nearest record that is held. Begins behind `head.last` where the first record is not held.
  [[nodiscard]] base::Result<sync::Piece> Answer(SiteNo site, sync::Lane lane, const EpochHead& head,
                                                 const sync::Fetch& fetch, std::size_t most_bytes);
  /// First time in the record at `at`; zero if it holds no reading or is not there.
  [[nodiscard]] base::Result<base::UtcTime> TimeOf(SiteNo site, sync::Lane lane, sync::Position at);

  [[nodiscard]] base::Result<std::vector<PointDefinition>> Points(SiteNo site);
  /// Within a transaction, as Append does: stores what a body of the history lane that holds no readings says for all
  /// that follow, which is points, events of meters and configurations.
  [[nodiscard]] base::Status Define(SiteNo site, base::ByteView body);

  /// Calls `use` for each reading of `point` with from ≤ time < to, nearly in order of time.
  [[nodiscard]] base::Status ForEachReading(SiteNo site, metering::PointNo point, base::UtcTime from, base::UtcTime to,
                                            const std::function<void(const metering::Reading&)>& use);
  [[nodiscard]] base::Status ForEachReading(SiteNo site, PointRange points, base::UtcTime from, base::UtcTime to,
                                            const UseReading& use);
  /// Days that slices above `compacted` have readings of.
  [[nodiscard]] base::Result<std::set<calendar::DayNo>> UncompactedDays(SiteNo site, DayRange days);
  /// Slices written last first, at most `most_records`; stops when `use` returns false.
  [[nodiscard]] base::Status ForNewestSlices(SiteNo site, int most_records,
                                             const std::function<bool(const Slice&)>& use);
  /// Conditions of the box itself, those recorded last, newest first.
  [[nodiscard]] base::Result<std::vector<Alarm>> NewestAlarms(SiteNo site, int most);
  /// Within a transaction: the alarms as the newest records tell them, in the order of their places. For a file from
  /// before there were such tables, and after a recovery, which brings records out of order.
  [[nodiscard]] base::Status RefoldAlarms(SiteNo site);
  /// Last time in the record with readings that was written last, whatever the clock said then; zero if there is none.
  [[nodiscard]] base::Result<base::UtcTime> LastWritten(SiteNo site);

  /// Events of meters and applied configurations, as the records brought them.
  [[nodiscard]] MeterTables& meters() { return *meters_; }
  /// Readings by point, and their roll-ups.
  [[nodiscard]] SeriesTables& series() { return *series_; }
  /// Alarms, as the records brought them.
  [[nodiscard]] AlarmTables& alarms() { return *alarms_; }

 private:
  [[nodiscard]] base::Status Insert(SiteNo site, sync::Lane lane, EpochHead& head, TimeSpan span, base::ByteView body);
  /// A slice that stands for earlier records: of its readings only those count that are not held yet.
  [[nodiscard]] base::Status AppendAgain(SiteNo site, EpochHead& head, const Slice& slice, base::ByteView body);
  [[nodiscard]] base::Status RefoldAllAlarms();
  [[nodiscard]] base::Status SavePoints(SiteNo site, const PointTable& table);
  [[nodiscard]] base::Status SaveHour(SiteNo site, sync::Lane lane, const EpochHead& head, const HourDigest& digest);

  struct Statements;
  RecordLog(std::unique_ptr<storage::Database> database, std::unique_ptr<Statements> statements,
            std::unique_ptr<MeterTables> meters, std::unique_ptr<SeriesTables> series,
            std::unique_ptr<AlarmTables> alarms);

  std::unique_ptr<storage::Database> database_;  // outlives the statements
  std::unique_ptr<Statements> statements_;
  std::unique_ptr<MeterTables> meters_;
  std::unique_ptr<SeriesTables> series_;
  std::unique_ptr<AlarmTables> alarms_;
};

}  // namespace yb::telemetry
