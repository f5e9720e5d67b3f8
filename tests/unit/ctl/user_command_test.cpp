// yuanbanctl user on a store that a program may have open at the same time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/identity/identity_service.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

class UserCommandTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(folder_.path() / "password") << "correct horse battery\n"; }

  int Ctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "user");
    arguments.insert(arguments.end(), {"--data", folder_.path()});
    out_.str("");
    err_.str("");
    return ctl::Run(arguments, out_, err_, clock_);
  }
  int Add(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"add", name, "--password-file", folder_.path() / "password"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Ctl(std::move(arguments));
  }
  std::unique_ptr<identity::UserStore> Open() {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "users.db"});
    return identity::UserStore::Open(*opener).value();
  }
  bool CanLogIn(const std::string& name, const std::string& password) {
    const auto store = Open();
    identity::IdentityOptions options;
    options.folder = folder_.path();
    options.program = "central";
    const auto service = identity::IdentityService::Start(options, *store, clock_).value();
    return service->LogIn(name, password, {}).has_value();
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  std::ostringstream out_, err_;
};

TEST_F(UserCommandTest, MakesUsersWhoCanLogIn) {
  ASSERT_EQ(Add("zhangsan", {"--role", "administrator", "--display-name", "张三"}), 0) << err_.str();
  ASSERT_EQ(Add("lisi", {"--role", "park_it,leader", "--site", "lvye-01", "--site", "jiuyuan-01"}), 0) << err_.str();
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder_.path() / "users.db").permissions(), perms::owner_read | perms::owner_write);
  EXPECT_TRUE(CanLogIn("zhangsan", "correct horse battery"));
  ASSERT_EQ(Ctl({"list"}), 0);
  EXPECT_EQ(
      out_.str(),
      "lisi  lisi  park_it,leader  jiuyuan-01 lvye-01   last log-in never\n"
      "zhangsan  张三  administrator,security_administrator,auditor  all sites  last log-in 2026-03-02 14:08 +08:00\n");
}

TEST_F(UserCommandTest, ChangesWhatWasMade) {
  ASSERT_EQ(Add("zhangsan", {"--role", "administrator"}), 0);
  ASSERT_EQ(Add("lisi", {"--role", "leader"}), 0);
  ASSERT_EQ(Ctl({"disable", "lisi"}), 0) << err_.str();
  EXPECT_FALSE(CanLogIn("lisi", "correct horse battery"));
  ASSERT_EQ(Ctl({"enable", "lisi"}), 0);
  ASSERT_EQ(Ctl({"role", "lisi", "--role", "coordinator", "--site", "lvye-01"}), 0);
  EXPECT_EQ(identity::ToText(Open()->Find("lisi")->roles), "coordinator");
  EXPECT_EQ(Open()->Find("lisi")->sites.size(), 1U);
  ASSERT_EQ(Ctl({"role", "lisi", "--role", "coordinator", "--all-sites"}), 0);
  EXPECT_TRUE(Open()->Find("lisi")->sites.empty());
  std::ofstream(folder_.path() / "password") << "another good sentence";
  ASSERT_EQ(Ctl({"password", "lisi", "--password-file", folder_.path() / "password"}), 0);
  EXPECT_TRUE(CanLogIn("lisi", "another good sentence"));
  EXPECT_FALSE(CanLogIn("lisi", "correct horse battery"));
}

TEST_F(UserCommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(Ctl({"list"}), 0);
  EXPECT_EQ(out_.str(), "there is no user yet\n");
  EXPECT_EQ(Ctl({"disable", "zhangsan"}), 1);
  EXPECT_NE(err_.str().find("there is no such user"), std::string::npos);
  EXPECT_EQ(Add("zhangsan", {"--role", "root"}), 64);
  EXPECT_NE(err_.str().find(
                "there are: administrator, security_administrator, auditor, park_it, coordinator, leader, clerk, "),
            std::string::npos);
  EXPECT_EQ(Add("Zhang San", {"--role", "leader"}), 1);
  ASSERT_EQ(Add("zhangsan", {"--role", "administrator"}), 0);
  EXPECT_EQ(Ctl({"disable", "zhangsan"}), 1);
  EXPECT_NE(err_.str().find("this is the last administrator"), std::string::npos);
  EXPECT_EQ(Add("lisi", {}), 64) << "no role";
  std::ostringstream out, err;
  EXPECT_EQ(ctl::Run({"user", "list", "--data", folder_.path() / "nothing"}, out, err, clock_), 1);
}

TEST_F(UserCommandTest, ExtendsTheLogInOfUsersOfTheCityForTheBoxToBringIntoItsLedger) {
  EXPECT_EQ(Ctl({"extend"}), 1);
  EXPECT_NE(err_.str().find("the city has sent no users here"), std::string::npos) << err_.str();
  const auto box = Open();
  ASSERT_TRUE(box->NoteDirectory(clock_.Now()));
  clock_.Advance(std::chrono::hours(24));
  ASSERT_EQ(Ctl({"extend"}), 0) << err_.str();
  // 30 days from 2026-03-03.
  EXPECT_NE(out_.str().find("until 2026-04-02 14:08 +08:00"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("brings this into the ledger"), std::string::npos) << out_.str();
  const auto extensions = box->Extensions().value();
  ASSERT_EQ(extensions.size(), 1U);
  EXPECT_EQ(extensions[0].who, "yuanbanctl");
  EXPECT_EQ(extensions[0].time, clock_.Now());
}

}  // namespace
}  // namespace yb::ctl
