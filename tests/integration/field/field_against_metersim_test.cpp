// The field side against the meter simulator: every protocol, on good and on bad lines. What the box calls good must be
// what a meter really said.
#include <gtest/gtest.h>

#include "edge/field/field_side.hpp"
#include "tests/integration/field/collecting_sink.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::field {
namespace {

using metering::Quality;

struct PlayedMeter {
  std::string line;
  std::string sim;      // keys of the simulator's meter
  std::string profile;  // of the box
  std::string address;  // as the simulator logs it
};

const std::vector<PlayedMeter>& Meters() {
  static const std::vector<PlayedMeter> meters{
      {"power", "protocol = \"DLT645-2007\"\nprofile = \"office-building\"\n", "dlt645-2007-three-phase",
       "260305510020"},
      {"power", "protocol = \"DLT645-2007\"\nprofile = \"dormitory\"\nlongest_data = 16\n", "tariffs", "260305510021"},
      {"mixed", "protocol = \"DLT645-1997\"\nprofile = \"office-building\"\n", "dlt645-1997-three-phase",
       "010003635927"},
      {"mixed", "protocol = \"CJT188\"\nprofile = \"office-water\"\n", "cjt188-water", "78330011223344"},
      {"mixed", "protocol = \"CJT188\"\nprofile = \"canteen-gas\"\n", "cjt188-gas", "78330011223345"},
      {"mixed", "protocol = \"CJT188\"\nprofile = \"building-heat\"\n", "cjt188-heat", "78330011223346"},
      {"mixed", "protocol = \"CJT188\"\nprofile = \"building-heat\"\nlayout = \"unit-value\"\ndi_order = \"1F90\"\n",
       "cjt188-heat-unit-first", "78330011223347"},
      {"rtu", "protocol = \"MODBUS-RTU\"\nprofile = \"dormitory\"\nmap = \"acrel-dtsd1352\"\nmost_registers = 20\n",
       "acrel-dtsd1352", "1"},
      {"rtu", "protocol = \"MODBUS-RTU\"\nprofile = \"solar-roof\"\nmap = \"chint-dtsu666\"\n", "chint-dtsu666", "2"},
      {"gateway", "protocol = \"MODBUS-TCP\"\nprofile = \"solar-roof\"\nmap = \"acrel-dtsd1352\"\n", "acrel-dtsd1352",
       "3"},
  };
  return meters;
}

// A block of 24 bytes, which a meter that sends 16 at most cuts inside a value.
constexpr std::string_view kTariffsProfile = R"(
title = "Tariffs in follow-up frames"
protocol = "dlt645-2007"
utility = "power"
blocks = ["0001FF00"]
[[point]]
quantity = "fwd_active_energy"
unit = "kWh"
kind = "register"
di = "00010000"
[[point]]
quantity = "fwd_active_energy_t4"
unit = "kWh"
kind = "register"
di = "00010400"
)";

std::string SimConfig(const std::string& faults) {
  std::string text;
  std::string line;
  for (const PlayedMeter& meter : Meters()) {
    if (meter.line != line) {
      line = meter.line;
      text += "[[line]]\nkey = \"" + line + "\"\nlisten = \"127.0.0.1:0\"\n";
      if (line != "gateway") text += faults;
    }
    text += "[[line.meter]]\naddress = \"" + meter.address + "\"\n" + meter.sim;
  }
  return text;
}

std::string BoxConfig(const test::MetersimProcess& sim) {
  std::string text;
  std::string line;
  for (const PlayedMeter& meter : Meters()) {
    if (meter.line != line) {
      line = meter.line;
      text += "[[line]]\nkey = \"" + line +
              "\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(sim.port(line)) +
              "\nreply_timeout_ms = 300\nidle_timeout_ms = 120\npause_ms = 30\nlate_window_ms = 300\n";
    }
    text += "[[line.meter]]\nkey = \"m" + meter.address + "\"\nname = \"m\"\nprofile = \"" + meter.profile +
            "\"\naddress = \"" + meter.address + "\"\ninterval_s = 1\n";
    if (line == "gateway") text += "protocol = \"modbus-tcp\"\n";
  }
  return text;
}

// Runs the box against the simulator until the first point of every meter was good three times, then compares.
void ExpectOnlyTheTruth(const std::string& faults) {
  const test::TempFolder folder;
  const test::MetersimProcess sim(YB_METERSIM, folder.path(), SimConfig(faults));
  auto profiles = LoadProfiles("firmware-config/profiles");
  ASSERT_TRUE(profiles) << profiles.error().Describe();
  profiles->emplace("tariffs", *ParseProfile(kTariffsProfile, "tariffs", "tariffs.toml"));
  const auto config = ParseFieldConfig(BoxConfig(sim), "field.toml", *profiles);
  ASSERT_TRUE(config) << config.error().Describe();
  FieldSide::PointNumbers numbers;
  std::vector<metering::PointNo> firsts;
  std::string meter;
  const std::vector<metering::Point> points = config->Points();
  for (const metering::Point& point : points) {
    const auto no = static_cast<metering::PointNo>(numbers.size() + 1);
    numbers.emplace(point.key, no);
    if (point.meter != meter) firsts.push_back(no);
    meter = point.meter;
  }
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(*config, numbers));
  EXPECT_TRUE(sink.WaitForGood(firsts, 3));
  side.Stop();
  for (metering::PointNo first : firsts) {
    EXPECT_GE(sink.Good(first), 3) << points[first - 1].key;
  }
  const test::MetersimProcess::Truth truth = sim.ReadTruth();
  std::map<std::string, int> compared;
  for (const metering::Reading& reading : sink.All()) {
    if (!reading.value) continue;
    const metering::Point& point = points[reading.point - 1];
    const auto told = truth.find({point.line, point.meter.substr(1), point.quantity});
    if (told == truth.end()) continue;  // the simulator has another name for this quantity
    EXPECT_TRUE(told->second.contains(*reading.value)) << point.key << " " << reading.value->ToString();
    ++compared[point.meter];
  }
  EXPECT_EQ(compared.size(), Meters().size());
  for (const LineSnapshot& line : side.Snapshot()) {
    for (const MeterStatus& status : line.meters) EXPECT_TRUE(status.last_answer) << status.key << status.last_error;
  }
}

TEST(FieldAgainstMetersim, ReadsEveryProtocolExactly) {
  ExpectOnlyTheTruth("");
}

TEST(FieldAgainstMetersim, CallsNothingGoodThatNoMeterSaidOnBadLines) {
  std::string faults;
  for (const char* fault :
       {"kind = \"echo\"\nevery = 3\n", "kind = \"noise\"\nprobability = 0.2\n",
        "kind = \"split\"\ndelay_ms = 5\nevery = 2\n", "kind = \"late\"\ndelay_ms = 500\nprobability = 0.05\n",
        "kind = \"duplicate\"\nprobability = 0.1\n", "kind = \"missing\"\nprobability = 0.05\n",
        "kind = \"wrong_checksum\"\nprobability = 0.1\n"}) {
    faults += std::string("[[line.fault]]\n") + fault;
  }
  ExpectOnlyTheTruth(faults);
}

}  // namespace
}  // namespace yb::field
