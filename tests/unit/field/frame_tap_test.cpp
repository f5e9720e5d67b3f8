#include "edge/field/line/frame_tap.hpp"

#include <gtest/gtest.h>

namespace yb::field::line {
namespace {

constexpr base::UtcTime At(std::int64_t micros) {
  return {micros};
}

TEST(FrameTap, JoinsWhatComesBackUntilTheNextRequest) {
  FrameTap tap;
  tap.OnReceived(base::Bytes{0xFE}, At(5));  // before anything was asked: it belongs to nothing
  EXPECT_TRUE(tap.After(0).empty());
  tap.OnSent(base::Bytes{0x68, 0x16}, At(10));
  tap.OnReceived(base::Bytes{0x68}, At(20));
  tap.OnReceived(base::Bytes{0x16}, At(30));
  tap.OnSent(base::Bytes{0x01}, At(40));
  const auto seen = tap.After(0);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].no, 1U);
  EXPECT_EQ(seen[0].sent, (base::Bytes{0x68, 0x16}));
  EXPECT_EQ(seen[0].received, (base::Bytes{0x68, 0x16}));
  EXPECT_EQ(seen[0].sent_at, At(10));
  EXPECT_EQ(seen[0].received_at, At(30));
  EXPECT_FALSE(seen[1].received_at) << "silence is not an empty answer";
}

TEST(FrameTap, KeepsTheLastExchangesHoweverLongItRuns) {
  FrameTap tap;
  for (int i = 1; i <= 1000; ++i) tap.OnSent(base::Bytes{static_cast<std::uint8_t>(i)}, At(i));
  const auto seen = tap.After(0);
  ASSERT_EQ(seen.size(), FrameTap::kExchanges);
  EXPECT_EQ(seen.front().no, 1001 - FrameTap::kExchanges);
  EXPECT_EQ(seen.back().no, 1000U);
  EXPECT_EQ(seen.back().sent, base::Bytes{static_cast<std::uint8_t>(1000)});
  ASSERT_EQ(tap.After(998).size(), 2U);
  EXPECT_TRUE(tap.After(5000).empty());
}

TEST(FrameTap, CutsALineThatBabblesAndSaysSo) {
  FrameTap tap;
  tap.OnSent(base::Bytes(2 * FrameTap::kMostBytes, 0x11), At(1));
  for (int i = 0; i < 10; ++i) tap.OnReceived(base::Bytes(FrameTap::kMostBytes / 4, 0x22), At(2));
  const auto seen = tap.After(0);
  EXPECT_EQ(seen[0].sent.size(), FrameTap::kMostBytes);
  EXPECT_EQ(seen[0].received.size(), FrameTap::kMostBytes);
  EXPECT_TRUE(seen[0].cut);
}

}  // namespace
}  // namespace yb::field::line
