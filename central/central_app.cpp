#include "central/central_app.hpp"

#include <set>

#include "central/alarms/central_alarms.hpp"
#include "central/store/sqlite/sqlite_central_store.hpp"
#include "central/web/central_queries.hpp"
#include "central/web/configuration_route.hpp"
#include "central/web/document_routes.hpp"
#include "central/web/enrolment_route.hpp"
#include "core/api/alarm_metrics.hpp"
#include "core/api/alarm_routes.hpp"
#include "core/api/export_route.hpp"
#include "core/api/identity_routes.hpp"
#include "core/api/site_routes.hpp"
#include "core/api/sync_routes.hpp"
#include "core/api/why_routes.hpp"
#include "core/base/log.hpp"
#include "core/base/version.hpp"
#include "core/base/write_file.hpp"
#include "core/case_app/case_app.hpp"
#include "core/case_app/city_documents.hpp"
#include "core/config/toml_document.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/http/static_files.hpp"
#include "core/identity/directory.hpp"
#include "core/ledger/ledger_link.hpp"
#include "core/ledger/snapshot_keeper.hpp"
#include "core/metrics/process_metrics.hpp"
#include "core/mqtt/paho/paho_client.hpp"
#include "core/papers/helper_printer.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_service.hpp"
#include "core/security/private_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/keeper.hpp"

namespace yb::central {
namespace {

/// Of one site, between slices and series: some 30 MiB.
constexpr std::size_t kReadingsAtATime = 524'288;

const base::Logger kLog("central");

void AddMetrics(metrics::Metrics& metrics, const Ingest& ingest, base::Guarded<SiteStates>& states,
                const base::Clock& clock) {
  const IngestCounters& counters = ingest.counters();
  const std::pair<const char*, const std::atomic<std::uint64_t>*> totals[] = {
      {"frames", &counters.frames},
      {"records", &counters.records},
      {"duplicates", &counters.duplicates},
      {"reopens", &counters.reopens},
      {"rejected", &counters.rejected},
      {"commits", &counters.commits},
      {"commit_failures", &counters.commit_failures},
      {"live_frames", &counters.live_frames},
      {"overflow", &counters.overflow},
      {"restores", &counters.restores},
      {"pieces", &counters.pieces},
      {"resent", &counters.resent}};
  for (const auto& [kind, counter] : totals) {
    const metrics::Counter total =
        metrics.AddCounter("yb_central_ingest_events_total", "What ingest met, by kind", {{"kind", kind}});
    metrics.OnCollect([total, source = counter] { total.RaiseTo(static_cast<double>(source->load())); });
  }
  const metrics::Gauge connected = metrics.AddGauge("yb_central_broker_connected", "1 while connected to the broker");
  metrics.OnCollect([connected, &ingest] { connected.Set(ingest.connected() ? 1 : 0); });
  metrics.OnCollect([&metrics, &states, &clock] {
    const base::UtcTime now = clock.Now();
    const std::vector<api::SiteSummary> sites = states.With([&](const SiteStates& all) {
      std::vector<api::SiteSummary> out;
      for (const auto& [site, state] : all) out.push_back(api::Summarize(site, state, now));
      return out;
    });
    for (const api::SiteSummary& site : sites) {
      const metrics::Labels labels = {{"site", site.site.text()}};
      metrics.AddGauge("yb_site_online", "1 while the box is heard", labels)
          .Set(site.link == telemetry::Link::kOnline ? 1 : 0);
      if (site.data_time) {
        metrics.AddGauge("yb_site_data_age_seconds", "Age of the newest value", labels)
            .Set(static_cast<double>((now - *site.data_time).count()) / 1e6);
      }
      for (const telemetry::LaneProgress& lane : site.lanes) {
        const metrics::Labels of_lane = {{"site", site.site.text()}, {"lane", std::string(sync::ToString(lane.lane))}};
        metrics.AddGauge("yb_lane_committed", "Last sequence committed", of_lane)
            .Set(static_cast<double>(lane.committed));
        metrics.AddGauge("yb_lane_holes", "Records missing below the committed sequence", of_lane)
            .Set(static_cast<double>(lane.holes));
        if (lane.oldest_waiting) {
          metrics.AddGauge("yb_lane_lag_seconds", "Age of the oldest record not yet committed", of_lane)
              .Set(static_cast<double>((now - *lane.oldest_waiting).count()) / 1e6);
        } else {
          metrics.AddGauge("yb_lane_lag_seconds", "Age of the oldest record not yet committed", of_lane).Set(0);
        }
        metrics.AddGauge("yb_lane_waiting", "Records the box has told of and that are not committed", of_lane)
            .Set(static_cast<double>(lane.last_known - std::min(lane.last_known, lane.committed)));
      }
    }
  });
}

}  // namespace

/// In the order in which they depend on each other: destroyed from the last to the first.
struct CentralApp::Parts {
  Parts() = default;
  ~Parts() {
    if (ledger_link) ledger_link->Stop();  // before what it publishes over
    if (cases) cases->Stop();              // likewise
    if (documents) documents->link().Stop();
  }

