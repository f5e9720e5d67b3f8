// yuanbanctl document over TLS against the routes of central.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "central/web/document_routes.hpp"
#include "core/base/write_file.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/security/box_identity.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

using documents::Kind;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const std::string kCatalogue =
    "version = 1\n[[item]]\nkey = \"a\"\nname = \"事项\"\npromised_days = 5\nstatutory_days = 20\n"
    "signers = [\"局\"]\n";

class DocumentCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto ledger = storage::MakeSqliteOpener({.file = folder_.path() / "ledger.db"});
    ledger_ = ledger::LedgerStore::Open(*ledger, {cases::Side::kCity}, casework::CalendarWith({}), clock_).value();
    const auto published = storage::MakeSqliteOpener({.file = folder_.path() / "documents.db"});
    published_ = documents::PublishedDocuments::Open(*published).value();
    documents_ = std::make_unique<casework::ReferenceDocuments>(reference_, *ledger_);
    central::AddDocumentRoutes(router_, *published_, *documents_,
                               {[] { return std::vector<base::SiteId>{kSite}; }, [] { return std::optional(2027); },
                                [this](const base::SiteId& site) { return ledger_->SiteEvents(site); }},
                               clock_);
    router_.SetAuthenticator([](const http::Request&) -> tl::expected<http::Principal, http::ErrorText> {
      return http::Principal{0, "yuanbanctl", http::EveryRole(), {}};
    });
    http::ServerOptions web;
    web.certificate_file = security::EnsureSelfSignedWeb(folder_.path(), clock_.Now())->string();
    trust_ = web.certificate_file;
    token_ = folder_.path() / "admin-token";
    std::ofstream(token_) << "secret\n";
    server_ = *http::StartCivetWeb(web, [this](const http::Request& request) { return router_.Handle(request); });
  }
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "document");
    arguments.insert(arguments.end(), {"--url", "https://127.0.0.1:" + std::to_string(server_->port()), "--trust",
                                       trust_, "--token", token_});
    out_.str("");
    err_.str("");
    return ctl::Run(arguments, out_, err_, clock_);
  }
  std::string File(const std::string& text) {
    const std::filesystem::path file = folder_.path() / "file.toml";
    EXPECT_TRUE(base::WriteFile(file, text));
    return file;
  }
  bool Says(const std::string& text) const { return out_.str().find(text) != std::string::npos; }

  base::SystemClock clock_;
  test::TempFolder folder_;
  casework::Reference reference_{{}};
  std::unique_ptr<ledger::LedgerStore> ledger_;
  std::unique_ptr<documents::PublishedDocuments> published_;
  std::unique_ptr<casework::ReferenceDocuments> documents_;
  http::Router router_;
  std::unique_ptr<http::HttpServer> server_;
  std::string trust_, token_;
  std::ostringstream out_, err_;
};

TEST_F(DocumentCommandTest, PublishesForAllWhichIsInForceAtCentralToo) {
  ASSERT_EQ(Run({"publish", "catalogue", File(kCatalogue)}), 0) << err_.str();
  EXPECT_TRUE(Says("catalogue 1 is published for all sites")) << out_.str();
  EXPECT_EQ(reference_.Now()->catalogue.items.at(0).key, "a");
  ASSERT_EQ(Run({"list"}), 0);
  EXPECT_TRUE(Says("all sites")) << out_.str();
}

TEST_F(DocumentCommandTest, PublishesForOneSiteWhichCentralDoesNotTakeUp) {
  ASSERT_EQ(Run({"publish", "catalogue", File(kCatalogue), "--site", "lvye-01"}), 0) << err_.str();
  EXPECT_TRUE(reference_.Now()->catalogue.items.empty());
  EXPECT_EQ(published_->Desired(kSite).value().size(), 1U);
  EXPECT_EQ(Run({"publish", "catalogue", File(kCatalogue), "--site", "nobody-01"}), 1);
  EXPECT_EQ(Run({"publish", "directory", File(kCatalogue)}), 64) << "made from the users";
}

TEST_F(DocumentCommandTest, ABrokenOneIsNotPublishedAndItsFaultNamed) {
  EXPECT_EQ(Run({"publish", "catalogue", File(kCatalogue + "colour = \"red\"\n")}), 1);
  EXPECT_NE(err_.str().find("colour"), std::string::npos) << err_.str();
  EXPECT_TRUE(published_->All().value().empty());
}

