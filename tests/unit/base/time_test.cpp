#include "core/base/time.hpp"

#include <gtest/gtest.h>

#include "core/base/uuid.hpp"

namespace yb::base {
namespace {

TEST(UtcTime, IsWrittenAndReadInIso) {
  const Result<UtcTime> time = FromIso("2026-03-02T06:08:00.250000Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->micros, 1772431680250000);  // date -ud 2026-03-02T06:08:00Z +%s = 1772431680
  EXPECT_EQ(ToIso(*time), "2026-03-02T06:08:00.250000Z");
  EXPECT_EQ(ToIso(UtcTime{0}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(ToIso(UtcTime{-1}), "1969-12-31T23:59:59.999999Z");
}

TEST(UtcTime, ReadsShortFractions) {
  EXPECT_EQ(FromIso("1970-01-01T00:00:00.5Z")->micros, 500000);
}

TEST(UtcTime, RefusesImpossibleDatesAndLooseText) {
  for (const char* text : {"2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-02T24:00:00Z",
                           "2026-03-02 06:08:00Z", "2026-03-02T06:08:00", "2026-03-02T06:08:00.Z",
                           "2026-03-02T06:08:00.1234567Z", "", "2026-03-02T06:08:00+08:00", "-026-03-02T06:08:00Z"}) {
    EXPECT_FALSE(FromIso(text)) << text;
  }
}

// RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
TEST(Uuid, IsMadeAsTheStandardSays) {
  const UtcTime time{0x017F22E279B0 * 1000LL};
  EXPECT_EQ(MakeUuid7(time, 0xCC3, 0x18C4DC0C0C07398F), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  EXPECT_TRUE(IsUuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_FALSE(IsUuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
  EXPECT_FALSE(IsUuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398"));
}

}  // namespace
}  // namespace yb::base
