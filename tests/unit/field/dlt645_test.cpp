#include <gtest/gtest.h>

#include "edge/field/dlt645/answer.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/items_2007.hpp"

namespace yb::field::dlt645 {
namespace {

using State = WireValue::State;

base::Bytes Hex(std::string_view text) {
  return *base::FromHex(text);
}

DataAnswer Decoded(Di2007 di, std::string_view values) {
  const base::Result<DataAnswer> answer = DecodeAnswer(Edition::k2007, di, Hex(values));
  EXPECT_TRUE(answer);
  return answer ? *answer : DataAnswer{};
}

TEST(Dlt645Encoder, BuildsThePublishedRequests) {
  EXPECT_EQ(base::ToHex(EncodeReadAddress()), "FEFEFEFE68AAAAAAAAAAAA681300DF16");
  const Address meter = *Address::Parse("123456789012");
  EXPECT_EQ(base::ToHex(EncodeRead(meter, 0x00010000)), "FEFEFEFE68129078563412681104333334336816");
  EXPECT_EQ(base::ToHex(EncodeReadFollowUp(meter, 0x0001FF00, 1)), "FEFEFEFE6812907856341268120533323433349D16");
  EXPECT_EQ(base::ToHex(EncodeRead1997(*Address::Parse("10003635927"), 0xB611)),
            "FEFEFEFE6827596303000168010244E9E716");
}

TEST(Dlt645Encoder, BuildsNothingButReadsWhateverItIsTold) {
  const auto control = [](const base::Bytes& frame) { return ParseFrame(base::ByteView(frame).subspan(4)).control; };
  const Address anyone = Address::Wildcard();
  for (std::uint32_t di : {0x00000000U, 0xFFFFFFFFU, 0x1C1C1C1CU, 0x04000401U}) {
    EXPECT_EQ(control(EncodeRead(anyone, di)), 0x11);
    EXPECT_EQ(control(EncodeReadFollowUp(anyone, di, 0xFF)), 0x12);
    EXPECT_EQ(control(EncodeRead1997(anyone, static_cast<Di1997>(di))), 0x01);
    EXPECT_EQ(control(EncodeReadFollowUp1997(anyone, static_cast<Di1997>(di))), 0x02);
  }
  EXPECT_EQ(control(EncodeReadAddress()), 0x13);
}

TEST(Dlt645Address, IsPaddedOnTheLeftAndRefusesWhatIsNoNumber) {
  EXPECT_EQ(Address::Parse("161")->ToString(), "000000000161");
  for (const char* text : {"", "1234567890123", "AAAAAAAAAAAA", "12 34", "-1"}) {
    EXPECT_FALSE(Address::Parse(text)) << text;
  }
}

TEST(Dlt645Address, LetsAWildcardCoverEveryMeter) {
  EXPECT_TRUE(Address::Wildcard().Covers(*Address::Parse("1")));
  EXPECT_FALSE(Address::Parse("1")->Covers(*Address::Parse("2")));
}

TEST(Dlt645Values, KeepTheSignOfTheTopBitOnlyWhereTheItemIsSigned) {
  EXPECT_EQ(Decoded(0x02020100, "191581").values[0].number->ToString(), "-11.519");
  EXPECT_EQ(Decoded(0x02060000, "0090").values[0].number->ToString(), "-1.000");
  EXPECT_EQ(Decoded(0x00000000, "01000080").values[0].number->ToString(), "-0.01");
  EXPECT_EQ(Decoded(0x00010000, "56341280").values[0].number->ToString(), "801234.56")
      << "forward energy counts to 999999.99";
}

TEST(Dlt645Values, TellAbsentFromInvalidFromZero) {
  EXPECT_EQ(Decoded(0x02010100, "FFFF").values[0].state, State::kAbsent);
  EXPECT_EQ(Decoded(0x02010100, "EEEE").values[0].state, State::kAbsent);
  EXPECT_EQ(Decoded(0x02010100, "F022").values[0].state, State::kInvalid);
  EXPECT_EQ(Decoded(0x02010100, "0000").values[0].number->ToString(), "0.0");
}

TEST(Dlt645Values, CountTheTariffsOfABlockByItsLength) {
  const DataAnswer two = Decoded(0x0001FF00, "0100000002000000");
  ASSERT_EQ(two.values.size(), 2U);
  EXPECT_EQ(two.values[1].key, "energy_rate1");
  EXPECT_EQ(two.values[1].id, 0x00010100U);
  EXPECT_EQ(Decoded(0x0001FF00, "01000000020000000300").extra, Hex("0300"));
}

TEST(Dlt645Values, ReadPowerBlocksAsTotalAndPhases) {
  const DataAnswer block = Decoded(0x0203FF00, "125403 000001 000001 125401");
  ASSERT_EQ(block.values.size(), 4U);
  EXPECT_EQ(block.values[0].key, "active_power_total");
  EXPECT_EQ(block.values[0].number->ToString(), "3.5412");
  EXPECT_EQ(block.values[3].key, "active_power_c");
}

TEST(Dlt645Values, ReadADemandWithTheMinuteItOccurred) {
  const DataAnswer demand = Decoded(0x01010000, "563412 3014020326");
  ASSERT_EQ(demand.values.size(), 2U);
  EXPECT_EQ(demand.values[0].number->ToString(), "12.3456");
  EXPECT_EQ(demand.values[1].text, "2026-03-02 14:30");
}

// "key=value" of every item, for tables that are easier to read as text.
std::string Text(const DataAnswer& answer) {
  std::string text;
  for (const WireValue& value : answer.values) {
    text += (text.empty() ? "" : " ") + value.key + "=";
    text += value.state == State::kAbsent    ? "absent"
            : value.state == State::kInvalid ? "invalid"
            : value.number                   ? value.number->ToString()
                                             : value.text;
  }
  return text;
}

TEST(Dlt645Values, ReadEventsWithTheirDates) {
  EXPECT_EQ(Text(Decoded(0x03110001, "000910240326 301210240326")),
            "power_down_begin=2026-03-24 10:09:00 power_down_end=2026-03-24 10:12:30");
  EXPECT_EQ(Text(Decoded(0x03110001, "000910240326 000000000000")),
            "power_down_begin=2026-03-24 10:09:00 power_down_end=absent")
      << "an event that goes on has no end";
  EXPECT_EQ(Text(Decoded(0x03300D00, "030000")), "cover_open_count=3");
  EXPECT_EQ(Text(Decoded(0x03010000, "010000 450000 000000 000000 020000 100000")),
            "voltage_loss_a_count=1 voltage_loss_a_minutes=45 voltage_loss_b_count=0 voltage_loss_b_minutes=0 "
            "voltage_loss_c_count=2 voltage_loss_c_minutes=10");
}

TEST(Dlt645Values, ReadStatusWordsAsBits) {
  EXPECT_EQ(Text(Decoded(0x04000501, "0400")), "status_word1=0004");
  EXPECT_EQ(Text(Decoded(0x040005FF, "0400 0000 1000 0000 0000 0000 2000")),
            "status_word1=0004 status_word2=0000 status_word3=0010 status_word4=0000 status_word5=0000 "
            "status_word6=0000 status_word7=0020");
}

TEST(Dlt645Values, ReadFreezes) {
  EXPECT_EQ(Text(Decoded(0x05060101, "29010000 62000000")),
            "freeze_fwd_active_energy_total=1.29 freeze_fwd_active_energy_rate1=0.62");
}

TEST(Dlt645Values, ReadSettlementsAndTariffs) {
  EXPECT_EQ(Text(Decoded(0x00010201, "29010000")), "fwd_active_energy_rate2_settlement1=1.29");
  EXPECT_EQ(Text(Decoded(0x000100FF, "29010000 28010000")),
            "fwd_active_energy=1.29 fwd_active_energy_settlement1=1.28");
}

TEST(Dlt645Values, ReadTextLastCharacterFirst) {
  EXPECT_EQ(Text(Decoded(0x0400040B, "31595A4444 0000000000")), "meter_model=DDZY1");
}

TEST(Dlt645Values, OfThe1997EditionGoBackTwoMonths) {
  const auto text = [](Di1997 di, std::string_view values) {
    return Text(*DecodeAnswer(Edition::k1997, di, Hex(values)));
  };
  EXPECT_EQ(text(0x9410, "29010000"), "fwd_active_energy_settlement1=1.29");
  const auto block =
      DecodeAnswer(Edition::k1997, 0x901F, Hex("39000000 00000000 03000000 24000000 12000000 0000000000000000 AA"));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->values.size(), 5U);
  EXPECT_EQ(block->extra, Hex("0000000000000000AA"));
  EXPECT_EQ(text(0x9022, "29010000"), "rev_active_energy_rate2=1.29");
  EXPECT_EQ(text(0xB61F, "2002 1902 2102"), "voltage_a=220 voltage_b=219 voltage_c=221");
  EXPECT_EQ(text(0xB010, "3014 0203"), "fwd_active_max_demand_time=03-02 14:30");
}

TEST(Dlt645Values, KeepAShortAnswerAnError) {
  EXPECT_FALSE(DecodeAnswer(Edition::k2007, 0x00010000, Hex("010203")));
  EXPECT_FALSE(DecodeAnswer(Edition::k1997, 0x9010, Hex("010203")));
}

TEST(Dlt645Values, KeepAnUnknownIdentifierRaw) {
  const DataAnswer answer = Decoded(0x06010101, "010203");
  EXPECT_TRUE(answer.values.empty());
  EXPECT_EQ(answer.extra, Hex("010203"));
}

TEST(Dlt645Identifiers, AreEightHexDigits) {
  EXPECT_EQ(*ParseDi2007("0001FF00"), 0x0001FF00U);
  for (const char* text : {"", "0001", "0001FF0", "0001FF00 ", "0x010000", "0001GG00"}) {
    EXPECT_FALSE(ParseDi2007(text)) << text;
  }
}

}  // namespace
}  // namespace yb::field::dlt645
