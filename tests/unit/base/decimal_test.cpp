#include "core/base/decimal.hpp"

#include <gtest/gtest.h>

namespace yb::base {
namespace {

TEST(Decimal, KeepsEveryDigitThroughTextAndBack) {
  for (const char* text :
       {"0", "0.00", "-0.26", "1842.36", "799999.99", "-11.519", "123456789012345678", "0.000000000000000001"}) {
    const Result<Decimal> value = Decimal::Parse(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->ToString(), text);
  }
}

TEST(Decimal, ReadsLeadingZerosOfARegister) {
  const Result<Decimal> value = Decimal::Parse("001842.36");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->mantissa(), 184236);
  EXPECT_EQ(value->scale(), 2);
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "1.2.3", "1e5", "0x10", " 1", "1 ", "--1", "1234567890123456789", "nan"}) {
    EXPECT_FALSE(Decimal::Parse(text)) << text;
  }
}

TEST(Decimal, ComparesAcrossScales) {
  EXPECT_EQ(Decimal(10, 1), Decimal(100, 2));
  EXPECT_FALSE(Decimal(10, 1).SameDigits(Decimal(100, 2)));
  EXPECT_LT(Decimal(-1, 0), Decimal(1, 18));
  EXPECT_GT(Decimal(999999999999999999, 0), Decimal(999999999999999999, 18));
}

TEST(Decimal, AddsSubtractsAndMultipliesExactly) {
  EXPECT_EQ(Decimal(1, 1).Plus(Decimal(2, 2))->ToString(), "0.12");
  EXPECT_EQ(Decimal(1, 0).Minus(Decimal(1, 3))->ToString(), "0.999");
  EXPECT_EQ(Decimal(184236, 2).Times(Decimal(40, 0))->ToString(), "73694.40");
}

TEST(Decimal, RefusesAResultThatDoesNotFit) {
  EXPECT_FALSE(Decimal(999999999999999999, 0).Plus(Decimal(1, 0)));
  EXPECT_FALSE(Decimal(1'000'000'000, 0).Times(Decimal(1'000'000'000, 0)));
}

}  // namespace
}  // namespace yb::base
