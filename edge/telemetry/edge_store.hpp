// EdgeStore keeps every reading of the box: what the lines hand over becomes a live value at once and a durable record
// with the next group commit, one synced transaction per interval. Until central acknowledges it, a record is the
// uplink's to send; it stays on disk afterwards.
//
// Owns the committing thread. All methods are safe to call from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/guarded.hpp"
#include "core/telemetry/site_state.hpp"
#include "edge/field/reading_sink.hpp"

namespace yb::edge {

struct EdgeStoreOptions {
  base::SiteId site;
  std::string site_name;
  base::Duration commit_interval = std::chrono::seconds(1);
  // Acknowledgements are written down this often: central tells them again at each opening, and a page costs flash.
  base::Duration ack_interval = std::chrono::seconds(60);
  std::size_t commit_at_once = 4096;   // readings that start a commit before the interval ends
  std::size_t most_pending = 200'000;  // readings held in memory while the disk takes none; older ones are dropped then
  std::size_t most_per_record = 1024;  // readings in one record
  std::uint64_t boot = 0;              // drawn at each start
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

  void OnReadings(std::span<const metering::Reading> readings) override;

  /// What is committed and kept, ascending by epoch: the outbox of the history lane.
  [[nodiscard]] std::vector<sync::EpochRange> Outbox() const;
  /// Central has committed everything of `position.epoch` up to `position`. Stored within a minute.
  void OnAcknowledged(sync::Position position);
  /// Records from now on belong to a new epoch. Durable when it returns.
  [[nodiscard]] base::Status BeginEpoch(std::string_view reason);

  /// Latest readings since the last call, for the live lane.
  [[nodiscard]] std::vector<metering::Reading> TakeLive();

  /// Called after each commit, on the committing thread. Once this returns the former one is not running any more.
  void SetOnCommit(std::function<void()> on_commit);

  [[nodiscard]] const base::Guarded<telemetry::SiteState>& state() const { return state_; }
  [[nodiscard]] base::Guarded<telemetry::SiteState>& state() { return state_; }
  [[nodiscard]] const EdgeStoreCounters& counters() const { return counters_; }
  [[nodiscard]] telemetry::SiteNo site_no() const { return site_no_; }

 private:
  EdgeStore(std::unique_ptr<telemetry::RecordLog> log, telemetry::SiteNo site, EdgeStoreOptions options,
            const base::Clock& clock);

  void CommitLoop(const std::stop_token& stop);
  base::Status Commit(std::vector<metering::Reading>& readings);
  base::Status AppendRecords(std::vector<base::Bytes> bodies);
  [[nodiscard]] bool AcksAreDue() const;  // with pending_mutex_ held
  void ReturnToPending(std::vector<metering::Reading> readings);
  void ShowProgress();

  const EdgeStoreOptions options_;
  const base::Clock& clock_;
  const telemetry::SiteNo site_no_;
  EdgeStoreCounters counters_;
  base::Guarded<telemetry::SiteState> state_;

  std::mutex writing_;  // held while the log is written; before pending_mutex_ where both are held
  std::unique_ptr<telemetry::RecordLog> log_;  // guarded by writing_

  mutable std::mutex pending_mutex_;
  std::condition_variable_any wake_;
  std::vector<metering::Reading> pending_;  // guarded by pending_mutex_, as all below
  std::map<metering::PointNo, metering::Reading> live_;
  std::vector<telemetry::EpochHead> heads_;
  bool acks_to_store_ = false;
  std::optional<base::Monotonic> acks_stored_at_;

  std::mutex on_commit_mutex_;       // held while it runs; no other lock is taken inside
  std::function<void()> on_commit_;  // guarded by on_commit_mutex_

  std::jthread thread_;
};

}  // namespace yb::edge
