#include "core/domain/alarms/rule_judge.hpp"

#include <algorithm>
#include <span>

namespace yb::alarms {
namespace {

using metering::Quality;
using metering::Reading;

/// The value of a reading that may judge at `now`; null where it is unknown.
const Reading* Believed(const RuleJudge::Latest& latest, const WatchedPoint& point, base::UtcTime now) {
  const Reading* reading = latest(point.point.no);
  if (reading == nullptr || !reading->value || now - reading->time > point.limit) return nullptr;
  return reading->quality == Quality::kGood || reading->quality == Quality::kLate ? reading : nullptr;
}

/// With hysteresis: a condition that holds ends only when the value is back behind the limit by so much.
bool IsBelow(const Condition& condition, base::Decimal value, bool holding) {
  const auto end = condition.limit.Plus(condition.hysteresis);
  return holding && end ? value < *end : value < condition.limit;
}
bool IsAbove(const Condition& condition, base::Decimal value, bool holding) {
  const auto end = condition.limit.Minus(condition.hysteresis);
  return holding && end ? value > *end : value > condition.limit;
}

}  // namespace

RuleJudge::RuleJudge(std::vector<AlarmRule> rules, std::uint32_t version, const std::vector<WatchedPoint>& points,
                     const std::vector<Alarm>& open, Moment start)
    : rules_(std::move(rules)), version_(version) {
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) AddCases(rule, points, start);
  for (const Alarm& alarm : open) {
    const auto found = cases_.find(KeyOf(alarm.first));
    if (found != cases_.end()) found->second.raised = alarm.state == AlarmState::kActive;
  }
}

void RuleJudge::AddCases(std::size_t rule, const std::vector<WatchedPoint>& points, Moment start) {
  const ConditionKind kind = rules_[rule].condition.kind;
  std::vector<WatchedPoint> selected;
  std::ranges::copy_if(points, std::back_inserter(selected),
                       [&](const WatchedPoint& point) { return Selects(rules_[rule].points, point); });
  for (const WatchedPoint& watched : selected) {
    const metering::Point& point = watched.point;
    const std::string& subject = kind == ConditionKind::kNoValue ? point.meter : point.key;
    Case& one = cases_[rules_[rule].id + "/" + subject];
    one.rule = rule;
    one.subject = subject;
    one.line = point.line;
    one.heard = start.steady;
    one.window = ChangeWindow(rules_[rule].condition.within);
    one.points.push_back(watched);
    if (kind != ConditionKind::kPhaseLost) continue;
    std::ranges::copy_if(selected, std::back_inserter(one.points), [&](const WatchedPoint& other) {
      return other.point.meter == point.meter && other.point.no != point.no;
    });
  }
}

std::vector<Transition> RuleJudge::Look(const Latest& latest, const std::set<std::string>& lines_down, Moment now) {
  std::vector<Transition> found;
  for (auto& [key, one] : cases_) {
    const std::optional<Finding> finding = Judge(one, latest, lines_down.contains(one.line), now);
    if (!finding) continue;
    if (auto transition = Conclude(one, *finding, now)) found.push_back(std::move(*transition));
  }
  return found;
}

std::optional<RuleJudge::Finding> RuleJudge::Judge(Case& one, const Latest& latest, bool line_down, Moment now) const {
  const Condition& condition = rules_[one.rule].condition;
  if (condition.kind != ConditionKind::kNoValue) return JudgeValue(one, latest, now);
  if (line_down) {
    one.heard = now.steady;  // the line's own alarm says it; its meters get their time again when it is back
    return std::nullopt;
  }
  base::UtcTime newest{};
  for (const WatchedPoint& point : one.points) {
    const Reading* reading = latest(point.point.no);
    if (reading != nullptr && reading->value) newest = std::max(newest, reading->time);
  }
  if (newest > one.newest_value.value_or(newest)) {
    one.answered = true;
    one.heard = now.steady;
  }
  one.newest_value = newest;
  const base::Duration silence = now.steady - one.heard;
  if (silence > condition.longer) return Finding{true, now.utc - silence};
  // A meter that was silent before this start is not known to answer until it does.
  if (one.raised && !one.answered) return std::nullopt;
  return Finding{false, now.utc};
}

