#include "core/telemetry/operation_conditions.hpp"

#include <gtest/gtest.h>

namespace yb::telemetry {
namespace {

using std::chrono::seconds;

constexpr auto kLine = OperationKind::kLineDown;

OperationConditions::Moment At(int second) {
  return {{1'772'431'680'000'000 + second * 1'000'000}, {second * 1'000'000}};
}

TEST(OperationConditions, TellsAConditionOnceItHasLastedAndOnceItEnds) {
  OperationConditions conditions({}, seconds(10), 7);
  EXPECT_FALSE(conditions.Observe(kLine, "line-1", true, "tcp", At(0)));
  EXPECT_FALSE(conditions.Observe(kLine, "line-1", true, "tcp", At(9)));
  const auto begun = conditions.Observe(kLine, "line-1", true, "tcp", At(10));
  ASSERT_TRUE(begun);
  EXPECT_EQ(*begun, (Alarm{At(0).utc, kLine, false, "line-1", "tcp", 7}));
  EXPECT_FALSE(conditions.Observe(kLine, "line-1", true, "tcp", At(60)));
  const auto ended = conditions.Observe(kLine, "line-1", false, "tcp", At(70));
  ASSERT_TRUE(ended);
  EXPECT_EQ(*ended, (Alarm{At(70).utc, kLine, true, "line-1", "tcp", 7}));
  EXPECT_FALSE(conditions.Observe(kLine, "line-1", false, "tcp", At(71)));
}

TEST(OperationConditions, TellsNothingOfWhatIsShort) {
  OperationConditions conditions({}, seconds(10), 7);
  for (int second = 0; second < 100; ++second) {
    EXPECT_FALSE(conditions.Observe(kLine, "line-1", second % 9 != 0, "", At(second))) << second;
  }
}

TEST(OperationConditions, KeepsSubjectsApart) {
  OperationConditions conditions({}, seconds(0), 7);
  EXPECT_TRUE(conditions.Observe(kLine, "line-1", true, "", At(0)));
  EXPECT_FALSE(conditions.Observe(kLine, "line-2", false, "", At(0)));
  EXPECT_TRUE(conditions.Observe(kLine, "line-2", true, "", At(0)));
}

TEST(OperationConditions, EndsWhatAnEarlierStartLeftOpenAndNothingElse) {
  const Alarm told[] = {
      {{5}, kLine, true, "line-2", "", 1}, {{4}, kLine, false, "line-1", "", 1}, {{3}, kLine, false, "line-2", "", 1}};
  OperationConditions conditions(told, seconds(10), 7);
  EXPECT_FALSE(conditions.Observe(kLine, "line-2", false, "", At(0)));
  const auto ended = conditions.Observe(kLine, "line-1", false, "", At(0));
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->cleared);
}

}  // namespace
}  // namespace yb::telemetry
