#include "edge/field/field_config.hpp"

#include <gtest/gtest.h>

namespace yb::field {
namespace {

constexpr const char* kProfilesFolder = "firmware-config/profiles";

MeterProfiles Shipped() {
  base::Result<MeterProfiles> profiles = LoadProfiles(kProfilesFolder);
  EXPECT_TRUE(profiles) << profiles.error().Describe();
  return profiles ? *profiles : MeterProfiles{};
}

std::string Line(const std::string& rest) {
  return "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"10.0.3.7\"\nport = 4001\n" + rest;
}

std::string Meter(const std::string& rest = "") {
  return "[[line.meter]]\nkey = \"feeder-1\"\nname = \"进线一段\"\nprofile = \"dlt645-2007-three-phase\"\n"
         "address = \"260305510020\"\n" +
         rest;
}

std::string ErrorOf(const std::string& text) {
  const base::Result<FieldConfig> config = ParseFieldConfig(text, "field.toml", Shipped());
  return config ? "accepted" : config.error().Describe();
}

TEST(Profiles, ShipChecked) {
  const MeterProfiles profiles = Shipped();
  for (const char* name :
       {"acrel-dtsd1352", "chint-dtsu666", "chint-dtsu666-401e", "cjt188-gas", "cjt188-heat", "cjt188-heat-gj",
        "cjt188-heat-unit-first", "cjt188-water", "cjt188-water-1f90", "cjt188-water-litres",
        "dlt645-1997-single-phase", "dlt645-1997-three-phase", "dlt645-2007-single-phase", "dlt645-2007-three-phase"}) {
    EXPECT_TRUE(profiles.contains(name)) << name;
  }
}

TEST(FieldConfig, YieldsThePointsOfItsMeters) {
  const auto config = ParseFieldConfig(Line("reply_timeout_ms = 800\n" + Meter("interval_s = 15\nct = 40\npt = 100\n")),
                                       "field.toml", Shipped());
  ASSERT_TRUE(config) << config.error().Describe();
  ASSERT_EQ(config->lines.size(), 1U);
  EXPECT_EQ(config->lines[0].timing.reply_timeout, std::chrono::milliseconds(800));
  const MeterConfig& meter = config->lines[0].meters.at(0);
  EXPECT_EQ(meter.interval, std::chrono::seconds(15));
  EXPECT_EQ(meter.settings.points[0].factor.ToString(), "4000");
  const metering::Point point = config->Points().at(0);
  EXPECT_EQ(point.key, "feeder-1/fwd_active_energy");
  EXPECT_EQ(point.meter_name, "进线一段");
  EXPECT_EQ(point.utility, metering::Utility::kPower);
  EXPECT_EQ(point.kind, metering::PointKind::kRegister);
  EXPECT_EQ(point.line, "line-1");
}

TEST(FieldConfig, NamesFileLineKeyFoundAndExpected) {
  EXPECT_EQ(
      ErrorOf(Line("reply_timeout_ms = \"fast\"\n")),
      "field.toml:6: line 'line-1': reply_timeout_ms: found the text \"fast\" (expected a whole number from 20 to "
      "60000)");
  EXPECT_EQ(ErrorOf("[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"10.0.3.7\"\n"),
            "field.toml:1: line 'line-1': port: is missing (expected a whole number from 1 to 65535)");
  EXPECT_EQ(ErrorOf("[[line]\n").substr(0, 13), "field.toml:1:");
}

TEST(FieldConfig, SuggestsTheKeyThatWasMeant) {
  EXPECT_EQ(ErrorOf(Line("replay_timeout_ms = 800\n")),
            "field.toml:6: line 'line-1': replay_timeout_ms: is no known key (did you mean 'reply_timeout_ms'?)");
  EXPECT_EQ(ErrorOf(Line("[[line.meter]]\nkey = \"m\"\nname = \"n\"\nprofile = \"dlt645-2007-three-fase\"\n")),
            "field.toml:9: meter 'm': profile: there is no profile \"dlt645-2007-three-fase\" (did you mean "
            "\"dlt645-2007-three-phase\"?)");
}

TEST(FieldConfig, RefusesDuplicates) {
  EXPECT_EQ(ErrorOf(Line(Meter()) + Line("")),
            "field.toml:12: line 'line-1': key: \"line-1\" is there twice (it is already used in line 2)");
  std::string second = Line("");
  second.replace(second.find("line-1"), 6, "line-2");
  EXPECT_EQ(ErrorOf(Line("") + second),
            "field.toml:10: line 'line-2': port: \"10.0.3.7:4001\" is there twice (it is already used in line 5)");
  EXPECT_EQ(ErrorOf(Line(Meter() + Meter())),
            "field.toml:12: meter 'feeder-1': key: \"feeder-1\" is there twice (it is already used in line 7)");
  std::string other = Meter();
  other.replace(other.find("feeder-1"), 8, "feeder-2");
  EXPECT_NE(ErrorOf(Line(Meter() + other)).find("260305510020\" is there twice"), std::string::npos);
}

TEST(FieldConfig, RefusesAnAddressTheProtocolDoesNotKnow) {
  std::string text = Meter();
  text.replace(text.find("260305510020"), 12, "AAAAAAAAAAAA");
  EXPECT_EQ(ErrorOf(Line(text)),
            "field.toml:10: meter 'feeder-1': address: 'AAAAAAAAAAAA' is no meter address (write the number on the "
            "nameplate, 1 to 12 decimal digits)");
}

TEST(FieldConfig, ReadsSerialAndDialInLines) {
  const auto config = ParseFieldConfig(
      "[[line]]\nkey = \"bus\"\nkind = \"serial\"\ndevice = \"/dev/ttyS1\"\nbaud = 9600\nparity = \"none\"\n"
      "[[line]]\nkey = \"dtu\"\nkind = \"tcp-listen\"\nport = 9001\nregistration_hex = \"AA01\"\n",
      "field.toml", Shipped());
  ASSERT_TRUE(config) << config.error().Describe();
  EXPECT_EQ(config->lines[0].serial.baud, 9600);
  EXPECT_EQ(config->lines[0].serial.parity, line::Parity::kNone);
  EXPECT_EQ(config->lines[1].dial_in.registration, (base::Bytes{0xAA, 0x01}));
  EXPECT_EQ(
      ErrorOf("[[line]]\nkey = \"bus\"\nkind = \"serial\"\ndevice = \"/dev/ttyS1\"\nbaud = 9601\n"),
      "field.toml:5: line 'bus': baud: found the number 9601 (expected 600, 1200, 2400, 4800, 9600, 19200, 38400, "
      "57600 or 115200)");
  EXPECT_EQ(ErrorOf("[[line]]\nkey = \"bus\"\nkind = \"pigeon\"\n"),
            "field.toml:3: line 'bus': kind: found \"pigeon\" (expected \"tcp\", \"tcp-listen\" or \"serial\")");
}

TEST(FieldConfig, LetsARegisterMapRunOverEitherModbusAndNothingElse) {
  const std::string head = "[[line.meter]]\nkey = \"m\"\nname = \"n\"\n";
  const std::string acrel = head + "profile = \"acrel-dtsd1352\"\naddress = \"1\"\n";
  EXPECT_EQ(ErrorOf(Line(acrel + "protocol = \"modbus-tcp\"\n")), "accepted");
  EXPECT_EQ(ErrorOf(Line(acrel + "protocol = \"cjt188\"\n")),
            "field.toml:11: meter 'm': protocol: found \"cjt188\" (expected \"modbus-rtu\", as the profile says)");
}

TEST(FieldConfig, TakesRatiosAsExactNumbersOnly) {
  EXPECT_EQ(ErrorOf(Line(Meter("ct = \"0.5\"\n"))), "accepted");
  EXPECT_EQ(
      ErrorOf(Line(Meter("ct = 0.5\n"))),
      "field.toml:11: meter 'feeder-1': ct: found the number 0.5 (expected a whole number, or an exact decimal in "
      "quotes such as \"0.01\")");
  EXPECT_EQ(ErrorOf(Line(Meter("ct = 0\n"))),
            "field.toml:11: meter 'feeder-1': ct: found 0 (expected a ratio above 0, such as 40 for 200/5)");
}

TEST(Profile, NamesThePointThatItsProtocolRefuses) {
  const std::string head = "title = \"t\"\nprotocol = \"dlt645-2007\"\nutility = \"power\"\n";
  const auto profile = ParseProfile(
      head + "[[point]]\nquantity = \"u\"\nunit = \"kV\"\nkind = \"gauge\"\ndi = \"02010100\"\n", "p", "p.toml");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().Describe(),
            "p.toml:8: point 'u': di: the unit is 'kV' (identifier 02010100 is sent in 'V')");
}

TEST(Profile, RefusesAQuantityThatIsThereTwice) {
  const std::string point = "[[point]]\nquantity = \"u\"\nunit = \"V\"\nkind = \"gauge\"\ndi = \"02010100\"\n";
  const auto profile =
      ParseProfile("title = \"t\"\nprotocol = \"dlt645-2007\"\nutility = \"power\"\n" + point + point, "p", "p.toml");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "is there twice");
}

}  // namespace
}  // namespace yb::field
