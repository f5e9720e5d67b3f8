// What an integrator does on the first day, with the program itself against the meter simulator: find the meters of a
// line, and read one frame by frame.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/manual_clock.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

using nlohmann::json;

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

Said Ctl(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const base::SystemClock clock;
  const int status = Run(arguments, out, err, clock);
  return {status, out.str(), err.str()};
}

std::string Line(const std::string& key, const std::string& rest = "") {
  return "[[line]]\nkey = \"" + key + "\"\nlisten = \"127.0.0.1:0\"\n" + rest;
}
std::string Meter(const std::string& protocol, const std::string& address, const std::string& rest) {
  return "[[line.meter]]\nprotocol = \"" + protocol + "\"\naddress = \"" + address + "\"\n" + rest;
}
const std::string kOffice = "profile = \"office-building\"\n";

class Commission : public ::testing::Test {
 protected:
  void Play(const std::string& config) { sim_.emplace(YB_METERSIM, folder_.path(), config); }
  Said On(const std::string& line, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "meter");
    for (const char* option : {"--timeout-ms", "40", "--idle-ms", "20", "--tcp"}) arguments.emplace_back(option);
    arguments.push_back("127.0.0.1:" + std::to_string(sim_->port(line)));
    return Ctl(arguments);
  }
  json Scan(const std::string& line, std::vector<std::string> more) {
    std::vector<std::string> arguments{"scan", "--json", "--profiles", "firmware-config/profiles"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Said said = On(line, arguments);
    EXPECT_EQ(said.status, 0) << said.err;
    return json::parse(said.out, nullptr, false);
  }

  test::TempFolder folder_;
  std::optional<test::MetersimProcess> sim_;
};

// Address and proposed profile of all that was found, in order of the address.
std::vector<std::pair<std::string, std::string>> Found(const json& scan) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const json& meter : scan["meters"]) found.emplace_back(meter["address"], meter.value("profile", "none"));
  std::sort(found.begin(), found.end());
  return found;
}
bool HasReason(const json& meter, const std::string& part) {
  for (const char* list : {"reasons", "notes"}) {
    for (const json& reason : meter[list]) {
      if (reason.get<std::string>().find(part) != std::string::npos) return true;
    }
  }
  return false;
}
using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_F(Commission, FindsOneMeterOfEachProtocolOnOneLineAndProposesItsProfile) {
  Play(Line("mixed") + Meter("DLT645-2007", "260305510020", kOffice) + Meter("DLT645-1997", "010003635927", kOffice) +
       Meter("CJT188", "78330011223344", "profile = \"office-water\"\ndi_order = \"1F90\"\n") +
       Meter("MODBUS-RTU", "3", "profile = \"dormitory\"\nmap = \"acrel-dtsd1352\"\n"));
  const json scan = Scan("mixed", {"--units", "2-4"});
  EXPECT_EQ(Found(scan), (Pairs{{"010003635927", "dlt645-1997-three-phase"},
                                {"260305510020", "dlt645-2007-three-phase"},
                                {"3", "acrel-dtsd1352"},
                                {"78330011223344", "cjt188-water-1f90"}}))
      << scan.dump(2);
  EXPECT_TRUE(HasReason(scan["meters"][2], "identifier as 1F 90")) << scan.dump(2);
  EXPECT_TRUE(HasReason(scan["meters"][2], "address as sent: 44332211003378")) << scan.dump(2);
}

TEST_F(Commission, NarrowsAWildcardUntilEveryMeterIsAlone) {
  Play(Line("power") + Meter("DLT645-2007", "260305510020", kOffice) + Meter("DLT645-2007", "260305510120", kOffice) +
       Meter("DLT645-2007", "260305510077", kOffice));
  const json scan = Scan("power", {"--protocol", "dlt645-2007"});
  EXPECT_EQ(Found(scan), (Pairs{{"260305510020", "dlt645-2007-three-phase"},
                                {"260305510077", "dlt645-2007-three-phase"},
                                {"260305510120", "dlt645-2007-three-phase"}}));
  EXPECT_TRUE(scan["notes"].empty()) << scan.dump(2);
}

