// A box joins over a real TLS server.
#include "core/security/box_identity.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/write_file.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/http/error_response.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/enrolment_service.hpp"
#include "core/security/https_client.hpp"
#include "core/security/private_file.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::security {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using nlohmann::json;
using std::chrono::hours;

class City {
 public:
  explicit City(const fs::path& folder)
      : pki(CityPki::Create(folder, base::CityId::Parse("150200").value(), {"localhost", "127.0.0.1"}, now).value()),
        store(EnrolmentStore::Open(pki.File("enrolment.db")).value()),
        service(pki, *store, "mqtts://localhost:8883") {
    http::ServerOptions options;
    options.certificate_file = pki.File("web.pem");
    server = http::StartCivetWeb(options, [this](const http::Request& request) { return Answer(request); }).value();
  }

  std::string Invite() {
    const EnrolmentCode code = MakeEnrolmentCode(pki.root_fingerprint());
    EXPECT_TRUE(store->Invite(
        {base::SiteId::Parse("lvye-01").value(), "绿业\"园区", code.SecretHash(), now, now + hours(24), {}}));
    return code.ToString();
  }
  [[nodiscard]] std::string Url() const { return "https://127.0.0.1:" + std::to_string(server->port()); }

  http::Response Answer(const http::Request& request) {
    ++requests;
    const json body = json::parse(request.body);
    const auto enrolled =
        service.Enrol(body.at("code").get<std::string>(), body.at("csr_pem").get<std::string>(), request.remote, now);
    if (!enrolled) return http::ErrorResponse(enrolled.error());
    http::Response response;
    response.body = json{{"site", enrolled->site.text()},    {"city", enrolled->city.text()},
                         {"name", enrolled->name},           {"certificate_pem", enrolled->certificate_pem},
                         {"chain_pem", enrolled->chain_pem}, {"roots_pem", enrolled->roots_pem},
                         {"broker", enrolled->broker}}
                        .dump();
    if (lose_next_answer) {
      lose_next_answer = false;
      response = http::ErrorResponse(503, {"unavailable", {"lost", ""}, {}});
    }
    return response;
  }

  base::UtcTime now = base::SystemClock().Now();
  CityPki pki;
  std::unique_ptr<EnrolmentStore> store;
  EnrolmentService service;
  std::atomic<int> requests = 0;
  std::atomic<bool> lose_next_answer = false;
  std::unique_ptr<http::HttpServer> server;
};

class JoinCityTest : public ::testing::Test {
 protected:
  test::TempFolder folder_;
  City city_{folder_.path() / "pki"};
  fs::path box_ = folder_.path() / "box";
};

TEST_F(JoinCityTest, LeavesTheBoxWithItsIdentity) {
  const auto joined = JoinCity(city_.Url() + "/", city_.Invite(), box_, city_.now);
  ASSERT_TRUE(joined) << joined.error().Describe();
  EXPECT_EQ(joined->site.text(), "lvye-01");
  EXPECT_EQ(joined->name, "绿业\"园区");
  const auto loaded = LoadBoxIdentity(box_);
  ASSERT_TRUE(loaded) << loaded.error().Describe();
  EXPECT_EQ(loaded->broker, "mqtts://localhost:8883");
  EXPECT_EQ(loaded->certificate_ends, joined->certificate_ends);
  EXPECT_EQ(fs::status(box_ / "site.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(VerifyChain(ReadSmallFile(loaded->certificate_file).value(), ReadSmallFile(loaded->roots_file).value(),
                          Purpose::kClient, city_.now));
}

TEST_F(JoinCityTest, HappensOnce) {
  ASSERT_TRUE(JoinCity(city_.Url(), city_.Invite(), box_, city_.now));
  const auto again = JoinCity(city_.Url(), MakeEnrolmentCode(city_.pki.root_fingerprint()).ToString(), box_, city_.now);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(JoinCityTest, TellsNoSecretToAnotherCentral) {
  City other(folder_.path() / "other");
  const auto joined = JoinCity(other.Url(), city_.Invite(), box_, city_.now);
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, ErrorCode::kRefused);
  EXPECT_NE(joined.error().message.find("not the central"), std::string::npos);
  EXPECT_EQ(other.requests, 0);
}

TEST_F(JoinCityTest, RefusesACertificateForAnotherHost) {
  // 127.0.0.2 reaches no server that listens on 127.0.0.1, so a second one listens there with the same certificate.
  http::ServerOptions options;
  options.listen_address = "127.0.0.2";
  options.certificate_file = city_.pki.File("web.pem");
  int requests = 0;
  const auto server = http::StartCivetWeb(options, [&](const http::Request&) {
                        ++requests;
                        return http::Response{};
                      }).value();
  const auto joined = JoinCity("https://127.0.0.2:" + std::to_string(server->port()), city_.Invite(), box_, city_.now);
  ASSERT_FALSE(joined);
  EXPECT_NE(joined.error().message.find("IP address mismatch"), std::string::npos) << joined.error().Describe();
  EXPECT_EQ(requests, 0);
}

