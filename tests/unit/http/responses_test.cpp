#include <gtest/gtest.h>

#include "core/http/entity_tag.hpp"
#include "core/http/error_response.hpp"

namespace yb::http {
namespace {

using base::Error;
using base::ErrorCode;

TEST(ErrorResponse, TellsCodeMessageAndHint) {
  const Response response = ErrorResponse(Error{ErrorCode::kInvalidArgument, "'x' is no number", "limit", "2 to 4000"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(response.body,
            R"({"error":{"code":"invalid_argument","hint":"2 to 4000","message":"limit: 'x' is no number"}})");
}

TEST(ErrorResponse, KeepsTheContextOfServerErrorsToItself) {
  const Response response = ErrorResponse(Error{ErrorCode::kIo, "the read failed", "/var/lib/yuanban/series.db", ""});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, R"({"error":{"code":"io","message":"the read failed"}})");
}

TEST(ErrorResponse, StaysJsonWhateverBytesAreQuoted) {
  EXPECT_NE(ErrorResponse(404, {"not_found", {"nothing at /\xFF\xFE", ""}, {}}).body.find("\xEF\xBF\xBD"),
            std::string::npos);
}

TEST(ErrorResponse, SpeaksTheLanguageThatIsPreferred) {
  const Response answer = ErrorResponse(404, {"not_found", {"there is no site a", "没有站点 a"}, {"ask", "请询问"}});
  const auto in = [&](const char* language) {
    Request request;
    request.headers["accept-language"] = language;
    return InLanguageOf(request, answer).body;
  };
  const std::string english = R"({"error":{"code":"not_found","hint":"ask","message":"there is no site a"}})";
  const std::string chinese = R"({"error":{"code":"not_found","hint":"请询问","message":"没有站点 a"}})";
  EXPECT_EQ(InLanguageOf(Request{}, answer).body, english);
  EXPECT_EQ(in("zh-CN"), chinese);
  EXPECT_EQ(in("zh-CN,zh;q=0.9,en;q=0.8"), chinese);
  EXPECT_EQ(in("en"), english);
  EXPECT_EQ(in("en-GB, zh;q=0.5"), english);
  EXPECT_EQ(in("zha, *;q=x, ;;q=,"), english);
}

TEST(ErrorResponse, NamesTheKindInChineseWhereOnlyEnglishIsKnown) {
  Request request;
  request.headers["accept-language"] = "zh";
  const Response answer = InLanguageOf(request, ErrorResponse(Error{ErrorCode::kTimeout, "no answer", "", ""}));
  EXPECT_EQ(answer.body, R"({"error":{"code":"timeout","message":"超时未答：no answer"}})");
}

Request Holding(std::string tags) {
  Request request;
  request.headers["if-none-match"] = std::move(tags);
  return request;
}

Response Body(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

TEST(EntityTag, DiffersWithTheContent) {
  EXPECT_EQ(EntityTag("a"), EntityTag("a"));
  EXPECT_NE(EntityTag("a"), EntityTag("b"));
  EXPECT_EQ(EntityTag("a").size(), 34U);
}

TEST(EntityTag, LetsAClientThatHoldsTheAnswerKeepIt) {
  const std::string tag = EntityTag("a");
  for (const std::string& header : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const Response response = WithEntityTag(Holding(header), Body("a"));
    EXPECT_EQ(response.status, 304) << header;
    EXPECT_EQ(response.body, "");
  }
  for (const std::string& header : {std::string(), std::string("\"other\""), tag.substr(1)}) {
    EXPECT_EQ(WithEntityTag(Holding(header), Body("a")).status, 200) << header;
  }
}

TEST(EntityTag, IsGivenBesideTheDefaultCacheRule) {
  const Response response = WithEntityTag(Request{}, Body("a"));
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[0], std::make_pair(std::string("ETag"), EntityTag("a")));
  EXPECT_EQ(response.headers[1], std::make_pair(std::string("Cache-Control"), std::string("no-cache")));
}

TEST(EntityTag, LeavesErrorsAlone) {
  const Response response = WithEntityTag(Holding("*"), ErrorResponse(404, {"not_found", {"nothing", ""}, {}}));
  EXPECT_EQ(response.status, 404);
}

TEST(EntityTag, CanBeTakenFromWhatCountsAsAChange) {
  const std::string tag = EntityTag("{sites}");
  EXPECT_EQ(WithEntityTag(Holding(tag), Body("{now_us: 2, sites}"), tag).status, 304);
}

}  // namespace
}  // namespace yb::http
