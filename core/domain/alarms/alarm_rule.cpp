#include "core/domain/alarms/alarm_rule.hpp"

#include <algorithm>
#include <array>

namespace yb::alarms {
namespace {

bool Matches(std::string_view pattern, std::string_view text) {
  // What follows the last '*' is tried at every place, so that no pattern takes longer than its length times the
  // text's.
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool AnyMatches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return Matches(pattern, text); });
}

AlarmRule Operation(const char* id, Priority priority, base::Words name, base::Words advice) {
  AlarmRule rule;
  rule.id = id;
  rule.name = std::move(name);
  rule.advice = std::move(advice);
  rule.priority = priority;
  rule.condition.kind = ConditionKind::kOperation;
  return rule;
}

const std::array<AlarmRule, 6>& OperationRules() {
  static const std::array<AlarmRule, 6> rules = {
      Operation(
          "line_down", Priority::kImportant, {"line down", "线路中断"},
          {"Look at the power lamp of the serial server and at its network cable; the meters behind it are unknown "
           "until it answers.",
           "看串口服务器的电源灯和网线；恢复之前，这条线上的表都是未知。"}),
      Operation("clock_bad", Priority::kImportant, {"clock of the box is wrong", "盒子时钟异常"},
                {"Check the time service of the box; values are stored with times that are doubtful meanwhile.",
                 "检查盒子的对时服务；其间的读数时间存疑。"}),
      Operation("store_failing", Priority::kUrgent, {"the disk of the box takes nothing", "盒子存不进数据"},
                {"Free space on the disk of the box or replace it; readings wait in memory and are lost if the power "
                 "fails.",
                 "给盒子磁盘腾空间或更换磁盘；读数暂存在内存里，断电会丢。"}),
      Operation("configuration_refused", Priority::kGeneral, {"configuration refused", "配置被拒绝"},
                {"Correct the file as the detail says; the earlier configuration is running.",
                 "按说明改正文件；现在运行的是上一版配置。"}),
      Operation("box_down", Priority::kGeneral, {"the box recorded nothing for a while", "盒子停机一段时间"},
                {"Find out why the box was off: power, restart or replacement. What was not read then is a gap.",
                 "查清停机原因：停电、重启还是换盒子。停机期间没有读数，是缺口。"}),
      Operation("site_offline", Priority::kImportant, {"box offline", "盒子离线"},
                {"Look at the power and the uplink of the box. It goes on reading and keeps everything; its alarms are "
                 "unknown here until it is back.",
                 "看盒子电源和上行网络。盒子照常采集、不丢数据；恢复之前，它的报警在这里是未知。"}),
  };
  return rules;
}

}  // namespace

std::string_view ToString(Priority priority) {
  switch (priority) {
    case Priority::kUrgent: return "P1";
    case Priority::kImportant: return "P2";
    case Priority::kGeneral: break;
  }
  return "P3";
}

std::optional<Priority> ParsePriority(std::string_view text) {
  for (const Priority priority : {Priority::kUrgent, Priority::kImportant, Priority::kGeneral}) {
    if (text == ToString(priority)) return priority;
  }
  return std::nullopt;
}

std::string_view ToString(ConditionKind kind) {
  switch (kind) {
    case ConditionKind::kUnknown: break;
    case ConditionKind::kAbove: return "above";
    case ConditionKind::kBelow: return "below";
    case ConditionKind::kNoValue: return "no_value";
    case ConditionKind::kPhaseLost: return "phase_lost";
    case ConditionKind::kOperation: return "operation";
    case ConditionKind::kRises: return "rises";
    case ConditionKind::kFalls: return "falls";
    case ConditionKind::kChanges: return "changes";
  }
  return "unknown";
}

bool IsOfChange(ConditionKind kind) {
  return kind == ConditionKind::kRises || kind == ConditionKind::kFalls || kind == ConditionKind::kChanges;
}

bool IsOfValue(ConditionKind kind) {
  return kind == ConditionKind::kAbove || kind == ConditionKind::kBelow || kind == ConditionKind::kPhaseLost;
}

bool Selects(const Selection& selection, const WatchedPoint& watched) {
  const metering::Point& point = watched.point;
  const auto& utilities = selection.utilities;
  if (!utilities.empty() && std::ranges::find(utilities, point.utility) == utilities.end()) return false;
  if (!selection.quantities.empty() && !AnyMatches(selection.quantities, point.quantity)) return false;
  if (!selection.meters.empty() && !AnyMatches(selection.meters, point.meter)) return false;
  if (AnyMatches(selection.except_meters, point.meter)) return false;
  return !selection.direct || watched.direct;
}

Limits LimitsOf(const std::vector<AlarmRule>& rules, const std::vector<WatchedPoint>& points) {
  Limits limits;
  for (const AlarmRule& rule : rules) {
    if (!IsOfValue(rule.condition.kind)) continue;
    for (const WatchedPoint& watched : points) {
      if (!Selects(rule.points, watched)) continue;
      limits[watched.point.no].push_back({rule.id, rule.priority, rule.condition.kind, rule.condition.limit});
    }
  }
  return limits;
}

const AlarmRule* OperationRule(std::string_view operation) {
  const auto& rules = OperationRules();
  const auto* found = std::ranges::find(rules, operation, &AlarmRule::id);
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace yb::alarms
