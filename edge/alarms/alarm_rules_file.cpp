#include "edge/alarms/alarm_rules_file.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"

namespace yb::edge {
namespace {

using alarms::AlarmRule;
using alarms::ConditionKind;
using base::Fail;
using config::Expected;
using config::ExpectedTexts;
using config::FoundText;
using config::TomlTable;
using metering::Utility;

constexpr std::size_t kMostRules = 200;

bool IsId(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 48 && std::ranges::all_of(text, allowed);
}

base::Result<std::string> ReadId(TomlTable& table, std::map<std::string, int>& lines) {
  YB_ASSIGN(std::string id, table.Text("id"));
  if (!IsId(id)) {
    return Fail(
        table.Fault("id", FoundText(id),
                    Expected({"up to 48 characters of a-z, 0-9 and '-'", "不超过 48 个字符，限 a-z、0-9 和 -"})));
  }
  const auto [entry, is_new] = lines.emplace(id, table.LineOf("id"));
  if (is_new) return id;
  return Fail(table.Fault("id", config::IsThereTwice(id), config::UsedInLine(entry->second)));
}

base::Result<alarms::Priority> ReadPriority(TomlTable& table) {
  YB_ASSIGN(const std::string text, table.Text("priority"));
  const auto priority = alarms::ParsePriority(text);
  if (priority) return *priority;
  return Fail(table.Fault("priority", FoundText(text), ExpectedTexts({"P1", "P2", "P3"})));
}

base::Result<base::Duration> ReadSeconds(TomlTable& table, std::string_view key, std::int64_t least,
                                         std::int64_t otherwise) {
  YB_ASSIGN(const std::int64_t seconds, table.WholeOr(key, least, 604'800, otherwise));
  return std::chrono::seconds(seconds);
}

base::Result<base::Decimal> ReadLimit(TomlTable& table) {
  YB_ASSIGN(const std::optional<base::Decimal> limit, table.DecimalIfAny("limit"));
  if (limit) return *limit;
  return Fail(
      table.Fault("limit", config::IsMissing(),
                  Expected({"a number in the unit of the points, such as \"198\"", "以测点单位计的数字，如 \"198\""})));
}

base::Status ReadCondition(TomlTable& table, alarms::Condition& condition) {
  YB_ASSIGN(const std::string text, table.Text("condition"));
  constexpr std::array kKinds = {ConditionKind::kAbove,     ConditionKind::kBelow, ConditionKind::kNoValue,
                                 ConditionKind::kPhaseLost, ConditionKind::kRises, ConditionKind::kFalls,
                                 ConditionKind::kChanges};
  const auto* kind = std::ranges::find(kKinds, text, [](ConditionKind one) { return alarms::ToString(one); });
  if (kind == kKinds.end()) {
    std::vector<std::string> known;
    for (const ConditionKind one : kKinds) known.emplace_back(alarms::ToString(one));
    return Fail(table.Fault("condition", FoundText(text), ExpectedTexts(known)));
  }
  condition.kind = *kind;
  if (*kind == ConditionKind::kNoValue) {
    YB_ASSIGN(const std::int64_t seconds, table.Whole("longer_s", 10, 604'800));
    condition.longer = std::chrono::seconds(seconds);
    return {};
  }
  YB_ASSIGN(condition.limit, ReadLimit(table));
  if (alarms::IsOfChange(*kind)) {
    if (condition.limit <= base::Decimal(0, 0)) {
      return Fail(table.Fault("limit", config::Found(condition.limit.ToString()),
                              Expected({"more than 0: by how much the value may change", "大于 0：允许的变化量"})));
    }
    YB_ASSIGN(const std::int64_t seconds, table.Whole("within_s", 10, 86'400));
    condition.within = std::chrono::seconds(seconds);
  }
  YB_ASSIGN(condition.hysteresis, table.DecimalOr("hysteresis", base::Decimal(0, 0)));
  if (condition.hysteresis >= base::Decimal(0, 0)) return {};
  return Fail(
      table.Fault("hysteresis", config::Found(condition.hysteresis.ToString()), Expected({"0 or more", "不小于 0"})));
}

base::Result<Utility> ReadUtility(const TomlTable& table, const std::string& text) {
  for (const Utility utility : {Utility::kOther, Utility::kWater, Utility::kPower, Utility::kGas, Utility::kHeat}) {
    if (text == metering::ToString(utility)) return utility;
  }
  return Fail(table.Fault("utility", FoundText(text), ExpectedTexts({"water", "power", "gas", "heat", "other"})));
}

base::Status ReadSelection(TomlTable table, alarms::Selection& points) {
  YB_ASSIGN(const std::vector<std::string> utilities, table.TextsOr("utility"));
  for (const std::string& text : utilities) {
    YB_ASSIGN(const Utility utility, ReadUtility(table, text));
    points.utilities.push_back(utility);
  }
  YB_ASSIGN(points.quantities, table.TextsOr("quantity"));
  YB_ASSIGN(points.meters, table.TextsOr("meter"));
  YB_ASSIGN(points.except_meters, table.TextsOr("except_meter"));
  YB_ASSIGN(points.direct, table.FlagOr("direct", false));
  return table.RefuseUnknownKeys();
}

base::Result<AlarmRule> ReadRule(TomlTable& table, std::map<std::string, int>& lines) {
  AlarmRule rule;
  YB_ASSIGN(rule.id, ReadId(table, lines));
  table.Rename("rule '" + rule.id + "'");
  YB_ASSIGN(rule.name.zh, table.Text("name_zh"));
  YB_ASSIGN(rule.name.en, table.Text("name_en"));
  YB_ASSIGN(rule.advice.zh, table.Text("advice_zh"));
  YB_ASSIGN(rule.advice.en, table.Text("advice_en"));
  YB_ASSIGN(rule.priority, ReadPriority(table));
  YB_TRY(ReadCondition(table, rule.condition));
  YB_ASSIGN(rule.hold, ReadSeconds(table, "hold_s", 0, 0));
  YB_ASSIGN(rule.close_after, ReadSeconds(table, "close_after_s", 1, 600));
  YB_ASSIGN(TomlTable points, table.Table("points"));
  YB_TRY(ReadSelection(points, rule.points));
  const bool of_quantities = rule.condition.kind != ConditionKind::kNoValue;
  if (of_quantities && rule.points.quantities.empty()) {
    return Fail(points.Fault("quantity", config::IsMissing(),
                             Expected({"the quantities that the limit is for", "限值所针对的量"})));
  }
  YB_TRY(table.RefuseUnknownKeys());
  return rule;
}

base::Result<std::vector<AlarmRule>> ReadRules(TomlTable top) {
  YB_ASSIGN(std::vector<TomlTable> tables, top.Tables("rule"));
  YB_TRY(top.RefuseUnknownKeys());
  if (tables.size() > kMostRules) {
    return Fail(top.Fault(
        "rule",
        {"there are " + std::to_string(tables.size()) + " rules", "有 " + std::to_string(tables.size()) + " 条规则"},
        Expected({"200 at most", "最多 200 条"})));
  }
  std::vector<AlarmRule> rules;
  std::map<std::string, int> lines;
  for (TomlTable& table : tables) {
    YB_ASSIGN(AlarmRule rule, ReadRule(table, lines));
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

base::Result<std::vector<AlarmRule>> LoadAlarmRules(const std::filesystem::path& file) {
  YB_ASSIGN(const config::TomlNode root, config::LoadToml(file));
  return ReadRules(TomlTable(root, file.string()));
}

base::Result<std::vector<AlarmRule>> ParseAlarmRules(std::string_view text, const std::string& file) {
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  return ReadRules(TomlTable(root, file));
}

}  // namespace yb::edge
