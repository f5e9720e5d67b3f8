// Ciphers against the vectors of their standards, and sealing against bytes that another program sealed.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <numeric>

#include "core/security/master_key.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::security {
namespace {

base::Bytes Hex(std::string_view text) {
  return base::FromHex(text).value();
}
template <std::size_t kSize>
std::array<std::uint8_t, kSize> Array(std::string_view hex) {
  std::array<std::uint8_t, kSize> array{};
  const base::Bytes bytes = Hex(hex);
  std::copy_n(bytes.begin(), kSize, array.begin());
  return array;
}
Secret Counted() {
  Secret secret{};
  std::iota(secret.begin(), secret.end(), 0);
  return secret;
}

TEST(SmCiphers, Sm3GivesTheDigestsOfItsStandard) {
  // GB/T 32905-2016, appendix A.
  EXPECT_EQ(base::ToHex(Sm3(base::AsBytes("abc"))), "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0");
  std::string long_text;
  for (int i = 0; i < 16; ++i) long_text += "abcd";
  EXPECT_EQ(base::ToHex(Sm3(base::AsBytes(long_text))),
            "DEBE9FF92275B8A138604889C18E5A4D6FDB70E5387E5765293DCBA39C0C5732");
}

TEST(SmCiphers, HmacSm3GivesTheCodeOfItsStandard) {
  // GM/T 0042-2015, appendix D.3.
  base::Bytes key(32);
  std::iota(key.begin(), key.end(), 1);
  const std::string half = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const std::string expected = "CA05E144ED05D1857840D1F318A4A8669E559FC8391F414485BFDF7BB408963A";
  EXPECT_EQ(base::ToHex(HmacSm3(key, base::AsBytes(half + half))), expected);
  const std::array<base::ByteView, 3> parts = {base::AsBytes(half), base::ByteView(), base::AsBytes(half)};
  EXPECT_EQ(base::ToHex(HmacSm3(key, parts)), expected);
}

TEST(SmCiphers, HmacSm3TakesALongKeyByItsDigest) {
  const base::Bytes key(100, 7);
  EXPECT_EQ(HmacSm3(key, base::AsBytes("a")), HmacSm3(Sm3(key), base::AsBytes("a")));  // RFC 2104, section 2
}

TEST(SmCiphers, Sm4GivesTheBlockOfItsStandard) {
  // GB/T 32907-2016, appendix A.1. In counter mode zeros come out as the encrypted counter.
  base::Bytes block(16);
  Sm4Ctr(Array<16>("0123456789ABCDEFFEDCBA9876543210"), Array<16>("0123456789ABCDEFFEDCBA9876543210"), block, block);
  EXPECT_EQ(base::ToHex(block), "681EDF34D206965E86B3E94F536E4246");
}

TEST(SmCiphers, Sm4CountsBlocksUp) {
  // draft-ribose-cfrg-sm4-10, A.2.5.1.
  const base::Bytes plain =
      Hex("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
          "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB");
  base::Bytes out(plain.size());
  Sm4Ctr(Array<16>("0123456789ABCDEFFEDCBA9876543210"), Array<16>("000102030405060708090A0B0C0D0E0F"), plain, out);
  EXPECT_EQ(base::ToHex(out),
            "AC3236CB970CC20791364C395A1342D1A3CBC1878C6F30CD074CCE385CDD70C7"
            "F234BC0E24C11980FD1286310CE37B926E02FCD0FAA0BAF38B2933851D824514");
}

TEST(Sealer, OpensWhatAnotherProgramSealed) {
  std::ifstream in("core/contract/vectors/sealed-fields.hex");
  const base::Bytes sealed = Hex(std::string{std::istreambuf_iterator<char>(in), {}});
  const std::string bound = std::string("lvye-01") + '\0' + "018f3c5e-0000-7000-8000-000000000001";
  const auto opened = Sealer(Counted()).Open(base::AsBytes(bound), sealed);
  ASSERT_TRUE(opened) << opened.error().Describe();
  EXPECT_EQ(base::AsText(*opened), "王小明 13812348000");
}

TEST(Sealer, OpensNothingThatWasChangedOrBelongsElsewhere) {
  const Sealer sealer(Counted());
  const std::string plain = "fields of a person";
  const base::Bytes sealed = sealer.Seal(base::AsBytes("bound"), base::AsBytes(plain));
  ASSERT_EQ(sealed.size(), plain.size() + Sealer::kOverhead);
  EXPECT_EQ(base::AsText(sealer.Open(base::AsBytes("bound"), sealed).value()), plain);
  for (std::size_t bit = 8; bit < sealed.size() * 8; ++bit) {
    base::Bytes changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
    ASSERT_EQ(sealer.Open(base::AsBytes("bound"), changed).error().code, base::ErrorCode::kCorrupt) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_FALSE(sealer.Open(base::AsBytes("bound"), base::ByteView(sealed).first(size))) << size;
  }
  base::Bytes newer = sealed;
  newer[0] = 2;
  EXPECT_EQ(sealer.Open(base::AsBytes("bound"), newer).error().code, base::ErrorCode::kUnsupported);
  EXPECT_FALSE(sealer.Open(base::AsBytes("boun"), sealed));
  EXPECT_FALSE(Sealer(DrawSecret()).Open(base::AsBytes("bound"), sealed));
}

TEST(Sealer, SealsTheSameBytesDifferently) {
  const Sealer sealer(Counted());
  EXPECT_NE(sealer.Seal({}, base::AsBytes("same")), sealer.Seal({}, base::AsBytes("same")));
}

TEST(MasterKey, IsMadeOnceForItsOwnerOnly) {
  const test::TempFolder folder;
  const auto made = MasterKey::LoadOrMake(folder.path() / "keys");
  ASSERT_TRUE(made) << made.error().Describe();
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / "keys" / "master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto loaded = MasterKey::LoadOrMake(folder.path() / "keys");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->Derive("persons"), made->Derive("persons"));
  EXPECT_NE(loaded->Derive("persons"), made->Derive("files"));
}

TEST(MasterKey, IsRefusedWhereOthersMayReadItOrItIsNone) {
  const test::TempFolder folder;
  ASSERT_TRUE(MasterKey::LoadOrMake(folder.path()));
  const auto file = folder.path() / "master.key";
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  EXPECT_EQ(MasterKey::LoadOrMake(folder.path()).error().code, base::ErrorCode::kPermission);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  std::ofstream(file) << "0011";
  EXPECT_EQ(MasterKey::LoadOrMake(folder.path()).error().code, base::ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace yb::security
