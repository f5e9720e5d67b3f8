// EdgeStore keeps every reading of the box: what the lines hand over becomes a live value at once and a durable record
// with the next group commit, one synced transaction per interval in which a poll is over. Until central acknowledges
// it, a record is the uplink's to send; it stays on disk afterwards.
//
// Owns the committing thread. All methods are safe to call from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/guarded.hpp"
#include "core/sync/lane_recovery.hpp"
#include "core/telemetry/epoch_mover.hpp"
#include "core/telemetry/site_state.hpp"
#include "core/telemetry/thinning.hpp"
#include "edge/field/reading_sink.hpp"
#include "edge/telemetry/import_file.hpp"
#include "edge/telemetry/meter_watch.hpp"

namespace yb::edge {

/// How much the box may keep, and where.
struct KeepQuota {
  std::filesystem::path folder{};                        // of the store; empty: its disk is not looked at
  std::uint64_t history_bytes = std::uint64_t{8} << 30;  // records, series and roll-ups
  std::uint64_t free_bytes = std::uint64_t{64} << 20;    // of the disk, below which it is nearly full
};

/// A reading that central never had.
struct UnsentReading {
  metering::Reading reading;
  telemetry::ReadingClock clock;
};

struct EdgeStoreOptions {
  base::SiteId site;
  std::string site_name;
  base::Duration commit_interval = std::chrono::seconds(1);
  std::size_t commit_at_once = 4096;   // readings that start a commit before the interval ends
  std::size_t most_pending = 200'000;  // readings held in memory while the disk takes none; older ones are dropped then
  std::size_t most_per_record = 1024;  // readings in one record
  base::Duration ack_interval = std::chrono::minutes(1);  // between two writes of acknowledgements, each a page
  std::uint64_t boot = 0;                                 // drawn at each start
  KeepQuota quota = {};
};

struct EdgeStoreCounters {
  std::atomic<std::uint64_t> readings{0};   // handed over
  std::atomic<std::uint64_t> committed{0};  // on disk
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> commit_failures{0};
  std::atomic<std::uint64_t> dropped{0};  // lost because the disk took nothing for too long
};

class EdgeStore final : public field::ReadingSink {
 public:
  /// Opens the file, reads the latest values back and starts committing.
  [[nodiscard]] static base::Result<std::unique_ptr<EdgeStore>> Open(storage::DatabaseOpener& opener,
                                                                     EdgeStoreOptions options,
                                                                     const base::Clock& clock);
  /// Commits what is pending, then stops.
  ~EdgeStore() override;

  /// Gives each point its number (by key, kept for good), records new, changed and retired definitions, and returns the
  /// numbers. Durable when it returns. Call before readings of these points arrive.
  [[nodiscard]] base::Result<std::map<std::string, metering::PointNo>> DefinePoints(
      std::vector<telemetry::PointDefinition> points);

  /// Makes `meters` the configuration that readings are made under, and returns its version: that of the last one
  /// where nothing has changed, else the next. Durable when it returns. Call after DefinePoints, and before readings
  /// of this version arrive.
  [[nodiscard]] base::Result<std::uint32_t> ApplyConfiguration(std::vector<telemetry::AppliedMeter> meters);

  /// Keeps readings for the next commit and has them sent at once.
  void OnAnswer(std::span<metering::Reading> readings) override;
  /// Has what is kept committed, and makes these the latest of their points, which pages and alarm rules see: never the
  /// half of a poll.
  void OnPollOver(std::span<const metering::Reading> readings) override;

  /// Stores history with its own times and quality imported, and the events that it shows. What is stored already
  /// stays as it is, so that the same values bring nothing the second time. Durable when it returns; on failure a part
  /// may be stored, and importing again completes it. kNotFound names a point that the box does not have.
  [[nodiscard]] base::Result<ImportResult> Import(std::span<const ImportedValue> values);

  /// Writes one record of another lane than readings. Durable when it returns.
  [[nodiscard]] base::Status Append(sync::Lane lane, base::Bytes body);

  /// What is committed and kept of a lane, ascending by epoch: its outbox.
  [[nodiscard]] std::vector<sync::EpochRange> Outbox(sync::Lane lane) const;
  /// Central has committed everything of `position.epoch` up to `position`. Stored with a later commit; until then a
  /// kill forgets it, and the next session tells it again.
  void OnAcknowledged(sync::Lane lane, sync::Position position);

  // What a box does that was set back (core/sync/lane_recovery.hpp). Each is durable when it returns.
  /// A recovery of this lane is not finished: its newest epoch is closed and not in the outbox.
  [[nodiscard]] bool Recovering(sync::Lane lane) const;
  /// Moves what is not of the common past to a new, closed epoch.
  [[nodiscard]] base::Status Cut(sync::Lane lane, std::span<const sync::Cut> cuts);
  /// Keeps records that central gave back; the same ones in the closed epoch are dropped.
  [[nodiscard]] base::Status StoreFetched(sync::Lane lane, const sync::Piece& piece);
  /// Opens the closed epoch. Points that central knows under other numbers take those.
  [[nodiscard]] base::Status Finish(sync::Lane lane);

  /// Deletes slices that were acknowledged and are old enough (Compaction::Prune), and where disk or quota are full
  /// goes one step down the ladder (edge_store_quota.cpp). True if there may be more to do.
  [[nodiscard]] base::Result<bool> Tidy();

