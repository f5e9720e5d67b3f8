#include <gtest/gtest.h>

#include "core/base/backoff.hpp"
#include "core/base/bytes.hpp"
#include "core/base/digest.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace yb::base {
namespace {

TEST(Hex, RoundTripsAndNamesTheFirstWrongCharacter) {
  EXPECT_EQ(ToHex(*FromHex("68 aa 11\n00")), "68AA1100");
  const Result<Bytes> bad = FromHex("68 a");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "the byte at character 4 has one hex digit only");
  EXPECT_EQ(FromHex("6g").error().message, "the byte at character 1 has one hex digit only");
  EXPECT_EQ(FromHex("zz").error().message, "'z' at character 1 is no hex digit");
}

TEST(Sha256, AgreesWithThePublishedVectors) {
  // FIPS 180-2, appendix B.1
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))), "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
  EXPECT_EQ(Sha256(AsBytes("a"), AsBytes("bc")), Sha256(AsBytes("abc")));
}

TEST(SiteId, AcceptsWhatIsSafeInTopicsAndFileNames) {
  EXPECT_TRUE(SiteId::Parse("lvye-01"));
  for (const char* text :
       {"", "ab", "Lvye", "1park", "a/b", "a+b", "park-", "#", "../etc", "铝业", "a23456789012345678901234567890123"}) {
    EXPECT_FALSE(SiteId::Parse(text)) << text;
  }
}

TEST(CityId, IsSixDigits) {
  EXPECT_TRUE(CityId::Parse("150200"));
  EXPECT_FALSE(CityId::Parse("15020"));
  EXPECT_FALSE(CityId::Parse("15020x"));
}

TEST(Backoff, DoublesUpToItsLimitAndDrawsFromTheUpperHalf) {
  using std::chrono::seconds;
  Backoff backoff(seconds(1), seconds(4));
  for (const Duration whole :
       {Duration(seconds(1)), Duration(seconds(2)), Duration(seconds(4)), Duration(seconds(4))}) {
    const Duration wait = backoff.Next(0x9E3779B97F4A7C15);
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next(7), Duration(seconds(1)));
}

TEST(Error, GathersItsContextFromTheOutside) {
  const Error error = Error{ErrorCode::kTimeout, "no answer", "meter pump-1", "check the wiring"}.At("line 3");
  EXPECT_EQ(error.Describe(), "line 3: meter pump-1: no answer (check the wiring)");
  EXPECT_EQ(error.Class(), ErrorClass::kRetry);
}

}  // namespace
}  // namespace yb::base
