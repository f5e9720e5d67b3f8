// Who is let in by the router, and in which words others are refused.
#include "core/http/access.hpp"

#include <gtest/gtest.h>

#include "core/http/router.hpp"

namespace yb::http {
namespace {

struct AccessTest : testing::Test {
  AccessTest() {
    const Handler ok = [this](const Request& request) {
      seen = request.principal;
      return Response{};
    };
    router.Add("GET", "/public", Access::Public(), ok);
    router.Add("GET", "/data", kSignedIn, ok);
    router.Add("POST", "/alarms/1/acknowledge", kOperators, ok);
    router.Add("POST", "/lines", kEngineers, ok);
    router.Add("GET", "/users", kSecurityAdministrators, ok);
    router.Add("GET", "/audit", kAuditors, ok);
    router.Add("GET", "/cases", kCaseReaders, ok);
    router.Add("POST", "/cases/1/acts", kCaseWorkers, ok);
    router.Add("POST", "/cases/1/unmask", kCaseHandlers, ok);
    router.Add("POST", "/cases", kClerks, ok);
    router.Add("GET", "/metrics", Access::Monitoring(), ok);
    router.Add("GET", "/sites/{site}/meters", kSignedIn, ok);
  }

  /// Everything is asked by `principal` from now on; nullopt: by nobody.
  void SignIn(std::optional<Principal> principal) {
    router.SetAuthenticator([principal](const Request&) -> tl::expected<Principal, ErrorText> {
      if (principal) return *principal;
      return tl::unexpected(ErrorText{"unauthenticated", {"log in first", "请先登录"}, {}});
    });
  }
  void SignIn(Role role) { SignIn(Principal{7, "zhangsan", {role}, {}}); }

  Response Ask(std::string method, std::string path, std::map<std::string, std::string> headers = {},
               std::string remote = "192.0.2.1") {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers = std::move(headers);
    request.remote = std::move(remote);
    return router.Handle(request);
  }

  Router router;
  std::optional<Principal> seen;
};

TEST_F(AccessTest, LetsEveryRoleDoWhatItMayAndNothingElse) {
  struct Row {
    const char* method;
    const char* path;
    // administrator, security, auditor, park IT, coordinator, leader, clerk, approver, supervisor: y or n
    const char* who;
    int nobody;
  };
  const Row rows[] = {
      {"GET", "/public", "yyyyyyyyy", 200},          {"GET", "/data", "yyyyyyyyy", 401},
      {"HEAD", "/data", "yyyyyyyyy", 401},           {"POST", "/alarms/1/acknowledge", "ynnyynnnn", 401},
      {"POST", "/lines", "ynnynnnnn", 401},          {"GET", "/users", "nynnnnnnn", 401},
      {"GET", "/audit", "nnynnnnnn", 401},           {"GET", "/metrics", "ynnnnnnnn", 401},
      {"GET", "/cases", "nyynnyyyy", 401},           {"POST", "/cases/1/acts", "nnnnnnyyy", 401},
      {"POST", "/cases/1/unmask", "nnnnnnyyn", 401}, {"POST", "/cases", "nnnnnnynn", 401},
  };
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kAllRoles.size(); ++i) {
      SignIn(kAllRoles[i]);
      const int expected = row.who[i] == 'y' ? 200 : 403;
      EXPECT_EQ(Ask(row.method, row.path).status, expected) << row.path << " " << ToString(kAllRoles[i]);
    }
    SignIn(std::nullopt);
    EXPECT_EQ(Ask(row.method, row.path).status, row.nobody) << row.path << " nobody";
  }
}

TEST_F(AccessTest, IsOpenWithoutAnAuthenticator) {
  EXPECT_EQ(Ask("GET", "/users").status, 200);
  EXPECT_FALSE(seen);
}

TEST_F(AccessTest, HandsThePrincipalToTheHandler) {
  SignIn(Role::kLeader);
  ASSERT_EQ(Ask("GET", "/public").status, 200);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->name, "zhangsan");
}