std::optional<RuleJudge::Finding> RuleJudge::JudgeValue(Case& one, const Latest& latest, Moment now) const {
  const Condition& condition = rules_[one.rule].condition;
  const Reading* reading = Believed(latest, one.points.front(), now.utc);
  if (reading == nullptr) return std::nullopt;
  const bool holding = one.raised || one.since.has_value();
  Finding finding{false, reading->time, reading->value};
  switch (condition.kind) {
    case ConditionKind::kAbove: finding.holds = IsAbove(condition, *reading->value, holding); break;
    case ConditionKind::kBelow: finding.holds = IsBelow(condition, *reading->value, holding); break;
    case ConditionKind::kPhaseLost: {
      finding.holds = IsBelow(condition, *reading->value, holding);
      if (!finding.holds) break;
      // The evidence: another phase of the same meter is there.
      const auto others = std::span(one.points).subspan(1);
      const bool evidence = std::ranges::any_of(others, [&](const WatchedPoint& other) {
        const Reading* phase = Believed(latest, other, now.utc);
        return phase != nullptr && !IsBelow(condition, *phase->value, false);
      });
      if (!evidence) return std::nullopt;
      break;
    }
    case ConditionKind::kRises:
    case ConditionKind::kFalls:
    case ConditionKind::kChanges: return JudgeChange(one, *reading);
    case ConditionKind::kNoValue:
    case ConditionKind::kOperation:
    case ConditionKind::kUnknown: return std::nullopt;
  }
  return finding;
}

std::optional<RuleJudge::Finding> RuleJudge::JudgeChange(Case& one, const Reading& reading) const {
  const Condition& condition = rules_[one.rule].condition;
  // A register that goes backwards was reset or replaced, and says nothing of what was used.
  const bool is_register = one.points.front().point.kind == metering::PointKind::kRegister;
  if (is_register && one.window.last() && *reading.value < *one.window.last()) one.window.Clear();
  one.window.Add(reading.time, *reading.value);
  const auto change = one.window.Newest();
  if (!change) return std::nullopt;
  const base::Decimal by = condition.kind == ConditionKind::kRises   ? change->rise
                           : condition.kind == ConditionKind::kFalls ? change->fall
                                                                     : std::max(change->rise, change->fall);
  const Finding finding{IsAbove(condition, by, one.raised || one.since.has_value()), reading.time, by};
  if (!finding.holds && one.raised && !one.window.is_full()) return std::nullopt;
  return finding;
}

std::optional<Transition> RuleJudge::Conclude(Case& one, const Finding& finding, Moment now) const {
  const AlarmRule& rule = rules_[one.rule];
  const auto tell = [&](Step step, base::UtcTime time) {
    const bool of_point = rule.condition.kind != ConditionKind::kNoValue;
    return Transition{.time = time,
                      .step = step,
                      .rule = rule.id,
                      .rules = version_,
                      .subject = one.subject,
                      .point = of_point ? one.points.front().point.no : 0,
                      .value = finding.value};
  };
  if (!finding.holds) {
    one.since.reset();
    if (!one.raised) return std::nullopt;
    one.raised = false;
    return tell(Step::kReturned, finding.time);
  }
  if (one.raised) return std::nullopt;
  if (!one.since) one.since = Moment{finding.time, now.steady};
  if (now.steady - one.since->steady < rule.hold) return std::nullopt;
  one.raised = true;
  const base::UtcTime began = one.since->utc;
  one.since.reset();
  return tell(Step::kRaised, began);
}

}  // namespace yb::alarms
