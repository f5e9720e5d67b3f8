// AlarmRule (报警规则): what a city wants an operator to see now. Rules are data: a box reads them from alarms.toml,
// judges by them with or without central (RuleJudge), and records each version of them.
//
// Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/result.hpp"
#include "core/domain/metering/reading.hpp"

namespace yb::alarms {

/// The numbers are stored and sent.
enum class Priority : std::uint8_t {
  kUrgent = 1,     // P1 紧急
  kImportant = 2,  // P2 重要
  kGeneral = 3,    // P3 一般
};
/// "P1", "P2", "P3".
[[nodiscard]] std::string_view ToString(Priority priority);
[[nodiscard]] std::optional<Priority> ParsePriority(std::string_view text);

/// The numbers are stored and sent; one of a later version is kept and shown as "unknown".
enum class ConditionKind : std::uint8_t {
  kUnknown = 0,
  kAbove = 1,      // (越上限) a value above `limit`
  kBelow = 2,      // (越下限) a value below `limit`
  kNoValue = 3,    // (无应答) no value of any selected point of a meter for longer than `longer`
  kPhaseLost = 4,  // (失压) a phase below `limit` while another phase of the same meter is not
  kOperation = 5,  // a condition of the box or of central itself; built in
  kRises = 6,      // (上升过快) a value rose by more than `limit` within `within`
  kFalls = 7,      // (下降过快) a value fell by more than `limit` within `within`
  kChanges = 8,    // (变化过快) either
};
/// "above", "below", "no_value", "phase_lost", "operation", "rises", "falls", "changes", "unknown".
[[nodiscard]] std::string_view ToString(ConditionKind kind);
/// Of the change of a value (变化率), not of the value.
[[nodiscard]] bool IsOfChange(ConditionKind kind);
/// Above, below and phase lost: a limit that the value itself is held against.
[[nodiscard]] bool IsOfValue(ConditionKind kind);

struct Condition {
  ConditionKind kind = ConditionKind::kUnknown;
  base::Decimal limit{};       // in the unit of the points
  base::Decimal hysteresis{};  // 回差: how far behind the limit a value has to be before the condition ends
  base::Duration longer{0};    // kNoValue
  base::Duration within{0};    // kRises, kFalls, kChanges
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Which points a rule is about. An empty list selects all; '*' in a name stands for any characters.
struct Selection {
  std::vector<metering::Utility> utilities;
  std::vector<std::string> quantities;
  std::vector<std::string> meters;
  std::vector<std::string> except_meters;
  bool direct = false;  // only meters without a voltage transformer (直接接入)
  friend bool operator==(const Selection&, const Selection&) = default;
};

struct AlarmRule {
  std::string id;  // "voltage-low"; alarms are named by it, so it never changes
  base::Words name;
  base::Words advice;  // 怎么办: what to do
  Priority priority = Priority::kGeneral;
  Selection points;
  Condition condition;
  base::Duration hold{0};                                 // the condition lasts so long before it is an alarm
  base::Duration close_after = std::chrono::minutes(10);  // quiet for so long after it ended: closed
  friend bool operator==(const AlarmRule& a, const AlarmRule& b) {
    const auto all = [](const AlarmRule& rule) {
      return std::tie(rule.id, rule.name.en, rule.name.zh, rule.advice.en, rule.advice.zh, rule.priority, rule.points,
                      rule.condition, rule.hold, rule.close_after);
    };
    return all(a) == all(b);
  }
};

/// A point that rules may be about.
struct WatchedPoint {
  metering::Point point;
  base::Duration limit{0};  // an older value is unknown
  bool direct = true;       // the meter has no voltage transformer
};

[[nodiscard]] bool Selects(const Selection& selection, const WatchedPoint& watched);

/// (限值) What a rule holds a value against.
struct Limit {
  std::string rule;  // AlarmRule::id
  Priority priority = Priority::kGeneral;
  ConditionKind condition = ConditionKind::kUnknown;  // IsOfValue
  base::Decimal limit{};
  friend bool operator==(const Limit&, const Limit&) = default;
};
/// Of each point that has any, in the order of the rules.
using Limits = std::map<metering::PointNo, std::vector<Limit>>;
[[nodiscard]] Limits LimitsOf(const std::vector<AlarmRule>& rules, const std::vector<WatchedPoint>& points);

/// The rule of a condition of the box or of central itself, by the name of its operation ("line_down"); null where
/// there is none.
[[nodiscard]] const AlarmRule* OperationRule(std::string_view operation);

}  // namespace yb::alarms
