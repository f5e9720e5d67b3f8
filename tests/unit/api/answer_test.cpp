#include "core/api/answer.hpp"

#include <gtest/gtest.h>

namespace yb::api {
namespace {

TEST(ShareText, IsCutSoThatOnlyAllIsOne) {
  EXPECT_EQ(ShareText(1.0), "1.000");
  EXPECT_EQ(ShareText(5758.0 / 5760.0), "0.999");  // two readings of a day of four a minute are missing
  EXPECT_EQ(ShareText(0.0), "0.000");
}

TEST(ShareText, KeepsWhatThreeDigitsSayExactly) {
  for (int thousandths = 0; thousandths <= 1000; ++thousandths) {
    const std::string digits = std::to_string(1000 + thousandths % 1000).substr(1);
    EXPECT_EQ(ShareText(thousandths / 1000.0), (thousandths == 1000 ? "1." : "0.") + digits);
  }
}

}  // namespace
}  // namespace yb::api
