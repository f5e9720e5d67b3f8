#include "tools/metersim/sim_config.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace yb::metersim {
namespace {

constexpr base::UtcTime kStart{1'793'851'200'000'000};

constexpr std::string_view kGood = R"([[line]]
key = "line-1"
listen = "127.0.0.1:0"
baud = 2400

[[line.meter]]
protocol = "DLT645-2007"
address = "161"
profile = "industrial-feeder"
count = 3

[[line.meter]]
protocol = "CJT188"
address = "11223344556677"
csv = "water_hourly.csv"
csv_meter = "W13"
di_order = "1F90"
)";

std::string Complaint(std::string_view text) {
  const ProfileCatalogue profiles;
  const base::Result<SimConfig> config = ParseSimConfig(text, "sim.toml", profiles, kStart);
  return config ? "none" : config.error().Describe();
}

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text(kGood);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(SimConfig, ReadsLinesAndMeters) {
  const ProfileCatalogue profiles;
  const base::Result<SimConfig> config = ParseSimConfig(kGood, "sim.toml", profiles, kStart);
  ASSERT_TRUE(config) << config.error().Describe();
  ASSERT_EQ(config->lines.size(), 1U);
  const LineConfig& line = config->lines[0];
  EXPECT_EQ(line.baud, 2400);
  EXPECT_EQ(line.reply_delay, std::chrono::milliseconds(50)) << "a paced line answers after 50 ms";
  ASSERT_EQ(line.meters.size(), 2U);
  EXPECT_EQ(line.meters[0].address, "000000000161") << "short addresses are padded";
  EXPECT_EQ(line.meters[0].count, 3);
  EXPECT_EQ(line.meters[1].di_order, DiOrder::k1F90);
  EXPECT_EQ(line.meters[1].where, "sim.toml:12");
}

TEST(SimConfig, NamesFileLineKeyFoundAndExpected) {
  EXPECT_EQ(Complaint(Replaced("baud = 2400", "baud = \"fast\"")),
            "sim.toml:4: line: baud: found the text \"fast\" (expected a whole number from 0 to 115200)");
  EXPECT_EQ(Complaint(Replaced("\"DLT645-2007\"", "\"DLT645\"")),
            "sim.toml:7: meter: protocol: found \"DLT645\" (expected one of \"DLT645-2007\" \"DLT645-1997\" \"CJT188\" "
            "\"MODBUS-RTU\" \"MODBUS-TCP\")");
  EXPECT_EQ(Complaint(Replaced("127.0.0.1:0", "127.0.0.1")),
            "sim.toml:3: line: listen: found \"127.0.0.1\" (expected an IPv4 address and a port, such as "
            "\"127.0.0.1:4001\")");
  EXPECT_EQ(Complaint(Replaced("\"161\"", "\"16A\"")),
            "sim.toml:8: meter: address: found \"16A\" (expected 1 to 12 digits)");
  EXPECT_EQ(Complaint(Replaced("industrial-feeder", "residential-water")),
            "sim.toml:9: meter: profile: found \"residential-water\" (expected a profile of DLT645-2007: "
            "industrial-feeder, smelter-feeder, office-building, dormitory, solar-roof)");
}

TEST(SimConfig, RefusesAKeyItDoesNotKnow) {
  EXPECT_EQ(Complaint(Replaced("count = 3", "cuont = 3")),
            "sim.toml:10: meter: cuont: is no known key (did you mean 'count'?)");
}

TEST(SimConfig, RefusesWhatIsMissing) {
  EXPECT_EQ(Complaint(""), "sim.toml:1: line: found none (expected at least one [[line]])");
  EXPECT_NE(Complaint(Replaced("key = \"line-1\"\n", "")).find("line: key: is missing"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("csv_meter = \"W13\"\n", "")).find("meter: csv_meter: found nothing"),
            std::string::npos);
}

TEST(SimConfig, WantsOneEndpointPerLine) {
  EXPECT_NE(Complaint(Replaced("baud = 2400", "pty = \"/tmp/line\"")).find("found 2 of listen, dial and pty"),
            std::string::npos);
  EXPECT_EQ(Complaint(Replaced("listen =", "dial =")), "none");
}

TEST(SimConfig, ReadsFaultsAndEvents) {
  const ProfileCatalogue profiles;
  const std::string text = std::string(kGood) + R"(
[[line.meter.fault]]
kind = "late"
every = 10
from = "+60s"

[[line.meter.fault]]
kind = "power_off"
from = "2026-11-05T04:00:00Z"
to = "+300s"

[[line.meter.event]]
kind = "replacement"
at = "+600s"
start = "0.35"
address = "11223344556678"

[[line.fault]]
kind = "wrong_checksum"
probability = 0.01
)";
  const base::Result<SimConfig> config = ParseSimConfig(text, "sim.toml", profiles, kStart);
  ASSERT_TRUE(config) << config.error().Describe();
  const LineConfig& line = config->lines[0];
  ASSERT_EQ(line.faults.rules.size(), 1U);
  EXPECT_EQ(line.faults.rules[0].per_million, 10'000U);
  EXPECT_EQ(line.faults.rules[0].every, 0U);
  const MeterConfig& meter = line.meters[1];
  ASSERT_EQ(meter.faults.rules.size(), 1U);
  EXPECT_EQ(meter.faults.rules[0].from, kStart + std::chrono::seconds(60));
  EXPECT_EQ(meter.faults.rules[0].delay, std::chrono::seconds(3));
  ASSERT_EQ(meter.faults.power_off.size(), 1U);
  EXPECT_EQ(meter.faults.power_off[0].to, kStart + std::chrono::minutes(5));
  ASSERT_EQ(meter.replacements.size(), 1U);
  EXPECT_EQ(meter.replacements[0].start, 35);
}

TEST(SimConfig, RefusesFaultsThatCannotBe) {
  EXPECT_NE(Complaint(std::string(kGood) + "[[line.fault]]\nkind = \"late\"\nevery = 2\nprobability = 0.5\n")
                .find("found both every and probability"),
            std::string::npos);
  EXPECT_NE(Complaint(std::string(kGood) + "[[line.fault]]\nkind = \"late\"\nfrom = \"soon\"\n")
                .find("fault: from: found \"soon\" (expected a time"),
            std::string::npos);
  EXPECT_NE(Complaint(std::string(kGood) + "[[line.fault]]\nkind = \"power_off\"\nfrom = \"+1s\"\n")
                .find("fault: to: is missing"),
            std::string::npos);
}

TEST(SimConfig, KeepsModbusTcpOnLinesOfItsOwn) {
  EXPECT_NE(Complaint(std::string(kGood) + "[[line.meter]]\nprotocol = \"MODBUS-TCP\"\naddress = \"1\"\n"
                                           "map = \"acrel-dtsd1352\"\nprofile = \"dormitory\"\n")
                .find("found MODBUS-TCP beside protocols of a bus"),
            std::string::npos);
}

TEST(SimConfig, RefusesTomlThatIsNone) {
  EXPECT_EQ(Complaint("[[line]\n").substr(0, 11), "sim.toml:1:");
}

TEST(SimConfig, ReadsTheExamplesOfItsGuide) {
  std::ifstream guide("docs/metersim.md");
  ASSERT_TRUE(guide) << "tests run in the project's folder";
  int examples = 0;
  std::string example;
  bool inside = false;
  for (std::string line; std::getline(guide, line);) {
    if (inside && line == "```") {
      EXPECT_EQ(Complaint(example), "none") << example;
      ++examples;
      inside = false;
    } else if (inside) {
      example += line + "\n";
    } else if (line == "```toml") {
      inside = true;
      example.clear();
    }
  }
  EXPECT_GE(examples, 4);
}

TEST(SimConfig, CountsAddressesUpward) {
  EXPECT_EQ(AddressAfter("000000000199", 2).value_or(""), "000000000201");
  EXPECT_FALSE(AddressAfter("999999999999", 1));
}

}  // namespace
}  // namespace yb::metersim
