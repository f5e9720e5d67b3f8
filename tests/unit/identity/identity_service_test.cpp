#include "core/identity/identity_service.hpp"

#include <filesystem>

#include "tests/unit/identity/identity_fixture.hpp"

namespace yb::identity {
namespace {

using base::ErrorCode;
using http::Role;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class IdentityServiceTest : public IdentityFixture {
 protected:
  bool IsIn(const http::Request& request) { return service_->Authenticate(request).has_value(); }
  ErrorCode CodeOf(const base::Result<IdentityService::SignedIn>& result) {
    return result ? ErrorCode::kIo : result.error().code;
  }
};

TEST_F(IdentityServiceTest, LetsIn) {
  Add("zhangsan", {Role::kParkIt}, {*base::SiteId::Parse("lvye-01")});
  Start();
  const auto principal = service_->Authenticate(With(LogIn("zhangsan")));
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->name, "zhangsan");
  EXPECT_TRUE(principal->roles.Contains(Role::kParkIt));
  EXPECT_TRUE(principal->Sees("lvye-01"));
  EXPECT_FALSE(principal->Sees("jiuyuan-01"));
  EXPECT_EQ(store_->Find("zhangsan").value().last_login, clock_.Now());
}

TEST_F(IdentityServiceTest, MakesCookiesThatStayWithTheirProgram) {
  Start();
  EXPECT_EQ(service_->CookieOf("AB"), "__Host-yb_session-central=AB; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(service_->EmptyCookie(),
            "__Host-yb_session-central=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
}

TEST_F(IdentityServiceTest, KeepsOnlyAHashOfTheToken) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const std::string token = LogIn("zhangsan");
  EXPECT_EQ(token.size(), 64U) << "256 bits";
  EXPECT_NE(token, LogIn("zhangsan"));
  store_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(content.find(token), std::string::npos) << entry.path();
    const auto bytes = base::FromHex(token).value();
    EXPECT_EQ(content.find(std::string(base::AsText(bytes))), std::string::npos) << entry.path();
  }
}

TEST_F(IdentityServiceTest, RefusesAllWrongLogInsAlike) {
  Add("zhangsan", {Role::kLeader});
  const std::int64_t disabled = Add("lisi", {Role::kLeader}).id;
  UserChange change;
  change.disabled = true;
  ASSERT_TRUE(ChangeUser(*store_, hasher_, disabled, change, {"test", "", clock_.Now()}));
  Start();
  std::vector<std::string> answers;
  for (const auto& [name, password] : {std::pair("zhangsan", "wrong password"), std::pair("nobody", kPassword),
                                       std::pair("lisi", kPassword), std::pair("", ""), std::pair("' OR 1=1", "x")}) {
    const auto refused = service_->LogIn(name, password, From());
    ASSERT_FALSE(refused) << name;
    answers.push_back(refused.error().Describe());
  }
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
  const auto lines = store_->Audit({.most = 1}).value();
  EXPECT_EQ(lines[0].what, "session.refused");
  EXPECT_EQ(lines[0].subject, "?") << "what could be no name may be a password";
}

TEST_F(IdentityServiceTest, MakesWhoFailsOftenWait) {
  Add("zhangsan", {Role::kLeader});
  Start();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(CodeOf(service_->LogIn("zhangsan", "wrong", From("192.0.2." + std::to_string(i)))), ErrorCode::kRefused);
  }
  EXPECT_EQ(CodeOf(service_->LogIn("zhangsan", kPassword, From("192.0.2.99"))), ErrorCode::kUnavailable)
      << "the right password has to wait too";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(CodeOf(service_->LogIn("nobody", "wrong", From("192.0.2." + std::to_string(i)))), ErrorCode::kRefused);
  }
  EXPECT_EQ(CodeOf(service_->LogIn("nobody", "wrong", From("192.0.2.99"))), ErrorCode::kUnavailable)
      << "as for a name that exists";
  clock_.Advance(seconds(2));
  EXPECT_TRUE(service_->LogIn("zhangsan", kPassword, From()));
  EXPECT_TRUE(service_->LogIn("zhangsan", kPassword, From())) << "success forgets";
}