TEST_F(DocumentCommandTest, ACheckTellsWhatIsInADocumentAndPublishesNothing) {
  const auto check = [&](const nlohmann::json& body) {
    http::Request request;
    request.method = "POST";
    request.path = "/api/v1/documents/check";
    request.body = body.dump();
    request.headers["accept-language"] = "zh-CN";
    const http::Response answer = router_.Handle(request);
    return std::pair(answer.status, nlohmann::json::parse(answer.body));
  };
  auto [status, said] = check({{"kind", "catalogue"}, {"text", kCatalogue}});
  EXPECT_EQ(status, 200);
  EXPECT_EQ(said["says"]["zh"], "1 个事项：事项");
  EXPECT_EQ(said["present"], nullptr);
  EXPECT_EQ(said["same"], false);
  EXPECT_TRUE(published_->All().value().empty());
  ASSERT_EQ(Run({"publish", "catalogue", File(kCatalogue)}), 0) << err_.str();
  std::tie(status, said) = check({{"kind", "catalogue"}, {"text", kCatalogue}, {"site", "lvye-01"}});
  EXPECT_EQ(said["present"], 1) << "what is for all is in force there";
  EXPECT_EQ(said["same"], true);
  std::tie(status, said) = check({{"kind", "catalogue"}, {"text", kCatalogue + "colour = \"red\"\n"}});
  EXPECT_EQ(status, 400);
  EXPECT_NE(said["error"]["message"].get<std::string>().find("colour"), std::string::npos) << said;
  std::tie(status, said) = check({{"kind", "directory"}, {"text", "format = 1\n"}});
  EXPECT_EQ(status, 400);
  std::tie(status, said) = check({{"kind", "catalogue"}, {"text", kCatalogue}, {"site", "nobody-01"}});
  EXPECT_EQ(status, 404);
  EXPECT_EQ(published_->All().value().size(), 1U);
}

TEST_F(DocumentCommandTest, TellsTheLastExtensionOfTheLogInTermAsTheLedgerSays) {
  const auto sites = [&] {
    http::Request request;
    request.method = "GET";
    request.path = "/api/v1/documents";
    return nlohmann::json::parse(router_.Handle(request).body)["sites"];
  };
  EXPECT_TRUE(sites().at(0).at("extension").is_null());
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_FALSE(Says("was extended")) << out_.str();
  // What a box sent: two extensions.
  std::vector<base::Bytes> bodies;
  for (const std::uint64_t no : {1U, 2U}) {
    ledger::SiteEvent event;
    event.uid = "uid-" + std::to_string(no);
    event.lamport = no;
    event.time = {1'772'431'680'000'000};  // 2026-03-02 06:08 UTC
    event.actor = {"admin", no == 1 ? "赵六" : "钱七", ""};
    event.act = ledger::ExtendLogIn{{1'775'023'680'000'000}};  // 2026-04-01
    bodies.push_back(ledger::EncodeEvent(event));
  }
  ASSERT_TRUE(ledger_->Store(kSite, 100, 1, bodies));
  const nlohmann::json extension = sites().at(0).at("extension");
  EXPECT_EQ(
      extension,
      (nlohmann::json{
          {"side", "park"}, {"who", "钱七"}, {"time_us", 1'772'431'680'000'000}, {"until_us", 1'775'023'680'000'000}}));
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_TRUE(Says("extended by 钱七 (park 园区) on 2026-03-02 06:08 UTC until 2026-04-01 06:08 UTC")) << out_.str();
}

TEST_F(DocumentCommandTest, TellsDesiredAgainstAppliedAndThatNoWordIsNotTheSameAsNotApplied) {
  ASSERT_EQ(Run({"publish", "catalogue", File(kCatalogue)}), 0);
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_TRUE(Says("未回报")) << out_.str();
  EXPECT_FALSE(Says("待应用")) << out_.str();
  EXPECT_TRUE(Says("2027"));
  documents::State state;
  state.applied = {documents::MakeDocument(Kind::kCatalogue, 1, kCatalogue).head};
  ASSERT_TRUE(published_->Note(kSite, state, clock_.Now()));
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_TRUE(Says("已应用")) << out_.str();
  EXPECT_TRUE(Says("随程序文件")) << out_.str();
  ASSERT_EQ(Run({"publish", "catalogue", File(kCatalogue + "document = \"证\"\n")}), 0) << err_.str();
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_TRUE(Says("待应用")) << out_.str();
  state.refused = {{published_->Desired(kSite).value().at(0), {"the disk is red", "原因"}}};
  ASSERT_TRUE(published_->Note(kSite, state, clock_.Now()));
  ASSERT_EQ(Run({"status"}), 0);
  EXPECT_TRUE(Says("已拒绝")) << out_.str();
  EXPECT_TRUE(Says("the disk is red")) << out_.str();
  ASSERT_EQ(Run({"status", "--json"}), 0);
  const auto body = nlohmann::json::parse(out_.str());
  EXPECT_EQ(body["sites"][0]["documents"][1]["state"], "refused");
}

}  // namespace
}  // namespace yb::ctl
