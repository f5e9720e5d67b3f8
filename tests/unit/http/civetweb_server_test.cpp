#include "core/http/civetweb/civetweb_server.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <thread>

#include "core/http/entity_tag.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/http/tls_probe.hpp"

namespace yb::http {
namespace {

namespace fs = std::filesystem;
using test::TlsProbe;

class CivetWebServerTest : public ::testing::Test {
 protected:
  CivetWebServerTest() {
    options_.certificate_file = folder_ / "web.pem";
    options_.body_limit = 1000;
    test::WriteTestCertificate(options_.certificate_file, "first");
  }

  void Start(Handler handler) {
    auto server = StartCivetWeb(options_, std::move(handler));
    ASSERT_TRUE(server) << server.error().Describe();
    server_ = std::move(*server);
  }
  void StartEcho() {
    Start([](const Request& request) {
      Response response;
      response.body = request.method + " " + request.path + " " + request.body;
      for (const auto& [name, value] : request.query) response.body += " " + name + "=" + value;
      return WithEntityTag(request, response);
    });
  }

  test::TempFolder temp_;
  fs::path folder_ = temp_.path();
  ServerOptions options_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(CivetWebServerTest, AnswersSeveralRequestsOverOneConnection) {
  StartEcho();
  ASSERT_NE(server_->port(), 0);
  TlsProbe probe(server_->port());
  ASSERT_TRUE(probe.connected());
  EXPECT_EQ(probe.Ask("GET /a%20b?x=%31&y=2 HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET /a b  x=1 y=2");
  const auto answer = probe.Ask("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(answer->body, "POST /p hello");
  EXPECT_EQ(answer->headers.at("connection"), "keep-alive");
  EXPECT_EQ(
      probe.Ask("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
          ->body,
      "POST /p hello");
}

TEST_F(CivetWebServerTest, SendsDateAndSecurityHeadersWithEveryAnswer) {
  StartEcho();
  TlsProbe probe(server_->port());
  const auto full = probe.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto held = probe.Ask("GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: " + full->headers.at("etag") + "\r\n\r\n");
  EXPECT_EQ(held->status, 304);
  EXPECT_FALSE(held->headers.contains("content-length"));
  for (const auto& answer : {full, held}) {
    EXPECT_TRUE(answer->headers.at("date").ends_with(" GMT"));
    EXPECT_EQ(answer->headers.at("x-content-type-options"), "nosniff");
    EXPECT_NE(answer->headers.at("content-security-policy").find("frame-ancestors 'none'"), std::string::npos);
  }
}

TEST_F(CivetWebServerTest, LeavesTheBodyOutOfAnAnswerToHead) {
  StartEcho();
  TlsProbe probe(server_->port());
  probe.Send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(probe.Read(true)->headers.at("content-length"), "10");
  EXPECT_EQ(probe.Ask("GET /abc HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET /abc ");
}

TEST_F(CivetWebServerTest, RefusesABodyPastTheLimit) {
  StartEcho();
  EXPECT_EQ(TlsProbe(server_->port())
                .Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'))
                ->status,
            413);
  EXPECT_EQ(TlsProbe(server_->port())
                .Ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7D0\r\n" +
                     std::string(2000, 'x') + "\r\n0\r\n\r\n")
                ->status,
            413);
  EXPECT_EQ(TlsProbe(server_->port())
                .Ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'))
                ->status,
            200);
}

TEST_F(CivetWebServerTest, AnswersBrokenRequestsWithoutCallingTheHandler) {
  StartEcho();
  EXPECT_EQ(TlsProbe(server_->port()).Ask("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n")->status, 400);
  EXPECT_EQ(TlsProbe(server_->port()).Ask("GET /a/../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n")->status, 400);
  const auto nonsense = TlsProbe(server_->port()).Ask("nonsense\r\n\r\n");
  EXPECT_EQ(nonsense->status, 400);
  EXPECT_EQ(nonsense->headers.at("content-type"), "application/json; charset=utf-8");
}

TEST_F(CivetWebServerTest, AnswersAHandlerThatThrowsWith500) {
  Start([](const Request& request) -> Response {
    if (request.path == "/odd") throw 7;
    throw std::runtime_error("the reason");
  });
  TlsProbe probe(server_->port());
  const auto answer = probe.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("the reason"), std::string::npos);
  EXPECT_EQ(probe.Ask("GET /odd HTTP/1.1\r\nHost: h\r\n\r\n")->status, 500);
}

TEST_F(CivetWebServerTest, KeepsHeadersFromBreakingOutOfTheirLine) {
  Start([](const Request&) {
    Response response;
    response.headers.emplace_back("X-Name", "a\r\nX-Evil: 1");
    return response;
  });
  const auto answer = TlsProbe(server_->port()).Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer->headers.at("x-name"), "aX-Evil: 1");
  EXPECT_FALSE(answer->headers.contains("x-evil"));
}

TEST_F(CivetWebServerTest, SpeaksTls12And13Only) {
  StartEcho();
  EXPECT_TRUE(TlsProbe(server_->port(), TlsProbe::Version::kTls12).connected());
  EXPECT_TRUE(TlsProbe(server_->port(), TlsProbe::Version::kTls13).connected());
  EXPECT_FALSE(TlsProbe(server_->port(), TlsProbe::Version::kTls11).connected());
}

TEST_F(CivetWebServerTest, TakesUpARenewedCertificateAndKeepsItWhenTheNextIsBroken) {
  StartEcho();
  EXPECT_EQ(TlsProbe(server_->port()).server_name(), "first");
  test::WriteTestCertificate(folder_ / "next.pem", "second");
  fs::rename(folder_ / "next.pem", options_.certificate_file);
  EXPECT_EQ(TlsProbe(server_->port()).server_name(), "second");
  std::ofstream(options_.certificate_file) << "rubbish";
  EXPECT_EQ(TlsProbe(server_->port()).server_name(), "second");
}

TEST_F(CivetWebServerTest, TakesAddressesOnly) {
  for (const char* address : {"", "localhost", "127.0.0.1:80,0.0.0.0", "::1"}) {
    options_.listen_address = address;
    const auto server = StartCivetWeb(options_, {});
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error().code, base::ErrorCode::kInvalidArgument);
  }
}

TEST_F(CivetWebServerTest, SaysWhichPortIsTaken) {
  StartEcho();
  options_.port = server_->port();
  const auto second = StartCivetWeb(options_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find(std::to_string(options_.port)), std::string::npos);
}

TEST_F(CivetWebServerTest, SaysWhatIsWrongWithTheCertificateFile) {
  for (const char* content : {"", "rubbish"}) {
    std::ofstream(options_.certificate_file) << content;
    const auto server = StartCivetWeb(options_, {});
    ASSERT_FALSE(server);
    EXPECT_NE(server.error().message.find("there is no certificate in it"), std::string::npos);
  }
  options_.certificate_file = folder_ / "missing.pem";
  EXPECT_NE(StartCivetWeb(options_, {}).error().message.find("cannot be read"), std::string::npos);
}

TEST_F(CivetWebServerTest, LetsNoViewerHoldTheLastThreads) {
  options_.threads = 4;
  StartEcho();
  // Three keep their connections and with them three threads; the fourth is told to come back with a new one.
  TlsProbe kept[3] = {TlsProbe(server_->port()), TlsProbe(server_->port()), TlsProbe(server_->port())};
  for (TlsProbe& probe : kept) {
    EXPECT_EQ(probe.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")->headers.at("connection"), "keep-alive");
  }
  for (int i = 0; i < 5; ++i) {
    TlsProbe probe(server_->port());
    EXPECT_EQ(probe.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")->headers.at("connection"), "close");
    EXPECT_FALSE(probe.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").has_value());
  }
}

TEST_F(CivetWebServerTest, ServesClientsSideBySide) {
  StartEcho();
  std::vector<std::jthread> clients;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      TlsProbe probe(server_->port());
      for (int k = 0; k < 50; ++k) {
        const auto answer = probe.Ask("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        if (answer && answer->body == "GET /x ") ++good;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(good, 400);
}

}  // namespace
}  // namespace yb::http
