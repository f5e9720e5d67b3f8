// Keeper tidies a store behind its writers: slices into series, closed days into roll-ups, slices whose time is over
// away. Each step is a transaction of its own; killed at any point it goes on where the last one ended.
//
// Owns its thread and its connection.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "core/telemetry/compaction.hpp"

namespace yb::telemetry {

struct KeeperOptions {
  CompactionLimits compaction;
  std::size_t readings_at_close = kReadingsAtOnce;
  base::Duration interval = std::chrono::seconds(1);         // between two looks when there is nothing to do
  base::Duration prune_interval = std::chrono::seconds(10);  // between two prunings, each a transaction
  /// Deletes what need not be kept any more; true if there may be more. Empty: the keeper prunes each site itself,
  /// which is right where nobody holds heads in memory.
  std::function<base::Result<bool>()> prune;
};

class Keeper {
 public:
  Keeper(KeeperOptions options, std::unique_ptr<RecordLog> log, const base::Clock& clock);
  ~Keeper();

  void Start();

  /// One step for each site. True if there may be more to do now.
  [[nodiscard]] base::Result<bool> RunOnce();

 private:
  [[nodiscard]] base::Result<bool> MakeSeries();
  [[nodiscard]] base::Result<bool> Prune();
  void Run(const std::stop_token& stop);

  const KeeperOptions options_;
  std::unique_ptr<RecordLog> log_;  // of the thread, once started
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace yb::telemetry
