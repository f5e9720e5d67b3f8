// By how much a value changed within a while, against a search through all values.
#include "core/domain/alarms/change_window.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace yb::alarms {
namespace {

using base::Decimal;
using std::chrono::seconds;

base::UtcTime At(int second) {
  return {1'772'431'680'000'000 + second * 1'000'000LL};
}

TEST(ChangeWindow, NeedsTwoValuesWithinItsTime) {
  ChangeWindow window(seconds(600));
  EXPECT_FALSE(window.Newest());
  window.Add(At(0), Decimal(100, 0));
  EXPECT_FALSE(window.Newest());
  window.Add(At(0), Decimal(100, 0));
  EXPECT_FALSE(window.Newest()) << "the same reading again";
  window.Add(At(600), Decimal(107, 0));
  EXPECT_EQ(window.Newest()->rise, Decimal(7, 0)) << "ten minutes are within ten minutes";
  EXPECT_EQ(window.Newest()->fall, Decimal(0, 0));
  window.Add(At(1201), Decimal(90, 0));
  EXPECT_FALSE(window.Newest()) << "the one before is 601 s old";
}

TEST(ChangeWindow, ToldIsTheGreatestChangeOnTheWayToTheNewestValue) {
  ChangeWindow window(seconds(60));
  window.Add(At(0), Decimal(50, 0));
  window.Add(At(20), Decimal(40, 0));
  window.Add(At(40), Decimal(70, 0));
  window.Add(At(50), Decimal(65, 0));
  EXPECT_EQ(window.Newest()->rise, Decimal(25, 0)) << "from 40";
  EXPECT_EQ(window.Newest()->fall, Decimal(5, 0)) << "from 70";
}

TEST(ChangeWindow, IsFullOnceItReachesBackOverAllOfItsTime) {
  ChangeWindow window(seconds(60));
  for (int second = 0; second <= 60; second += 10) {
    window.Add(At(second), Decimal(1, 0));
    EXPECT_FALSE(window.is_full()) << second;
  }
  window.Add(At(70), Decimal(1, 0));
  EXPECT_TRUE(window.is_full());
  window.Add(At(200), Decimal(1, 0));
  EXPECT_FALSE(window.is_full()) << "after a gap";
}

TEST(ChangeWindow, BeginsAnewWhereTheClockWasSetBack) {
  ChangeWindow window(seconds(60));
  window.Add(At(100), Decimal(50, 0));
  window.Add(At(110), Decimal(50, 0));
  window.Add(At(20), Decimal(90, 0));
  EXPECT_FALSE(window.Newest());
  window.Add(At(30), Decimal(91, 0));
  EXPECT_EQ(window.Newest()->rise, Decimal(1, 0));
}

TEST(ChangeWindow, AgreesWithASearchThroughAllValues) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    const int within = std::uniform_int_distribution(10, 900)(random);
    ChangeWindow window{seconds(within)};
    std::vector<std::pair<int, std::int64_t>> all;
    int now = 0;
    for (int i = 0; i < 500; ++i) {
      now += std::uniform_int_distribution(1, 40)(random);
      all.emplace_back(now, std::uniform_int_distribution(-1000, 1000)(random));
      window.Add(At(now), Decimal(all.back().second, 1));
      // Of the last `within` seconds, and of a sixtieth less: the window lies between the two.
      const auto search = [&](double back) {
        std::pair<std::int64_t, std::int64_t> change{0, 0};
        for (const auto& [second, value] : all) {
          if (now - second > back) continue;
          change.first = std::max(change.first, all.back().second - value);
          change.second = std::max(change.second, value - all.back().second);
        }
        return change;
      };
      const auto most = search(within), least = search(within * 59.0 / 60);
      const auto change = window.Newest();
      const Decimal rise = change ? change->rise : Decimal(0, 0), fall = change ? change->fall : Decimal(0, 0);
      ASSERT_LE(rise, Decimal(most.first, 1)) << seed << " " << i;
      ASSERT_GE(rise, Decimal(least.first, 1)) << seed << " " << i;
      ASSERT_LE(fall, Decimal(most.second, 1)) << seed << " " << i;
      ASSERT_GE(fall, Decimal(least.second, 1)) << seed << " " << i;
    }
  }
}

}  // namespace
}  // namespace yb::alarms
