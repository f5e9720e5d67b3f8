// Frames marked with a source are captures and published examples, each with a right checksum.
#include "tools/metersim/dlt645_2007_meter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/simulated_sources.hpp"

namespace yb::metersim {
namespace {

constexpr base::UtcTime kNoonOf2016{1'452'484'800'000'000};  // 2016-01-11T04:00:00Z, Monday noon in Baotou

class Dlt645Meter : public ::testing::Test {
 protected:
  void SetAddress(const std::string& address, int preamble = 0) {
    options.nameplate.address = options.nameplate.meter_number = address;
    options.preamble = preamble;
  }
  std::unique_ptr<BusMeter> Meter() const {
    return std::make_unique<Dlt645Meter2007>(options, std::make_unique<FixedFeeder>(feeder));
  }
  std::string Means(std::string_view request_hex) const {
    const std::optional<Answer> answer = Meter()->OnRequest(Request(request_hex), kNoonOf2016);
    return answer ? Meaning(*answer) : "silence";
  }

  FixedFeeder feeder;
  Dlt645Options options;
};

TEST_F(Dlt645Meter, AnswersForwardEnergyAsCaptured) {  // hwhale.com/article/138066
  SetAddress("000000000161");
  feeder.registers.forward[0] = 26;
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333334331416"), "6861010000000068910833333433593333338A16");
  EXPECT_EQ(Means("68610100000000681104333334331416"), "fwd_active_energy=0.26 kWh");
}

TEST_F(Dlt645Meter, AnswersCombinedReactiveEnergyAsCaptured) {  // hwhale.com/article/138066
  SetAddress("000000000161");
  feeder.registers.quadrant_reactive = {10026, 0, 0, 0};
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333336331616"), "6861010000000068910833333633593334338D16");
}

TEST_F(Dlt645Meter, AnswersVoltageAndPowerAsCaptured) {  // hwhale.com/article/138066
  SetAddress("000000000161");
  feeder.state.voltage = {1001, 0, 0};
  feeder.state.active_power[0] = 2512;
  feeder.state.apparent_power[0] = 5006;
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333434351716"), "686101000000006891063334343534431016");
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333336351816"), "68610100000000689107333336354558336B16");
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333338351A16"), "68610100000000689107333338353983338C16");
}

TEST_F(Dlt645Meter, PutsAsManyPreambleBytesInFrontAsConfigured) {  // go-dlt645-2007 README: 50.03 Hz with four FE
  SetAddress("171118445100", 4);
  feeder.state.frequency = 5003;
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("005144181117"), 0x11, Hex("02008002"), 0))),
            "FEFEFEFE680051441811176891063533B33536834516");
}

TEST_F(Dlt645Meter, ListsTotalAndTariffsInTheEnergyBlock) {  // a meter with 1.29 kWh in four tariffs, as captured
  SetAddress("201000000012");
  feeder.registers.forward = {129, 62, 60, 3, 2};
  EXPECT_EQ(Ask(*Meter(), "6812000000102068110433323433F316"),
            "68120000001020689118333234335C343333953333339333333336333333353333337416");
  EXPECT_EQ(Means("6812000000102068110433323433F316"),
            "fwd_active_energy=1.29 kWh; fwd_active_energy_t1=0.62 kWh; fwd_active_energy_t2=0.60 kWh; "
            "fwd_active_energy_t3=0.03 kWh; fwd_active_energy_t4=0.02 kWh");
}

TEST_F(Dlt645Meter, ListsTheThreePhasesInTheCurrentBlock) {  // 0.188 A on A, captured
  SetAddress("181226034194", 4);
  feeder.state.current = {188, 0, 0};
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("944103261218"), 0x11, Hex("00FF0202"), 0))),
            "FEFEFEFE6894410326121868910D33323535BB3433333333333333B916");
}

TEST_F(Dlt645Meter, CarriesTheSignInTheTopBit) {  // captured: -11.519 A and a power factor of -1.000
  SetAddress("260305510020");
  feeder.state.current = {-11519, 0, 0};
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("200051050326"), 0x11, Hex("00010202"), 0))),
            "68200051050326689107333435354C48B42016");
  SetAddress("003412825059");
  feeder.state.power_factor[0] = -1000;
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("595082123400"), 0x11, Hex("00000602"), 0))),
            "685950821234006891063333393533C3A216");
}

