// A point's history through a real web server, as a page and a spreadsheet get it.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/day_use.hpp"
#include "core/api/export_route.hpp"
#include "core/api/site_routes.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/web/edge_queries.hpp"
#include "tests/support/api_client.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/no_alarms.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/http/tls_probe.hpp"

namespace yb {
namespace {

using metering::Reading;
using nlohmann::json;

const base::UtcTime kMidnight = *base::FromIso("2026-03-01T16:00:00Z");  // 2 March 2026, 00:00 in Beijing

class ExportTest : public testing::Test {
 protected:
  void SetUp() override {
    edge::EdgeStoreOptions options;
    options.site = site_;
    store_ = std::move(*edge::EdgeStore::Open(*opener_, options, clock_));
    telemetry::PointDefinition point;
    point.point.key = "feeder-1/fwd_active_energy";
    point.point.meter = "feeder-1";
    point.point.meter_name = "=进线\"一\"段";
    point.point.unit = "kWh";
    point.point.kind = metering::PointKind::kRegister;
    point.limit = std::chrono::minutes(5);
    point.poll = std::chrono::minutes(1);
    ASSERT_TRUE(store_->DefinePoints({point}));
    Write();
    queries_ = std::make_unique<edge::EdgeQueries>(site_, *store_, std::move(*telemetry::RecordLog::Open(*opener_)),
                                                   [] { return edge::EdgeQueries::CentralLink{}; });
    use_ = std::make_unique<api::DayUse>(*queries_, clock_);
    api::AddSiteRoutes(router_, {"edge", "0", "150200", site_.text(), ""}, *queries_, alarms_, *use_, metrics_, clock_);
    api::AddExportRoute(router_, *queries_, clock_);
    test::WriteTestCertificate(folder_.path() / "web.pem", "box");
    http::ServerOptions web;
    web.certificate_file = (folder_.path() / "web.pem").string();
    auto server = http::StartCivetWeb(web, [this](const http::Request& request) { return router_.Handle(request); });
    ASSERT_TRUE(server) << server.error().Describe();
    server_ = std::move(*server);
    client_ = std::make_unique<test::ApiClient>(server_->port());
  }
  /// Three days, one reading a minute, which rises by 0.01; the second one has no value.
  void Write() {
    auto log = std::move(*telemetry::RecordLog::Open(*opener_));
    const auto site = *log->EnsureSite(site_);
    auto head = log->Heads(site, sync::Lane::kHistory)->back();
    std::vector<Reading> readings;
    for (int i = 0; i < 3 * 1440; ++i) {
      Reading reading{1, kMidnight + std::chrono::minutes(i) + base::Duration(250'000), base::Decimal(100'000 + i, 2),
                      metering::Quality::kGood};
      if (i == 1) reading = {1, reading.time, std::nullopt, metering::Quality::kUnreachable};
      readings.push_back(reading);
    }
    auto transaction = *log->Begin();
    ASSERT_TRUE(log->Append(site, sync::Lane::kHistory, head, telemetry::EncodeSlice(readings, {})));
    ASSERT_TRUE(transaction.Commit());
  }
  std::string Url(const std::string& what, base::UtcTime from, base::UtcTime to, const std::string& more) {
    return "/api/v1/sites/lvye-01/points/1/" + what + "?from_us=" + std::to_string(from.micros) +
           "&to_us=" + std::to_string(to.micros) + more;
  }

  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  test::ManualClock clock_{kMidnight + std::chrono::hours(80)};
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<edge::EdgeStore> store_;
  std::unique_ptr<edge::EdgeQueries> queries_;
  test::NoAlarms alarms_;
  std::unique_ptr<api::DayUse> use_;
  metrics::Metrics metrics_;
  http::Router router_;
  std::unique_ptr<http::HttpServer> server_;
  std::unique_ptr<test::ApiClient> client_;
};

TEST_F(ExportTest, WritesEveryReadingAsItIsWithWhatItMeans) {
  const auto answer = client_->GetWhole(Url("export.csv", kMidnight, kMidnight + std::chrono::hours(72), ""));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.body.starts_with("\xEF\xBB\xBF"));
  EXPECT_NE(answer.body.find("\"表计 meter\",\"'=进线\"\"一\"\"段 (feeder-1)\"\r\n"), std::string::npos);
  EXPECT_NE(answer.body.find("\"单位 unit\",\"kWh\"\r\n"), std::string::npos);
  const std::size_t table = answer.body.find("\r\n时间 time,数值 value,质量 quality\r\n");
  ASSERT_NE(table, std::string::npos);
  const std::string rows = answer.body.substr(answer.body.find('\n', table + 2) + 1);
  EXPECT_EQ(std::ranges::count(rows, '\n'), 3 * 1440);
  EXPECT_TRUE(
      rows.starts_with("2026-03-02T00:00:00.250000+08:00,1000.00,good\r\n"
                       "2026-03-02T00:01:00.250000+08:00,,unreachable\r\n"
                       "2026-03-02T00:02:00.250000+08:00,1000.02,good\r\n"));
  EXPECT_TRUE(rows.ends_with("2026-03-04T23:59:00.250000+08:00,1043.19,good\r\n"));
}

TEST_F(ExportTest, WritesRollUps) {
  const auto answer = client_->GetWhole(Url("export.csv", kMidnight, kMidnight + std::chrono::hours(72), "&step=day"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.body.find("\r\n2026-03-02T00:00:00.000000+08:00,1439,1000.00,1014.39,1007.2000,1000.00,1014.39,"
                             "14.39,0.999\r\n2026-03-03T00:00:00.000000+08:00,1440,1014.40,"),
            std::string::npos)
      << answer.body;
}

TEST_F(ExportTest, AnswersErrorsBeforeItBegins) {
  EXPECT_EQ(client_->GetWhole("/api/v1/sites/lvye-01/points/9/export.csv?from_us=1&to_us=2").status, 404);
  EXPECT_EQ(client_->GetWhole(Url("export.csv", kMidnight, kMidnight, "")).status, 400);
  EXPECT_EQ(client_->GetWhole(Url("readings", kMidnight, kMidnight + std::chrono::hours(1), "&step=week")).status, 400);
}

TEST_F(ExportTest, TellsHoursToAPage) {
  const auto answer = client_->GetWhole(Url("readings", kMidnight, kMidnight + std::chrono::hours(72), "&step=hour"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["made_from"], "hour");
  ASSERT_EQ(body["buckets"].size(), 72U);
  EXPECT_EQ(body["buckets"][1], json::array({(kMidnight + std::chrono::hours(1)).micros, 60, "1000.60", "1001.19",
                                             "1000.8950", "1000.60", "1001.19", "0.60", 1.0}));
}

}  // namespace
}  // namespace yb
