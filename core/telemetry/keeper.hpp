// Keeper tidies a store behind its writers: slices into runs, at central runs into series, and closed days into
// roll-ups. What it does is a
// transaction each; killed at any point it goes on where the last one ended.
//
// Owns its thread and its connection.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

struct KeeperOptions {
  CompactionLimits compaction;
  bool merge = false;                                  // central: runs are never sent again
  base::Duration interval = std::chrono::seconds(10);  // between two looks when there is nothing to do
};

class Keeper {
 public:
  Keeper(KeeperOptions options, std::unique_ptr<RecordLog> log, const base::Clock& clock);
  ~Keeper();

  void Start();

  /// One step for each site. True if there may be more to do now.
  [[nodiscard]] base::Result<bool> RunOnce();

 private:
  void Run(const std::stop_token& stop);

  const KeeperOptions options_;
  std::unique_ptr<RecordLog> log_;  // of the thread, once started
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace yb::telemetry
