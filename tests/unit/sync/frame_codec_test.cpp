#include "core/sync/frame_codec.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/digest.hpp"
#include "core/sync/topics.hpp"

namespace yb::sync {
namespace {

base::Bytes Text(std::string_view text) {
  return {text.begin(), text.end()};
}

Frame SampleFrame() {
  return {"150200",
          "lvye-01",
          Lane::kHistory,
          0x1234567890ABCDEF,
          1'772'431'680,
          41,
          {Text("one"), Text(""), Text("three")}};
}

TEST(FrameCodec, BringsAFrameAcrossWithEveryField) {
  const Frame frame = SampleFrame();
  const auto decoded = DecodeUp(EncodeUp(frame));
  ASSERT_TRUE(decoded) << decoded.error().Describe();
  const Frame& got = std::get<Frame>(*decoded);
  EXPECT_EQ(got.city, frame.city);
  EXPECT_EQ(got.site, frame.site);
  EXPECT_EQ(got.lane, frame.lane);
  EXPECT_EQ(got.session, frame.session);
  EXPECT_EQ(got.epoch, frame.epoch);
  EXPECT_EQ(got.first_seq, 41U);
  EXPECT_EQ(got.last_seq(), 43U);
  EXPECT_EQ(got.bodies, frame.bodies);
}

TEST(FrameCodec, BringsHelloWelcomeAndAckAcross) {
  const Chain chain = NextChain({}, base::AsBytes("body"));
  const auto hello = DecodeUp(EncodeUp(Hello{7, {{100, 1, 9, chain}, {200, 1, 0, {}}}}));
  ASSERT_TRUE(hello);
  EXPECT_EQ(std::get<Hello>(*hello).session, 7U);
  EXPECT_EQ(std::get<Hello>(*hello).epochs.at(0).chain, chain);
  EXPECT_EQ(std::get<Hello>(*hello).epochs.at(1).last, 0U);
  const auto welcome = DecodeDown(EncodeDown(Welcome{7, {{100, 8, chain}}, 5}));
  ASSERT_TRUE(welcome);
  EXPECT_EQ(std::get<Welcome>(*welcome).positions.at(0).committed, 8U);
  EXPECT_EQ(std::get<Welcome>(*welcome).credits, 5U);
  const auto ack = DecodeDown(EncodeDown(Ack{7, true, 100, 8, 5}));
  ASSERT_TRUE(ack);
  EXPECT_TRUE(std::get<Ack>(*ack).reopen);
}

TEST(FrameCodec, BringsWhatARestoredSideNeedsAcross) {
  const Chain chain = NextChain({}, base::AsBytes("body"));
  const auto hello = std::get<Hello>(*DecodeUp(EncodeUp(Hello{7, {{100, 5, 9, chain, chain, 8, true}}})));
  EXPECT_EQ(hello.epochs.at(0).chain_before, chain);
  EXPECT_EQ(hello.epochs.at(0).acked, 8U);
  EXPECT_TRUE(hello.epochs.at(0).rolled_back);
  const auto welcome = std::get<Welcome>(*DecodeDown(EncodeDown(Welcome{7, {{100, 8, chain, 12, chain}}, 5, 3})));
  EXPECT_EQ(welcome.positions.at(0).told, 12U);
  EXPECT_EQ(welcome.positions.at(0).told_chain, chain);
  EXPECT_EQ(welcome.central_epoch, 3U);
  const auto fetch = std::get<Fetch>(*DecodeUp(EncodeUp(Fetch{7, 100, 5, 4})));
  EXPECT_EQ(fetch.first, 5U);
  EXPECT_EQ(fetch.last, 4U);
  const auto probed = std::get<Piece>(*DecodeDown(EncodeDown(Piece{7, 100, 5, chain, {}})));
  EXPECT_EQ(probed.last_seq(), 4U);
  const auto piece = std::get<Piece>(*DecodeUp(EncodeUp(Piece{0, 100, 5, chain, {Text("one"), Text("two")}})));
  EXPECT_EQ(piece.chain_before, chain);
  EXPECT_EQ(piece.bodies, (std::vector<base::Bytes>{Text("one"), Text("two")}));
  EXPECT_EQ(std::get<Fetch>(*DecodeDown(EncodeDown(Fetch{0, 100, 5, 9}))).last, 9U);
  EXPECT_FALSE(DecodeUp(EncodeUp(Fetch{7, 100, 5, 3}))) << "no range";
}

TEST(FrameCodec, RefusesAFrameWithAnySingleByteOfItsPayloadChanged) {
  const base::Bytes good = EncodeUp(SampleFrame());
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    base::Bytes bad = good;
    bad[at] ^= 0x40;
    const auto decoded = DecodeUp(bad);
    if (!decoded) {
      ++refused;
      continue;
    }
    // A flipped bit outside payload and digest may leave a readable message; its records must be untouched.
    if (const auto* frame = std::get_if<Frame>(&*decoded)) {
      EXPECT_EQ(frame->bodies, SampleFrame().bodies) << at;
    }
  }
  EXPECT_GT(refused, 60);  // digest and payload alone are 32 + about 30 bytes
}

TEST(FrameCodec, RefusesEveryTruncation) {
  const base::Bytes good = EncodeUp(SampleFrame());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeUp(base::ByteView(good).first(size))) << size;
  }
}

TEST(FrameCodec, SurvivesRandomBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    base::Bytes bytes(random() % 200);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    (void)DecodeUp(bytes);
    (void)DecodeDown(bytes);
  }
}

TEST(Chain, CoversTheBytesAndTheirOrder) {
  const Chain ab = NextChain(NextChain({}, base::AsBytes("a")), base::AsBytes("b"));
  const Chain ba = NextChain(NextChain({}, base::AsBytes("b")), base::AsBytes("a"));
  EXPECT_NE(ab, ba);
  // SHA-256 of 16 zero bytes and "a", computed with: (printf '\0%.0s' {1..16}; printf a) | sha256sum
  EXPECT_EQ(base::ToHex(NextChain({}, base::AsBytes("a"))), "9C6BD5CC05ACBE7CB4AB71165168FF3D");
}

TEST(Topics, AreBuiltAndReadBack) {
  const auto city = *base::CityId::Parse("150200");
  const auto site = *base::SiteId::Parse("lvye-01");
  EXPECT_EQ(UpTopic(city, site, Lane::kHistory), "yb/1/150200/lvye-01/up/history");
  EXPECT_EQ(DownTopic(city, site, Lane::kAlarm), "yb/1/150200/lvye-01/down/alarm");
  const auto parts = ParseTopic("yb/1/150200/lvye-01/up/live");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->site, site);
  EXPECT_TRUE(parts->up);
  EXPECT_EQ(parts->lane, Lane::kLive);
}

TEST(Topics, OfOthersAreRefused) {
  for (const char* topic : {"", "yb/1/150200/lvye-01/up", "yb/2/150200/lvye-01/up/live", "yb/1/150200/+/up/live",
                            "yb/1/150200/lvye-01/sideways/live", "yb/1/150200/lvye-01/up/news",
                            "yb/1/150200/lvye-01/up/live/x", "$SYS/broker/uptime"}) {
    EXPECT_FALSE(ParseTopic(topic)) << topic;
  }
}

}  // namespace
}  // namespace yb::sync
