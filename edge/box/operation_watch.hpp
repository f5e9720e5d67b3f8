// OperationWatch looks at the box each second and tells an operator what is wrong with it now: the alarm lane's
// producer.
//
// Owns its thread.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <optional>
#include <thread>

#include "core/telemetry/operation_conditions.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct LineView {
  std::string key;
  std::string channel;
  bool connected = false;
};

struct OperationWatchOptions {
  base::Duration hold = std::chrono::seconds(10);  // a condition that lasts less is no alarm
  base::Duration interval = std::chrono::seconds(1);
  base::UtcTime clock_floor{};     // the clock cannot be right below this: the newest time stored before this start
  std::string configuration_file;  // its refusal is told, by an earlier start too
  std::uint64_t boot = 0;
};

class OperationWatch {
 public:
  using Lines = std::function<std::vector<LineView>()>;
  /// Why the files on disk are not what is applied; nullopt where they are.
  using Refusal = std::function<std::optional<base::Words>()>;

  /// `told` are the alarms stored so far, newest first. The references outlive this.
  OperationWatch(OperationWatchOptions options, std::span<const telemetry::Alarm> told, EdgeStore& store, Lines lines,
                 Refusal refusal, const base::Clock& clock);

  /// The clock cannot be right now.
  [[nodiscard]] bool clock_bad() const { return clock_bad_; }

  OperationWatch(const OperationWatch&) = delete;
  OperationWatch& operator=(const OperationWatch&) = delete;

 private:
  void Run(const std::stop_token& stop);
  void Look();
  void Observe(telemetry::OperationKind what, const std::string& subject, bool active, const base::Words& detail);
  void StoreWaiting();

  const OperationWatchOptions options_;
  EdgeStore& store_;
  const Lines lines_;
  const Refusal configuration_refusal_;
  const base::Clock& clock_;
  std::atomic<bool> clock_bad_{false};
  telemetry::OperationConditions conditions_;  // watch thread only, as below
  std::deque<telemetry::Alarm> waiting_;       // not stored yet: the disk takes nothing
  std::jthread thread_;
};

}  // namespace yb::edge
