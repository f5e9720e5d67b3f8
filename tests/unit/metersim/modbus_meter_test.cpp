#include "tools/metersim/modbus_meter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/simulated_sources.hpp"

namespace yb::metersim {
namespace {

std::string Rtu(std::string_view hex_without_crc) {
  base::Bytes frame = Hex(hex_without_crc);
  const std::uint16_t crc = ModbusCrc(frame);
  frame.push_back(static_cast<std::uint8_t>(crc));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return base::ToHex(frame);
}

class ModbusMeterOfAPark : public ::testing::Test {
 protected:
  void SetUp() override {
    feeder.registers.forward[0] = 12'345'678;
    feeder.registers.reverse[0] = 1;
    feeder.state.voltage = {2201, 2202, 2203};
    feeder.state.current = {1234, 2345, 3456};
    feeder.state.active_power = {-15'000, -5'000, -5'000, -5'000};
    feeder.state.power_factor = {-950, -950, -950, -950};
    feeder.state.frequency = 4998;
  }
  std::unique_ptr<BusMeter> Meter(RegisterMap map) const {
    return MakeModbusMeter(options, std::move(map), std::make_unique<FixedFeeder>(feeder));
  }

  FixedFeeder feeder;
  ModbusOptions options;
};

TEST_F(ModbusMeterOfAPark, SumsTheCrcAsPublished) {  // fox-edge channel simulator
  EXPECT_EQ(Rtu("01030000000A"), "01030000000AC5CD");
  EXPECT_EQ(Rtu("0103140065001400000000000000000000000000000000"),
            "0103140065001400000000000000000000000000000000BEA7");
}

TEST_F(ModbusMeterOfAPark, AnswersIntegersOfTheAcrelMap) {
  const std::unique_ptr<BusMeter> meter = Meter(AcrelDtsd1352());
  EXPECT_EQ(Ask(*meter, Rtu("0103000A0002")), Rtu("01030400BC614E"));
  const std::optional<Answer> answer = meter->OnRequest(Request(Rtu("0103006100 0A")), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame), Rtu("0103140899089A089B007B00EA0159FE0CFE0CFE0CFA24"));
  EXPECT_EQ(answer->di, "03:0061+10");
  EXPECT_EQ(Meaning(*answer),
            "voltage_a=220.1 V; current_a=1.23 A; active_power_a=-0.500 kW; voltage_b=220.2 V; current_b=2.34 A; "
            "active_power_b=-0.500 kW; voltage_c=220.3 V; current_c=3.45 A; active_power_c=-0.500 kW; "
            "active_power_total=-1.500 kW");
}

TEST_F(ModbusMeterOfAPark, TellsOnlyWhatWasReadWhole) {
  const std::optional<Answer> answer = Meter(AcrelDtsd1352())->OnRequest(Request(Rtu("0103000A0001")), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame), Rtu("01030200BC"));
  EXPECT_EQ(Meaning(*answer), "");
}

TEST_F(ModbusMeterOfAPark, AnswersRawFloatsOfTheChintMap) {
  const std::unique_ptr<BusMeter> meter = Meter(ChintDtsu666(ChintScaling::kRaw, 0x1000));
  const std::optional<Answer> voltage = meter->OnRequest(Request(Rtu("010320060002")), {});
  ASSERT_TRUE(voltage);
  EXPECT_EQ(base::ToHex(voltage->frame), Rtu("01030445099000")) << "2201.0 stands for 220.1 V";
  EXPECT_EQ(Meaning(*voltage), "voltage_a=220.1 V");
  const std::optional<Answer> energy = meter->OnRequest(Request(Rtu("0103101E0002")), {});
  ASSERT_TRUE(energy);
  EXPECT_EQ(base::ToHex(energy->frame), Rtu("01030447F12064")) << "123456.78 as the nearest float";
  EXPECT_EQ(Meaning(*energy), "fwd_active_energy=123456.78 kWh");
}

TEST_F(ModbusMeterOfAPark, AnswersPlainFloatsWithEnergyElsewhere) {
  const std::unique_ptr<BusMeter> meter = Meter(ChintDtsu666(ChintScaling::kPlain, 0x4000));
  EXPECT_EQ(Ask(*meter, Rtu("010320440002")), Rtu("0103044247EB85"));
  EXPECT_EQ(Ask(*meter, Rtu("010320120002")), Rtu("010304C4BB8000"));
  EXPECT_EQ(Ask(*meter, Rtu("0103401E0002")), Rtu("01030447F12064"));
  EXPECT_EQ(Ask(*meter, Rtu("0103101E0002")), Rtu("018302"));
}

TEST_F(ModbusMeterOfAPark, RefusesAsTheStandardSays) {
  const std::unique_ptr<BusMeter> meter = Meter(AcrelDtsd1352());
  EXPECT_EQ(Ask(*meter, Rtu("010400000001")), Rtu("018401")) << "function 04";
  EXPECT_EQ(Ask(*meter, Rtu("010300770002")), Rtu("018302")) << "beyond the map";
  EXPECT_EQ(Ask(*meter, Rtu("01030000003D")), Rtu("018303")) << "61 registers";
  EXPECT_EQ(Ask(*meter, Rtu("020300000001")), "") << "another unit";
}

TEST_F(ModbusMeterOfAPark, SpeaksModbusTcp) {
  options.framing = Framing::kModbusTcp;
  const std::unique_ptr<BusMeter> meter = Meter(AcrelDtsd1352());
  const std::optional<Answer> answer = meter->OnRequest(Request("002A00000006010300770001", ScanFor::kModbusTcp), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(base::ToHex(answer->frame), "002A000000050103021386");
  EXPECT_EQ(Meaning(*answer), "frequency=49.98 Hz");
}

}  // namespace
}  // namespace yb::metersim
