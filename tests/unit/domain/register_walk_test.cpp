// Hand-made registers: what each kind of step is taken for, and that nothing is lost or invented on the way.
#include "core/domain/metering/register_walk.hpp"

#include <gtest/gtest.h>

namespace yb::metering {
namespace {

using namespace std::chrono_literals;
using base::Decimal;

constexpr RegisterRules kHourly{.range = Decimal(1'000'000, 0), .most_per_hour = Decimal(100, 0), .interval = 1h};
constexpr RegisterRules kWithoutLimits{};

class RegisterWalkTest : public testing::Test {
 protected:
  void Follow(const RegisterRules& rules) { walk_ = RegisterWalk("feeder-1", 7, rules); }

  /// The next reading, an hour later unless told otherwise. "consumption+explained", or "" without a step.
  std::string Read(std::string_view value, base::Duration later = 1h) {
    now_ = now_ + later;
    const auto outcome = walk_.Take(now_, *Decimal::Parse(value));
    EXPECT_TRUE(outcome) << outcome.error().Describe();
    if (!outcome) return "error";
    events_.clear();
    for (const MeterEvent& event : outcome->events) events_ += std::string(ToString(event.kind)) + " ";
    last_events_ = outcome->events;
    doubted_ = outcome->doubted;
    if (!outcome->step) return "";
    const RegisterStep& step = *outcome->step;
    EXPECT_GE(step.consumption, Decimal(0, 0));
    EXPECT_EQ(*step.consumption.Plus(step.explained), *step.after.Minus(step.before));
    return step.consumption.ToString() + (step.explained == Decimal(0, 0) ? "" : "|" + step.explained.ToString());
  }

