#include "core/telemetry/alarm_record.hpp"

#include <gtest/gtest.h>

namespace yb::telemetry {
namespace {

const Alarm kAlarm{{1'772'431'680'000'000}, OperationKind::kLineDown, true, "line-1", "tcp 10.0.3.7:4001", 77};

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

TEST(AlarmRecord, ShowsAConditionOfALaterVersionAsUnknown) {
  const auto alarm = DecodeAlarm(base::Bytes{0x0A, 0x04, 0x08, 0x01, 0x10, 0x63});
  ASSERT_TRUE(alarm);
  EXPECT_EQ(ToString(alarm->what), "unknown");
}

TEST(AlarmRecord, RefusesWhatIsNoAlarm) {
  EXPECT_EQ(DecodeAlarm(base::AsBytes("no alarm")).error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(DecodeAlarm({}).error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace yb::telemetry
