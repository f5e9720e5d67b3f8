// Frames marked with a source are captures and published examples, each with a right checksum.
#include "tools/metersim/dlt645_1997_meter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/simulated_sources.hpp"

namespace yb::metersim {
namespace {

class Dlt645MeterOf1997 : public ::testing::Test {
 protected:
  void SetAddress(const std::string& address, int preamble) {
    options.nameplate.address = options.nameplate.meter_number = address;
    options.preamble = preamble;
  }
  std::unique_ptr<BusMeter> Meter() const {
    return std::make_unique<Dlt645Meter1997>(options, std::make_unique<FixedFeeder>(feeder));
  }

  FixedFeeder feeder;
  Dlt645In1997Options options;
};

TEST_F(Dlt645MeterOf1997, ShowsVoltageWithoutDecimalsAsCaptured) {
  SetAddress("010003635927", 4);
  feeder.state.voltage = {2234, 0, 0};
  EXPECT_EQ(Ask(*Meter(), "6827596303000168010244E9E716"), "FEFEFEFE6827596303000168810444E95635F416");
}

TEST_F(Dlt645MeterOf1997, AnswersTheEnergyBlockToABroadcastAsCaptured) {  // KTS-Intek/DLT645, bench exchange
  SetAddress("000000063295", 0);
  feeder.registers.forward = {39, 0, 3, 24, 12};
  EXPECT_EQ(Ask(*Meter(), "6899999999999968010252C37E16"),
            "6895320600000068811652C36C33333333333333363333335733333345333333B716");
  options.answers_broadcast = false;
  EXPECT_EQ(Ask(*Meter(), "6899999999999968010252C37E16"), "");
}

TEST_F(Dlt645MeterOf1997, EndsABlockWithAaWhereSoBuilt) {
  SetAddress("000000063295", 0);
  options.ends_block_with_aa = true;
  const std::string answer = Ask(*Meter(), "6899999999999968010252C37E16");
  EXPECT_EQ(answer.substr(16, 4), "8117") << "one byte more";
  EXPECT_EQ(answer.substr(answer.size() - 6, 2), "DD") << "AA with 33 added";
}

TEST_F(Dlt645MeterOf1997, AnswersUnderTheWildcardAsOldOnesDo) {  // captured: 272.61 kWh under AA…
  SetAddress("000000000161", 0);
  feeder.registers.forward[0] = 27261;
  options.echoes_wildcard = true;
  EXPECT_EQ(Ask(*Meter(), "68AAAAAAAAAAAA68010243C3D516"), "68AAAAAAAAAAAA68810643C394A53533FA16");
}

TEST_F(Dlt645MeterOf1997, ShowsItsDateAsCaptured) {  // KTS-Intek/DLT645: 2019-07-06, a Saturday
  SetAddress("201708176934", 4);
  EXPECT_EQ(Ask(*Meter(), "6899999999999968010243F39F16", base::FromIso("2019-07-06T04:00:00Z").value()),
            "FEFEFEFE6834691708172068810643F339393A4C7816");
}

TEST_F(Dlt645MeterOf1997, RefusesAnIdentifierItDoesNotHaveAsCaptured) {  // KTS-Intek/DLT645
  SetAddress("201708176934", 4);
  base::Bytes frame = Hex("6899999999999968010201D4");
  frame.push_back(ByteSum(frame));
  frame.push_back(0x16);
  EXPECT_EQ(Ask(*Meter(), base::ToHex(frame)), "FEFEFEFE6834691708172068C10135BA16");
}

TEST_F(Dlt645MeterOf1997, StaysSilentOnThe2007Functions) {
  SetAddress("000000000161", 0);
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333334331416"), "");
}

}  // namespace
}  // namespace yb::metersim