TEST_F(Dlt645Meter, FillsWithFfWhatTheFormatCannotHold) {
  SetAddress("000000000161");
  feeder.state.active_power[0] = 6'125'600;  // 612.56 kW, where XX.XXXX ends below 80
  EXPECT_EQ(Means("68610100000000681104333336351816"), "active_power_total=null kW");
  EXPECT_NE(Ask(*Meter(), "68610100000000681104333336351816").find("33333635323232"), std::string::npos);
}

TEST_F(Dlt645Meter, RollsItsRegisterOverAfterSixDigits) {
  SetAddress("000000000161");
  feeder.registers.forward[0] = 100'000'026;
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333334331416"), "6861010000000068910833333433593333338A16");
}

TEST_F(Dlt645Meter, ShowsDateAndWeekday) {  // captured: 2016-01-11, a Monday
  SetAddress("201000000012");
  EXPECT_EQ(Ask(*Meter(), "6812000000102068110434343337F916", kNoonOf2016), "6812000000102068910834343337344434497216");
}

TEST_F(Dlt645Meter, ShowsTheTimeOfDayWithItsClockError) {
  SetAddress("000000000161");
  options.clock_error = std::chrono::seconds(-90);
  const std::optional<Answer> answer = Meter()->OnRequest(
      Request(base::ToHex(EncodeDlt645(Hex("610100000000"), 0x11, Hex("02010004"), 0))), kNoonOf2016);
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame), base::ToHex(EncodeDlt645(Hex("610100000000"), 0x91, Hex("02010004305811"), 0)));
}

TEST_F(Dlt645Meter, TellsItsAddressToWhoeverAsksAny) {  // go645 test log
  SetAddress("000000000001");
  EXPECT_EQ(Ask(*Meter(), "FEFEFEFE68AAAAAAAAAAAA681300DF16"), "680100000000006893063433333333339D16");
}

TEST_F(Dlt645Meter, RefusesAnIdentifierItDoesNotHave) {  // published error reply, D1 with bit 1
  SetAddress("123456789012");
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("129078563412"), 0x11, Hex("00003300"), 0))),
            "6812907856341268D101358D16");
}

TEST_F(Dlt645Meter, StaysSilentOnOtherAddressesAndOnWrites) {
  SetAddress("000000000162");
  EXPECT_EQ(Ask(*Meter(), "68610100000000681104333334331416"), "");
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("620100000000"), 0x14, Hex("00010000"), 0))), "");
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("999999999999"), 0x08, Hex("215122050617"), 0))), "");
}

TEST_F(Dlt645Meter, AnswersShortenedAddresses) {
  SetAddress("000000000161");
  feeder.registers.forward[0] = 26;
  EXPECT_EQ(Ask(*Meter(), base::ToHex(EncodeDlt645(Hex("6101AAAAAAAA"), 0x11, Hex("00000100"), 0))),
            "6861010000000068910833333433593333338A16");
}

TEST_F(Dlt645Meter, CutsALongBlockIntoFollowUpFrames) {
  SetAddress("000000000161");
  options.longest_data = 16;
  feeder.registers.forward = {129, 62, 60, 3, 2};
  const std::unique_ptr<BusMeter> meter = Meter();
  const base::Bytes own = Hex("610100000000");
  const auto ask = [&](std::uint8_t control, std::string_view data) {
    return meter->OnRequest(Request(base::ToHex(EncodeDlt645(own, control, Hex(data), 0))), kNoonOf2016);
  };
  const std::optional<Answer> first = ask(0x11, "00FF0100");
  ASSERT_TRUE(first);
  EXPECT_EQ(base::ToHex(first->frame),
            base::ToHex(EncodeDlt645(own, 0xB1, Hex("00FF0100 29010000 62000000 60000000"), 0)));
  EXPECT_EQ(Meaning(*first), "");
  const std::optional<Answer> second = ask(0x12, "00FF0100 01");
  ASSERT_TRUE(second);
  EXPECT_EQ(base::ToHex(second->frame), base::ToHex(EncodeDlt645(own, 0x92, Hex("00FF0100 03000000 02000000 01"), 0)));
  EXPECT_EQ(second->values.size(), 5U) << "the values are told with the frame that completes them";
  const std::optional<Answer> third = ask(0x12, "00FF0100 02");
  ASSERT_TRUE(third);
  EXPECT_EQ(base::ToHex(third->frame), base::ToHex(EncodeDlt645(own, 0xD2, Hex("02"), 0)));
}

}  // namespace
}  // namespace yb::metersim
