#include "core/security/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "core/base/write_file.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::security {
namespace {

namespace fs = std::filesystem;

TEST(PrivateFile, IsReplacedWholeAndLeavesNoDraft) {
  const test::TempFolder folder;
  const fs::path file = folder.path() / "site.key";
  ASSERT_TRUE(base::WriteFile(file, "old", base::FileAccess::kReadable));
  ASSERT_TRUE(base::WriteFile(file, "new", base::FileAccess::kOwnerOnly));
  EXPECT_EQ(ReadSmallFile(file).value(), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(PrivateFile, StaysAsItWasWhenTheDiskTakesNoMore) {
  const test::TempFolder folder;
  const fs::path file = folder.path() / "site.key";
  ASSERT_TRUE(base::WriteFile(file, "old", base::FileAccess::kReadable));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const base::Status written = base::WriteFile(file, std::string(200, 'x'), base::FileAccess::kReadable);
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_FALSE(written);
  EXPECT_EQ(ReadSmallFile(file).value(), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(PrivateFile, NamesWhatIsMissing) {
  const auto missing = ReadSmallFile("/nowhere/site.key");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("/nowhere/site.key"), std::string::npos);
}

TEST(PrivateFile, IsNeverLong) {
  const test::TempFolder folder;
  std::ofstream(folder.path() / "long") << std::string((1U << 20) + 1, 'x');
  EXPECT_EQ(ReadSmallFile(folder.path() / "long").error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace yb::security
