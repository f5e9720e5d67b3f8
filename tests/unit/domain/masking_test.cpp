#include "core/domain/codes/masking.hpp"

#include <gtest/gtest.h>

namespace yb::codes {
namespace {

// The forms are those of domain-facts ("Security"): 138****8000, first 3 and last 4 of an identity number; 王** is how
// the pages of public systems show names.

TEST(Masking, LeavesTheFirstCharacterOfAName) {
  EXPECT_EQ(MaskName("王小明"), "王**");
  EXPECT_EQ(MaskName("李四"), "李*");
  EXPECT_EQ(MaskName("𠅤文"), "𠅤*");
  EXPECT_EQ(MaskName("王"), "*");
  EXPECT_EQ(MaskName(""), "");
}

TEST(Masking, LeavesThreeAndFourOfAPhone) {
  EXPECT_EQ(MaskPhone("13812348000"), "138****8000");
  EXPECT_EQ(MaskPhone("0472-5158000"), "047*****8000");
  EXPECT_EQ(MaskPhone("5158000"), "*****00");
  EXPECT_EQ(MaskPhone("110"), "***");
}

TEST(Masking, LeavesThreeAndFourOfAnIdentityNumber) {
  EXPECT_EQ(MaskIdentityNumber("34052419800101001X"), "340***********001X");
  EXPECT_EQ(MaskIdentityNumber("150203189001010011"), "150***********0011");
  EXPECT_EQ(MaskIdentityNumber("G12345678"), "*********");
}

TEST(Masking, ShowsNoMoreOfWhatIsNoUtf8) {
  EXPECT_EQ(MaskName("\xE7\x8E"), "*");
  EXPECT_EQ(MaskName("\xFF\xFE\xFD"), "\xFF**");
}

}  // namespace
}  // namespace yb::codes
