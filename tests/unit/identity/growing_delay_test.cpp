#include "core/identity/growing_delay.hpp"

#include <gtest/gtest.h>

namespace yb::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::Monotonic kStart{1'000'000};

TEST(GrowingDelay, LetsTheFirstFailuresPassAndDoublesFromThere) {
  GrowingDelay delay({.free = 3, .first = seconds(2), .longest = seconds(10)});
  const base::Duration expected[] = {seconds(0), seconds(0),  seconds(2), seconds(4),
                                     seconds(8), seconds(10), seconds(10)};
  for (const base::Duration wait : expected) {
    delay.RecordFailure("zhangsan", kStart);
    EXPECT_EQ(delay.Wait("zhangsan", kStart), wait);
  }
  EXPECT_EQ(delay.Wait("zhangsan", kStart + seconds(9)), seconds(1));
  EXPECT_EQ(delay.Wait("zhangsan", kStart + seconds(10)), seconds(0));
  EXPECT_EQ(delay.Wait("lisi", kStart), seconds(0)) << "others do not wait";
}

TEST(GrowingDelay, ForgetsAfterSuccessAndAfterADay) {
  GrowingDelay delay({.free = 1, .first = seconds(2)});
  delay.RecordFailure("zhangsan", kStart);
  delay.RecordFailure("zhangsan", kStart);
  delay.Forget("zhangsan");
  EXPECT_EQ(delay.Wait("zhangsan", kStart), seconds(0));
  for (int i = 0; i < 5; ++i) delay.RecordFailure("lisi", kStart);
  EXPECT_EQ(delay.Wait("lisi", kStart), seconds(32));
  delay.RecordFailure("lisi", kStart + hours(24));
  EXPECT_EQ(delay.Wait("lisi", kStart + hours(24)), seconds(2)) << "counted anew";
}

TEST(GrowingDelay, NeverGrowsPastItsLimitInTimeOrSpace) {
  GrowingDelay delay({.free = 1, .most_keys = 2});
  for (int i = 0; i < 1000; ++i) delay.RecordFailure("zhangsan", kStart);
  EXPECT_EQ(delay.Wait("zhangsan", kStart), minutes(15));
  delay.RecordFailure("a", kStart + seconds(1));
  delay.RecordFailure("b", kStart + seconds(2));
  EXPECT_EQ(delay.Wait("zhangsan", kStart), seconds(0)) << "the oldest of three made room";
  EXPECT_GT(delay.Wait("a", kStart + seconds(2)), seconds(0));
}

}  // namespace
}  // namespace yb::identity