  base::SystemClock clock;
  metrics::Metrics metrics;
  std::unique_ptr<storage::DatabaseOpener> telemetry;
  base::Guarded<SiteStates> states;
  std::unique_ptr<telemetry::Keeper> keeper;
  std::unique_ptr<ledger::LedgerStore> ledger;
  std::unique_ptr<ledger::SnapshotKeeper> ledger_snapshots;
  std::unique_ptr<ledger::LedgerLink> ledger_link;
  std::unique_ptr<case_app::CaseApp> cases;
  std::unique_ptr<case_app::CityDocuments> documents;
  std::unique_ptr<Ingest> ingest;
  std::unique_ptr<CentralQueries> queries;
  std::unique_ptr<storage::DatabaseOpener> alarms_file;
  std::unique_ptr<CentralAlarms> alarms;
  std::unique_ptr<api::DayUse> day_use;
  std::optional<security::CityPki> pki;
  std::unique_ptr<security::EnrolmentStore> enrolments;
  std::unique_ptr<security::EnrolmentService> enrolment;
  std::unique_ptr<identity::UserStore> users;
  std::unique_ptr<identity::IdentityService> identity;
  std::unique_ptr<http::StaticFiles> pages;
  http::Router router;
  std::unique_ptr<http::HttpServer> server;
};

/// Log-in, with users of the program's own.
base::Status CentralApp::StartIdentity(const CentralConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "users.db";
  YB_TRY(security::MakePrivateFile(file));
  const auto opener = storage::MakeSqliteOpener({.file = file});
  YB_ASSIGN(parts.users, identity::UserStore::Open(*opener));
  identity::IdentityOptions options;
  options.folder = config.data_dir;
  options.program = "central";
  options.serves_many_sites = true;
  options.idle = config.web.access.session_idle;
  options.longest = config.web.access.session_longest;
  YB_ASSIGN(parts.identity, identity::IdentityService::Start(std::move(options), *parts.users, parts.clock));
  api::AddIdentity(parts.router, *parts.identity, parts.clock);
  return {};
}

/// The ledger (台账): what the city decides and does, and its copy of what each park does.
base::Status CentralApp::OpenLedger(const CentralConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "ledger.db";
  YB_TRY(security::MakePrivateFile(file));
  const auto opener = storage::MakeSqliteOpener({.file = file, .cache_kib = 32 * 1024});
  YB_ASSIGN(calendar::WorkingCalendar calendar, casework::LoadCalendar(config.cases.calendar));
  YB_ASSIGN(parts.ledger, ledger::LedgerStore::Open(*opener, {cases::Side::kCity}, std::move(calendar), parts.clock));
  parts.ledger_snapshots = std::make_unique<ledger::SnapshotKeeper>(*parts.ledger);
  ledger::LedgerLinkOptions options;
  options.city = config.city;
  options.publish = [&parts](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    return parts.ingest->Publish(site, lane, bytes);
  };
  options.on_changed = [&parts](const base::SiteId& site, const std::vector<std::string>& case_ids) {
    parts.cases->OnCasesChanged(site, case_ids);
  };
  parts.ledger_link = std::make_unique<ledger::LedgerLink>(std::move(options), *parts.ledger, parts.clock);
  return {};
}

/// Cases (办件) in the departments.
base::Status CentralApp::OpenCases(const CentralConfig& config, Parts& parts) {
  case_app::CaseAppOptions options;
  options.data_dir = config.data_dir;
  options.key_dir = config.cases.key_dir;
  options.reference = {config.cases.catalogue, config.cases.delegations, config.cases.calendar};
  options.letterhead = {config.cases.organisation, config.cases.contact, config.cases.review_authority,
                        config.cases.court};
  options.files_keep_free = config.files.free_bytes();
  options.print_program = papers::HelperPrinter::BesideThisProgram();
  options.publish = [&parts](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    return parts.ingest->Publish(site, lane, bytes);
  };
  options.name_of = [&parts](const base::SiteId& site) {
    return parts.states.With([&](const SiteStates& states) {
      const auto found = states.find(site);
      return found == states.end() || found->second.name.empty() ? site.text() : found->second.name;
    });
  };
  options.session_of = [&parts](const base::SiteId& site) {
    const auto sessions = parts.ledger_link->sessions();
    const auto found = sessions.find(site);
    return found == sessions.end() ? ledger::LedgerSession{} : found->second;
  };
  YB_ASSIGN(parts.cases, case_app::CaseApp::Open(std::move(options), *parts.ledger, parts.clock));
  parts.cases->AddRoutes(parts.router, nullptr);
  return {};
}

/// Reference documents (参考文件) that boxes take up, and the directory of users of each site.
base::Status CentralApp::OpenDocuments(const CentralConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "documents.db";
  YB_TRY(security::MakePrivateFile(file));  // directories hold hashes of passwords
  const auto opener = storage::MakeSqliteOpener({.file = file});
  const auto sites = [&parts] {
    std::set<base::SiteId> all;
    if (const auto of_ledger = parts.ledger->Sites()) all.insert(of_ledger->begin(), of_ledger->end());
    parts.states.With([&](const SiteStates& states) {
      for (const auto& [site, state] : states) all.insert(site);
    });
    return std::vector<base::SiteId>(all.begin(), all.end());
  };
  case_app::CityDocumentsOptions options;
  options.publish = [&parts](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    return parts.ingest->Publish(site, lane, bytes);
  };
  options.directories = [&parts](const std::set<base::SiteId>& also) {
    return identity::MakeDirectories(*parts.users, also);
  };
  YB_ASSIGN(parts.documents, case_app::CityDocuments::Open(std::move(options), *opener, parts.cases->reference(),
                                                           *parts.ledger, parts.clock));
  AddDocumentRoutes(parts.router, parts.documents->published(), parts.documents->reference(),
                    {sites, [&parts] { return parts.documents->MissingYear(); },
                     [&parts](const base::SiteId& site) { return parts.ledger->SiteEvents(site); }},
                    parts.clock);
  return {};
}

base::Status CentralApp::StartIngest(const CentralConfig& config, Parts& parts) {
  YB_ASSIGN(std::unique_ptr<CentralStore> writing, OpenCentralStore(*parts.telemetry));
  IngestOptions ingest;
  ingest.city = config.city;
  ingest.on_link = [&link = *parts.ledger_link, &cases = *parts.cases,
                    &documents = parts.documents->link()](bool connected) {
    connected ? link.OnConnected() : link.OnDisconnected();
    cases.OnLink(connected);
    connected ? documents.OnConnected() : documents.OnDisconnected();
  };
  ingest.on_other = [&link = *parts.ledger_link, &cases = *parts.cases, &documents = parts.documents->link()](
                        const base::SiteId& site, sync::Lane lane, base::ByteView payload) {
    sync::IsLedger(lane) ? link.OnMessage(site, lane, payload) : cases.OnOther(site, lane, payload);
    documents.OnMessage(site, lane, payload);
  };
  ingest.on_heard = [&link = *parts.ledger_link](const base::SiteId& site) { link.OnHeard(site); };
  parts.ingest = std::make_unique<Ingest>(std::move(ingest), std::move(writing), parts.states, parts.clock);
  YB_TRY(parts.ingest->Start([&](mqtt::MqttListener& listener) {
    mqtt::MqttOptions options;
    options.broker = config.broker.address;
    options.client_id = "central";
    options.trust_file = config.broker.roots.string();
    options.certificate_file = config.broker.certificate.string();
    options.key_file = config.broker.key.string();
    options.subscriptions = {sync::AllUpTopics(config.city)};
    options.max_buffered = 4096;  // acknowledgements for many boxes at once
    return mqtt::StartPahoClient(std::move(options), listener);
  }));
  YB_ASSIGN(const std::vector<base::SiteId> sites, parts.ledger->Sites());
  parts.ledger_link->Start(sites);
  parts.cases->Start(sites);
  return {};
}

CentralApp::CentralApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CentralApp::~CentralApp() = default;

const http::Router& CentralApp::router() const {
  return parts_->router;
}

base::Result<std::unique_ptr<CentralApp>> CentralApp::Start(const CentralConfig& config) {
  auto parts = std::make_unique<Parts>();
  Parts& p = *parts;
  YB_TRY(base::MakeFolder(config.data_dir));
  p.telemetry = storage::MakeSqliteOpener({.file = config.data_dir / "telemetry.db", .cache_kib = 32 * 1024});
  YB_ASSIGN(std::unique_ptr<CentralStore> reading, OpenCentralStore(*p.telemetry));
  telemetry::KeeperOptions keeper;
  keeper.compaction.most_readings = keeper.readings_at_close = kReadingsAtATime;
  YB_ASSIGN(auto log, telemetry::RecordLog::Open(*p.telemetry));
  p.keeper = std::make_unique<telemetry::Keeper>(keeper, std::move(log), p.clock);
  p.keeper->Start();

  YB_TRY(OpenLedger(config, p));
  YB_TRY(OpenCases(config, p));
  YB_TRY(OpenDocuments(config, p));
  YB_TRY(StartIngest(config, p));
  AddMetrics(p.metrics, *p.ingest, p.states, p.clock);
  metrics::AddProcessMetrics(p.metrics, p.clock.Now());
  YB_ASSIGN(const std::string certificate, config::ReadTextFile(config.broker.certificate));
  YB_ASSIGN(const security::CertificateInfo identity, security::InspectCertificate(certificate));
  metrics::AddCertificateEnd(p.metrics, identity.not_after);

  p.queries = std::make_unique<CentralQueries>(
      p.states, std::move(reading),
      [&p](const base::SiteId& site, sync::Lane lane) { return p.ingest->ResendLeft(site, lane); });
  p.alarms_file = storage::MakeSqliteOpener({.file = config.data_dir / "alarms.db"});
  YB_ASSIGN(std::unique_ptr<CentralStore> alarm_store, OpenCentralStore(*p.telemetry));
  const auto tell = [&p](const base::SiteId& site, base::Bytes bytes) { p.ingest->Tell(site, std::move(bytes)); };
  YB_ASSIGN(p.alarms, CentralAlarms::Open({}, *p.alarms_file, std::move(alarm_store), p.states, tell, p.clock));
  api::AddAlarmMetrics(p.metrics, *p.alarms, api::SiteLabel::kNamed);
  p.day_use = std::make_unique<api::DayUse>(*p.queries, p.clock);
  api::AddSiteRoutes(p.router, {"central", base::kVersion, config.city.text(), "", ""}, *p.queries, *p.alarms,
                     *p.day_use, p.metrics, p.clock);
  api::AddExportRoute(p.router, *p.queries, p.clock);
  api::AddSyncStatusRoute(p.router, *p.queries, p.clock);
  api::AddHoursRoute(
      p.router,
      [&p](const base::SiteId& site, sync::Lane lane, base::UtcTime from, base::UtcTime to) {
        return p.queries->Hours(site, lane, from, to);
      },
      p.clock);
  AddConfigurationRoute(p.router, *p.queries, p.clock);
  api::AddWhyRoute(p.router, [&p](const base::SiteId& site, metering::PointNo point) {
    const BrokerLink link = p.ingest->broker();
    api::CentralFacts central;
    central.broker_connected = link.connected;
    central.broker_since = link.since;
    central.broker_fault = link.fault;
    return p.queries->Why(site, point, std::move(central), p.clock.Now());
  });
  api::AddResendRoute(p.router, *p.queries,
                      [&p](const base::SiteId& site, sync::Lane lane, std::uint64_t epoch, std::uint64_t first,
                           std::uint64_t last) { p.ingest->AskAgain(site, lane, epoch, first, last); });
  p.alarms->Start();
  api::AddAlarmRoutes(p.router, *p.alarms, p.clock);
  if (!config.pki_dir.empty()) {
    YB_ASSIGN(p.pki, security::CityPki::Open(config.pki_dir));
    YB_ASSIGN(p.enrolments, security::EnrolmentStore::Open(p.pki->File("enrolment.db")));
    p.enrolment = std::make_unique<security::EnrolmentService>(*p.pki, *p.enrolments, config.broker.address);
    AddEnrolmentRoute(p.router, *p.enrolment, p.clock);
  }
  YB_TRY(StartIdentity(config, p));
  YB_ASSIGN(const auto told, p.documents->published().AllTold());
  std::vector<base::SiteId> sites;
  for (const auto& [site, report] : told) sites.push_back(site);
  p.documents->link().Start(sites);
  if (!config.web.pages.empty()) {
    p.pages = std::make_unique<http::StaticFiles>(config.web.pages);
    p.router.SetFallback([&p](const http::Request& request) { return p.pages->Serve(request); });
  }
  http::ServerOptions web;
  web.listen_address = config.web.access.listen;
  web.port = config.web.port;
  web.certificate_file = config.web.certificate.string();
  web.threads = 16;
  YB_ASSIGN(p.server,
            http::StartCivetWeb(web, [&p](const http::Request& request) { return p.router.Handle(request); }));
  if (!config.web.port_file.empty())
    YB_TRY(base::WriteFile(config.web.port_file, std::to_string(p.server->port()) + "\n"));
  kLog.Info("serving", {{"url", "https://" + config.web.access.listen + ":" + std::to_string(p.server->port())}});
  return std::unique_ptr<CentralApp>(new CentralApp(std::move(parts)));
}

}  // namespace yb::central
