#include "tools/metersim/sim_config.hpp"

#include <gtest/gtest.h>

namespace yb::metersim {
namespace {

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
  const base::Result<SimConfig> config = ParseSimConfig(text, "sim.toml", profiles);
  return config ? "none" : config.error().Describe();
}

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text(kGood);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(SimConfig, ReadsLinesAndMeters) {
  const ProfileCatalogue profiles;
  const base::Result<SimConfig> config = ParseSimConfig(kGood, "sim.toml", profiles);
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
            "sim.toml:4: line.baud: found \"fast\", expected a whole number from 0 to 115200");
  EXPECT_EQ(Complaint(Replaced("\"DLT645-2007\"", "\"DLT645\"")),
            "sim.toml:7: line.meter.protocol: found \"DLT645\", expected one of \"DLT645-2007\" \"CJT188\"");
  EXPECT_EQ(Complaint(Replaced("127.0.0.1:0", "127.0.0.1")),
            "sim.toml:3: line.listen: found \"127.0.0.1\", expected an IPv4 address and a port, such as "
            "\"127.0.0.1:4001\"");
  EXPECT_EQ(Complaint(Replaced("\"161\"", "\"16A\"")),
            "sim.toml:8: line.meter.address: found \"16A\", expected 1 to 12 digits");
  EXPECT_EQ(Complaint(Replaced("industrial-feeder", "residential-water")),
            "sim.toml:9: line.meter.profile: found \"residential-water\", expected a profile of DLT645-2007: "
            "industrial-feeder, smelter-feeder, office-building, dormitory, solar-roof");
}

TEST(SimConfig, RefusesAKeyItDoesNotKnow) {
  EXPECT_NE(Complaint(Replaced("count = 3", "cuont = 3")).find("sim.toml:10: line.meter.cuont: found an unknown key"),
            std::string::npos);
}

TEST(SimConfig, RefusesWhatIsMissing) {
  EXPECT_EQ(Complaint(""), "sim.toml:1: line: found none, expected at least one [[line]]");
  EXPECT_NE(Complaint(Replaced("key = \"line-1\"\n", "")).find("line.key: found nothing"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("csv_meter = \"W13\"\n", "")).find("line.meter.csv_meter: found nothing"),
            std::string::npos);
}

TEST(SimConfig, RefusesTomlThatIsNone) {
  EXPECT_EQ(Complaint("[[line]\n").substr(0, 11), "sim.toml:1:");
}

TEST(SimConfig, CountsAddressesUpward) {
  EXPECT_EQ(AddressAfter("000000000199", 2).value_or(""), "000000000201");
  EXPECT_FALSE(AddressAfter("999999999999", 1));
}

}  // namespace
}  // namespace yb::metersim
