#include "tests/chaos/fault_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace yb::chaos {
namespace {

std::vector<FaultKind> KindsOf(const std::vector<Fault>& plan) {
  std::vector<FaultKind> kinds;
  for (const Fault& fault : plan) kinds.push_back(fault.kind);
  return kinds;
}

TEST(FaultPlan, MakesEachOfTwelveKindsThreeTimesInForty) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<Fault> plan = MakePlan(40, seed);
    ASSERT_EQ(plan.size(), 40U);
    for (const NamedFault& fault : kFaults) EXPECT_GE(std::ranges::count(plan, fault.kind, &Fault::kind), 3);
  }
}

TEST(FaultPlan, IsTheSameForTheSameSeed) {
  const std::vector<Fault> one = MakePlan(40, 7), again = MakePlan(40, 7);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].kind, again[i].kind);
    EXPECT_EQ(one[i].calm, again[i].calm);
    EXPECT_EQ(one[i].length, again[i].length);
    EXPECT_EQ(one[i].draw, again[i].draw);
  }
  EXPECT_NE(KindsOf(one), KindsOf(MakePlan(40, 8)));
}

TEST(FaultPlan, TakesFaultsByName) {
  const auto plan = ParsePlan("edge_restore,central_kill,edge_restore", 1);
  ASSERT_TRUE(plan);
  EXPECT_EQ(KindsOf(*plan), (std::vector{FaultKind::kEdgeRestore, FaultKind::kCentralKill, FaultKind::kEdgeRestore}));
  const auto wrong = ParsePlan("edge_restore,central_kil", 1);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().Describe().find("'central_kil'"), std::string::npos);
}

}  // namespace
}  // namespace yb::chaos