TEST_F(JoinCityTest, NamesTheClockWhenItIsWrong) {
  const auto joined = JoinCity(city_.Url(), city_.Invite(), box_, base::UtcTime{});
  ASSERT_FALSE(joined);
  EXPECT_NE(joined.error().hint.find("1970-01-01"), std::string::npos);
  EXPECT_EQ(city_.requests, 0);
}

TEST_F(JoinCityTest, GoesOnAfterALostAnswerWithTheSameKey) {
  const std::string code = city_.Invite();
  city_.lose_next_answer = true;
  ASSERT_FALSE(JoinCity(city_.Url(), code, box_, city_.now));
  EXPECT_EQ(LoadBoxIdentity(box_).error().code, ErrorCode::kNotFound);
  const auto joined = JoinCity(city_.Url(), code, box_, city_.now);
  EXPECT_TRUE(joined) << joined.error().Describe();
}

TEST_F(JoinCityTest, PassesOnWhatCentralSays) {
  const std::string code = city_.Invite();
  ASSERT_TRUE(JoinCity(city_.Url(), code, box_, city_.now));
  const auto second = JoinCity(city_.Url(), code, folder_.path() / "box2", city_.now);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  EXPECT_NE(second.error().message.find("403: the enrolment code was used at"), std::string::npos);
  EXPECT_NE(second.error().hint.find("ask for a new code"), std::string::npos);
}

TEST_F(JoinCityTest, SaysWhenNothingAnswers) {
  const std::string code = city_.Invite();
  const std::string url = city_.Url();
  city_.server.reset();
  const auto joined = JoinCity(url, code, box_, city_.now);
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, ErrorCode::kUnavailable);
}

TEST_F(JoinCityTest, RefusesAddressesThatAreNone) {
  const std::string code = city_.Invite();
  for (const char* url : {"http://127.0.0.1:8443", "127.0.0.1", "https://", "https://a:b", "https://user@host",
                          "https://a b", "https://[::1", "https://h:99999999"}) {
    EXPECT_EQ(JoinCity(url, code, box_, city_.now).error().code, ErrorCode::kInvalidArgument) << url;
  }
}

TEST_F(JoinCityTest, NoticesFilesThatDoNotBelongTogether) {
  ASSERT_TRUE(JoinCity(city_.Url(), city_.Invite(), box_, city_.now));
  ASSERT_TRUE(base::WriteFile(box_ / "site.key", MakeKey(), base::FileAccess::kOwnerOnly));
  EXPECT_EQ(LoadBoxIdentity(box_).error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(base::WriteFile(box_ / "enrolment.toml", "site = 1", base::FileAccess::kReadable));
  EXPECT_NE(LoadBoxIdentity(box_).error().context.find("enrolment.toml"), std::string::npos);
}

TEST(HttpsClient, TrustsGivenRoots) {
  const test::TempFolder folder;
  const base::UtcTime now = base::SystemClock().Now();
  const fs::path file = EnsureSelfSignedWeb(folder.path(), now).value();
  http::ServerOptions options;
  options.certificate_file = file;
  const auto server = http::StartCivetWeb(options, [](const http::Request& request) {
                        http::Response response;
                        response.status = 418;
                        response.body = request.body;
                        return response;
                      }).value();
  const std::string url = "https://localhost:" + std::to_string(server->port()) + "/x";
  const auto answer = PostJson(url, "{}", {ReadSmallFile(file).value(), {}}, now);
  ASSERT_TRUE(answer) << answer.error().Describe();
  EXPECT_EQ(answer->status, 418);
  EXPECT_EQ(answer->body, "{}");
  const std::string stranger = MakeSelfSignedWeb(now).certificate_pem;
  EXPECT_EQ(PostJson(url, "{}", {stranger, {}}, now).error().code, ErrorCode::kRefused);
}

TEST(SelfSignedWebFile, IsKeptUntilItNearsItsEnd) {
  const test::TempFolder folder;
  const base::UtcTime now = base::FromIso("2026-03-02T06:00:00Z").value();
  const fs::path file = EnsureSelfSignedWeb(folder.path() / "new", now).value();
  const std::string first = ReadSmallFile(file).value();
  ASSERT_TRUE(EnsureSelfSignedWeb(folder.path() / "new", now + hours(24 * 300)));
  EXPECT_EQ(ReadSmallFile(file).value(), first);
  ASSERT_TRUE(EnsureSelfSignedWeb(folder.path() / "new", now + hours(24 * 380)));
  EXPECT_NE(ReadSmallFile(file).value(), first);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace yb::security
