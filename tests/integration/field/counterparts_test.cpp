// Programs that somebody else wrote on the other side of the wire: the Modbus driver against the server of pymodbus,
// the simulator asked by mbpoll, and serial lines over pseudo-terminals made by socat.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "edge/field/field_side.hpp"
#include "tests/integration/field/collecting_sink.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::field {
namespace {

using metering::Quality;

// Every type and order, one fill of each kind, and a register that the server does not have.
constexpr std::string_view kTypes = R"(
title = "What modbus_server.py holds"
protocol = "modbus-rtu"
utility = "power"
[[point]]
quantity = "float_abcd"
unit = "kWh"
kind = "gauge"
register = "0x0100"
type = "f32"
order = "abcd"
[[point]]
quantity = "float_cdab"
unit = "kWh"
kind = "gauge"
register = "0x0102"
type = "f32"
order = "cdab"
[[point]]
quantity = "float_dcba"
unit = "kWh"
kind = "gauge"
register = "0x0104"
type = "f32"
order = "dcba"
[[point]]
quantity = "signed_32"
unit = "kW"
kind = "gauge"
register = "0x0106"
type = "i32"
order = "abcd"
scale = "0.001"
[[point]]
quantity = "unsigned_64"
unit = "kWh"
kind = "register"
register = "0x0108"
type = "u64"
order = "abcd"
scale = "0.01"
[[point]]
quantity = "signed_16"
unit = "kW"
kind = "gauge"
register = "0x010C"
type = "i16"
[[point]]
quantity = "fill"
unit = "V"
kind = "gauge"
register = "0x010D"
type = "u16"
[[point]]
quantity = "not_a_number"
unit = "V"
kind = "gauge"
register = "0x010E"
type = "f32"
order = "abcd"
[[point]]
quantity = "missing"
unit = "V"
kind = "gauge"
register = "0x6000"
type = "u16"
)";

// What Python put there; empty where there is no value.
const std::map<std::string, std::string> kHeld{{"float_abcd", "123456"},
                                               {"float_cdab", "123456"},
                                               {"float_dcba", "123456"},
                                               {"signed_32", "-70.000"},
                                               {"unsigned_64", "12345678901.23"},
                                               {"signed_16", "-5"},
                                               {"fill", ""},
                                               {"not_a_number", ""},
                                               {"missing", ""}};

// A box with one line, its sink and its points.
class Box {
 public:
  Box(const std::string& text, const MeterProfiles& profiles) {
    auto config = ParseFieldConfig("[[line]]\nkey = \"line\"\n" + text, "field.toml", profiles);
    YB_CHECK(config.has_value(), "a test's field configuration is wrong");
    points_ = config->Points();
    FieldSide::PointNumbers numbers;
    for (const metering::Point& point : points_) {
      numbers.emplace(point.key, static_cast<metering::PointNo>(numbers.size() + 1));
    }
    YB_CHECK(side_.Apply(*config, numbers).has_value(), "a test's line does not start");
  }
  bool WaitForGood(int times) {
    std::vector<metering::PointNo> firsts;
    std::string meter;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (points_[i].meter != meter) firsts.push_back(static_cast<metering::PointNo>(i + 1));
      meter = points_[i].meter;
    }
    return sink_.WaitForGood(firsts, times);
  }
  void Stop() { side_.Stop(); }
  std::vector<metering::Reading> Readings() { return sink_.All(); }
  [[nodiscard]] const metering::Point& Of(const metering::Reading& reading) const { return points_[reading.point - 1]; }
  [[nodiscard]] LineSnapshot Line() const { return side_.Snapshot()[0]; }

 private:
  const base::SystemClock clock_;
  CollectingSink sink_;
  std::vector<metering::Point> points_;
  FieldSide side_{clock_, sink_};
};

class Counterparts : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  test::Process StartPymodbus(const std::string& way, const std::string& where) const {
    return test::Process({"/usr/bin/python3", "tests/support/modbus_server.py", way, where}, Path("pymodbus.log"));
  }
  /// A pseudo-terminal at `name`, and what socat puts on its other side.
  test::Process StartSocat(const std::string& name, const std::string& other) const {
    test::Process socat({"socat", "pty,raw,echo=0,link=" + Path(name), other}, Path("socat.log"));
    EXPECT_TRUE(test::WaitUntil([&] { return std::filesystem::exists(Path(name)); })) << "socat gives no terminal";
    return socat;
  }

  static void ExpectWhatPythonPut(Box& box) {
    ASSERT_TRUE(box.WaitForGood(2)) << box.Line().status.last_error << " " << box.Line().meters[0].last_error;
    box.Stop();
    std::map<std::string, int> good;
    for (const metering::Reading& reading : box.Readings()) {
      if (reading.quality == Quality::kUnreachable) continue;  // before the server was there
      const std::string& quantity = box.Of(reading).quantity;
      EXPECT_EQ(reading.value ? reading.value->ToString() : "", kHeld.at(quantity)) << quantity;
      ++good[quantity];
    }
    EXPECT_EQ(good.size(), kHeld.size());
  }

  static MeterProfiles TypesProfile() {
    auto profile = ParseProfile(kTypes, "types", "types.toml");
    YB_CHECK(profile.has_value(), "a test's profile is wrong");
    return {{"types", *profile}};
  }

  test::TempFolder folder_;
};

const std::string kTypesMeter =
    "[[line.meter]]\nkey = \"m\"\nname = \"m\"\nprofile = \"types\"\naddress = \"1\"\ninterval_s = 1\n";

TEST_F(Counterparts, TheDriverReadsPymodbusOverTcp) {
  const int port = test::FreePort();
  const test::Process server = StartPymodbus("tcp", std::to_string(port));
  ASSERT_TRUE(test::WaitForPort(port)) << "is python3-pymodbus installed?";
  Box box("kind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(port) + "\n" + kTypesMeter +
              "protocol = \"modbus-tcp\"\n",
          TypesProfile());
  ExpectWhatPythonPut(box);
}

