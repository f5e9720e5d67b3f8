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

std::string InChinese(const std::string& text) {
  const base::Result<FieldConfig> config = ParseFieldConfig(text, "field.toml", Shipped());
  return config ? "accepted" : config.error().message_zh + "|" + config.error().hint_zh;
}

TEST(FieldConfig, SaysEveryFaultInChineseToo) {
  std::string no_number = Meter();
  no_number.replace(no_number.find("260305510020"), 12, "12ab");
  const std::string serial = "[[line]]\nkey = \"bus\"\nkind = \"serial\"\ndevice = \"/dev/ttyS1\"\n";
  const std::string dtu = "[[line]]\nkey = \"dtu\"\nkind = \"tcp-listen\"\nport = 9001\n";
  const std::pair<std::string, std::string> cases[] = {
      {Line("extra_tries = \"fast\"\n"), "写的是文本“fast”|应为 0 至 5 的整数"},
      {"[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"10.0.3.7\"\n", "缺少这一项|应为 1 至 65535 的整数"},
      {"[[line]]\nkey = \"Line 1\"\n", "写的是“Line 1”|应为不超过 48 个字符，限 a-z、0-9、- 和 _"},
      {Line("replay_timeout_ms = 800\n"), "没有这个键|是不是想写“reply_timeout_ms”？"},
      {Line(Meter()) + Line(""), "“line-1”出现了两次|第 2 行已经用过"},
      {Line(no_number), "“12ab”不是表号|写铭牌上的号码，1 至 12 位数字"},
      {Line(Meter("ct = 0.5\n")), "写的是数字 0.5|应为整数，或带引号的精确小数，如 \"0.01\""},
      {Line(Meter("ct = -1\n")), "写的是 -1|应为大于 0 的变比，如 200/5 写 40"},
      {Line(Meter("rated = 0\n")), "写的是 0|应为最大可能值，单位 kW，水和燃气为 m3/h"},
      {Line(Meter("protocol = \"cjt188\"\n")), "写的是“cjt188”|应为“dlt645-2007”，与表型一致"},
      {serial + "baud = 9601\n", "写的是数字 9601|应为 600、1200、2400、4800、9600、19200、38400、57600 或 115200"},
      {serial + "parity = \"mark\"\n", "写的是“mark”|应为“none”、“even”或“odd”"},
      {dtu + "registration_hex = \"AA0\"\n", "第 3 个字符处的字节只有一位十六进制数字|应为十六进制，如“AA01”"},
      {dtu + "registration = \"a\"\nregistration_hex = \"AA\"\n", "与 registration 同时出现|应为两者之一"},
      {"line = 3\n", "写的是数字 3|应为写成 [[…line]] 的表"},
  };
  for (const auto& [text, chinese] : cases) EXPECT_EQ(InChinese(text), chinese) << text;
  EXPECT_EQ(InChinese("[[line]\n").substr(0, std::string("不合 TOML 格式：").size()), "不合 TOML 格式：");
  EXPECT_EQ(InChinese(Line("[[line.meter]]\nkey = \"m\"\nname = \"n\"\nprofile = \"dlt645-2007-three-fase\"\n")),
            "没有表型“dlt645-2007-three-fase”|是不是想写“dlt645-2007-three-phase”？");
}

TEST(Profile, SaysWhatItsProtocolRefusesInChineseToo) {
  const std::string head = "title = \"t\"\nutility = \"power\"\nprotocol = ";
  const std::string point = "[[point]]\nquantity = \"u\"\nkind = \"gauge\"\n";
  const std::pair<std::string, std::string> cases[] = {
      {"\"dlt645-2007\"\n" + point + "unit = \"kV\"\ndi = \"02010100\"\n",
       "单位写的是“kV”|数据标识 02010100 的单位是“V”"},
      {"\"dlt645-2007\"\n" + point + "unit = \"V\"\ndi = \"0201\"\n",
       "“0201”不是 DL/T 645-2007 的数据标识|按 DI3 DI2 DI1 DI0 写成八位十六进制，如 00010000"},
      {"\"cjt188\"\n[options]\nlitres = \"half\"\n", "不认识“half”|应为“hundredths”或“whole”"},
      {"\"modbus-rtu\"\n" + point + "unit = \"V\"\nregister = \"0x10000\"\ntype = \"u16\"\n",
       "“0x10000”不是寄存器地址|写成“0x0061”或“97”，从 0 数起"},
      {"\"modbus-rtu\"\n" + point + "unit = \"V\"\nregister = \"1\"\ntype = \"u8\"\n",
       "“u8”不是寄存器类型|应为 u16、i16、u32、i32、u64、i64、f32 或 f64"},
      {"\"profibus\"\n", "写的是“profibus”|应为其中之一：dlt645-2007、dlt645-1997、cjt188、modbus-rtu、modbus-tcp"},
      {"\"cjt188\"\n", "缺少这一项|应为至少一个 [[point]]"},
  };
  for (const auto& [text, chinese] : cases) {
    const auto profile = ParseProfile(head + text, "p", "p.toml");
    ASSERT_FALSE(profile) << text;
    EXPECT_EQ(profile.error().message_zh + "|" + profile.error().hint_zh, chinese) << text;
  }
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
