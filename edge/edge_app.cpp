#include "edge/edge_app.hpp"

#include "core/api/alarm_metrics.hpp"
#include "core/api/alarm_routes.hpp"
#include "core/api/export_route.hpp"
#include "core/api/identity_routes.hpp"
#include "core/api/site_routes.hpp"
#include "core/api/sync_routes.hpp"
#include "core/api/why_routes.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/base/version.hpp"
#include "core/base/write_file.hpp"
#include "core/case_app/box_documents.hpp"
#include "core/case_app/case_app.hpp"
#include "core/config/fault_words.hpp"
#include "core/http/civetweb/civetweb_server.hpp"
#include "core/http/static_files.hpp"
#include "core/identity/directory.hpp"
#include "core/ledger/ledger_link.hpp"
#include "core/ledger/snapshot_keeper.hpp"
#include "core/metrics/process_metrics.hpp"
#include "core/mqtt/paho/paho_client.hpp"
#include "core/papers/helper_printer.hpp"
#include "core/security/box_identity.hpp"
#include "core/security/certificate.hpp"
#include "core/security/private_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/keeper.hpp"
#include "edge/alarms/alarm_desk.hpp"
#include "edge/box/extension_writer.hpp"
#include "edge/box/operation_watch.hpp"
#include "edge/edge_metrics.hpp"
#include "edge/field_setup.hpp"
#include "edge/station/draft_store.hpp"
#include "edge/station/scan_folder.hpp"
#include "edge/telemetry/import_spool.hpp"
#include "edge/uplink/uplink.hpp"
#include "edge/web/configuration_routes.hpp"
#include "edge/web/edge_alarms.hpp"
#include "edge/web/edge_queries.hpp"
#include "edge/web/edge_why.hpp"
#include "edge/web/line_routes.hpp"
#include "edge/web/station_routes.hpp"
#include "edge/web/uplink_route.hpp"

namespace yb::edge {
namespace {

const base::Logger kLog("edge");

/// Of each of the store's connections, of which there are some eight: what they read again soon is a few pages.
constexpr int kCacheKib = 256;

/// Enough to know which conditions the last start left open.
constexpr int kToldAlarms = 1000;

EdgeQueries::CentralLink LinkOf(const Uplink* uplink) {
  if (uplink == nullptr) return {};
  const UplinkStatus status = uplink->status();
  if (!status.since) return {};
  return {status.central_answers ? telemetry::Link::kOnline : telemetry::Link::kOffline, status.since};
}

}  // namespace

/// In the order in which they depend on each other: destroyed from the last to the first.
struct EdgeApp::Parts {
  Parts() = default;
  ~Parts() {
    if (ledger_link) ledger_link->Stop();  // before what it publishes over
    if (cases) cases->Stop();              // likewise
    if (documents) documents->link().Stop();
  }

