#include "edge/edge_app.hpp"

#include <random>

#include "core/api/site_routes.hpp"
#include "core/base/log.hpp"
#include "core/base/version.hpp"
#include "core/base/write_file.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/http/static_files.hpp"
#include "core/mqtt/paho/paho_client.hpp"
#include "core/security/box_identity.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/keeper.hpp"
#include "edge/edge_metrics.hpp"
#include "edge/field/field_side.hpp"
#include "edge/uplink/uplink.hpp"
#include "edge/web/edge_queries.hpp"

namespace yb::edge {
namespace {

const base::Logger kLog("edge");

/// A value older than this many polls, or this long, is unknown.
constexpr int kLimitPolls = 3;
constexpr base::Duration kLeastLimit = std::chrono::seconds(30);
/// Records that wait for central's acknowledgement before they are compacted: more than are ever under way, fewer than
/// an absence of central leaves.
constexpr std::uint64_t kLeaveUnacknowledged = 1800;

std::vector<telemetry::PointDefinition> Definitions(const field::FieldConfig& config) {
  std::vector<telemetry::PointDefinition> definitions;
  for (const field::LineConfig& line : config.lines) {
    for (const field::MeterConfig& meter : line.meters) {
      for (const metering::Point& point : meter.points) {
        definitions.push_back(
            {point, std::max<base::Duration>(meter.interval * kLimitPolls, kLeastLimit), false, meter.interval});
      }
    }
  }
  return definitions;
}

std::uint64_t DrawBoot() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

EdgeQueries::CentralLink LinkOf(const Uplink* uplink) {
  if (uplink == nullptr) return {};
  const UplinkStatus status = uplink->status();
  if (!status.since) return {};
  return {status.central_answers ? telemetry::Link::kOnline : telemetry::Link::kOffline, status.since};
}

}  // namespace

/// In the order in which they depend on each other: destroyed from the last to the first.
struct EdgeApp::Parts {
  base::SystemClock clock;
  metrics::Metrics metrics;
  std::unique_ptr<storage::DatabaseOpener> telemetry;
  std::unique_ptr<EdgeStore> store;
  std::unique_ptr<telemetry::Keeper> keeper;
  std::unique_ptr<field::FieldSide> field;
  std::unique_ptr<Uplink> uplink;
  std::unique_ptr<EdgeQueries> queries;
  std::unique_ptr<http::StaticFiles> pages;
  http::Router router;
  std::unique_ptr<http::HttpServer> server;
};

namespace {

/// Nullopt for a box that has not joined; an identity of another site is a mistake that is told, not worked around.
base::Result<std::optional<security::BoxIdentity>> FindIdentity(const EdgeConfig& config) {
  auto identity = security::LoadBoxIdentity(config.identity_dir);
  if (!identity && identity.error().code == base::ErrorCode::kNotFound) return std::nullopt;
  if (!identity) return base::Fail(identity.error());
  if (identity->site != config.site || identity->city != config.city) {
    return base::Fail(base::Error{base::ErrorCode::kInvalidArgument,
                                  "the box joined as " + identity->site.text() + " in " + identity->city.text() +
                                      ", but its configuration says " + config.site.text() + " in " +
                                      config.city.text(),
                                  config.identity_dir.string(), "one box is one site for good: correct edge.toml"});
  }
  return std::move(*identity);
}

}  // namespace

base::Result<std::unique_ptr<Uplink>> EdgeApp::StartUplink(const EdgeConfig& config,
                                                           const security::BoxIdentity& identity, Parts& parts) {
  YB_ASSIGN(auto log, telemetry::RecordLog::Open(*parts.telemetry));
  UplinkOptions options;
  options.city = config.city;
  options.site = config.site;
  options.site_name = config.site_name;
  auto uplink = std::make_unique<Uplink>(std::move(options), *parts.store, std::move(log), parts.clock);
  YB_TRY(uplink->Start([&](mqtt::MqttListener& listener) {
    mqtt::MqttOptions mqtt;
    mqtt.broker = identity.broker;
    mqtt.client_id = config.site.text();
    mqtt.trust_file = identity.roots_file.string();
    mqtt.certificate_file = identity.certificate_file.string();
    mqtt.key_file = identity.key_file.string();
    mqtt.subscriptions = {sync::OwnDownTopics(config.city, config.site)};
    return mqtt::StartPahoClient(std::move(mqtt), listener);
  }));
  return uplink;
}

EdgeApp::EdgeApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EdgeApp::~EdgeApp() = default;

base::Result<std::unique_ptr<EdgeApp>> EdgeApp::Start(const EdgeConfig& config) {
  auto parts = std::make_unique<Parts>();
  Parts& p = *parts;
  // The field configuration first: a wrong one is refused before anything is touched.
  YB_ASSIGN(field::FieldConfig field_config, field::LoadFieldConfig(config.field.config, config.field.profiles));

  YB_TRY(base::MakeFolder(config.data_dir));
  p.telemetry = storage::MakeSqliteOpener({.file = config.data_dir / "telemetry.db"});
  EdgeStoreOptions store_options;
  store_options.site = config.site;
  store_options.site_name = config.site_name;
  store_options.commit_interval = config.commit_interval;
  store_options.boot = DrawBoot();
  YB_ASSIGN(p.store, EdgeStore::Open(*p.telemetry, std::move(store_options), p.clock));
  YB_ASSIGN(auto numbers, p.store->DefinePoints(Definitions(field_config)));

  telemetry::KeeperOptions keeping;
  keeping.compaction.leave_unacknowledged = kLeaveUnacknowledged;
  YB_ASSIGN(auto kept, telemetry::RecordLog::Open(*p.telemetry));
  p.keeper = std::make_unique<telemetry::Keeper>(keeping, std::move(kept), p.clock);
  p.keeper->Start();

  p.field = std::make_unique<field::FieldSide>(std::move(field_config), std::move(numbers), p.clock, *p.store);
  YB_TRY(p.field->Start());

  YB_ASSIGN(const std::optional<security::BoxIdentity> identity, FindIdentity(config));
  if (identity) {
    YB_ASSIGN(p.uplink, StartUplink(config, *identity, p));
  } else {
    kLog.Info("not joined yet, working without central", {{"hint", "join with yuanbanctl enroll"}});
  }
  AddEdgeMetrics(p.metrics, *p.store, *p.field, p.uplink.get(), p.clock);

  YB_ASSIGN(auto reading, telemetry::RecordLog::Open(*p.telemetry));
  p.queries =
      std::make_unique<EdgeQueries>(config.site, *p.store, std::move(reading), [&p] { return LinkOf(p.uplink.get()); });
  api::AddSiteRoutes(p.router, {"edge", base::kVersion, config.city.text(), config.site.text(), config.site_name},
                     *p.queries, p.metrics, p.clock);
  if (!config.web.pages.empty()) {
    p.pages = std::make_unique<http::StaticFiles>(config.web.pages);
    p.router.SetFallback([&p](const http::Request& request) { return p.pages->Serve(request); });
  }
  YB_ASSIGN(const std::filesystem::path web_certificate,
            security::EnsureSelfSignedWeb(config.identity_dir, p.clock.Now()));
  http::ServerOptions web;
  web.port = config.web.port;
  web.certificate_file = web_certificate.string();
  YB_ASSIGN(p.server,
            http::StartCivetWeb(web, [&p](const http::Request& request) { return p.router.Handle(request); }));
  if (!config.web.port_file.empty())
    YB_TRY(base::WriteFile(config.web.port_file, std::to_string(p.server->port()) + "\n"));
  kLog.Info("serving", {{"url", "https://127.0.0.1:" + std::to_string(p.server->port())}});
  return std::unique_ptr<EdgeApp>(new EdgeApp(std::move(parts)));
}

}  // namespace yb::edge