TEST_F(IdentityServiceTest, MakesAnAddressThatFailsOftenWait) {
  Add("zhangsan", {Role::kLeader});
  Start();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(CodeOf(service_->LogIn("user" + std::to_string(i), "wrong", From())), ErrorCode::kRefused);
  }
  EXPECT_EQ(CodeOf(service_->LogIn("zhangsan", kPassword, From())), ErrorCode::kUnavailable);
  EXPECT_TRUE(service_->LogIn("zhangsan", kPassword, From("192.0.2.8")));
  clock_.SetUtc(clock_.Now() + hours(24));
  EXPECT_EQ(CodeOf(service_->LogIn("zhangsan", kPassword, From())), ErrorCode::kUnavailable)
      << "setting the clock frees nobody";
}

TEST_F(IdentityServiceTest, EndsSessionsThatAreNotUsed) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const http::Request request = With(LogIn("zhangsan"));
  clock_.Advance(minutes(29));
  EXPECT_TRUE(IsIn(request));
  clock_.Advance(minutes(29));
  EXPECT_TRUE(IsIn(request)) << "its use was noted";
  http::Request polling = request;
  polling.headers[kBackgroundHeader] = "1";
  clock_.Advance(minutes(29));
  EXPECT_TRUE(IsIn(polling));
  EXPECT_EQ(service_->WhoIs(polling).value()->expires, clock_.Now() + minutes(1)) << "polling is no use";
  clock_.Advance(minutes(1));
  EXPECT_FALSE(IsIn(polling));
  EXPECT_FALSE(IsIn(request));
}

TEST_F(IdentityServiceTest, EndsSessionsAfterHalfADayHoweverMuchTheyAreUsed) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const http::Request request = With(LogIn("zhangsan"));
  for (int i = 0; i < 36; ++i) {
    ASSERT_TRUE(IsIn(request)) << i;
    clock_.Advance(minutes(20));
  }
  EXPECT_FALSE(IsIn(request));
}

TEST_F(IdentityServiceTest, KeepsSessionsOverARestartButNotTheAdministratorsToken) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const http::Request request = With(LogIn("zhangsan"));
  const std::string admin = FirstLineOf("admin-token");
  const std::string scrape = FirstLineOf("scrape-token");
  EXPECT_TRUE(service_->Authenticate(Bearing(admin)).value().roles.Contains(Role::kAdministrator));
  EXPECT_TRUE(service_->Authenticate(Bearing(scrape)).value().roles.empty());
  Start();
  EXPECT_TRUE(IsIn(request));
  EXPECT_FALSE(IsIn(Bearing(admin)));
  EXPECT_TRUE(IsIn(Bearing(FirstLineOf("admin-token"))));
  EXPECT_TRUE(IsIn(Bearing(scrape)));
  using std::filesystem::perms;
  for (const char* file : {"admin-token", "scrape-token"}) {
    EXPECT_EQ(std::filesystem::status(folder_.path() / file).permissions(), perms::owner_read | perms::owner_write);
  }
}

TEST_F(IdentityServiceTest, RefusesEverythingElse) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const std::string token = LogIn("zhangsan");
  EXPECT_FALSE(IsIn(From()));
  EXPECT_FALSE(IsIn(Bearing("")));
  EXPECT_FALSE(IsIn(Bearing(token))) << "a cookie is no token";
  EXPECT_FALSE(IsIn(With(FirstLineOf("admin-token")))) << "a token is no cookie";
  EXPECT_FALSE(IsIn(With(std::string(64, '0'))));
  http::Request request = From();
  request.headers["cookie"] = "__Host-yb_session-lvye-01=" + token;
  EXPECT_FALSE(IsIn(request)) << "another program's cookie";
  for (const std::string cookie : {"", "=", ";;;", "__Host-yb_session-central", "__Host-yb_session-central="}) {
    request.headers["cookie"] = cookie;
    EXPECT_FALSE(IsIn(request)) << cookie;
  }
}

