// Frames marked with a source are captures and published examples, each with a right checksum.
#include "tools/metersim/cjt188_meter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/simulated_sources.hpp"

namespace yb::metersim {
namespace {

FixedVolume Dial(std::int64_t volume, std::int64_t settlement, VolumeUnit unit = VolumeUnit::kCubicMetre) {
  FixedVolume dial;
  dial.volume = volume;
  dial.settlement = settlement;
  dial.shown = unit;
  return dial;
}

std::unique_ptr<BusMeter> Meter(Cjt188Options options, const FixedVolume& dial) {
  return MakeCjt188VolumeMeter(std::move(options), std::make_unique<FixedVolume>(dial));
}

std::string RequestOf(std::string_view body_without_sum) {
  base::Bytes frame = Hex(body_without_sum);
  frame.push_back(ByteSum(frame));
  frame.push_back(0x16);
  return base::ToHex(frame);
}

base::UtcTime At(const char* text) {
  return base::FromIso(text).value_or(base::UtcTime());
}

TEST(Cjt188WaterMeter, AnswersCounterDataAsPublished) {  // 556677.00 m3 with both parts, clock and status 21 84
  const std::unique_ptr<BusMeter> meter =
      Meter({.address = "78330011223344", .preamble = 3, .status = {0x21, 0x84}}, Dial(55667700, 55667700));
  EXPECT_EQ(Ask(*meter, RequestOf("68104433221100337801 03 901F00"), At("2015-05-11T14:01:31Z")),
            "FEFEFE6810443322110033788116901F00007766552C007766552C3101221105152021841316");
}

TEST(Cjt188WaterMeter, AnswersWithTheOtherOrderOfItsIdentifierAsCaptured) {  // an NB/LoRa resolver's capture
  const std::unique_ptr<BusMeter> meter = Meter(
      {.address = "00201707010069", .di_order = DiOrder::k1F90, .preamble = 0, .status = {0x13, 0x01}}, Dial(0, 0));
  EXPECT_EQ(Ask(*meter, RequestOf("68106900010717200001031F9002"), At("2017-08-19T08:54:59Z")),
            "68106900010717200081161F9002000000002C000000002C595416190817201301EF16");
}

TEST(Cjt188WaterMeter, UnderstandsBothOrdersAndKeepsToItsOwn) {
  const std::unique_ptr<BusMeter> meter = Meter({.address = "00000000000012", .preamble = 0}, Dial(123, 0));
  for (const char* request : {"6810120000000000000103901F07", "68101200000000000001031F9007"}) {
    EXPECT_EQ(Ask(*meter, RequestOf(request)).substr(18, 10), "8116901F07") << request;
  }
}

TEST(Cjt188WaterMeter, TellsItsAddressToWhoeverAsksAny) {  // aixiwang/python_cjt188
  const std::unique_ptr<BusMeter> meter = Meter({.address = "00000000000012", .preamble = 3}, Dial(0, 0));
  EXPECT_EQ(Ask(*meter, "FEFEFEFE68AAAAAAAAAAAAAAAA0303810A004916"), "FEFEFE6810120000000000008303810A009B16");
}

TEST(Cjt188WaterMeter, FillsAnAbsentSettlementWithFf) {
  const std::unique_ptr<BusMeter> meter = Meter({.address = "78331505104145", .preamble = 0}, Dial(595900, -1));
  const std::optional<Answer> answer =
      meter->OnRequest(Request(RequestOf("6810AAAAAAAAAAAAAA0103901FAA")), At("2020-01-01T00:00:00Z"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame).substr(0, 48), "6810454110051533788116901FAA005959002CFFFFFFFF2C");
  EXPECT_EQ(Meaning(*answer), "current_volume=5959.00 m3; settlement_volume=null m3");
}

TEST(Cjt188WaterMeter, CountsLitresUnderUnit29) {
  const std::unique_ptr<BusMeter> meter =
      Meter({.address = "00000000000012", .preamble = 0}, Dial(31'430'500, 31'430'500, VolumeUnit::kLitre));
  const std::optional<Answer> answer = meter->OnRequest(Request(RequestOf("6810120000000000000103901F00")), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame).substr(28, 10), "0005433129");
  EXPECT_EQ(Meaning(*answer), "current_volume=314305.00 L; settlement_volume=314305.00 L");
}

TEST(Cjt188WaterMeter, RefusesAnIdentifierItDoesNotHave) {
  const std::unique_ptr<BusMeter> meter = Meter({.address = "00000805000001", .preamble = 0}, Dial(0, 0));
  EXPECT_EQ(Ask(*meter, RequestOf("6810010000050800000103D12000")), RequestOf("681001000005080000C103000000"));
}

TEST(Cjt188WaterMeter, StaysSilentOnOtherTypesAddressesAndWrites) {
  const std::unique_ptr<BusMeter> meter = Meter({.address = "00000000000012", .preamble = 0}, Dial(0, 0));
  EXPECT_EQ(Ask(*meter, RequestOf("6820120000000000000103901F00")), "");
  EXPECT_EQ(Ask(*meter, RequestOf("6810130000000000000103901F00")), "");
  EXPECT_EQ(Ask(*meter, RequestOf("6810120000000000000404A0170055")), "");
}

TEST(Cjt188GasMeter, AnswersUnderItsType) {
  const std::unique_ptr<BusMeter> meter =
      Meter({.address = "23051606000102", .type = 0x30, .preamble = 0}, Dial(7217, 0));
  EXPECT_EQ(Ask(*meter, RequestOf("68300201000616052301 03 901F01")).substr(0, 38),
            "6830020100061605238116901F01177200002C");
}

class HeatMeterOfAPark : public ::testing::Test {
 protected:
  std::unique_ptr<BusMeter> Meter(HeatLayout layout) const {
    Cjt188Options options{.address = "11110059200991", .type = 0x25, .di_order = DiOrder::k1F90, .preamble = 13};
    return MakeCjt188HeatMeter(std::move(options), layout, std::make_unique<FixedHeat>(source));
  }
  void SetUp() override {
    source.state = {
        .heat = 300, .volume = 27, .supply_temperature = 1460, .return_temperature = 1474, .work_hours = 5446};
  }
  FixedHeat source;
  const std::string request = RequestOf("6825910920590011110103 1F9012");
};

TEST_F(HeatMeterOfAPark, AnswersCounterDataAsCaptured) {  // a heat meter behind 13 bytes of preamble
  EXPECT_EQ(Ask(*Meter(HeatLayout::kValueUnit), request, At("2010-04-22T01:49:51Z")),
            "FEFEFEFEFEFEFEFEFEFEFEFEFE682591092059001111812E1F9012000000000500030000050000000017000000003527000000"
            "2C6014007414004654005149092204102000006D16");
}

TEST_F(HeatMeterOfAPark, PutsTheUnitFirstWhereItsMakerDoes) {  // layout of cnblogs.com/llguanli/p/8683992.html
  const std::string answer = Ask(*Meter(HeatLayout::kUnitValue), request, At("2010-04-22T01:49:51Z"));
  EXPECT_EQ(answer.substr(26 + 28, 50), "05000000000500030000170000000035000000002C27000000");
}

TEST_F(HeatMeterOfAPark, TellsWhatItSent) {
  const std::optional<Answer> answer = Meter(HeatLayout::kValueUnit)->OnRequest(Request(request), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(Meaning(*answer),
            "settlement_heat=0.00 kWh; current_heat=3.00 kWh; power=0.00 kW; flow=0.0000 m3/h; volume=0.27 m3; "
            "supply_temp=14.60 C; return_temp=14.74 C; work_hours=5446 h");
}

TEST(ProfileHeat, ShowsAFlowThatCarriesItsPower) {
  const ProfileCatalogue profiles;
  const auto source = MakeProfileHeat(*profiles.Find("building-heat"), 4);
  const HeatState state = source->StateAt({1'793'851'200'000'000});
  EXPECT_NEAR(static_cast<double>(state.flow) / 1e4 * 23.26, static_cast<double>(state.power) / 100.0, 0.01);
  EXPECT_GT(source->StateAt({1'793'854'800'000'000}).heat, state.heat);
  EXPECT_LT(state.heat, 100'000'000);
}

}  // namespace
}  // namespace yb::metersim