TEST_F(Counterparts, TheDriverReadsPymodbusOverRtuOnASerialPort) {
  const test::Process wire = StartSocat("box", "pty,raw,echo=0,link=" + Path("server"));
  ASSERT_TRUE(test::WaitUntil([&] { return std::filesystem::exists(Path("server")); }));
  const test::Process server = StartPymodbus("rtu", Path("server"));
  Box box("kind = \"serial\"\nbaud = 9600\nparity = \"none\"\ndevice = \"" + Path("box") + "\"\n" + kTypesMeter,
          TypesProfile());
  ExpectWhatPythonPut(box);
}

// The register that mbpoll printed of 000A, 0.01 kWh in two words, and whether the simulator said it.
void ExpectForwardEnergyOf(const std::string& printed, const test::MetersimProcess& sim, const std::string& line) {
  const std::regex word("\\[1[01]\\]:\\s+0x([0-9A-F]{4})");
  std::string hex;
  for (std::sregex_iterator at(printed.begin(), printed.end(), word), end; at != end; ++at) hex += (*at)[1];
  ASSERT_EQ(hex.size(), 8U) << printed;
  const base::Decimal energy(std::stoll(hex, nullptr, 16), 2);
  // The simulator notes an answer after it has left.
  EXPECT_TRUE(test::WaitUntil([&] {
    const auto truth = sim.ReadTruth();
    const auto told = truth.find({line, "3", "fwd_active_energy"});
    return told != truth.end() && told->second.contains(energy);
  })) << energy.ToString();
}

const std::string kAcrel = "address = \"3\"\nprofile = \"dormitory\"\nmap = \"acrel-dtsd1352\"\n";
// Two holding registers from 000A of unit 3, once, in hex.
const std::string kMbpoll = "mbpoll -a 3 -0 -r 10 -c 2 -t 4:hex -1 ";

TEST_F(Counterparts, MbpollReadsTheSimulatorOverTcp) {
  const test::MetersimProcess sim(
      YB_METERSIM, folder_.path(),
      "[[line]]\nkey = \"tcp\"\nlisten = \"127.0.0.1:0\"\n[[line.meter]]\nprotocol = \"MODBUS-TCP\"\n" + kAcrel);
  int status = -1;
  const std::string printed =
      test::RunToEnd(kMbpoll + "-m tcp -p " + std::to_string(sim.port("tcp")) + " 127.0.0.1 2>&1", status);
  EXPECT_EQ(status, 0) << printed;
  ExpectForwardEnergyOf(printed, sim, "tcp");
}

TEST_F(Counterparts, MbpollReadsTheSimulatorOverRtuOnASerialPort) {
  const test::MetersimProcess sim(
      YB_METERSIM, folder_.path(),
      "[[line]]\nkey = \"rtu\"\nlisten = \"127.0.0.1:0\"\n[[line.meter]]\nprotocol = \"MODBUS-RTU\"\n" + kAcrel);
  const test::Process wire = StartSocat("port", "tcp:127.0.0.1:" + std::to_string(sim.port("rtu")));
  int status = -1;
  const std::string printed = test::RunToEnd(kMbpoll + "-m rtu -b 9600 -P none " + Path("port") + " 2>&1", status);
  EXPECT_EQ(status, 0) << printed;
  ExpectForwardEnergyOf(printed, sim, "rtu");
}

TEST_F(Counterparts, TheBoxReadsMetersOfThreeProtocolsOnOneSerialPort) {
  const test::MetersimProcess sim(
      YB_METERSIM, folder_.path(),
      "[[line]]\nkey = \"line\"\nlisten = \"127.0.0.1:0\"\n"
      "[[line.meter]]\nprotocol = \"DLT645-2007\"\naddress = \"260305510020\"\nprofile = \"office-building\"\n"
      "[[line.meter]]\nprotocol = \"CJT188\"\naddress = \"78330011223344\"\nprofile = \"office-water\"\n"
      "[[line.meter]]\nprotocol = \"MODBUS-RTU\"\n" +
          kAcrel);
  const test::Process wire = StartSocat("port", "tcp:127.0.0.1:" + std::to_string(sim.port("line")));
  const auto profiles = LoadProfiles("firmware-config/profiles");
  ASSERT_TRUE(profiles);
  std::string text = "kind = \"serial\"\nbaud = 9600\ndevice = \"" + Path("port") + "\"\n";
  const std::pair<const char*, const char*> meters[] = {
      {"dlt645-2007-basic", "260305510020"}, {"cjt188-water", "78330011223344"}, {"acrel-dtsd1352", "3"}};
  for (const auto& [profile, address] : meters) {
    text += std::string("[[line.meter]]\nkey = \"m") + address + "\"\nname = \"m\"\nprofile = \"" + profile +
            "\"\naddress = \"" + address + "\"\ninterval_s = 1\n";
  }
  Box box(text, *profiles);
  ASSERT_TRUE(box.WaitForGood(3)) << box.Line().status.last_error;
  box.Stop();
  const auto truth = sim.ReadTruth();
  std::map<std::string, int> compared;
  for (const metering::Reading& reading : box.Readings()) {
    const metering::Point& point = box.Of(reading);
    const auto told = truth.find({"line", point.meter.substr(1), point.quantity});
    if (!reading.value || told == truth.end()) continue;
    EXPECT_TRUE(told->second.contains(*reading.value)) << point.key << " " << reading.value->ToString();
    ++compared[point.meter];
  }
  EXPECT_EQ(compared.size(), 3U);
}

}  // namespace
}  // namespace yb::field
