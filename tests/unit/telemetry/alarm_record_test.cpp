#include "core/telemetry/alarm_record.hpp"

#include <gtest/gtest.h>

namespace yb::telemetry {
namespace {

const Alarm kAlarm{{1'772'431'680'000'000}, OperationKind::kLineDown, true, "line-1", "tcp 10.0.3.7:4001", 77, "通道"};

TEST(AlarmRecord, ComesBackAsItWas) {
  const auto back = DecodeAlarm(EncodeAlarm(kAlarm));
  ASSERT_TRUE(back) << back.error().Describe();
  EXPECT_EQ(*back, kAlarm);
}

// Written by hand from sync.proto: field 1 of AlarmRecord, then time_us 1, what 1, cleared, "a", boot 2.
TEST(AlarmRecord, ReadsTheBytesOfItsContract) {
  const base::Bytes body = {0x0A, 0x0B, 0x08, 0x01, 0x10, 0x01, 0x18, 0x01, 0x22, 0x01, 'a', 0x30, 0x02};
  const auto alarm = DecodeAlarm(body);
  ASSERT_TRUE(alarm) << alarm.error().Describe();
  EXPECT_EQ(*alarm, (Alarm{{1}, OperationKind::kLineDown, true, "a", "", 2}));
  EXPECT_EQ(EncodeAlarm(*alarm), body);
}

// The same with detail_zh 7.
TEST(AlarmRecord, ReadsTheBytesOfADetailInChinese) {
  const base::Bytes body = {0x0A, 0x0E, 0x08, 0x01, 0x10, 0x01, 0x22, 0x01,
                            'a',  0x30, 0x02, 0x3A, 0x03, 0xE4, 0xB8, 0xAD};
  const auto alarm = DecodeAlarm(body);
  ASSERT_TRUE(alarm) << alarm.error().Describe();
  EXPECT_EQ(*alarm, (Alarm{{1}, OperationKind::kLineDown, false, "a", "", 2, "中"}));
  EXPECT_EQ(EncodeAlarm(*alarm), body);
}

TEST(AlarmRecord, ShowsAConditionOfALaterVersionAsUnknown) {
  const auto alarm = DecodeAlarm(base::Bytes{0x0A, 0x04, 0x08, 0x01, 0x10, 0x63});
  ASSERT_TRUE(alarm);
  EXPECT_EQ(ToString(alarm->what), "unknown");
}

TEST(AlarmRecord, TransitionsActsAndRulesComeBackAsTheyWere) {
  const alarms::Transition transition{.time = {5},
                                      .step = alarms::Step::kReturned,
                                      .rule = "voltage-low",
                                      .rules = 7,
                                      .subject = "feeder-1/voltage_b",
                                      .point = 3,
                                      .value = base::Decimal(1980, 1),
                                      .detail = "d",
                                      .boot = 9,
                                      .detail_zh = "说明"};
  EXPECT_EQ(std::get<alarms::Transition>(*DecodeAlarmBody(EncodeAlarm(transition))), transition);
  alarms::Act act{.time = {6}, .act = alarms::ActKind::kShelve, .alarm = "A", .user = "7", .name = "李四"};
  act.side = alarms::Side::kCentral;
  act.until = base::UtcTime{7};
  act.reason = "检修";
  act.command = "018f";
  act.refused = "no";
  act.refused_zh = "不";
  EXPECT_EQ(std::get<alarms::Act>(*DecodeAlarmBody(EncodeAlarm(act))), act);
  EXPECT_EQ(**DecodeDownAct(EncodeDownAct(act)), act);
  alarms::AlarmRule rule;
  rule.id = "r";
  rule.name = {"low", "低"};
  rule.advice = {"look", "看"};
  rule.priority = alarms::Priority::kUrgent;
  rule.points = {{metering::Utility::kPower}, {"voltage_*"}, {"f*"}, {"f9"}, true};
  rule.condition = {alarms::ConditionKind::kBelow, base::Decimal(198, 0), base::Decimal(20, 1),
                    std::chrono::seconds(3)};
  rule.hold = std::chrono::seconds(60);
  alarms::AlarmRule of_change = rule;
  of_change.condition.kind = alarms::ConditionKind::kChanges;
  of_change.condition.within = std::chrono::minutes(10);
  const AlarmRuleSet rules{7, {8}, {rule, of_change}};
  EXPECT_EQ(std::get<AlarmRuleSet>(*DecodeAlarmBody(EncodeAlarm(rules))), rules);
}

// Written by hand from sync.proto: field 4 of AlarmRecord, then act 1, alarm "A", name "B", side 2.
TEST(AlarmRecord, ReadsTheBytesOfAnAct) {
  const base::Bytes body = {0x22, 0x0A, 0x10, 0x01, 0x1A, 0x01, 'A', 0x2A, 0x01, 'B', 0x30, 0x02};
  const auto record = DecodeAlarmBody(body);
  ASSERT_TRUE(record) << record.error().Describe();
  const auto& act = std::get<alarms::Act>(*record);
  EXPECT_EQ(act.act, alarms::ActKind::kAcknowledge);
  EXPECT_EQ(act.alarm + act.name, "AB");
  EXPECT_EQ(act.side, alarms::Side::kCentral);
  EXPECT_EQ(EncodeAlarm(act), body);
  EXPECT_EQ(DecodeAlarm(body).error().code, base::ErrorCode::kUnsupported) << "it is no condition of the box";
}

TEST(AlarmRecord, RefusesWhatIsNoAlarm) {
  EXPECT_EQ(DecodeAlarm(base::AsBytes("no alarm")).error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(DecodeAlarm({}).error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace yb::telemetry
