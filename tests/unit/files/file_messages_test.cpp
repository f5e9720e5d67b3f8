// Bytes of the lane `file`: golden messages made by protoc (core/contract/vectors), and what is refused.
#include "core/files/file_messages.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/contract/sync.pb.h"
#include "core/sync/frame_codec.hpp"

namespace yb::files {
namespace {

base::Bytes Golden(const std::string& name) {
  std::ifstream in("core/contract/vectors/" + name);
  return base::FromHex(std::string{std::istreambuf_iterator<char>(in), {}}).value();
}

// sha256sum of "content of a file".
constexpr std::string_view kSha = "2454BD67A642DDD1431513D92E5F9708DE8C0D8D2E0C4D5F5005A7577BB2C1D9";

TEST(FileMessages, AreReadAndWrittenTheSame) {
  const auto want = DecodeFileMessage(Golden("file-want.hex"));
  ASSERT_TRUE(want) << want.error().Describe();
  EXPECT_EQ(base::ToHex(std::get<FileWant>(*want).sha), kSha);
  EXPECT_EQ(std::get<FileWant>(*want).offset, 65536U);
  EXPECT_EQ(std::get<FileWant>(*want).length, 6400U);
  EXPECT_EQ(EncodeMessage(*want), Golden("file-want.hex"));

  const auto chunk = DecodeFileMessage(Golden("file-chunk.hex"));
  ASSERT_TRUE(chunk) << chunk.error().Describe();
  EXPECT_EQ(base::ToHex(std::get<FileChunk>(*chunk).sha), kSha);
  EXPECT_EQ(std::get<FileChunk>(*chunk).size, 17U);
  EXPECT_EQ(std::get<FileChunk>(*chunk).offset, 11U);
  EXPECT_EQ(base::AsText(std::get<FileChunk>(*chunk).bytes), "a file");
  EXPECT_EQ(EncodeMessage(*chunk), Golden("file-chunk.hex"));

  const auto absent = DecodeFileMessage(Golden("file-absent.hex"));
  ASSERT_TRUE(absent) << absent.error().Describe();
  EXPECT_EQ(base::ToHex(std::get<FileAbsent>(*absent).sha), kSha);
  EXPECT_EQ(EncodeMessage(*absent), Golden("file-absent.hex"));
}

TEST(FileMessages, NoneIsTakenForAMessageOfOtherLanes) {
  for (const char* name : {"file-want.hex", "file-chunk.hex", "file-absent.hex"}) {
    EXPECT_EQ(sync::DecodeUp(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
    EXPECT_EQ(sync::DecodeDown(Golden(name)).error().code, base::ErrorCode::kUnsupported) << name;
  }
  EXPECT_EQ(DecodeFileMessage(Golden("person-ack.hex")).error().code, base::ErrorCode::kUnsupported);
}

TEST(FileMessages, AChunkThatWasFlippedOrCutIsFound) {
  const base::Bytes good = Golden("file-chunk.hex");
  for (std::size_t i = 0; i < good.size(); ++i) {
    base::Bytes changed = good;
    changed[i] ^= 1;
    const auto message = DecodeFileMessage(changed);
    if (!message || !std::holds_alternative<FileChunk>(*message)) continue;
    EXPECT_EQ(base::AsText(std::get<FileChunk>(*message).bytes), "a file") << "its content is never another";
  }
  for (std::size_t size = 1; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeFileMessage(base::ByteView(good).first(size))) << size;
  }
}

TEST(FileMessages, RefusesWhatCannotBe) {
  const auto refused = [](std::uint64_t size, std::uint64_t offset, std::size_t content) {
    contract::FileMessage message;
    contract::FileChunk& chunk = *message.mutable_chunk();
    chunk.set_sha256(std::string(32, 's'));
    chunk.set_size(size);
    chunk.set_offset(offset);
    chunk.set_content(std::string(content, 'c'));
    const base::Digest digest = base::Sha256(base::AsBytes(chunk.content()));
    chunk.set_digest(digest.data(), digest.size());
    return !DecodeFileMessage(base::AsBytes(message.SerializeAsString()));
  };
  EXPECT_FALSE(refused(10, 4, 6));
  EXPECT_FALSE(refused(0, 0, 0)) << "an empty file";
  EXPECT_TRUE(refused(10, 4, 7));
  EXPECT_TRUE(refused(10, 11, 1));
  EXPECT_TRUE(refused(10, 4, 0));
  EXPECT_TRUE(refused(10, UINT64_MAX - 1, 6));
  EXPECT_TRUE(refused(kMostChunk + 1, 0, kMostChunk + 1));
  contract::FileMessage no_sha;
  no_sha.mutable_want()->set_sha256("short");
  EXPECT_FALSE(DecodeFileMessage(base::AsBytes(no_sha.SerializeAsString())));
}

}  // namespace
}  // namespace yb::files
