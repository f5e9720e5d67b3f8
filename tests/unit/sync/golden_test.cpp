// The golden messages of core/contract/vectors, which were made without our code.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/sync/frame_codec.hpp"
#include "core/telemetry/history_record.hpp"
#include "tests/support/reading_text.hpp"

namespace yb {
namespace {

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  const std::string hex{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = base::FromHex(hex);
  EXPECT_TRUE(bytes && !bytes->empty()) << name;
  return bytes.value_or(base::Bytes{});
}

TEST(GoldenMessages, AFrameOfVersionOneIsRead) {
  const auto up = sync::DecodeUp(Golden("frame-two-records.hex"));
  ASSERT_TRUE(up) << up.error().Describe();
  const auto& frame = std::get<sync::Frame>(*up);
  EXPECT_EQ(frame.city, "150200");
  EXPECT_EQ(frame.site, "lvye-01");
  EXPECT_EQ(frame.lane, sync::Lane::kHistory);
  EXPECT_EQ(frame.session, 81985529216486895U);
  EXPECT_EQ(frame.epoch, 1772431680U);
  EXPECT_EQ(frame.first_seq, 41U);
  ASSERT_EQ(frame.bodies.size(), 2U);
  EXPECT_EQ(base::AsText(frame.bodies[0]), "one");
  EXPECT_EQ(base::AsText(frame.bodies[1]), "three");
}

TEST(GoldenMessages, AHelloOfVersionOneIsRead) {
  const auto up = sync::DecodeUp(Golden("hello-two-epochs.hex"));
  ASSERT_TRUE(up) << up.error().Describe();
  const auto& hello = std::get<sync::Hello>(*up);
  EXPECT_EQ(hello.session, 7U);
  ASSERT_EQ(hello.epochs.size(), 2U);
  EXPECT_EQ(hello.epochs[0].last, 9U);
  EXPECT_EQ(base::AsText(hello.epochs[0].chain), "0123456789abcdef");
  EXPECT_EQ(hello.epochs[1].epoch, 200U);
}

TEST(GoldenMessages, ASliceOfVersionOneIsReadAndWrittenTheSame) {
  const base::Bytes bytes = Golden("slice-three-readings.hex");
  const auto record = telemetry::DecodeHistoryRecord(bytes);
  ASSERT_TRUE(record) << record.error().Describe();
  const auto& readings = std::get<telemetry::Slice>(*record).readings;
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].value->ToString(), "1842.36");
  EXPECT_EQ(readings[1].value->ToString(), "-11.519");
  EXPECT_EQ(readings[1].quality, metering::Quality::kSuspect);
  EXPECT_EQ(base::ToIso(readings[1].time), "2026-03-02T06:08:00.250000Z");
  EXPECT_FALSE(readings[2].value);
  EXPECT_EQ(readings[2].quality, metering::Quality::kUnreachable);
  EXPECT_EQ(telemetry::EncodeSlice(readings, {77, {5000}, {1'772'431'680'000'000}}), bytes);
}

TEST(GoldenMessages, APackedSliceIsRead) {
  const auto record = telemetry::DecodeHistoryRecord(Golden("packed-slice-three-readings.hex"));
  ASSERT_TRUE(record) << record.error().Describe();
  const auto& slice = std::get<telemetry::Slice>(*record);
  EXPECT_EQ(slice.clock.boot, 77U);
  EXPECT_EQ(slice.clock.offset.count(), 1'772'431'679'995'000);
  ASSERT_EQ(slice.readings.size(), 3U);
  EXPECT_EQ(test::ToText(slice.readings[0]), "1 2026-03-02T06:08:00.000000Z 1842.36 good");
  EXPECT_EQ(test::ToText(slice.readings[1]), "2 2026-03-02T06:08:00.040000Z 220.5 good");
  EXPECT_EQ(test::ToText(slice.readings[2]), "3 2026-03-02T06:08:00.080000Z none unreachable");
}

}  // namespace
}  // namespace yb
