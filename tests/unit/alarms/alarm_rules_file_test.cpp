// alarms.toml as the box reads it: the shipped one is good, and a wrong one is told by file, line and key.
#include "edge/alarms/alarm_rules_file.hpp"

#include <gtest/gtest.h>

namespace yb::edge {
namespace {

const std::string kRule =
    "[[rule]]\nid = \"voltage-low\"\nname_zh = \"低\"\nname_en = \"low\"\nadvice_zh = \"看\"\nadvice_en = \"look\"\n"
    "priority = \"P2\"\ncondition = \"below\"\nlimit = \"198\"\nhysteresis = \"2\"\nhold_s = 60\n"
    "[rule.points]\nutility = [\"power\"]\nquantity = [\"voltage_*\"]\n";

std::string Replaced(const std::string& from, const std::string& to) {
  std::string text = kRule;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(AlarmRulesFile, TheShippedOneIsGoodAndHoldsTheLimitsOfTheStandard) {
  const auto rules = LoadAlarmRules("firmware-config/alarms.toml");
  ASSERT_TRUE(rules) << rules.error().Describe();
  ASSERT_EQ(rules->size(), 4U);
  // GB/T 12325: 220 V +7 % / -10 %.
  EXPECT_EQ((*rules)[1].condition.limit, base::Decimal(220 * 90, 2));
  EXPECT_EQ((*rules)[2].condition.limit, base::Decimal(220 * 107, 2));
  for (const alarms::AlarmRule& rule : *rules) {
    EXPECT_FALSE(rule.advice.zh.empty()) << rule.id;
    EXPECT_FALSE(rule.advice.en.empty()) << rule.id;
  }
}

TEST(AlarmRulesFile, ReadsWhatARuleSays) {
  const auto rules = ParseAlarmRules(kRule, "a.toml");
  ASSERT_TRUE(rules) << rules.error().Describe();
  const alarms::AlarmRule& rule = rules->front();
  EXPECT_EQ(rule.id, "voltage-low");
  EXPECT_EQ(rule.priority, alarms::Priority::kImportant);
  EXPECT_EQ(rule.condition.kind, alarms::ConditionKind::kBelow);
  EXPECT_EQ(rule.hold, std::chrono::seconds(60));
  EXPECT_EQ(rule.close_after, std::chrono::minutes(10));
  EXPECT_EQ(rule.points.quantities, std::vector<std::string>{"voltage_*"});
}

TEST(AlarmRulesFile, TellsFileLineKeyAndWhatWasExpected) {
  struct {
    std::string text;
    const char* said;
  } const rows[] = {
      {Replaced("\"P2\"", "\"P4\""), "a.toml:7: rule 'voltage-low': priority: found \"P4\""},
      {Replaced("\"below\"", "\"under\""), "a.toml:8: rule 'voltage-low': condition: found \"under\""},
      {Replaced("limit = \"198\"\n", ""), "rule 'voltage-low': limit: is missing"},
      {Replaced("\"198\"", "198.5"), "a.toml:9: rule 'voltage-low': limit: "},
      {Replaced("\"2\"", "\"-2\""), "a.toml:10: rule 'voltage-low': hysteresis: found -2"},
      {Replaced("hold_s", "holds"), "a.toml:11: rule 'voltage-low': holds: is no known key"},
      {Replaced("\"power\"", "\"electric\""), "utility: found \"electric\""},
      {Replaced("quantity = [\"voltage_*\"]\n", ""), "quantity: is missing"},
      {Replaced("advice_zh = \"看\"\n", ""), "rule 'voltage-low': advice_zh: "},
      {Replaced("voltage-low", "Voltage"), "a.toml:2: rule: id: found \"Voltage\""},
      {kRule + kRule, "\"voltage-low\" is there twice"},
      {Replaced("[rule.points]\nutility = [\"power\"]\nquantity = [\"voltage_*\"]\n", ""), "points: "},
  };
  for (const auto& row : rows) {
    const auto rules = ParseAlarmRules(row.text, "a.toml");
    ASSERT_FALSE(rules) << row.said;
    EXPECT_NE(rules.error().Describe().find(row.said), std::string::npos) << rules.error().Describe();
  }
}

}  // namespace
}  // namespace yb::edge
