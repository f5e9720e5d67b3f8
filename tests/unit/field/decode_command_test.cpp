#include "edge/field/decode/decode_command.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace yb::field::decode {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome Decode(const std::vector<std::string>& args) {
  Outcome run;
  run.code = RunMeterDecode(args, run.out, run.err);
  return run;
}

TEST(MeterDecode, PrintsAGoodFrameAsOneLineOfJson) {
  const Outcome run = Decode({"--protocol", "dlt645-2007", "68 34 01 00 14 12 23 68 91 06 33 34 34 35 A4 56 AF 16"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out, R"({"control":"91","address":"231214000134","di":"02010100",)"
                     R"("values":[{"key":"voltage_a","value":"237.1","unit":"V"}]})"
                     "\n");
}

TEST(MeterDecode, SaysWhyAFrameIsRejected) {
  const Outcome run = Decode({"--protocol=dlt645-2007", "6834010014122368910633343435A456AE16"});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, R"({"reject":"bad_checksum","stated_cs":"AE","computed_cs":"AF"})"
                     "\n");
}

TEST(MeterDecode, DetectsALayoutAndSaysSoOrKeepsToTheGivenOne) {
  const std::string frame =
      "682032413140000000812E901F0108020000000802000000170000000035000000002C341000003525006625000000005300121007152000"
      "003116";
  const Outcome detected = Decode({"--protocol", "cjt188", frame});
  EXPECT_EQ(detected.code, 0);
  EXPECT_NE(detected.out.find(R"("layout":"unit-value","layout_source":"detected")"), std::string::npos);
  const Outcome given = Decode({"--protocol", "cjt188", "--layout", "value-unit", frame});
  EXPECT_EQ(given.code, 3) << "in the standard's layout the units make no sense";
}

TEST(MeterDecode, ExplainsAModbusRefusal) {
  const Outcome run = Decode({"--protocol", "modbus", "000100000003018302"});
  EXPECT_EQ(run.code, 0);
  EXPECT_NE(run.out.find(R"("exception":2,"exception_name":"illegal data address")"), std::string::npos) << run.out;
  const Outcome broken = Decode({"--protocol", "modbus", "0183020000"});
  EXPECT_EQ(broken.code, 3);
  EXPECT_NE(broken.out.find(R"("reject":"bad_crc","stated_crc":"0000")"), std::string::npos) << broken.out;
}

TEST(MeterDecode, TellsWrongArgumentsFromWrongFrames) {
  for (const std::vector<std::string>& args :
       std::vector<std::vector<std::string>>{{},
                                             {"6816"},
                                             {"--protocol"},
                                             {"--protocol", "x25", "6816"},
                                             {"--protocol", "cjt188"},
                                             {"--protocol", "cjt188", "68g6"},
                                             {"--protocol", "cjt188", "--layout", "odd", "6816"},
                                             {"--colour", "6816"}}) {
    const Outcome run = Decode(args);
    EXPECT_EQ(run.code, 64);
    EXPECT_FALSE(run.err.empty());
  }
  EXPECT_EQ(Decode({"--help"}).code, 0);
}

TEST(MeterDecode, RefusesAFollowUpThatBelongsElsewhere) {
  const Outcome run = Decode({"--protocol", "dlt645-2007", "6812907856341268B110333234335C34333395333333933333336316",
                              "6812907856341268920D33323433363333333533333335C316"});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.out.find(R"("reject":"sequence_mismatch")"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace yb::field::decode
