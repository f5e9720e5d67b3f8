#include "core/http/router.hpp"

#include <gtest/gtest.h>

#include "core/http/url.hpp"

namespace yb::http {
namespace {

Request Ask(std::string method, std::string path) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

Handler Says(std::string text) {
  return [text](const Request& request) {
    Response response;
    response.body = text;
    for (const auto& [name, value] : request.path_parameters) response.body += " " + name + "=" + value;
    return response;
  };
}

std::string HeaderOf(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/api/v1/sites", kSignedIn, Says("sites"));
    router_.Add("GET", "/api/v1/sites/{site}/meters", kSignedIn, Says("meters"));
    router_.Add("GET", "/api/v1/sites/{site}/points/{point}/readings", kSignedIn, Says("readings"));
    router_.Add("POST", "/api/v1/enroll", Access::Public(), Says("enroll"));
  }
  Router router_;
};

TEST_F(RouterTest, FillsPathParameters) {
  EXPECT_EQ(router_.Handle(Ask("GET", "/api/v1/sites")).body, "sites");
  EXPECT_EQ(router_.Handle(Ask("GET", "/api/v1/sites/lvye-01/meters")).body, "meters site=lvye-01");
  EXPECT_EQ(router_.Handle(Ask("GET", "/api/v1/sites/lvye-01/points/7/readings")).body,
            "readings point=7 site=lvye-01");
}

TEST_F(RouterTest, AnswersHeadWithTheHandlerOfGet) {
  EXPECT_EQ(router_.Handle(Ask("HEAD", "/api/v1/sites")).body, "sites");
}

TEST_F(RouterTest, AnswersUnknownPathsWithNotFound) {
  for (const char* path : {"/", "/api/v1", "/api/v1/sites/", "/api/v1/sites//meters", "/api/v1/sites/a/b/meters"}) {
    const Response response = router_.Handle(Ask("GET", path));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_NE(response.body.find("\"code\":\"not_found\""), std::string::npos) << response.body;
  }
}

TEST_F(RouterTest, AnswersAnotherMethodWith405AndTheAllowedOnes) {
  const Response response = router_.Handle(Ask("DELETE", "/api/v1/sites"));
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(HeaderOf(response, "Allow"), "GET, HEAD");
  EXPECT_EQ(HeaderOf(router_.Handle(Ask("GET", "/api/v1/enroll")), "Allow"), "POST");
}

TEST_F(RouterTest, GivesUnknownPathsToTheFallbackForGetOnly) {
  router_.SetFallback(Says("page"));
  EXPECT_EQ(router_.Handle(Ask("GET", "/meters")).body, "page");
  EXPECT_EQ(router_.Handle(Ask("POST", "/meters")).status, 404);
}

TEST(Url, DecodesPathsAndRefusesTricks) {
  EXPECT_EQ(DecodePath("/a%20b/%E5%9B%AD").value(), "/a b/园");
  EXPECT_EQ(DecodePath("/a+b").value(), "/a+b");
  for (const char* raw : {"", "a", "/%", "/%4", "/%zz", "/%00", "/a/../b", "/a/%2e%2E/b", "/..", "/.", "/a%0d%0ab"}) {
    EXPECT_FALSE(DecodePath(raw)) << raw;
  }
}

TEST(Url, SplitsQueries) {
  const auto query = ParseQuery("from_us=1&name=a+b%26c&flag&&from_us=2").value();
  EXPECT_EQ(query.at("from_us"), "1");
  EXPECT_EQ(query.at("name"), "a b&c");
  EXPECT_EQ(query.at("flag"), "");
  EXPECT_EQ(query.size(), 3U);
  EXPECT_FALSE(ParseQuery("a=%4"));
}

}  // namespace
}  // namespace yb::http
