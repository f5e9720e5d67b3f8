// Codes published by their owners, and demo codes whose check characters were computed by hand.
#include "core/domain/codes/identity_codes.hpp"

#include <gtest/gtest.h>

namespace yb::codes {
namespace {

const calendar::CivilDate kToday = calendar::ParseDate("2026-03-02").value();

Verdict Uscc(std::string_view code) {
  return CheckCreditCode(code).verdict;
}
Verdict Id(std::string_view number) {
  return CheckIdentityNumber(number, kToday).verdict;
}

TEST(CreditCode, FitsItsCheckCharacter) {
  for (const char* code :
       {"91350200776049653A", "91440101MA5CJQ4N59", "91150203MA0N000164", "91150207MA0N00024Q", "91150204MA0N000328"}) {
    EXPECT_EQ(Uscc(code), Verdict::kGood) << code;
  }
}

TEST(CreditCode, WarnsWhereTheCheckFailsSinceSomeInUseDo) {
  EXPECT_EQ(Uscc("91350100M0001TGQXM"), Verdict::kWarning);
  EXPECT_EQ(Uscc("91350200776049653B"), Verdict::kWarning);
}

TEST(CreditCode, IsWrongInLengthOrLetters) {
  for (const char* code : {"", "91350200776049653", "91350200776049653AA", "9135020077604965IA", "9135020077604965ia",
                           "9135020077604965 A", "统一社会信用代码", "９1350200776049653A"}) {
    EXPECT_EQ(Uscc(code), Verdict::kWrong) << code;
  }
}

TEST(CreditCode, ReadsSmallLettersAsCapitalsAndSaysSo) {
  const Finding finding = CheckCreditCode("91350200776049653a");
  EXPECT_EQ(finding.verdict, Verdict::kWarning);
  EXPECT_EQ(finding.why.en, "the code is written in capitals, small letters are read as such");
  EXPECT_EQ(finding.why.zh, "应为大写字母，小写已按大写读取");
  EXPECT_NE(CheckCreditCode("91350100m0001tgqxm").why.zh.find("校验位应为"), std::string::npos) << "both are told";
  EXPECT_NE(CheckCreditCode("91350100m0001tgqxm").why.zh.find("小写"), std::string::npos);
}

// All check characters fit, by GB 32100 reckoned elsewhere.
TEST(CreditCode, WarnsOfAnOfficeOrAProvinceThatThereIsNot) {
  const Finding nought = CheckCreditCode("000000000000000000");
  EXPECT_EQ(nought.verdict, Verdict::kWarning);
  EXPECT_NE(nought.why.zh.find("首位 0 不是登记管理部门代码"), std::string::npos) << nought.why.zh;
  EXPECT_EQ(Uscc("01350200776049653K"), Verdict::kWarning);
  EXPECT_EQ(Uscc("919902007760496533"), Verdict::kWarning);
  EXPECT_EQ(Uscc("910000007760496537"), Verdict::kWarning);
  EXPECT_EQ(Uscc("11100000000013127D"), Verdict::kGood) << "an office of the country";
  EXPECT_EQ(Uscc("N2150203MF0000001L"), Verdict::kGood) << "a village's economic collective";
}

TEST(IdentityNumber, FitsItsCheckAndBirthDate) {
  EXPECT_EQ(Id("34052419800101001X"), Verdict::kGood);
  EXPECT_EQ(Id("150203189001010011"), Verdict::kGood);
}

TEST(IdentityNumber, IsWrongOtherwise) {
  for (const char* number : {"340524198001010013", "150203189001011011", "34052419800230001X", "3405241980010100",
                             "34052419800101A01X", "340524300001010014", "公民身份号码"}) {
    EXPECT_EQ(Id(number), Verdict::kWrong) << number;
  }
}

TEST(IdentityNumber, ReadsASmallXAsTheCapitalAndSaysSo) {
  EXPECT_EQ(Id("34052419800101001x"), Verdict::kWarning);
  EXPECT_NE(CheckIdentityNumber("34052419800101001x", kToday).why.zh.find("小写"), std::string::npos);
}

// The check characters of all of them fit, by GB 11643 reckoned elsewhere.
TEST(IdentityNumber, WarnsOfAProvinceThatThereIsNot) {
  for (const char* number : {"000000189001010019", "101010189001010016", "160203189001010013", "55101018900101001X"}) {
    EXPECT_EQ(Id(number), Verdict::kWarning) << number;
  }
  EXPECT_NE(CheckIdentityNumber("160203189001010013", kToday).why.zh.find("省级代码 16 不存在"), std::string::npos);
  EXPECT_EQ(Id("990203189001010018"), Verdict::kWarning);
  EXPECT_NE(CheckIdentityNumber("990203189001010018", kToday).why.en.find("no province 90 behind the 9"),
            std::string::npos);
  for (const char* number : {"711000189001010017", "81000018900101001X", "830000189001010013"}) {
    EXPECT_EQ(Id(number), Verdict::kGood) << number << ": residence cards of Taiwan, Hong Kong and Macao";
  }
  EXPECT_EQ(Id("911156189001010011"), Verdict::kGood) << "a permanent residence card that Beijing gave";
  EXPECT_EQ(Id("999156189001010013"), Verdict::kWarning);
}

TEST(IdentityNumber, SaysThatFifteenDigitsAreTheOldForm) {
  const Finding old = CheckIdentityNumber("150203900101001", kToday);
  EXPECT_EQ(old.verdict, Verdict::kWrong);
  EXPECT_NE(old.why.zh.find("旧的 15 位号码"), std::string::npos) << old.why.zh;
  EXPECT_NE(old.why.zh.find("填写 18 位号码"), std::string::npos) << old.why.zh;
  EXPECT_NE(old.why.en.find("old 15-digit form"), std::string::npos) << old.why.en;
  EXPECT_EQ(CheckIdentityNumber("15020390010100X", kToday).why.zh, "应为 18 位，实为 15 位") << "no old one either";
}

TEST(IdentityNumber, SaysWhichPartIsWrong) {
  EXPECT_NE(CheckIdentityNumber("340524198013010011", kToday).why.en.find("1980-13-01"), std::string::npos);
  EXPECT_NE(CheckIdentityNumber("340524198001010013", kToday).why.zh.find("应为 X"), std::string::npos);
}

}  // namespace
}  // namespace yb::codes
