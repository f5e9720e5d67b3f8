// yuanbanctl sync over TLS against the real routes, with answers of a site that a test makes up.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/api/sync_routes.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/security/box_identity.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

class OneSite final : public api::SiteQueries {
 public:
  std::vector<api::SiteSummary> Sites(base::UtcTime) override { return {}; }
  base::Result<api::SiteMeters> Meters(const base::SiteId&) override { return api::SiteMeters{}; }
  base::Result<api::PointSeries> Readings(const base::SiteId&, metering::PointNo,
                                          const telemetry::HistoryRequest&) override {
    return api::PointSeries{};
  }
  base::Result<std::vector<metering::Reading>> RawReadings(const base::SiteId&, metering::PointNo, base::UtcTime,
                                                           base::UtcTime) override {
    return std::vector<metering::Reading>{};
  }
  base::Result<std::vector<telemetry::Alarm>> Alarms(const base::SiteId&, int) override {
    return std::vector<telemetry::Alarm>{};
  }
  base::Result<api::PointEvents> Events(const base::SiteId&, metering::PointNo, base::UtcTime, base::UtcTime) override {
    return api::PointEvents{};
  }
  base::Result<api::PointConsumption> Consumption(const base::SiteId&, metering::PointNo, base::UtcTime,
                                                  base::UtcTime) override {
    return api::PointConsumption{};
  }
  base::Result<std::vector<api::SiteSync>> Sync() override {
    api::LaneSync lane;
    lane.progress = {sync::Lane::kHistory, 200, 41, 43, 2, std::nullopt};
    lane.epochs = {{100, 1, 9}, {200, 1, 41}};
    lane.missing = {{100, 10, 0, telemetry::MissingReason::kBoxRolledBack, {1'772'431'680'000'000}}};
    lane.damage = {{{200, 11, 20, {}, {}}, telemetry::DamageState::kNotHeld, 2, {1'772'431'680'000'000}}};
    lane.hours.hours = 5;
    return std::vector<api::SiteSync>{{*base::SiteId::Parse("lvye-01"), "铝业园区", telemetry::Link::kOnline, {lane}}};
  }
};

class SyncCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    api::AddSyncStatusRoute(router_, queries_, clock_);
    api::AddResendRoute(router_, queries_,
                        [this](const base::SiteId& site, sync::Lane lane, std::uint64_t epoch, std::uint64_t first,
                               std::uint64_t last) {
                          asked_ = site.text() + "/" + std::string(sync::ToString(lane)) + " " + std::to_string(epoch) +
                                   ":" + std::to_string(first) + "…" + std::to_string(last);
                        });
    http::ServerOptions web;
    web.port = 0;
    web.certificate_file = security::EnsureSelfSignedWeb(folder_.path(), clock_.Now())->string();
    trust_ = web.certificate_file;
    token_ = folder_.path() / "admin-token";
    std::ofstream(token_) << "secret\n";
    router_.SetAuthenticator([](const http::Request& request) -> tl::expected<http::Principal, http::ErrorText> {
      const auto header = request.headers.find("authorization");
      if (header != request.headers.end() && header->second == "Bearer secret") {
        return http::Principal{0, "yuanbanctl", {http::Role::kAdministrator}, {}};
      }
      return tl::unexpected(http::ErrorText{"permission", {"the token is not valid", ""}, {}});
    });
    server_ = *http::StartCivetWeb(web, [this](const http::Request& request) { return router_.Handle(request); });
  }
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--url", "https://127.0.0.1:" + std::to_string(server_->port()), "--trust",
                                       trust_, "--token", token_});
    out_.str("");
    err_.str("");
    return ctl::Run(arguments, out_, err_, clock_);
  }

  base::SystemClock clock_;
  test::TempFolder folder_;
  OneSite queries_;
  http::Router router_;
  std::string asked_, trust_, token_;
  std::ostringstream out_, err_;
  std::unique_ptr<http::HttpServer> server_;
};

TEST_F(SyncCommandTest, ShowsWhatIsThereAndNamesWhatIsMissing) {
  ASSERT_EQ(Run({"sync", "status"}), 0) << err_.str();
  EXPECT_EQ(out_.str(),
            "lvye-01 铝业园区, online\n"
            "  history   1…41 of 43 in epoch 200, holes 2, lag -, 5 hourly digests\n"
            "    missing  epoch 100, from 10 to unknown, box_rolled_back, noticed 2026-03-02 14:08 +08:00\n"
            "    damage   epoch 200, 2 of 11…20, not_held, noticed 2026-03-02 14:08 +08:00\n");
  ASSERT_EQ(Run({"sync", "status", "--json"}), 0);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json["sites"][0]["lanes"][0]["holes"], 2);
  EXPECT_TRUE(json["sites"][0]["lanes"][0]["missing"][0]["last_seq"].is_null());
}

TEST_F(SyncCommandTest, AsksForARangeOfTheNewestEpochOrOfANamedOne) {
  ASSERT_EQ(Run({"sync", "resend", "lvye-01", "history", "30", "99"}), 0) << err_.str();
  EXPECT_EQ(asked_, "lvye-01/history 200:30…41") << "to its end at most";
  ASSERT_EQ(Run({"sync", "resend", "lvye-01", "history", "1", "9", "--epoch", "100", "--json"}), 0);
  EXPECT_EQ(asked_, "lvye-01/history 100:1…9");
  EXPECT_EQ(nlohmann::json::parse(out_.str())["epoch"], 100);
}

TEST_F(SyncCommandTest, TellsWhatCannotBeAskedFor) {
  EXPECT_EQ(Run({"sync", "resend", "lvye-02", "history", "1", "9"}), 1);
  EXPECT_EQ(Run({"sync", "resend", "lvye-01", "ledger", "1", "9"}), 1);
  EXPECT_EQ(Run({"sync", "resend", "lvye-01", "history", "50", "60"}), 1);
  EXPECT_EQ(Run({"sync", "resend", "lvye-01", "history", "9", "1"}), 1);
  EXPECT_EQ(Run({"sync", "resend", "lvye-01", "history", "1", "9", "--epoch", "7"}), 1);
  EXPECT_EQ(Run({"sync", "resend", "lvye-01", "history", "0", "9"}), 64);
  EXPECT_EQ(asked_, "");
}

TEST_F(SyncCommandTest, TellsOfNoSiteThatTheUserMayNotSee) {
  http::Request request;
  request.method = "GET";
  request.path = "/api/v1/sync";
  for (const auto& [site, seen] : {std::pair("lvye-01", 1U), std::pair("jiuyuan-01", 0U)}) {
    const http::Principal user{7, "zhangsan", {http::Role::kParkIt}, {*base::SiteId::Parse(site)}};
    router_.SetAuthenticator([user](const http::Request&) { return user; });
    EXPECT_EQ(nlohmann::json::parse(router_.Handle(request).body)["sites"].size(), seen) << site;
  }
}

}  // namespace
}  // namespace yb::ctl