  /// Latest readings since the last call, for the live lane.
  [[nodiscard]] std::vector<metering::Reading> TakeLive();
  [[nodiscard]] bool LiveWaits() const;

  /// Called after each commit and when a first reading waits for TakeLive, on the thread that brings it; quick. Once
  /// this returns the former one is not running any more.
  void SetOnNews(std::function<void()> on_news);

  [[nodiscard]] const base::Guarded<telemetry::SiteState>& state() const { return state_; }
  [[nodiscard]] base::Guarded<telemetry::SiteState>& state() { return state_; }
  [[nodiscard]] const EdgeStoreCounters& counters() const { return counters_; }
  /// The last commit failed, so that readings wait in memory.
  [[nodiscard]] bool failing() const { return failing_; }
  [[nodiscard]] telemetry::SiteNo site_no() const { return site_no_; }

 private:
  /// The epochs of each kept lane, ascending; at least one once the store is open.
  using LaneHeads = std::map<sync::Lane, std::vector<telemetry::EpochHead>>;

  EdgeStore(std::unique_ptr<telemetry::RecordLog> log, telemetry::SiteNo site, EdgeStoreOptions options,
            const base::Clock& clock);

  [[nodiscard]] base::Status ResumeWatch();
  [[nodiscard]] base::Status ImportPoint(const telemetry::PointDefinition& definition,
                                         std::vector<metering::Reading> readings, std::vector<metering::Reading>& added,
                                         telemetry::MeterEvents& events, ImportResult& result);
  [[nodiscard]] base::Status AppendImported(std::vector<metering::Reading> added, const telemetry::MeterEvents& events);
  // With writing_ held, as the rest of the ladder.
  [[nodiscard]] base::Result<bool> Prune();
  [[nodiscard]] base::Result<std::optional<telemetry::DropReason>> Pressure();
  [[nodiscard]] base::Result<bool> DropAcknowledged(telemetry::DropReason reason);
  [[nodiscard]] base::Result<bool> ThinSeries(telemetry::DropRule rule, telemetry::DropReason reason);
  [[nodiscard]] base::Result<bool> ThinUnsent(telemetry::DropReason reason);
  [[nodiscard]] base::Status KeepOfUnsent(metering::PointNo point, const std::vector<UnsentReading>& readings,
                                          std::vector<UnsentReading>& kept, telemetry::Dropped& dropped);
  [[nodiscard]] base::Status Declare(const telemetry::Tombstone& tombstone, telemetry::EpochHead& head);
  /// One transaction that may change or grow any epoch of the history; false: nothing is to be done, and is not.
  [[nodiscard]] base::Result<bool> ChangeHistory(
      const std::function<base::Result<bool>(std::vector<telemetry::EpochHead>& heads)>& change);
  void CommitLoop(const std::stop_token& stop);
  [[nodiscard]] base::Status BeginEpoch(sync::Lane lane);
  /// With pending_mutex_ held.
  [[nodiscard]] bool AcksAreDue() const;
  base::Status Commit(const std::vector<metering::Reading>& readings, const telemetry::MeterEvents& events);
  /// The lane's hour begins behind the last digest of its newest epoch.
  base::Status ReadHourBack(sync::Lane lane);
  base::Status CloseHour(sync::Lane lane, telemetry::EpochHead& head);
  base::Status AppendRecords(sync::Lane lane, std::span<const base::Bytes> bodies);
  base::Status WriteRecords(sync::Lane lane, std::span<const base::Bytes> bodies);
  void ReturnToPending(std::vector<metering::Reading> readings, telemetry::MeterEvents events);
  [[nodiscard]] std::vector<telemetry::EpochHead> HeadsOf(sync::Lane lane) const;
  void SetHeads(sync::Lane lane, std::vector<telemetry::EpochHead> heads);
  base::Status ReadStateBack();
  void ShowProgress();
  void TellNews();

  const EdgeStoreOptions options_;
  const base::Clock& clock_;
  const telemetry::SiteNo site_no_;
  EdgeStoreCounters counters_;
  std::atomic<bool> failing_{false};
  base::Guarded<telemetry::SiteState> state_;
  base::Guarded<MeterWatch> watch_;

  std::mutex writing_;  // held while the log is written; before pending_mutex_ where both are held
  std::unique_ptr<telemetry::RecordLog> log_;          // guarded by writing_, as hours_
  std::map<sync::Lane, telemetry::HourDigest> hours_;  // the hour each lane is in: without its last and chain

  mutable std::mutex pending_mutex_;
  std::condition_variable_any wake_;
  std::vector<metering::Reading> pending_;  // guarded by pending_mutex_, as all below
  telemetry::MeterEvents pending_events_;
  bool commit_wanted_ = false;  // a poll is over of which readings are pending
  std::map<metering::PointNo, metering::Reading> live_;
  LaneHeads heads_;
  telemetry::PointNumbers renumbered_;  // points as the lines number them, since a recovery gave them other numbers
  bool acks_to_store_ = false;
  base::Monotonic acks_stored_{};

  std::mutex on_news_mutex_;       // held while it runs; no other lock is taken inside
  std::function<void()> on_news_;  // guarded by on_news_mutex_

  std::jthread thread_;
};

}  // namespace yb::edge
