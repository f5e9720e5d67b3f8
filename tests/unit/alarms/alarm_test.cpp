// The life of an alarm, by its table and by what people may do in each state.
#include "core/domain/alarms/alarm.hpp"

#include <gtest/gtest.h>

namespace yb::alarms {
namespace {

using base::ErrorCode;
using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr UtcTime kStart{1'772'431'680'000'000};  // 2026-03-02 14:08 in the park

UtcTime At(base::Duration after) {
  return kStart + after;
}

Transition Of(Step step, base::Duration after) {
  return {
      .time = At(after), .step = step, .rule = "voltage-low", .rules = 7, .subject = "feeder-1/voltage_b", .point = 3};
}

Alarm Raised() {
  return *Begin(Of(Step::kRaised, seconds(0)));
}

Act By(const char* name, ActKind act, base::Duration after = minutes(6)) {
  return {.time = At(after), .act = act, .alarm = Raised().id, .user = name, .name = name, .side = Side::kBox};
}

struct Row {
  AlarmState from;
  Step step;
  AlarmState to;
  bool effective;
};

TEST(AlarmLife, FollowsItsTable) {
  const Row rows[] = {
      {AlarmState::kActive, Step::kRaised, AlarmState::kActive, false},
      {AlarmState::kActive, Step::kReturned, AlarmState::kReturned, true},
      {AlarmState::kActive, Step::kClosed, AlarmState::kActive, false},  // what lasts is not closed
      {AlarmState::kActive, Step::kUnknown, AlarmState::kActive, false},
      {AlarmState::kReturned, Step::kRaised, AlarmState::kActive, true},
      {AlarmState::kReturned, Step::kReturned, AlarmState::kReturned, false},
      {AlarmState::kReturned, Step::kClosed, AlarmState::kClosed, true},
      {AlarmState::kClosed, Step::kRaised, AlarmState::kClosed, false},  // that is another alarm
      {AlarmState::kClosed, Step::kReturned, AlarmState::kClosed, false},
      {AlarmState::kClosed, Step::kClosed, AlarmState::kClosed, false},
  };
  for (const Row& row : rows) {
    Alarm alarm = Raised();
    alarm.state = row.from;
    EXPECT_EQ(Apply(alarm, Of(row.step, minutes(1))), row.effective) << ToString(row.from) << " " << ToString(row.step);
    EXPECT_EQ(alarm.state, row.to) << ToString(row.from) << " " << ToString(row.step);
  }
}

TEST(AlarmLife, OnlyARaisedConditionBeginsOne) {
  EXPECT_FALSE(Begin(Of(Step::kReturned, seconds(0))));
  EXPECT_FALSE(Begin(Of(Step::kClosed, seconds(0))));
  EXPECT_NE(Raised().id, Begin(Of(Step::kRaised, seconds(1)))->id);
  EXPECT_EQ(Raised().id.size(), 24U);
}

TEST(AlarmLife, OneThatFlapsStaysOneRowWithACount) {
  Alarm alarm = Raised();
  for (int i = 1; i < 37; ++i) {
    ASSERT_TRUE(Apply(alarm, Of(Step::kReturned, minutes(2 * i - 1))));
    ASSERT_TRUE(Apply(alarm, Of(Step::kRaised, minutes(2 * i))));
  }
  EXPECT_EQ(alarm.count, 37);
  EXPECT_FALSE(alarm.chattering) << "two changes in a minute are none";
}

TEST(AlarmLife, ThreeChangesWithinAMinuteAreChattering) {
  Alarm alarm = Raised();
  EXPECT_TRUE(Apply(alarm, Of(Step::kReturned, seconds(30))));
  EXPECT_FALSE(alarm.chattering);
  EXPECT_TRUE(Apply(alarm, Of(Step::kRaised, seconds(60))));
  EXPECT_TRUE(alarm.chattering);
  Alarm slow = Raised();
  EXPECT_TRUE(Apply(slow, Of(Step::kReturned, seconds(30))));
  EXPECT_TRUE(Apply(slow, Of(Step::kRaised, seconds(61))));
  EXPECT_FALSE(slow.chattering);
}

TEST(AlarmLife, AnAcknowledgementStaysThroughFlappingAndNamesTheFirst) {
  Alarm alarm = Raised();
  ASSERT_TRUE(Allows(alarm, By("李四", ActKind::kAcknowledge), At(minutes(6))));
  ASSERT_TRUE(Apply(alarm, By("李四", ActKind::kAcknowledge)));
  EXPECT_FALSE(Apply(alarm, By("张三", ActKind::kAcknowledge)));
  Apply(alarm, Of(Step::kReturned, minutes(7)));
  Apply(alarm, Of(Step::kRaised, minutes(8)));
  EXPECT_EQ(alarm.acknowledged->name, "李四");
  const auto refused = Allows(alarm, By("张三", ActKind::kAcknowledge), At(minutes(9)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(refused.error().message_zh, "14:14 已由李四确认");
  EXPECT_EQ(refused.error().message, "already acknowledged by 李四 at 14:14");
}

TEST(AlarmLife, AShelfNeedsAReasonAndAnEndWithinADayOrUntilItRecovers) {
  const Alarm alarm = Raised();
  const UtcTime now = At(minutes(6));
  Act shelf = By("李四", ActKind::kShelve);
  EXPECT_EQ(Allows(alarm, shelf, now).error().message_zh, "搁置要写理由");
  shelf.reason = "检修到今晚";
  EXPECT_TRUE(Allows(alarm, shelf, now)) << "until it recovers";
  shelf.until = now;
  EXPECT_EQ(Allows(alarm, shelf, now).error().code, ErrorCode::kInvalidArgument);
  shelf.until = now + hours(24);
  EXPECT_TRUE(Allows(alarm, shelf, now));
  shelf.until = now + hours(24) + seconds(1);
  EXPECT_EQ(Allows(alarm, shelf, now).error().message_zh, "搁置最长 24 小时");
}

TEST(AlarmLife, RefusesWhatItsStateDoesNotAllow) {
  Alarm alarm = Raised();
  const UtcTime now = At(minutes(6));
  EXPECT_EQ(Allows(alarm, By("李四", ActKind::kUnshelve), now).error().message_zh, "报警没有搁置");
  EXPECT_EQ(Allows(alarm, By("李四", ActKind::kAssign), now).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Allows(alarm, By("李四", ActKind::kUnknown), now).error().code, ErrorCode::kUnsupported);
  Apply(alarm, Of(Step::kReturned, minutes(7)));
  Apply(alarm, Of(Step::kClosed, minutes(17)));
  EXPECT_EQ(Allows(alarm, By("李四", ActKind::kAcknowledge), now).error().message_zh, "报警已于 14:25 关闭");
  EXPECT_FALSE(Apply(alarm, By("李四", ActKind::kAcknowledge)));
}

TEST(AlarmLife, ARefusedActChangesNothing) {
  Alarm alarm = Raised();
  Act act = By("李四", ActKind::kAcknowledge);
  act.refused = "already acknowledged";
  EXPECT_FALSE(Apply(alarm, act));
  EXPECT_FALSE(alarm.acknowledged);
}

TEST(AlarmLife, ClosesByItselfWhenItWasQuiet) {
  Alarm alarm = Raised();
  EXPECT_FALSE(DueAt(alarm, minutes(10), At(hours(100)))) << "what lasts is not closed";
  Apply(alarm, Of(Step::kReturned, minutes(5)));
  EXPECT_FALSE(DueAt(alarm, minutes(10), At(minutes(15) - seconds(1))));
  const auto due = DueAt(alarm, minutes(10), At(minutes(15)));
  ASSERT_TRUE(due);
  EXPECT_EQ(std::get<Transition>(*due).step, Step::kClosed);
  EXPECT_TRUE(Apply(alarm, std::get<Transition>(*due)));
  EXPECT_FALSE(DueAt(alarm, minutes(10), At(hours(100))));
}

TEST(AlarmLife, AShelfWithAnEndKeepsItOpenUntilThenAndEndsByItself) {
  Alarm alarm = Raised();
  Act shelf = By("李四", ActKind::kShelve);
  shelf.reason = "检修";
  shelf.until = At(hours(2));
  ASSERT_TRUE(Apply(alarm, shelf));
  Apply(alarm, Of(Step::kReturned, minutes(7)));
  EXPECT_FALSE(DueAt(alarm, minutes(10), At(hours(1)))) << "a flapping alarm comes back as the same one";
  const auto due = DueAt(alarm, minutes(10), At(hours(2)));
  ASSERT_TRUE(due);
  EXPECT_EQ(std::get<Act>(*due).act, ActKind::kUnshelve);
  EXPECT_EQ(std::get<Act>(*due).time, At(hours(2)));
  EXPECT_TRUE(Apply(alarm, std::get<Act>(*due)));
  EXPECT_TRUE(std::holds_alternative<Transition>(*DueAt(alarm, minutes(10), At(hours(2)))));
}

TEST(AlarmLife, AShelfUntilRecoveryEndsWithTheAlarm) {
  Alarm alarm = Raised();
  Act shelf = By("李四", ActKind::kShelve);
  shelf.reason = "检修";
  ASSERT_TRUE(Apply(alarm, shelf));
  EXPECT_FALSE(DueAt(alarm, minutes(10), At(hours(48))));
  Apply(alarm, Of(Step::kReturned, hours(49)));
  EXPECT_EQ(std::get<Transition>(*DueAt(alarm, minutes(10), At(hours(50)))).step, Step::kClosed);
}

TEST(AlarmLife, IsStaleAfterADay) {
  Alarm alarm = Raised();
  EXPECT_FALSE(IsStale(alarm, At(hours(24))));
  EXPECT_TRUE(IsStale(alarm, At(hours(24) + seconds(1))));
  alarm.state = AlarmState::kClosed;
  EXPECT_FALSE(IsStale(alarm, At(hours(25))));
}

}  // namespace
}  // namespace yb::alarms
