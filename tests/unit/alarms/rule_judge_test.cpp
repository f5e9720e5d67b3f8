// Rules against readings. Limits are those of GB/T 12325 for 220 V: +7 % is 235.4 V, −10 % is 198.0 V.
#include "core/domain/alarms/rule_judge.hpp"

#include <gtest/gtest.h>

namespace yb::alarms {
namespace {

using base::Decimal;
using base::Duration;
using metering::Quality;
using metering::Reading;
using std::chrono::seconds;

constexpr std::int64_t kStart = 1'772'431'680'000'000;

Moment At(int second) {
  return {{kStart + second * 1'000'000LL}, {5'000'000 + second * 1'000'000LL}};
}

WatchedPoint Phase(metering::PointNo no, const char* quantity, const char* meter = "feeder-1") {
  WatchedPoint watched;
  watched.point.no = no;
  watched.point.key = std::string(meter) + "/" + quantity;
  watched.point.meter = meter;
  watched.point.quantity = quantity;
  watched.point.utility = metering::Utility::kPower;
  watched.point.line = "line-1";
  watched.limit = seconds(45);
  return watched;
}

AlarmRule Rule(ConditionKind kind, const char* limit, const char* hysteresis = "0") {
  AlarmRule rule;
  rule.id = "r";
  rule.points.quantities = {"voltage_*"};
  rule.condition = {kind, *Decimal::Parse(limit), *Decimal::Parse(hysteresis), seconds(0), seconds(0)};
  return rule;
}

class RuleJudgeTest : public testing::Test {
 protected:
  void Make(AlarmRule rule, const std::vector<Alarm>& open = {}) {
    judge_.emplace(std::vector{std::move(rule)}, 7, points_, open, At(0));
  }
  void Read(metering::PointNo no, const char* value, int second, Quality quality = Quality::kGood) {
    readings_[no] = {no, At(second).utc, value == nullptr ? std::nullopt : std::optional(*Decimal::Parse(value)),
                     quality};
  }
  /// "raised feeder-1/voltage_a 0 197.9; " with the second it began.
  std::string Look(int second) {
    std::string said;
    const auto latest = [&](metering::PointNo no) {
      const auto found = readings_.find(no);
      return found == readings_.end() ? nullptr : &found->second;
    };
    for (const Transition& one : judge_->Look(latest, lines_down_, At(second))) {
      said += std::string(ToString(one.step)) + " " + one.subject + " " +
              std::to_string((one.time.micros - kStart) / 1'000'000) + (one.value ? " " + one.value->ToString() : "") +
              "; ";
    }
    return said;
  }
  std::vector<WatchedPoint> points_ = {Phase(1, "voltage_a"), Phase(2, "voltage_b"), Phase(3, "voltage_c")};
  std::map<metering::PointNo, Reading> readings_;
  std::set<std::string> lines_down_;
  std::optional<RuleJudge> judge_;
};

TEST_F(RuleJudgeTest, ALimitItselfIsWithin) {
  Make(Rule(ConditionKind::kBelow, "198"));
  Read(1, "198.0", 0);
  EXPECT_EQ(Look(0), "");
  Read(1, "197.9", 15);
  EXPECT_EQ(Look(15), "raised feeder-1/voltage_a 15 197.9; ");
  EXPECT_EQ(Look(16), "");
  Read(1, "198.0", 30);
  EXPECT_EQ(Look(30), "returned feeder-1/voltage_a 30 198.0; ");
  Make(Rule(ConditionKind::kAbove, "235.4"));
  Read(1, "235.4", 45);
  EXPECT_EQ(Look(45), "");
  Read(1, "235.41", 60);
  EXPECT_EQ(Look(60), "raised feeder-1/voltage_a 60 235.41; ");
}

TEST_F(RuleJudgeTest, ComesBackOnlyBehindTheHysteresis) {
  Make(Rule(ConditionKind::kBelow, "198", "2.0"));
  Read(1, "190.0", 0);
  EXPECT_EQ(Look(0), "raised feeder-1/voltage_a 0 190.0; ");
  Read(1, "199.9", 15);
  EXPECT_EQ(Look(15), "");
  Read(1, "200.0", 30);
  EXPECT_EQ(Look(30), "returned feeder-1/voltage_a 30 200.0; ");
  Read(1, "199.9", 45);
  EXPECT_EQ(Look(45), "") << "between the two it stays as it was";
}

TEST_F(RuleJudgeTest, WaitsForTheHoldTimeAndTellsWhenItBegan) {
  AlarmRule rule = Rule(ConditionKind::kBelow, "198");
  rule.hold = seconds(10);
  Make(rule);
  Read(1, "100.0", 0);
  EXPECT_EQ(Look(0), "");
  EXPECT_EQ(Look(9), "");
  EXPECT_EQ(Look(10), "raised feeder-1/voltage_a 0 100.0; ");
  Read(2, "100.0", 12);
  EXPECT_EQ(Look(12), "");
  Read(2, "220.0", 20);
  EXPECT_EQ(Look(20), "");
  Read(2, "100.0", 21);
  EXPECT_EQ(Look(22), "") << "it began anew";
  EXPECT_EQ(Look(33), "raised feeder-1/voltage_b 21 100.0; ");
}

TEST_F(RuleJudgeTest, WhatIsUnknownNeitherRaisesNorClears) {
  const std::pair<Quality, const char*> unknown[] = {{Quality::kSuspect, "10.0"},
                                                     {Quality::kInvalid, nullptr},
                                                     {Quality::kUnreachable, nullptr},
                                                     {Quality::kClockDoubtful, "10.0"},
                                                     {Quality::kImported, "10.0"}};
  for (const auto& [quality, value] : unknown) {
    Make(Rule(ConditionKind::kBelow, "198"));
    Read(1, value, 0, quality);
    EXPECT_EQ(Look(0), "") << metering::ToString(quality);
    Read(1, "10.0", 1);
    EXPECT_NE(Look(1), "");
    Read(1, value == nullptr ? nullptr : "220.0", 2, quality);
    EXPECT_EQ(Look(2), "") << metering::ToString(quality);
    Read(1, "220.0", 3, Quality::kLate);
    EXPECT_EQ(Look(3), "returned feeder-1/voltage_a 3 220.0; ");
  }
  Make(Rule(ConditionKind::kBelow, "198"));
  Read(1, "10.0", 0);
  EXPECT_EQ(Look(46), "") << "older than the point's limit";
}

TEST_F(RuleJudgeTest, APhaseIsLostOnlyWhileAnotherOneIsThere) {
  Make(Rule(ConditionKind::kPhaseLost, "100"));
  Read(1, "0.0", 0);
  EXPECT_EQ(Look(0), "") << "no evidence: the others are unknown";
  Read(2, "0.0", 1);
  Read(3, "0.0", 1);
  EXPECT_EQ(Look(1), "") << "all are gone: another rule's";
  Read(3, "221.3", 2);
  EXPECT_EQ(Look(2), "raised feeder-1/voltage_a 0 0.0; raised feeder-1/voltage_b 1 0.0; ");
  Read(3, "0.0", 3);
  EXPECT_EQ(Look(3), "") << "nothing returns because the evidence is gone";
  Read(1, "220.0", 4);
  EXPECT_EQ(Look(4), "returned feeder-1/voltage_a 4 220.0; raised feeder-1/voltage_c 3 0.0; ");
}

AlarmRule Silent() {
  AlarmRule rule = Rule(ConditionKind::kNoValue, "0");
  rule.points.quantities.clear();
  rule.condition.longer = seconds(60);
  return rule;
}

TEST_F(RuleJudgeTest, AMeterWithoutAnyValueForLongerIsOneAlarm) {
  Make(Silent());
  Read(1, "220.0", 0);
  EXPECT_EQ(Look(0), "");
  EXPECT_EQ(Look(59), "");
  Read(2, "220.0", 59);
  EXPECT_EQ(Look(60), "") << "one point of it answers";
  Read(1, nullptr, 61, Quality::kUnreachable);
  EXPECT_EQ(Look(120), "");
  EXPECT_EQ(Look(121), "raised feeder-1 60; ");
  EXPECT_EQ(Look(500), "");
  Read(3, "1.0", 501, Quality::kSuspect);
  EXPECT_EQ(Look(501), "returned feeder-1 501; ");
}

TEST_F(RuleJudgeTest, AMeterBehindALineThatIsDownIsUnknownAndGetsItsTimeAgain) {
  Make(Silent());
  Read(1, "220.0", 0);
  EXPECT_EQ(Look(0), "");
  lines_down_ = {"line-1"};
  for (int second = 1; second < 500; ++second) EXPECT_EQ(Look(second), "");
  lines_down_.clear();
  EXPECT_EQ(Look(559), "");
  EXPECT_EQ(Look(560), "raised feeder-1 499; ");
}

TEST_F(RuleJudgeTest, AfterARestartGoesOnFromWhatIsOpen) {
  Transition raised{.time = At(-500).utc, .step = Step::kRaised, .rule = "r", .rules = 6, .subject = "feeder-1"};
  Read(1, "220.0", -600);  // read back from disk
  Make(Silent(), {*Begin(raised)});
  EXPECT_EQ(Look(1), "") << "it is not known to answer";
  EXPECT_EQ(Look(100), "") << "and not raised twice";
  Read(1, "220.0", 101);
  EXPECT_EQ(Look(101), "returned feeder-1 101; ");

  raised.subject = "feeder-1/voltage_a";
  Make(Rule(ConditionKind::kBelow, "198"), {*Begin(raised)});
  Read(1, "100.0", 102);
  EXPECT_EQ(Look(102), "");
  Read(1, "220.0", 103);
  EXPECT_EQ(Look(103), "returned feeder-1/voltage_a 103 220.0; ");
}

AlarmRule Change(ConditionKind kind, const char* limit, const char* hysteresis = "0") {
  AlarmRule rule = Rule(kind, limit, hysteresis);
  rule.condition.within = seconds(60);
  return rule;
}

TEST_F(RuleJudgeTest, AValueThatRisesByMoreThanTheLimitWithinTheTimeIsAnAlarm) {
  Make(Change(ConditionKind::kRises, "15"));
  Read(1, "205.0", 0);
  EXPECT_EQ(Look(0), "");
  Read(1, "220.0", 30);
  EXPECT_EQ(Look(30), "") << "by the limit itself";
  Read(1, "220.1", 60);
  EXPECT_EQ(Look(60), "raised feeder-1/voltage_a 60 15.1; ");
  EXPECT_EQ(Look(61), "");
  Read(1, "220.1", 90);
  EXPECT_EQ(Look(90), "returned feeder-1/voltage_a 90 0.1; ") << "against what it was a minute before";
}

TEST_F(RuleJudgeTest, AValueThatRisesSlowlyIsNone) {
  Make(Change(ConditionKind::kRises, "15"));
  for (int second = 0; second < 600; second += 30) {
    Read(1, std::to_string(200 + second / 30 * 7).c_str(), second);  // 14 V a minute
    EXPECT_EQ(Look(second), "") << second;
  }
}

TEST_F(RuleJudgeTest, RisesFallsAndChangesAreTold) {
  const struct {
    ConditionKind kind;
    const char* second;
    const char* said;
  } rows[] = {
      {ConditionKind::kRises, "240.0", "raised feeder-1/voltage_a 30 20.0; "},
      {ConditionKind::kRises, "200.0", ""},
      {ConditionKind::kFalls, "240.0", ""},
      {ConditionKind::kFalls, "200.0", "raised feeder-1/voltage_a 30 20.0; "},
      {ConditionKind::kChanges, "240.0", "raised feeder-1/voltage_a 30 20.0; "},
      {ConditionKind::kChanges, "200.0", "raised feeder-1/voltage_a 30 20.0; "},
      {ConditionKind::kChanges, "230.0", ""},
  };
  for (const auto& row : rows) {
    Make(Change(row.kind, "15"));
    Read(1, "220.0", 0);
    EXPECT_EQ(Look(0), "");
    Read(1, row.second, 30);
    EXPECT_EQ(Look(30), row.said) << ToString(row.kind) << " " << row.second;
  }
}

TEST_F(RuleJudgeTest, AChangeWhoseBeginningWasNotSeenIsUnknown) {
  Make(Change(ConditionKind::kFalls, "15"));
  Read(1, "220.0", 0);
  EXPECT_EQ(Look(0), "");
  Read(1, nullptr, 30, Quality::kUnreachable);
  EXPECT_EQ(Look(30), "");
  Read(1, "100.0", 61);
  EXPECT_EQ(Look(61), "") << "the value before is older than the time";
  Read(1, "99.0", 80);
  EXPECT_EQ(Look(80), "");
}

TEST_F(RuleJudgeTest, AnAlarmOfAChangeEndsOnlyWhenTheWholeTimeWasSeen) {
  const Transition raised{
      .time = At(-10).utc, .step = Step::kRaised, .rule = "r", .rules = 6, .subject = "feeder-1/voltage_a"};
  Make(Change(ConditionKind::kRises, "15"), {*Begin(raised)});
  for (int second = 0; second <= 60; second += 20) {
    Read(1, "240.0", second);
    EXPECT_EQ(Look(second), "") << second;
  }
  Read(1, "240.0", 80);
  EXPECT_EQ(Look(80), "returned feeder-1/voltage_a 80 0.0; ");
}

TEST_F(RuleJudgeTest, ARegisterThatGoesBackwardsIsNoChange) {
  points_[0].point.kind = metering::PointKind::kRegister;
  Make(Change(ConditionKind::kChanges, "15"));
  Read(1, "1000", 0);
  EXPECT_EQ(Look(0), "");
  Read(1, "3", 20);
  EXPECT_EQ(Look(20), "") << "replaced";
  Read(1, "18", 30);
  EXPECT_EQ(Look(30), "") << "15 since";
  Read(1, "19", 40);
  EXPECT_EQ(Look(40), "raised feeder-1/voltage_a 40 16; ");
}

TEST(Selects, ByUtilityQuantityMeterAndTransformer) {
  const WatchedPoint voltage = Phase(1, "voltage_a", "feeder-12");
  Selection any;
  EXPECT_TRUE(Selects(any, voltage));
  struct {
    Selection selection;
    bool selects;
  } const rows[] = {
      {{.utilities = {metering::Utility::kPower}, .quantities = {}, .meters = {}, .except_meters = {}}, true},
      {{.utilities = {metering::Utility::kWater}, .quantities = {}, .meters = {}, .except_meters = {}}, false},
      {{.utilities = {}, .quantities = {"voltage_*"}, .meters = {}, .except_meters = {}}, true},
      {{.utilities = {}, .quantities = {"*age_b", "voltage"}, .meters = {}, .except_meters = {}}, false},
      {{.utilities = {}, .quantities = {}, .meters = {"f*-1*"}, .except_meters = {}}, true},
      {{.utilities = {}, .quantities = {}, .meters = {"feeder-1"}, .except_meters = {}}, false},
      {{.utilities = {}, .quantities = {}, .meters = {"*"}, .except_meters = {"feeder-1*"}}, false},
      {{.utilities = {}, .quantities = {}, .meters = {}, .except_meters = {}, .direct = true}, true},
  };
  for (const auto& row : rows) EXPECT_EQ(Selects(row.selection, voltage), row.selects);
  WatchedPoint behind_transformer = voltage;
  behind_transformer.direct = false;
  EXPECT_FALSE(Selects(rows[7].selection, behind_transformer));
}

}  // namespace
}  // namespace yb::alarms