  base::SystemClock clock;
  const std::uint64_t boot = base::DrawNumber();
  metrics::Metrics metrics;
  std::unique_ptr<storage::DatabaseOpener> telemetry;
  std::unique_ptr<EdgeStore> store;
  std::unique_ptr<telemetry::Keeper> keeper;
  std::unique_ptr<field::FieldSide> field;
  std::unique_ptr<AlarmDesk> alarms;
  std::unique_ptr<FieldSetup> setup;
  std::unique_ptr<ImportSpool> imports;
  std::unique_ptr<OperationWatch> watch;
  std::unique_ptr<ledger::LedgerStore> ledger;
  std::unique_ptr<ledger::SnapshotKeeper> ledger_snapshots;
  std::unique_ptr<ledger::LedgerLink> ledger_link;
  std::unique_ptr<case_app::CaseApp> cases;
  std::unique_ptr<case_app::BoxDocuments> documents;
  std::unique_ptr<DraftStore> drafts;
  std::unique_ptr<ScanFolder> scans;
  std::unique_ptr<Uplink> uplink;
  std::optional<base::UtcTime> certificate_ends;
  std::unique_ptr<EdgeQueries> queries;
  std::unique_ptr<EdgeAlarms> alarm_queries;
  std::unique_ptr<api::DayUse> day_use;
  std::unique_ptr<EdgeWhy> why;
  std::unique_ptr<field::commission::CommissionDesk> commissioning;
  std::string broker;
  std::unique_ptr<identity::UserStore> users;
  std::unique_ptr<ExtensionWriter> extensions;
  std::unique_ptr<identity::IdentityService> identity;
  std::unique_ptr<ConfigurationDesk> configuration;  // its thread writes into the record of acts
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

/// When the certificate that the broker is shown ends; nullopt where it cannot be read, which connecting tells of.
std::optional<base::UtcTime> EndOf(const std::filesystem::path& certificate) {
  const auto text = security::ReadSmallFile(certificate);
  if (!text) return std::nullopt;
  const auto info = security::InspectCertificate(*text);
  return info ? std::optional(info->not_after) : std::nullopt;
}

}  // namespace

api::BoxFacts EdgeApp::Facts(const Parts& parts) {
  api::BoxFacts facts;
  facts.clock_bad = parts.watch->clock_bad();
  facts.store_failing = parts.store->failing();
  facts.uplink.joined = parts.uplink != nullptr;
  if (!parts.uplink) return facts;
  const UplinkStatus status = parts.uplink->status();
  facts.uplink.connected = status.connected;
  facts.uplink.connected_since = status.connected_since;
  facts.uplink.fault = status.fault;
  facts.uplink.central_answers = status.central_answers;
  facts.uplink.answers_since = status.since;
  facts.uplink.certificate_ends = parts.certificate_ends;
  return facts;
}

void EdgeApp::AddOwnRoutes(const EdgeConfig& config, Parts& p) {
  p.why = std::make_unique<EdgeWhy>(
      config.site, *p.store, *p.field, [&p] { return Facts(p); }, p.clock);
  api::AddWhyRoute(p.router,
                   [&p](const base::SiteId& site, metering::PointNo point) { return p.why->Find(site, point); });
  api::AddHoursRoute(
      p.router,
      [&p](const base::SiteId& site, sync::Lane lane, base::UtcTime from, base::UtcTime to) {
        return p.queries->Hours(site, lane, from, to);
      },
      p.clock);
  p.commissioning = std::make_unique<field::commission::CommissionDesk>(*p.field, config.field.profiles, p.clock);
  AddLineRoutes(p.router, *p.field, *p.commissioning, p.clock);
  p.configuration = std::make_unique<ConfigurationDesk>(
      ConfigurationDesk::Files{config.field.config, config.field.profiles, config.data_dir / "configurations"},
      *p.field,
      [&p]() -> base::Status {
        YB_TRY(p.setup->Reload());
        return {};
      },
      p.clock);
  const base::Status kept = p.configuration->NoteRunning("field.toml");
  if (!kept) kLog.Error("the running configuration is not kept as a version", {{"why", kept.error().Describe()}});
  AddConfigurationRoutes(
      p.router, *p.configuration, [&p] { return p.setup->counters().files_are_in_force.load(); }, p.clock);
  AddUplinkRoute(
      p.router, [&p] { return ShowUplink(p); }, p.clock);
}

UplinkView EdgeApp::ShowUplink(const Parts& parts) {
  UplinkView view{Facts(parts).uplink, parts.broker, 0, {}};
  UplinkStatus status;
  if (parts.uplink) status = parts.uplink->status();
  view.recycles = status.recycles;
  parts.store->state().With([&](const telemetry::SiteState& state) {
    for (const auto& [lane, progress] : state.lanes) {
      const sync::LaneCounters& counters = status.lanes[lane];
      view.lanes.push_back({lane, progress.last_known - std::min(progress.last_known, progress.committed),
                            progress.oldest_waiting, counters.frames_sent, counters.sessions, counters.resent,
                            counters.bytes_sent});
    }
  });
  return view;
}

base::Result<std::unique_ptr<Uplink>> EdgeApp::StartUplink(const EdgeConfig& config,
                                                           const security::BoxIdentity& identity, Parts& parts) {
  YB_ASSIGN(auto log, telemetry::RecordLog::Open(*parts.telemetry));
  UplinkOptions options;
  options.city = config.city;
  options.site = config.site;
  options.site_name = config.site_name;
  options.live_interval = config.live_interval;
  options.on_alarm_act = [&desk = *parts.alarms](alarms::Act act) { desk.OnCommand(std::move(act)); };
  options.lines = [&field = *parts.field] { return field.States(); };
  options.on_link = [&link = *parts.ledger_link, &cases = *parts.cases,
                     &documents = parts.documents->link()](bool connected) {
    connected ? link.OnConnected() : link.OnDisconnected();
    cases.OnLink(connected);
    connected ? documents.OnConnected() : documents.OnDisconnected();
  };
  options.on_other = [&link = *parts.ledger_link, &cases = *parts.cases, &documents = parts.documents->link(),
                      site = config.site](sync::Lane lane, base::ByteView payload) {
    sync::IsLedger(lane) ? link.OnMessage(site, lane, payload) : cases.OnOther(site, lane, payload);
    documents.OnMessage(site, lane, payload);
  };
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

base::Status EdgeApp::OpenStore(const EdgeConfig& config, Parts& parts) {
  YB_TRY(base::MakeFolder(config.data_dir));
  parts.telemetry = storage::MakeSqliteOpener({.file = config.data_dir / "telemetry.db", .cache_kib = kCacheKib});
  EdgeStoreOptions options;
  options.site = config.site;
  options.site_name = config.site_name;
  options.commit_interval = config.commit_interval;
  options.boot = parts.boot;
  options.quota = {config.data_dir, static_cast<std::uint64_t>(config.keep.history_mib) << 20,
                   static_cast<std::uint64_t>(config.keep.free_mib) << 20};
  YB_ASSIGN(parts.store, EdgeStore::Open(*parts.telemetry, std::move(options), parts.clock));
  return {};
}

/// The ledger (台账): what this park decides and does, and its copy of what the city does.
base::Status EdgeApp::OpenLedger(const EdgeConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "ledger.db";
  YB_TRY(security::MakePrivateFile(file));
  const auto opener = storage::MakeSqliteOpener({.file = file});
  YB_ASSIGN(calendar::WorkingCalendar calendar, casework::LoadCalendar(config.station.calendar));
  YB_ASSIGN(parts.ledger, ledger::LedgerStore::Open(*opener, {cases::Side::kPark}, std::move(calendar), parts.clock));
  parts.ledger_snapshots = std::make_unique<ledger::SnapshotKeeper>(*parts.ledger);
  ledger::LedgerLinkOptions options;
  options.city = config.city;
  options.publish = [&parts](const base::SiteId& /*site*/, sync::Lane lane, base::ByteView bytes) {
    return parts.uplink->Publish(lane, bytes);
  };
  options.on_changed = [&parts](const base::SiteId& site, const std::vector<std::string>& case_ids) {
    parts.cases->OnCasesChanged(site, case_ids);
  };
  parts.ledger_link = std::make_unique<ledger::LedgerLink>(std::move(options), *parts.ledger, parts.clock);
  return {};
}

/// The service station (服务站): cases at the window, drafts, scans, papers.
base::Status EdgeApp::OpenStation(const EdgeConfig& config, Parts& parts) {
  const EdgeConfig::Station& station = config.station;
  case_app::CaseAppOptions options;
  options.data_dir = config.data_dir;
  options.key_dir = station.key_dir;
  options.own_site = config.site;
  options.receipt_prefix = station.receipt_prefix;
  options.reference = {station.catalogue, station.delegations, station.calendar};
  options.letterhead = {station.organisation, station.contact, station.review_authority, station.court};
  options.print_command = station.print_command;
  options.files_keep_free = config.files.free_bytes();
  options.print_program = papers::HelperPrinter::BesideThisProgram();
  options.publish = [&parts](const base::SiteId& /*site*/, sync::Lane lane, base::ByteView bytes) {
    return parts.uplink->Publish(lane, bytes);
  };
  options.name_of = [name = config.site_name](const base::SiteId&) { return name; };
  options.session_of = [&parts](const base::SiteId& site) {
    const auto sessions = parts.ledger_link->sessions();
    const auto found = sessions.find(site);
    return found == sessions.end() ? ledger::LedgerSession{} : found->second;
  };
  YB_ASSIGN(parts.cases, case_app::CaseApp::Open(std::move(options), *parts.ledger, parts.clock));
  const std::filesystem::path file = config.data_dir / "drafts.db";
  YB_TRY(security::MakePrivateFile(file));
  const auto opener = storage::MakeSqliteOpener({.file = file});
  YB_ASSIGN(parts.drafts, DraftStore::Open(*opener, parts.cases->master(), parts.clock));
  parts.scans = std::make_unique<ScanFolder>(station.scans, parts.cases->files(), parts.clock);
  const auto looked = parts.scans->List();  // makes the folder; a window works without scanners, too
  if (!looked) kLog.Error("the scanner's folder cannot be used", {{"why", looked.error().Describe()}});
  return {};
}

/// Reference documents (参考文件) that the city publishes.
base::Status EdgeApp::OpenDocuments(const EdgeConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "documents.db";
  YB_TRY(security::MakePrivateFile(file));  // the directory holds hashes of passwords
  const auto opener = storage::MakeSqliteOpener({.file = file});
  case_app::BoxDocumentsOptions options;
  options.site = config.site;
  options.publish = [&parts](const base::SiteId& /*site*/, sync::Lane lane, base::ByteView bytes) {
    return parts.uplink->Publish(lane, bytes);
  };
  options.directory = [&parts](const documents::Document& document) {
    return identity::ApplyDirectory(*parts.users, document.text, parts.clock.Now());
  };
  options.on_directory_current = [&parts] {
    const base::Status noted = parts.users->NoteDirectory(parts.clock.Now());
    if (!noted) kLog.Error("that the directory is the newest is not noted", {{"why", noted.error().Describe()}});
  };
  YB_ASSIGN(parts.documents, case_app::BoxDocuments::Open(std::move(options), *opener, parts.cases->reference(),
                                                          *parts.ledger, parts.clock));
  return {};
}

/// A refused configuration stops the start; what central is told of it goes up with the next one that works.
base::Error EdgeApp::Refused(const EdgeConfig& config, Parts& parts, base::Error error) {
  base::Status told = OpenStore(config, parts);
  if (told) {
    const base::Words why = config::Described(error);
    const telemetry::Alarm alarm{parts.clock.Now(),
                                 telemetry::OperationKind::kConfigurationRefused,
                                 false,
                                 config.field.config.string(),
                                 why.en,
                                 parts.boot,
                                 why.zh};
    told = parts.store->Append(sync::Lane::kAlarm, telemetry::EncodeAlarm(alarm));
  }
  if (!told) kLog.Error("the refusal is not recorded", {{"why", told.error().Describe()}});
  return error;
}

/// Nothing was recorded since the last record, for whatever reason: the box was off, or its disk is an older copy and
/// what was written after it is lost without a trace. Either way central names the time.
base::Status EdgeApp::TellDowntime(Parts& parts) {
  YB_ASSIGN(const auto log, telemetry::RecordLog::Open(*parts.telemetry));
  YB_ASSIGN(const base::UtcTime last, log->LastWritten(parts.store->site_no()));
  if (last.micros == 0) return {};
  const base::UtcTime now = parts.clock.Now();
  telemetry::Alarm alarm{std::min(last, now), telemetry::OperationKind::kBoxDown, false, "", "", parts.boot};
  YB_TRY(parts.store->Append(sync::Lane::kAlarm, telemetry::EncodeAlarm(alarm)));
  alarm.time = std::max(last, now);
  alarm.cleared = true;
  return parts.store->Append(sync::Lane::kAlarm, telemetry::EncodeAlarm(alarm));
}

base::Status EdgeApp::StartKeeper(Parts& parts) {
  telemetry::KeeperOptions options;
  options.prune = [&store = *parts.store] { return store.Tidy(); };
  YB_ASSIGN(auto log, telemetry::RecordLog::Open(*parts.telemetry));
  parts.keeper = std::make_unique<telemetry::Keeper>(std::move(options), std::move(log), parts.clock);
  parts.keeper->Start();
  return {};
}

base::Status EdgeApp::StartWatch(const EdgeConfig& config, Parts& parts) {
  YB_ASSIGN(const auto log, telemetry::RecordLog::Open(*parts.telemetry));
  YB_ASSIGN(const auto told, log->NewestAlarms(parts.store->site_no(), kToldAlarms));
  OperationWatchOptions options;
  options.clock_floor = parts.store->state().With(
      [](const telemetry::SiteState& state) { return state.latest.newest().value_or(base::UtcTime{}); });
  options.configuration_file = config.field.config.string();
  options.boot = parts.boot;
  const auto lines = [&field = *parts.field] {
    std::vector<LineView> views;
    for (const field::LineSnapshot& line : field.Snapshot()) {
      views.push_back({line.key, line.channel, line.status.connected});
    }
    return views;
  };
  parts.watch = std::make_unique<OperationWatch>(
      std::move(options), told, *parts.store, lines, [&setup = *parts.setup] { return setup.refusal(); }, parts.clock);
  return {};
}

/// Log-in, with users of the program's own.
base::Status EdgeApp::StartIdentity(const EdgeConfig& config, Parts& parts) {
  const std::filesystem::path file = config.data_dir / "users.db";
  YB_TRY(security::MakePrivateFile(file));
  const auto opener = storage::MakeSqliteOpener({.file = file, .cache_kib = kCacheKib});
  YB_ASSIGN(parts.users, identity::UserStore::Open(*opener));
  identity::IdentityOptions options;
  options.folder = config.data_dir;
  options.program = config.site.text();
  options.serves_many_sites = false;
  options.idle = config.web.access.session_idle;
  options.longest = config.web.access.session_longest;
  YB_ASSIGN(parts.identity, identity::IdentityService::Start(std::move(options), *parts.users, parts.clock));
  parts.extensions = std::make_unique<ExtensionWriter>(config.site, *parts.users, *parts.ledger);
  parts.extensions->Start();
  api::AddIdentity(parts.router, *parts.identity, parts.clock, [&writer = *parts.extensions] {
    const base::Status looked = writer.Look();
    if (!looked) kLog.Error("the extension is not in the ledger yet", {{"why", looked.error().Describe()}});
  });
  return {};
}

/// What the box does by itself about its configuration is in the record of acts, beside what people do.
void EdgeApp::StartFallingBack(Parts& parts) {
  AddConfigurationMetrics(parts.metrics, *parts.configuration);
  parts.configuration->Start([&users = *parts.users, &clock = parts.clock](const WaitingVersion& version) {
    const std::string from = "v" + std::to_string(version.version), to = "v" + std::to_string(version.back_to);
    const base::Status recorded =
        users.Record({0, clock.Now(), "yuanban-edge", "configuration.fall_back", from, "back to " + to, ""});
    if (!recorded) kLog.Error("an audit line is lost", {{"why", recorded.error().Describe()}});
  });
}

EdgeApp::EdgeApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EdgeApp::~EdgeApp() = default;

const http::Router& EdgeApp::router() const {
  return parts_->router;
}

base::Status EdgeApp::ReloadField() {
  YB_TRY(parts_->setup->Reload());
  return parts_->configuration->NoteRunning("SIGHUP");
}

base::Result<std::unique_ptr<EdgeApp>> EdgeApp::Start(const EdgeConfig& config) {
  auto parts = std::make_unique<Parts>();
  Parts& p = *parts;
  // The field configuration first: a wrong one is refused before any reading is.
  const auto files = LoadFieldFiles(config.field);
  if (!files) return base::Fail(Refused(config, p, files.error()));

  YB_TRY(OpenStore(config, p));
  YB_TRY(OpenLedger(config, p));
  YB_TRY(OpenStation(config, p));
  YB_TRY(OpenDocuments(config, p));
  const base::Status downtime = TellDowntime(p);
  if (!downtime) kLog.Error("the time without records is not told", {{"why", downtime.error().Describe()}});
  YB_TRY(StartKeeper(p));
  YB_ASSIGN(auto alarm_log, telemetry::RecordLog::Open(*p.telemetry));
  p.alarms = std::make_unique<AlarmDesk>(AlarmDeskOptions{.boot = p.boot}, *p.store, std::move(alarm_log), p.clock);
  p.field = std::make_unique<field::FieldSide>(p.clock, *p.store);
  p.setup = std::make_unique<FieldSetup>(config.field, *p.store, *p.field, *p.alarms);
  YB_TRY(p.setup->Apply(*files));
  YB_ASSIGN(p.imports, ImportSpool::Start(config.import_folder(), *p.store));
  YB_TRY(StartWatch(config, p));
  p.alarms->Start([&field = *p.field] {
    std::set<std::string> down;
    for (const field::LineSnapshot& line : field.Snapshot()) {
      if (!line.status.connected) down.insert(line.key);
    }
    return down;
  });

  YB_ASSIGN(const std::optional<security::BoxIdentity> identity, FindIdentity(config));
  if (identity) {
    YB_ASSIGN(p.uplink, StartUplink(config, *identity, p));
    p.ledger_link->Start({config.site});
    p.cases->Start({config.site});
    p.broker = identity->broker;
    p.certificate_ends = EndOf(identity->certificate_file);
  } else {
    kLog.Info("not joined yet, working without central", {{"hint", "join with yuanbanctl enroll"}});
  }
  AddEdgeMetrics(p.metrics, *p.store, *p.field, p.setup->counters(), p.uplink.get(), p.clock);
  AddImportMetrics(p.metrics, config.import_folder());
  metrics::AddProcessMetrics(p.metrics, p.clock.Now());
  metrics::AddFlashLife(p.metrics, config.flash_endurance_tb * 1e12, p.clock);
  if (identity) metrics::AddCertificateEnd(p.metrics, identity->certificate_ends);

  YB_ASSIGN(auto reading, telemetry::RecordLog::Open(*p.telemetry));
  p.queries =
      std::make_unique<EdgeQueries>(config.site, *p.store, std::move(reading), [&p] { return LinkOf(p.uplink.get()); });
  YB_ASSIGN(auto alarms_reading, telemetry::RecordLog::Open(*p.telemetry));
  p.alarm_queries = std::make_unique<EdgeAlarms>(config.site, *p.store, std::move(alarms_reading), *p.alarms);
  api::AddAlarmMetrics(p.metrics, *p.alarm_queries, api::SiteLabel::kNone);
  p.day_use = std::make_unique<api::DayUse>(*p.queries, p.clock);
  api::AddSiteRoutes(p.router, {"edge", base::kVersion, config.city.text(), config.site.text(), config.site_name},
                     *p.queries, *p.alarm_queries, *p.day_use, p.metrics, p.clock);
  api::AddExportRoute(p.router, *p.queries, p.clock);
  api::AddSyncStatusRoute(p.router, *p.queries, p.clock);
  api::AddAlarmRoutes(p.router, *p.alarm_queries, p.clock);
  p.cases->AddRoutes(p.router, [&p](std::int64_t user, const std::string& draft) {
    const base::Status thrown = p.drafts->ThrowAway(user, draft);
    if (!thrown) kLog.Error("a draft that became a case stays", {{"why", thrown.error().Describe()}});
  });
  AddStationRoutes(p.router, *p.drafts, *p.scans, p.clock);
  AddOwnRoutes(config, p);
  YB_TRY(StartIdentity(config, p));
  StartFallingBack(p);
  if (identity) p.documents->link().Start({config.site});
  if (!config.web.pages.empty()) {
    p.pages = std::make_unique<http::StaticFiles>(config.web.pages);
    p.router.SetFallback([&p](const http::Request& request) { return p.pages->Serve(request); });
  }
  YB_ASSIGN(const std::filesystem::path web_certificate,
            security::EnsureSelfSignedWeb(config.identity_dir, p.clock.Now()));
  http::ServerOptions web;
  web.listen_address = config.web.access.listen;
  web.port = config.web.port;
  web.certificate_file = web_certificate.string();
  YB_ASSIGN(p.server,
            http::StartCivetWeb(web, [&p](const http::Request& request) { return p.router.Handle(request); }));
  if (!config.web.port_file.empty())
    YB_TRY(base::WriteFile(config.web.port_file, std::to_string(p.server->port()) + "\n"));
  kLog.Info("serving", {{"url", "https://" + config.web.access.listen + ":" + std::to_string(p.server->port())}});
  return std::unique_ptr<EdgeApp>(new EdgeApp(std::move(parts)));
}

}  // namespace yb::edge
