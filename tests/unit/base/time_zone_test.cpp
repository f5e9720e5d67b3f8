// Expected instants are those of `date -u -d 'TZ="Europe/Madrid" …'` and of the laws behind them.
#include "core/base/time_zone.hpp"

#include <gtest/gtest.h>

namespace yb::base {
namespace {

std::string Instants(const char* zone, const char* local) {
  const auto found = TimeZone::Find(zone);
  EXPECT_TRUE(found) << found.error().Describe();
  const auto parsed = ParseLocalTime(local);
  EXPECT_TRUE(parsed) << parsed.error().Describe();
  if (!found || !parsed) return "";
  std::string text;
  for (const UtcTime instant : found->InstantsOf(*parsed)) text += ToIso(instant).substr(0, 19) + " ";
  return text;
}

TEST(TimeZone, KnowsWinterAndSummer) {
  EXPECT_EQ(Instants("Europe/Madrid", "2016-03-01T01:00:00"), "2016-03-01T00:00:00 ");
  EXPECT_EQ(Instants("Europe/Madrid", "2016-06-30 12:00:00"), "2016-06-30T10:00:00 ");
  EXPECT_EQ(Instants("Asia/Seoul", "2018-01-01T00:15:00"), "2017-12-31T15:15:00 ");
  EXPECT_EQ(Instants("Asia/Shanghai", "2026-03-02T14:08:00"), "2026-03-02T06:08:00 ");
}

TEST(TimeZone, HasNoInstantInTheSkippedHourAndTwoInTheRepeatedOne) {
  EXPECT_EQ(Instants("Europe/Madrid", "2016-03-27T01:59:59"), "2016-03-27T00:59:59 ");
  EXPECT_EQ(Instants("Europe/Madrid", "2016-03-27T02:30:00"), "");
  EXPECT_EQ(Instants("Europe/Madrid", "2016-03-27T03:00:00"), "2016-03-27T01:00:00 ");
  EXPECT_EQ(Instants("Europe/Madrid", "2016-10-30T02:30:00"), "2016-10-30T00:30:00 2016-10-30T01:30:00 ");
}

TEST(TimeZone, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(TimeZone::Find("Asia/Baotou").error().message, "there is no time zone 'Asia/Baotou'");
  EXPECT_FALSE(ParseLocalTime("2016-03-27T02:30:00Z"));
  EXPECT_FALSE(ParseLocalTime("2016-02-30T02:30:00"));
  EXPECT_FALSE(ParseLocalTime("27.03.2016 02:30"));
}

}  // namespace
}  // namespace yb::base