TEST_F(Commission, TellsMetersOf188ApartByTypeThenByAddressWithTheirLayouts) {
  Play(Line("water") + Meter("CJT188", "78330011223341", "profile = \"office-water\"\n") +
       Meter("CJT188", "78330011223342", "profile = \"residential-water\"\n") +
       Meter("CJT188", "78330011223343", "profile = \"canteen-gas\"\n") +
       Meter("CJT188", "78330011223344", "profile = \"building-heat\"\nlayout = \"unit-value\"\n"));
  const json scan = Scan("water", {"--protocol", "cjt188"});
  EXPECT_EQ(Found(scan), (Pairs{{"78330011223341", "cjt188-water"},
                                {"78330011223342", "cjt188-water"},
                                {"78330011223343", "cjt188-gas"},
                                {"78330011223344", "cjt188-heat-unit-first"}}))
      << scan.dump(2);
  for (const json& meter : scan["meters"]) {
    EXPECT_EQ(HasReason(meter, "the unit bytes stand before the values"), meter["address"] == "78330011223344");
  }
}

TEST_F(Commission, SaysWhatHasAnAddressButGarblesItsValues) {
  const auto twin = [](const std::string& start) {
    return Meter("DLT645-1997", "000000000001", "profile = \"dormitory\"\nct_ratio = 200\n") +
           "[[line.meter.event]]\nkind = \"reset\"\nat = \"-1s\"\nstart = \"" + start + "\"\n";
  };
  // The same two registers as in the table of misbehaviours: what both say at once never has a right sum.
  Play(Line("twins") + twin("102.00") + twin("201.00"));
  const json scan = Scan("twins", {"--protocol", "dlt645-1997"});
  EXPECT_TRUE(scan["meters"].empty()) << scan.dump(2);
  ASSERT_EQ(scan["notes"].size(), 1U) << scan.dump(2);
  EXPECT_EQ(scan["notes"][0],
            "what answers to the whole address 000000000001 is garbled: two meters with one address, or a bad line");
}

TEST_F(Commission, TellsChintMetersApartByWhereTheirEnergyIsAndByPlausibility) {
  const std::string chint = "profile = \"solar-roof\"\nmap = \"chint-dtsu666\"\n";
  Play(Line("gateway") + Meter("MODBUS-TCP", "1", chint) +
       Meter("MODBUS-TCP", "2", chint + "energy_registers = \"4000\"\n"));
  const json scan = Scan("gateway", {"--protocol", "modbus-tcp", "--units", "1-2"});
  EXPECT_EQ(Found(scan), (Pairs{{"1", "chint-dtsu666"}, {"2", "chint-dtsu666-401e"}})) << scan.dump(2);
}

TEST_F(Commission, ReadsAnIdentifierWithItsFollowUpFramesInHexAndInWords) {
  Play(Line("power") + Meter("DLT645-2007", "260305510020", kOffice + "longest_data = 16\n"));
  const Said said = On("power", {"read", "--address", "260305510020", "--protocol", "dlt645-2007", "--di", "0001FF00"});
  EXPECT_EQ(said.status, 0) << said.err;
  // The request as the standard builds it: address low byte first, identifier + 33H, sum.
  EXPECT_NE(said.out.find("> FEFEFEFE6820005105032668110433323433"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("> FEFEFEFE682000510503266812053332343334"), std::string::npos) << "the first follow-up\n"
                                                                                          << said.out;
  EXPECT_NE(said.out.find("joined\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("\"energy_rate4\""), std::string::npos) << said.out;
}

TEST_F(Commission, ReadsAProfileAndSaysWhenNobodyAnswers) {
  Play(Line("power") + Meter("DLT645-2007", "260305510020", kOffice));
  const std::string profile = "firmware-config/profiles/dlt645-2007-basic.toml";
  const Said good = On("power", {"read", "--address", "260305510020", "--profile", profile});
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_NE(good.out.find("fwd_active_energy "), std::string::npos) << good.out;
  const Said silent = On("power", {"read", "--address", "260305510021", "--profile", profile});
  EXPECT_EQ(silent.status, 3);
  EXPECT_NE(silent.out.find("< silence"), std::string::npos) << silent.out;
  EXPECT_NE(silent.out.find("unreachable"), std::string::npos) << silent.out;
  EXPECT_EQ(On("power", {"read", "--address", "1"}).status, 64) << "neither profile nor identifier";
}

TEST_F(Commission, RefusesALineThatIsNotThere) {
  EXPECT_EQ(Ctl({"meter", "scan"}).status, 64) << "no way to the line";
  EXPECT_EQ(Ctl({"meter", "scan", "--tcp", "127.0.0.1"}).status, 64) << "no port";
  EXPECT_EQ(Ctl({"meter", "scan", "--tcp", "127.0.0.1:1"}).status, 1);
  EXPECT_EQ(Ctl({"meter", "scan", "--serial", "/dev/there-is-none"}).status, 1);
  EXPECT_EQ(Ctl({"meter", "scan", "--tcp", "127.0.0.1:1", "--units", "0-9"}).status, 64) << "no such unit";
}

}  // namespace
}  // namespace yb::ctl