TEST_F(AccessTest, RefusesInTheLanguageOfTheRequest) {
  SignIn(Role::kLeader);
  EXPECT_NE(Ask("POST", "/lines", {{"accept-language", "zh-CN"}}).body.find("可操作的角色：系统管理员、园区信息员"),
            std::string::npos);
  EXPECT_NE(Ask("POST", "/lines").body.find("who may: administrator, park_it"), std::string::npos);
  SignIn(std::nullopt);
  EXPECT_NE(Ask("GET", "/data", {{"accept-language", "zh-CN"}}).body.find("请先登录"), std::string::npos);
}

TEST_F(AccessTest, AnswersForAForeignSiteAsForOneThatIsNotThere) {
  SignIn(Principal{7, "zhangsan", {Role::kParkIt}, {base::SiteId::Parse("lvye-01").value()}});
  EXPECT_EQ(Ask("GET", "/sites/lvye-01/meters").status, 200);
  const Response foreign = Ask("GET", "/sites/jiuyuan-01/meters");
  const Response missing = Ask("GET", "/sites/no-such-site/meters");
  EXPECT_EQ(foreign.status, 404);
  EXPECT_EQ(missing.status, 404);
  std::string same = foreign.body;
  same.replace(same.find("jiuyuan-01"), 10, "no-such-site");
  EXPECT_EQ(same, missing.body);
}

TEST_F(AccessTest, GivesMetricsToThisMachineAndToThoseWithTheTokenOnly) {
  SignIn(std::nullopt);
  EXPECT_EQ(Ask("GET", "/metrics", {}, "127.0.0.1").status, 200);
  EXPECT_EQ(Ask("GET", "/metrics", {{"x-forwarded-for", "192.0.2.1"}}, "127.0.0.1").status, 401);
  EXPECT_EQ(Ask("GET", "/data", {}, "127.0.0.1").status, 401);
  SignIn(Principal{0, "scrape", {}, {}});
  EXPECT_EQ(Ask("GET", "/metrics").status, 200);
  EXPECT_EQ(Ask("GET", "/data").status, 403);
  SignIn(Principal{7, "zhangsan", {Role::kAdministrator}, {base::SiteId::Parse("lvye-01").value()}});
  EXPECT_EQ(Ask("GET", "/metrics").status, 403) << "metrics tell of all sites";
}

TEST_F(AccessTest, RefusesChangesThatAForeignPageAsksFor) {
  SignIn(Role::kAdministrator);
  const std::pair<std::map<std::string, std::string>, int> rows[] = {
      {{}, 200},  // a program with a token
      {{{"cookie", "a=b"}}, 403},
      {{{"cookie", "a=b"}, {"sec-fetch-site", "same-origin"}}, 200},
      {{{"cookie", "a=b"}, {"sec-fetch-site", "same-site"}}, 403},
      {{{"cookie", "a=b"}, {"sec-fetch-site", "none"}}, 403},
      {{{"sec-fetch-site", "cross-site"}, {"origin", "https://box.example:8444"}, {"host", "box.example:8444"}}, 403},
      {{{"cookie", "a=b"}, {"origin", "https://box.example:8444"}, {"host", "box.example:8444"}}, 200},
      {{{"cookie", "a=b"}, {"origin", "https://box.example"}, {"host", "box.example:8444"}}, 403},
      {{{"cookie", "a=b"}, {"origin", "http://box.example:8444"}, {"host", "box.example:8444"}}, 403},
      {{{"cookie", "a=b"}, {"origin", "null"}, {"host", "box.example:8444"}}, 403},
  };
  for (const auto& [headers, status] : rows) {
    EXPECT_EQ(Ask("POST", "/lines", headers).status, status) << testing::PrintToString(headers);
  }
  SignIn(Role::kSecurityAdministrator);
  EXPECT_EQ(Ask("GET", "/users", {{"sec-fetch-site", "cross-site"}}).status, 200) << "a link changes nothing";
}

TEST(Role, HasOneSpellingEach) {
  for (const Role role : kAllRoles) EXPECT_EQ(ParseRole(ToString(role)), role);
  EXPECT_FALSE(ParseRole("root"));
}

}  // namespace
}  // namespace yb::http