TEST_F(IdentityServiceTest, ChangesPasswordsAndEndsOtherSessions) {
  Add("zhangsan", {Role::kLeader});
  Start();
  const http::Request here = With(LogIn("zhangsan"));
  const http::Request elsewhere = With(LogIn("zhangsan"));
  const auto who = service_->WhoIs(here).value().value();
  EXPECT_EQ(service_->ChangePassword(who, "wrong", "another good sentence", here).error().code, ErrorCode::kRefused);
  EXPECT_EQ(service_->ChangePassword(who, kPassword, "short", here).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(service_->ChangePassword(who, kPassword, "another good sentence", here));
  EXPECT_TRUE(IsIn(here));
  EXPECT_FALSE(IsIn(elsewhere));
  EXPECT_FALSE(service_->LogIn("zhangsan", kPassword, From()));
  EXPECT_TRUE(service_->LogIn("zhangsan", "another good sentence", From()));
}

TEST_F(IdentityServiceTest, MakesTheFirstAdministratorWithTheCodeOnce) {
  Start();
  EXPECT_TRUE(service_->NeedsSetup().value());
  const std::string code = FirstLineOf("setup-code");
  EXPECT_EQ(code.size(), 19U) << code << ": 16 symbols of 5 bits";
  EXPECT_EQ(CodeOf(service_->SetUp("0000-0000-0000-0000", {"zhangsan", "张三", kPassword, {}, {}}, From())),
            ErrorCode::kRefused);
  EXPECT_EQ(CodeOf(service_->SetUp(code, {"zhangsan", "张三", "short", {}, {}}, From())), ErrorCode::kInvalidArgument);
  std::string typed = code;
  for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  const auto begun = service_->SetUp(typed, {"zhangsan", "张三", kPassword, {}, {}}, From());
  ASSERT_TRUE(begun) << begun.error().Describe();
  EXPECT_EQ(service_->Authenticate(With(begun->token)).value().roles, http::kSeparateRoles) << "until there are others";
  EXPECT_FALSE(service_->NeedsSetup().value());
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "setup-code"));
  EXPECT_EQ(CodeOf(service_->SetUp(code, {"lisi", "", kPassword, {}, {}}, From())), ErrorCode::kRefused);
}

TEST_F(IdentityServiceTest, OffersNoCodeOnceThereIsAUser) {
  Start();
  const std::string code = FirstLineOf("setup-code");
  Add("zhangsan", {Role::kAdministrator});  // from a shell, meanwhile
  EXPECT_EQ(CodeOf(service_->SetUp(code, {"lisi", "", kPassword, {}, {}}, From())), ErrorCode::kRefused);
  Start();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "setup-code"));
}

TEST_F(IdentityServiceTest, EndsTheCodeAfterADayAndAfterTooManyGuesses) {
  const NewUser first{"zhangsan", "", kPassword, {}, {}};
  Start();
  const std::string late = FirstLineOf("setup-code");
  clock_.Advance(IdentityService::kSetupCodeLife);
  EXPECT_EQ(CodeOf(service_->SetUp(late, first, From())), ErrorCode::kRefused);
  Start();
  const std::string code = FirstLineOf("setup-code");
  EXPECT_NE(code, late);
  for (int i = 0; i < IdentityService::kMostSetupFailures; ++i) {
    EXPECT_EQ(CodeOf(service_->SetUp("0000", first, From("192.0.2." + std::to_string(i)))), ErrorCode::kRefused);
  }
  EXPECT_EQ(CodeOf(service_->SetUp(code, first, From("192.0.2.200"))), ErrorCode::kRefused);
  Start();
  EXPECT_TRUE(service_->SetUp(FirstLineOf("setup-code"), first, From()));
}

}  // namespace
}  // namespace yb::identity
