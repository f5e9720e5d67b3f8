#include "core/identity/password.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace yb::identity {
namespace {

TEST(Password, IsHashedWithArgon2idAsTheGuidelinesSay) {
  PasswordHasher hasher;
  const std::string hash = hasher.Hash("correct horse battery").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(hasher.Verify("correct horse battery", hash).value());
  EXPECT_FALSE(hasher.Verify("correct horse batterz", hash).value());
  EXPECT_FALSE(hasher.Verify("", hash).value());
  EXPECT_NE(hasher.Hash("correct horse battery").value(), hash) << "each has its own salt";
}

TEST(Password, TakesHashesOfOtherPrograms) {
  // The first vector of version 19 for Argon2id in src/test.c of the reference implementation.
  const std::string hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(PasswordHasher().Verify("password", hash).value());
}

TEST(Password, OfNobodyIsNeverRight) {
  PasswordHasher hasher;
  EXPECT_FALSE(hasher.Verify("", "").value());
  EXPECT_FALSE(hasher.Verify("correct horse battery", "").value());
  EXPECT_EQ(hasher.Verify("correct horse battery", "rubbish").error().code, base::ErrorCode::kCorrupt);
}

TEST(Password, WaitsInAQueueThatEnds) {
  PasswordHasher hasher(0);
  std::vector<std::future<base::Result<std::string>>> hashes;
  for (int i = 0; i < 8; ++i) {
    hashes.push_back(std::async(std::launch::async, [&] { return hasher.Hash("correct horse battery"); }));
  }
  int done = 0;
  for (auto& hash : hashes) {
    const auto result = hash.get();
    if (result) {
      ++done;
    } else {
      EXPECT_EQ(result.error().code, base::ErrorCode::kUnavailable);
    }
  }
  EXPECT_GE(done, 1);
}

TEST(Password, HasARuleThatIsTold) {
  EXPECT_TRUE(CheckNewPassword("0123456789", "zhangsan"));
  EXPECT_TRUE(CheckNewPassword("园区事园区办二十四小时", "zhangsan")) << "characters count, not bytes";
  EXPECT_FALSE(CheckNewPassword("园区事园区办", "zhangsan")) << "18 bytes, but 6 characters";
  EXPECT_EQ(CheckNewPassword("012345678", "zhangsan").error().message_zh, "密码至少 10 个字符，现在是 9 个");
  EXPECT_FALSE(CheckNewPassword("ZhangSan-0001", "zhangsan-0001"));
  EXPECT_FALSE(CheckNewPassword(std::string(257, 'x'), "zhangsan"));
}

}  // namespace
}  // namespace yb::identity
