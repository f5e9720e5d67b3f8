#include <gtest/gtest.h>

#include "edge/field/cjt188/answer.hpp"
#include "edge/field/cjt188/cjt188_driver.hpp"
#include "edge/field/cjt188/frame.hpp"
#include "edge/field/cjt188/unit_conversion.hpp"

namespace yb::field::cjt188 {
namespace {

base::Bytes Hex(std::string_view text) {
  return *base::FromHex(text);
}

TEST(Cjt188Encoder, BuildsThePublishedRequests) {
  EXPECT_EQ(base::ToHex(EncodeReadCounter(0x10, *Address::Parse("11223344556677"), DiOrder::k901F, 1)),
            "FEFEFEFE6810776655443322110103901F010816");
  EXPECT_EQ(base::ToHex(EncodeReadCounter(0x20, Address::Wildcard(), DiOrder::k1F90, 0)),
            "FEFEFEFE6820AAAAAAAAAAAAAA01031F9000E116");
  EXPECT_EQ(base::ToHex(EncodeReadAddress(kAnyType, Address::Wildcard(), DiOrder::k901F, 0)),
            "FEFEFEFE68AAAAAAAAAAAAAAAA0303810A004916");
}

TEST(Cjt188Units, ConvertExactlyOrNotAtAll) {
  EXPECT_EQ(FactorBetween("L", "m3")->ToString(), "0.001");
  EXPECT_EQ(FactorBetween("MWh", "kWh")->ToString(), "1000");
  EXPECT_EQ(base::Decimal(1, 0).Times(*FactorBetween("kWh", "GJ"))->ToString(), "0.003600");
  EXPECT_FALSE(FactorBetween("GJ", "kWh"));
  EXPECT_FALSE(FactorBetween("kWh", "m3"));
}

TEST(Cjt188Values, MoveThePointForTensAndHundreds) {
  const auto answer =
      DecodeCounter(0x10, Hex("901F00 77665500 2E 00000000 2C 00000000000000 0000"), UnitPlace::kAfterValue);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->values[0].number->ToString(), "556677");
  EXPECT_EQ(answer->values[0].unit, "m3");
}

TEST(Cjt188Values, MarkTheUnprovenLayoutOf2018Heat) {
  base::Bytes data(43, 0x00);
  data[7] = data[12] = 0x05;
  data[16] = 0x17;
  data[20] = 0x35;
  data[25] = 0x2C;
  const auto answer = DecodeCounter(0x20, data, UnitPlace::kAfterValue);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->unverified);
  EXPECT_EQ(answer->values[4].key, "volume");
}

// One poll of a meter with `options`, answered by `reply`.
std::vector<PointValue> Poll(std::vector<ProtocolOption> options, const std::string& unit, std::string_view reply) {
  const MeterSettings settings{.address = "51327643",
                               .points = {{.quantity = "volume", .unit = unit, .source = "current_volume"}},
                               .blocks = {},
                               .options = std::move(options)};
  const auto driver = Cjt188Driver::Make(settings);
  EXPECT_TRUE(driver);
  const auto poll = (*driver)->BeginPoll({});
  EXPECT_TRUE(poll->NextRequest());
  EXPECT_EQ(poll->OnBytes(Hex(reply), {}), Progress::kAnswered);
  EXPECT_FALSE(poll->NextRequest());
  return poll->TakeValues();
}

constexpr std::string_view kLitreReply =
    "FEFEFEFE6810437632510000008116901F0047700100295148010029202005282058240000A716";

TEST(Cjt188Driver, ConvertsLitresByTheProfilesRule) {
  EXPECT_EQ(Poll({}, "m3", kLitreReply)[0].value->ToString(), "0.17047");
  EXPECT_EQ(Poll({{"litres", "whole"}}, "m3", kLitreReply)[0].value->ToString(), "17.047");
}

TEST(Cjt188Driver, GivesNoValueInAUnitThatDoesNotConvert) {
  const PointValue value = Poll({}, "kWh", kLitreReply)[0];
  EXPECT_EQ(value.quality, metering::Quality::kInvalid);
  EXPECT_FALSE(value.value);
}

TEST(Cjt188Driver, TellsHowFarTheMetersClockIsOff) {
  // Frame c188-001 of the fixtures: its clock shows 2015-05-11 22:01:31.
  const base::Bytes reply = Hex("6810443322110033788116901F00007766552C007766552C3101221105152021841316");
  PointRule point{.quantity = "clock_offset", .unit = "s", .source = "meter_time"};
  const auto driver = Cjt188Driver::Make({.address = "78330011223344", .points = {point}, .blocks = {}, .options = {}});
  ASSERT_TRUE(driver) << driver.error().Describe();
  const auto poll = (*driver)->BeginPoll({});
  EXPECT_TRUE(poll->NextRequest());
  EXPECT_EQ(poll->OnBytes(reply, {{}, *base::FromIso("2015-05-11T14:01:01Z")}), Progress::kAnswered);
  EXPECT_EQ(poll->TakeValues()[0].value->ToString(), "30");
  point.unit = "h";
  EXPECT_FALSE(Cjt188Driver::Make({.address = "1", .points = {point}, .blocks = {}, .options = {}}));
}

TEST(Cjt188Driver, RefusesWhatItDoesNotKnow) {
  const PointRule point{.quantity = "volume", .unit = "m3", .source = "current_volume"};
  EXPECT_FALSE(Cjt188Driver::Make({.address = "x", .points = {point}, .blocks = {}, .options = {}}));
  EXPECT_FALSE(Cjt188Driver::Make({.address = "1", .points = {point}, .blocks = {}, .options = {{"colour", "red"}}}));
  EXPECT_FALSE(Cjt188Driver::Make({.address = "1", .points = {point}, .blocks = {}, .options = {{"type", "AA"}}}));
  EXPECT_FALSE(Cjt188Driver::Make({.address = "1", .points = {point}, .blocks = {"901F"}, .options = {}}));
}

}  // namespace
}  // namespace yb::field::cjt188
