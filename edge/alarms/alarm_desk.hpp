// AlarmDesk (报警台) keeps the alarms of a box, with or without central: it looks at the latest values each second as
// its rules say, closes what was quiet, and takes what people do, here or at central. It is the one writer of the box's
// alarms: everything it decides is a record of the lane `alarm`, durable before it counts.
//
// Owns its thread. All methods are safe to call from any thread.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "core/domain/alarms/rule_judge.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

struct AlarmDeskOptions {
  base::Duration interval = std::chrono::seconds(1);
  std::uint64_t boot = 0;
};

class AlarmDesk {
 public:
  /// Keys of the lines that have no connection.
  using LinesDown = std::function<std::set<std::string>()>;

  /// `log` is a connection of this object's own, for reading. The references outlive this.
  AlarmDesk(AlarmDeskOptions options, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
            const base::Clock& clock);

  /// From now on judges `points` by `rules`. Rules that differ from those before get a version and are recorded,
  /// durably, before anything is found by them. Alarms of rules and points that are gone return to normal.
  [[nodiscard]] base::Status ApplyRules(std::vector<alarms::AlarmRule> rules, std::vector<alarms::WatchedPoint> points);

  /// What the rules hold values against now.
  [[nodiscard]] alarms::Limits Limits();

  /// Looks each second from now on.
  void Start(LinesDown lines_down);
  /// One look; Start calls it.
  void Look(const std::set<std::string>& lines_down);

  /// Somebody acts at the box; time and side are set here. Durable when it returns. kNotFound, and the errors of
  /// alarms::Allows.
  [[nodiscard]] base::Result<telemetry::AlarmRow> Act(alarms::Act act);

  /// Somebody acted at central. The answer is a record that names the command, an act without effect included; a
  /// command that was answered is passed over. If the disk takes nothing there is no answer, and central asks again.
  void OnCommand(alarms::Act act);

 private:
  [[nodiscard]] base::Status Record(const base::Bytes& body);
  [[nodiscard]] base::Result<std::uint32_t> VersionOf(const std::vector<alarms::AlarmRule>& rules);
  [[nodiscard]] base::Result<std::vector<telemetry::AlarmRow>> Open();
  [[nodiscard]] base::Status MakeJudge();
  [[nodiscard]] base::Status FollowNumbers();
  [[nodiscard]] base::Status Advance();
  void Run(const std::stop_token& stop, const LinesDown& lines_down);
  void RecordWaiting();

  const AlarmDeskOptions options_;
  EdgeStore& store_;
  const base::Clock& clock_;

  std::mutex mutex_;  // guards all below; held while a record is written
  std::unique_ptr<telemetry::RecordLog> log_;
  std::vector<alarms::AlarmRule> rules_;
  std::uint32_t version_ = 0;
  std::vector<alarms::WatchedPoint> points_;
  std::optional<alarms::RuleJudge> judge_;
  std::deque<base::Bytes> waiting_;  // found and not stored yet: the disk takes nothing

  std::jthread thread_;
};

}  // namespace yb::edge
