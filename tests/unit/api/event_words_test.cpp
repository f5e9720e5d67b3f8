// What events of meters say in both languages; the spellings are those of edge/telemetry/meter_watch.cpp.
#include "core/api/event_words.hpp"

#include <gtest/gtest.h>

namespace yb::api {
namespace {

TEST(EventWords, SayWhatAboutAMeterWasConfiguredAnew) {
  EXPECT_EQ(EventDetail("protocol dlt645-1997 -> dlt645-2007, address 1 -> 260305510020, ct 40 -> 60").zh,
            "规约 dlt645-1997 → dlt645-2007，表号 1 → 260305510020，CT 变比 40 → 60");
  EXPECT_EQ(EventDetail("pt 1 -> 100, source 0x0100 -> 0x0200, unit kWh -> MWh, factor 1 -> 0.1").zh,
            "PT 变比 1 → 100，数据项 0x0100 → 0x0200，单位 kWh → MWh，系数 1 → 0.1");
  EXPECT_EQ(EventDetail("unit  -> kWh").zh, "单位  → kWh");
  EXPECT_EQ(EventDetail("ct 40 -> 60").en, "ct 40 -> 60");
}

TEST(EventWords, SayTheLimitOfAMetersClock) {
  EXPECT_EQ(EventDetail("limit 300 s").zh, "限值 300 秒");
}

TEST(EventWords, LeaveWhatTheyDoNotKnow) {
  EXPECT_EQ(EventDetail("").zh, "");
  EXPECT_EQ(EventDetail("of a later version, ct 1 -> 2").zh, "of a later version，CT 变比 1 → 2");
}

}  // namespace
}  // namespace yb::api
