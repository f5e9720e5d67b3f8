#include "edge/box/operation_watch.hpp"

#include <condition_variable>
#include <mutex>

#include "core/base/log.hpp"

namespace yb::edge {
namespace {

using telemetry::OperationKind;

/// Of the same moment: wall clocks are set in small steps.
constexpr base::Duration kClockTolerance = std::chrono::minutes(1);
constexpr std::size_t kMostWaiting = 1000;  // alarms held while the disk takes none; older ones are dropped then

const base::Logger kLog("watch");

}  // namespace

OperationWatch::OperationWatch(OperationWatchOptions options, std::span<const telemetry::Alarm> told, EdgeStore& store,
                               Lines lines, Refusal refusal, const base::Clock& clock)
    : options_(std::move(options)),
      store_(store),
      lines_(std::move(lines)),
      configuration_refusal_(std::move(refusal)),
      clock_(clock),
      conditions_(told, options_.hold, options_.boot),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void OperationWatch::Run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    Look();
    StoreWaiting();
    wake.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

void OperationWatch::Look() {
  for (const LineView& line : lines_())
    Observe(OperationKind::kLineDown, line.key, !line.connected, {line.channel, {}});
  const bool clock_bad = clock_.Now() < options_.clock_floor - kClockTolerance;
  clock_bad_ = clock_bad;
  const std::string floor = base::ToIso(options_.clock_floor);
  Observe(OperationKind::kClockBad, {}, clock_bad, {"earlier than " + floor, "早于 " + floor});
  Observe(OperationKind::kStoreFailing, {}, store_.failing(), {"readings wait in memory", "读数暂存在内存里"});
  const std::optional<base::Words> refusal = configuration_refusal_();
  Observe(OperationKind::kConfigurationRefused, options_.configuration_file, refusal.has_value(),
          refusal.value_or(base::Words{"applied", "已应用"}));
}

void OperationWatch::Observe(OperationKind what, const std::string& subject, bool active, const base::Words& detail) {
  auto alarm = conditions_.Observe(what, subject, active, detail.en, {clock_.Now(), clock_.Steady()}, detail.zh);
  if (!alarm) return;
  kLog.Warn(
      "operation",
      {{"what", telemetry::ToString(what)}, {"subject", subject}, {"cleared", alarm->cleared}, {"detail", detail.en}});
  waiting_.push_back(std::move(*alarm));
  if (waiting_.size() > kMostWaiting) waiting_.pop_front();
}

void OperationWatch::StoreWaiting() {
  while (!waiting_.empty()) {
    if (!store_.Append(sync::Lane::kAlarm, telemetry::EncodeAlarm(waiting_.front()))) return;  // told by kStoreFailing
    waiting_.pop_front();
  }
}

}  // namespace yb::edge
