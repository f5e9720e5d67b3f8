// alarms.toml as the box reads it: the shipped one is good, and a wrong one is told by file, line and key.
#include "edge/alarms/alarm_rules_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

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

/// The blocks of a page of the documentation that are marked as `language`.
std::vector<std::string> Blocks(const std::string& file, const std::string& language) {
  std::vector<std::string> blocks;
  std::ifstream in(file);
  bool within = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "```" + language) {
      within = true;
      blocks.emplace_back();
    } else if (line == "```") {
      within = false;
    } else if (within) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

TEST(AlarmRulesFile, ReadsTheExamplesOfItsDocumentation) {
  const auto blocks = Blocks("docs/alarms.md", "toml");
  ASSERT_EQ(blocks.size(), 2U);
  std::vector<alarms::AlarmRule> read;
  for (const std::string& text : blocks) {
    const auto rules = ParseAlarmRules(text, "docs/alarms.md");
    ASSERT_TRUE(rules) << rules.error().Describe();
    read.insert(read.end(), rules->begin(), rules->end());
  }
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1].condition.kind, alarms::ConditionKind::kRises);
  EXPECT_EQ(read[1].condition.within, std::chrono::minutes(10));
  EXPECT_EQ(read[1].condition.limit, base::Decimal(25, 1));
}

TEST(AlarmRulesFile, TellsFileLineKeyAndWhatWasExpected) {
  struct {
    std::string text;
    const char* said;
  } const rows[] = {
      {Replaced("\"P2\"", "\"P4\""), "a.toml:7: rule 'voltage-low': priority: found \"P4\""},
      {Replaced("\"below\"", "\"under\""), "a.toml:8: rule 'voltage-low': condition: found \"under\""},
      {Replaced("\"below\"", "\"rises\""), "rule 'voltage-low': within_s: is missing"},
      {Replaced("\"below\"\nlimit = \"198\"", "\"falls\"\nwithin_s = 60\nlimit = \"-3\""), "limit: found -3"},
      {Replaced("\"below\"", "\"below\"\nwithin_s = 60"), "within_s: is no known key"},
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
    EXPECT_FALSE(rules.error().message_zh.empty()) << row.said;
    EXPECT_FALSE(rules.error().hint_zh.empty()) << row.said;
  }
}

}  // namespace
}  // namespace yb::edge
