// RuleJudge holds the latest readings of a box against its alarm rules. Each look says which conditions have begun (and
// lasted for the hold time) and which have ended since the one before.
//
// Only good and late values judge. What is unknown (no value, too old, suspect, the line without connection) neither
// raises nor clears: silence is no outage. The same holds for a change whose beginning was not seen: it is told where
// what was seen is enough, and an alarm about it ends only when the whole time was.
//
// Algorithm without I/O; one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "core/domain/alarms/alarm.hpp"
#include "core/domain/alarms/change_window.hpp"

namespace yb::alarms {

struct Moment {
  base::UtcTime utc{};
  base::Monotonic steady{};
};

class RuleJudge {
 public:
  /// The newest attempt to read a point; null where there was none.
  using Latest = std::function<const metering::Reading*(metering::PointNo)>;

  /// `version` of the rules goes into what is found. Of `open` alarms the conditions that are active go on from there.
  RuleJudge(std::vector<AlarmRule> rules, std::uint32_t version, const std::vector<WatchedPoint>& points,
            const std::vector<Alarm>& open, Moment start);

  /// `lines_down` have no connection.
  [[nodiscard]] std::vector<Transition> Look(const Latest& latest, const std::set<std::string>& lines_down, Moment now);

  /// Whether the rules still judge what this alarm is about.
  [[nodiscard]] bool Knows(const Alarm& alarm) const { return cases_.contains(KeyOf(alarm.first)); }

 private:
  /// One rule about one subject: a point, or with kNoValue a meter.
  struct Case {
    std::size_t rule = 0;
    std::string subject;
    std::string line;
    std::vector<WatchedPoint> points;  // the one judged; with kPhaseLost the other phases behind it
    bool raised = false;
    std::optional<Moment> since{};                // the condition holds, not yet for long enough
    std::optional<base::UtcTime> newest_value{};  // kNoValue: of the meter, as of the last look
    base::Monotonic heard{};                      // kNoValue: when that changed
    bool answered = false;                        // kNoValue: since this start
    ChangeWindow window{base::Duration(0)};       // IsOfChange
  };
  struct Finding {
    bool holds = false;
    base::UtcTime time{};
    std::optional<base::Decimal> value{};
  };

  void AddCases(std::size_t rule, const std::vector<WatchedPoint>& points, Moment start);
  /// Nullopt: it cannot be known now.
  [[nodiscard]] std::optional<Finding> Judge(Case& one, const Latest& latest, bool line_down, Moment now) const;
  [[nodiscard]] std::optional<Finding> JudgeValue(Case& one, const Latest& latest, Moment now) const;
  /// Adds the reading to what was before, and judges by how much the value has changed.
  [[nodiscard]] std::optional<Finding> JudgeChange(Case& one, const metering::Reading& reading) const;
  [[nodiscard]] std::optional<Transition> Conclude(Case& one, const Finding& finding, Moment now) const;

  std::vector<AlarmRule> rules_;
  std::uint32_t version_;
  std::map<std::string, Case> cases_;  // by KeyOf of their transitions
};

}  // namespace yb::alarms
