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
  for (const char* code : {"", "91350200776049653", "91350200776049653AA", "9135020077604965IA", "91350200776049653a",
                           "9135020077604965 A", "统一社会信用代码", "９1350200776049653A"}) {
    EXPECT_EQ(Uscc(code), Verdict::kWrong) << code;
  }
}

TEST(IdentityNumber, FitsItsCheckAndBirthDate) {
  EXPECT_EQ(Id("34052419800101001X"), Verdict::kGood);
  EXPECT_EQ(Id("150203189001010011"), Verdict::kGood);
}

TEST(IdentityNumber, IsWrongOtherwise) {
  for (const char* number : {"340524198001010013", "150203189001011011", "34052419800101001x", "34052419800230001X",
                             "3405241980010100", "34052419800101A01X", "340524300001010014", "公民身份号码"}) {
    EXPECT_EQ(Id(number), Verdict::kWrong) << number;
  }
}

TEST(IdentityNumber, SaysWhichPartIsWrong) {
  EXPECT_NE(CheckIdentityNumber("340524198013010011", kToday).why.en.find("1980-13-01"), std::string::npos);
  EXPECT_NE(CheckIdentityNumber("340524198001010013", kToday).why.zh.find("应为 X"), std::string::npos);
}

}  // namespace
}  // namespace yb::codes
