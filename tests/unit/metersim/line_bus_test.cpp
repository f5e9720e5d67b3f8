#include "tools/metersim/line_bus.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/line_of_meters.hpp"
#include "tools/metersim/cjt188_meter.hpp"

namespace yb::metersim {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kAddressRequest = "68AAAAAAAAAAAA681300DF16";

TEST_F(LineOfMeters, AnswersAtOnceWithoutABaudRate) {
  AddElectricMeter("000000000161");
  Hear(kEnergyRequest);
  EXPECT_EQ(SaidUntil(now), "0:" + std::string(kEnergyAnswer) + " ");
  ASSERT_EQ(truths.size(), 1U);
  EXPECT_EQ(truths[0].line, "line-1");
  EXPECT_EQ(truths[0].address, "000000000161");
  EXPECT_EQ(base::ToHex(truths[0].answer.frame), kEnergyAnswer);
}

TEST_F(LineOfMeters, TakesTheTimeOfItsBaudRate) {
  settings.baud = 2400;
  settings.reply_delay = milliseconds(50);
  AddElectricMeter("000000000161");
  Hear(kEnergyRequest);
  const base::Duration request_time(16 * 11 * 1'000'000 / 2400), answer_time(20 * 11 * 1'000'000 / 2400);
  ASSERT_TRUE(Bus().NextDue());
  EXPECT_GT(*Bus().NextDue(), now + request_time + milliseconds(50));
  const base::Monotonic last = now + request_time + milliseconds(50) + answer_time;
  std::string first_part = SaidUntil({last.micros - 1});
  EXPECT_TRUE(truths.empty()) << "the truth is told with the last byte";
  EXPECT_NE(SaidUntil(last), "");
  EXPECT_EQ(truths.size(), 1U);
}

TEST_F(LineOfMeters, AnswersOneAfterTheOther) {
  settings.baud = 2400;
  AddElectricMeter("000000000161");
  Hear(kEnergyRequest, 1);
  Hear(kEnergyRequest, 2);
  const base::Duration one_request(16 * 11 * 1'000'000 / 2400);
  SaidUntil(now + one_request * 2 + base::Duration(2 * 20 * 11 * 1'000'000 / 2400) + milliseconds(1));
  EXPECT_EQ(truths.size(), 2U);
}

TEST_F(LineOfMeters, GarblesWhatSeveralMetersSayAtOnce) {
  AddElectricMeter("000000000161");
  AddElectricMeter("000000000162");
  Hear(kAddressRequest);
  const std::string said = SaidUntil(now);
  EXPECT_EQ(said.find("6861010000000068930694343333333333"), std::string::npos);
  EXPECT_NE(said, "");
  EXPECT_TRUE(truths.empty());
}

TEST_F(LineOfMeters, LetsTheFirstAnswerWhereCollisionsAreOff) {
  settings.collisions = false;
  AddElectricMeter("000000000161");
  AddElectricMeter("000000000162");
  Hear(kAddressRequest);
  EXPECT_NE(SaidUntil(now).find("686101000000006893069434333333"), std::string::npos);
}

TEST_F(LineOfMeters, KeepsTheHalfRequestsOfTwoConnectionsApart) {
  AddElectricMeter("000000000161");
  Hear(kEnergyRequest.substr(0, 10), 1);
  Hear(kEnergyRequest.substr(0, 20), 2);
  Hear(kEnergyRequest.substr(10), 1);
  EXPECT_EQ(SaidUntil(now), "0:" + std::string(kEnergyAnswer) + " ");
}

TEST_F(LineOfMeters, ForgetsAHalfRequestAfterHalfASecond) {
  AddElectricMeter("000000000161");
  Hear(kEnergyRequest.substr(0, 10));
  now = now + milliseconds(501);
  Hear(kEnergyRequest.substr(10));
  EXPECT_EQ(SaidUntil(now), "");
}

TEST_F(LineOfMeters, CarriesElectricityAndWaterOnOneBus) {
  AddElectricMeter("000000000161");
  meters.push_back(
      {MakeCjt188VolumeMeter({.address = "11223344556677", .preamble = 0}, std::make_unique<FixedVolume>())});
  Hear("FEFEFE6810776655443322110103901F010816");
  Hear(kEnergyRequest);
  SaidUntil(now);
  ASSERT_EQ(truths.size(), 2U);
  EXPECT_EQ(truths[0].protocol, "CJT188");
  EXPECT_EQ(truths[1].protocol, "DLT645-2007");
}

}  // namespace
}  // namespace yb::metersim
