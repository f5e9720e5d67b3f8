#include "edge/field/frame_scanner.hpp"

#include <gtest/gtest.h>

#include "edge/field/dlt645/frame.hpp"

namespace yb::field {
namespace {

const std::string kReply = "6812907856341268910833333433896745335416";
const std::string kEcho = "FEFEFEFE68129078563412681104333334336816";

std::vector<std::string> Scan(FrameScanner& scanner, const base::Bytes& bytes, std::size_t portion) {
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < bytes.size(); at += portion) {
    scanner.Push(base::ByteView(bytes).subspan(at, std::min(portion, bytes.size() - at)));
    while (const auto frame = scanner.Next()) frames.push_back(base::ToHex(*frame));
  }
  return frames;
}

TEST(FrameScanner, FindsTheSameFramesInPortionsOfAnySize) {
  const base::Bytes stream = *base::FromHex("5A68" + kEcho + "FEFE" + kReply + "0068" + kReply);
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    FrameScanner scanner(dlt645::ExamineFrame);
    EXPECT_EQ(Scan(scanner, stream, portion), (std::vector<std::string>{kEcho.substr(8), kReply, kReply})) << portion;
  }
}

TEST(FrameScanner, DropsOneByteOnlyAfterAFalseStart) {
  // A false 68 whose length byte and second 68 happen to fit swallows the beginning of the true frame.
  FrameScanner scanner(dlt645::ExamineFrame);
  const base::Bytes stream = *base::FromHex("68010203040506689105" + kReply);
  EXPECT_EQ(Scan(scanner, stream, 7), std::vector<std::string>{kReply});
}

TEST(FrameScanner, TakesAWholeFrameBehindAnUnfinishedStart) {
  FrameScanner scanner(dlt645::ExamineFrame);
  const base::Bytes stream = *base::FromHex("6801020304050668 91C8" + kReply);
  EXPECT_EQ(Scan(scanner, stream, stream.size()), std::vector<std::string>{kReply});
}

TEST(FrameScanner, CountsAWrongChecksumOnce) {
  FrameScanner scanner(dlt645::ExamineFrame);
  base::Bytes broken = *base::FromHex(kReply);
  broken[12] ^= 0x01;
  EXPECT_TRUE(Scan(scanner, broken, 1).empty());
  EXPECT_FALSE(scanner.Next());
  EXPECT_EQ(scanner.bad_checksums(), 1U);
}

TEST(FrameScanner, ForgetsTheOldestOfEndlessNoise) {
  FrameScanner scanner(dlt645::ExamineFrame);
  const base::Bytes noise(100'000, 0x68);
  scanner.Push(noise);
  EXPECT_FALSE(scanner.Next());
  scanner.Push(*base::FromHex(kReply));
  EXPECT_TRUE(scanner.Next());
}

}  // namespace
}  // namespace yb::field