  RegisterWalk walk_{"feeder-1", 7, kHourly};
  base::UtcTime now_ = *base::FromIso("2026-03-02T06:00:00Z");
  std::string events_;
  std::vector<MeterEvent> last_events_;
  bool doubted_ = false;
};

TEST_F(RegisterWalkTest, TakesTheDifferenceOfTwoReadingsExactly) {
  EXPECT_EQ(Read("1842.36"), "") << "the first reading is only where it begins";
  EXPECT_EQ(Read("1842.39"), "0.03");
  EXPECT_EQ(Read("1842.39"), "0.00");
  EXPECT_EQ(Read("1900"), "57.61");
  EXPECT_EQ(events_, "");
}

TEST_F(RegisterWalkTest, PassesOverWhatIsNotLater) {
  Read("100");
  EXPECT_EQ(Read("200", 0h), "");
  EXPECT_EQ(Read("300", -1h), "");
  EXPECT_EQ(Read("110", 2h), "10") << "an hour after the first reading";
}

TEST_F(RegisterWalkTest, NamesAGapWhereOneReadingIsMissing) {
  Read("100");
  Read("110", 90min);
  EXPECT_EQ(events_, "") << "half an interval late is no gap";
  EXPECT_EQ(Read("120", 91min), "10") << "what flowed in the gap was consumed";
  EXPECT_EQ(events_, "gap ");
  EXPECT_EQ(last_events_[0].since, now_ - 91min);
  EXPECT_EQ(last_events_[0].time, now_);
  EXPECT_EQ(last_events_[0].meter, "feeder-1");
  EXPECT_EQ(last_events_[0].point, 7U);
}

TEST_F(RegisterWalkTest, AllowsFastReadingsHalfAMinuteOfDelay) {
  EXPECT_EQ(GapAfter(15s), 45s);
  EXPECT_EQ(GapAfter(60s), 90s);
  EXPECT_EQ(GapAfter(900s), 1350s);
}

TEST_F(RegisterWalkTest, CountsARollOverAsConsumption) {
  Read("999999.87");
  EXPECT_EQ(Read("0.50"), "0.63|-1000000");
  EXPECT_EQ(events_, "rollover ");
  EXPECT_FALSE(doubted_);
  EXPECT_EQ(Read("1.50"), "1.00");
}

TEST_F(RegisterWalkTest, TakesNoFallForARollOverThatCannotHaveFlowed) {
  Read("999000.00");
  EXPECT_EQ(Read("200.00"), "") << "1200 in an hour, of 100 at most";
  EXPECT_EQ(events_, "reset ");
  Follow({.most_per_hour = Decimal(100, 0)});
  Read("999999.87");
  Read("0.50");
  EXPECT_EQ(events_, "reset ") << "nothing is known of a range";
}

TEST_F(RegisterWalkTest, TakesAFallToNearZeroForAResetOnceItIsConfirmed) {
  Read("1842.36");
  EXPECT_EQ(Read("0.20"), "");
  EXPECT_EQ(events_, "reset ");
  EXPECT_TRUE(doubted_);
  EXPECT_EQ(*last_events_[0].before, *Decimal::Parse("1842.36"));
  EXPECT_EQ(*last_events_[0].after, *Decimal::Parse("0.20"));
  EXPECT_EQ(Read("5.20"), "5.00|-1842.16");
  EXPECT_EQ(events_, "");
  EXPECT_FALSE(doubted_);
  EXPECT_EQ(Read("6.20"), "1.00");
}

TEST_F(RegisterWalkTest, NeverTakesAZeroAndTheReturnForConsumption) {
  for (const RegisterRules& rules : {kHourly, kWithoutLimits}) {
    Follow(rules);
    Read("198354");
    EXPECT_EQ(Read("0"), "");
    EXPECT_EQ(Read("198360"), "6") << "one wrong zero";
  }
  Follow(kWithoutLimits);
  Read("198354");
  Read("0");
  EXPECT_EQ(Read("0"), "0|-198354");
  EXPECT_EQ(Read("198360"), "") << "back where it was";
  EXPECT_EQ(events_, "jump ");
  EXPECT_EQ(Read("198361"), "1|198360");
  EXPECT_EQ(Read("198365"), "4");
}

TEST_F(RegisterWalkTest, DoubtsAStepBackwards) {
  Read("198354");
  EXPECT_EQ(Read("198351"), "");
  EXPECT_EQ(events_, "backward_step ");
  EXPECT_TRUE(doubted_);
  EXPECT_EQ(Read("198360"), "6") << "goes on from where it was before";
  Read("198358");
  EXPECT_EQ(Read("198359"), "1|-2") << "goes on from the step";
  Read("198300");
  EXPECT_EQ(Read("198250"), "") << "still falling";
  EXPECT_EQ(events_, "backward_step ");
  EXPECT_EQ(Read("198251"), "1|-109");
}

TEST_F(RegisterWalkTest, DoubtsARiseThatCannotHaveFlowed) {
  Read("1000");
  EXPECT_EQ(Read("1101"), "") << "101 in an hour, of 100 at most";
  EXPECT_EQ(events_, "jump ");
  EXPECT_TRUE(doubted_);
  EXPECT_EQ(Read("1050"), "50") << "the rise was wrong";
  EXPECT_EQ(Read("9000"), "");
  EXPECT_EQ(Read("9010"), "10|7950") << "the rise was real, and nobody consumed it";
  EXPECT_EQ(Read("9110"), "100") << "as much as can flow is no jump";
}

TEST_F(RegisterWalkTest, GivesMetersAQuarterOfAnHourToRefresh) {
  Read("1000");
  EXPECT_EQ(Read("1025", 1s), "25");
  EXPECT_EQ(Read("1051", 1s), "");
  EXPECT_EQ(events_, "jump ");
}

TEST_F(RegisterWalkTest, CarriesTheRegistersOverAReplacement) {
  Read("1842.36");
  walk_.Break(MeterEventKind::kReplacement, "address 000000000161 -> 000000000162", kHourly);
  EXPECT_EQ(Read("0.35"), "0|-1842.01");
  EXPECT_EQ(events_, "replacement ");
  EXPECT_FALSE(doubted_);
  EXPECT_EQ(last_events_[0].detail, "address 000000000161 -> 000000000162");
  EXPECT_EQ(*last_events_[0].before, *Decimal::Parse("1842.36"));
  EXPECT_EQ(*last_events_[0].after, *Decimal::Parse("0.35"));
  EXPECT_EQ(Read("2.35"), "2.00");
}

TEST_F(RegisterWalkTest, ConsumesNothingAcrossAnotherRatio) {
  Read("4000");
  walk_.Break(MeterEventKind::kConfigurationChanged, "ct 40 -> 60",
              {.range = Decimal(60'000'000, 0), .most_per_hour = Decimal(6000, 0), .interval = 1h});
  EXPECT_EQ(Read("6003"), "0|2003");
  EXPECT_EQ(events_, "configuration_changed ");
  EXPECT_EQ(Read("6063"), "60");
}

TEST_F(RegisterWalkTest, NamesTheGapBesideWhatElseHappened) {
  Read("1842.36");
  EXPECT_EQ(Read("0.20", 5h), "");
  EXPECT_EQ(events_, "gap reset ");
}

TEST_F(RegisterWalkTest, RefusesDifferencesThatNoDecimalHoldsAndBeginsAnew) {
  Follow(kWithoutLimits);
  Read("0.000000000000000001");
  EXPECT_FALSE(walk_.Take(now_ + 1h, Decimal(Decimal::kMostMantissa, 0)));
  now_ = now_ + 1h;
  EXPECT_EQ(walk_.last_time(), now_);
}

}  // namespace
}  // namespace yb::metering
