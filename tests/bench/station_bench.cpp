// What the ledger of a station costs: acts against bare commits of the same bytes, an act's way to central while idle
// and while a history drains, an inbox of 100,000 cases, and the cost of an event in a large ledger. Prints one JSON
// line.
#include <algorithm>
#include <cstdio>
#include <random>
#include <thread>

#include "core/mqtt/paho/paho_client.hpp"
#include "core/security/box_identity.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/topics.hpp"
#include "edge/uplink/uplink.hpp"
#include "tests/bench/case_load.hpp"
#include "tests/bench/outbox.hpp"
#include "tests/support/city.hpp"

namespace {

using namespace std::chrono_literals;
using namespace yb;
using Clock = std::chrono::steady_clock;
using bench::CaseLoad;
using ledger::LedgerStore;

const base::SiteId kSite = test::City::Site();
const cases::Actor kClerk{"1", "张三", ""};

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double Quantile(std::vector<double> values, double part) {
  std::ranges::sort(values);
  return values.empty() ? -1 : values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

std::unique_ptr<LedgerStore> Open(const std::filesystem::path& file, cases::Side side, const base::Clock& clock) {
  const auto opener = storage::MakeSqliteOpener({.file = file});
  auto store = LedgerStore::Open(*opener, {side}, calendar::WorkingCalendar(calendar::PublishedNotices()), clock);
  YB_CHECK(store.has_value(), "the ledger does not open");
  return std::move(*store);
}

/// Commits of the same bytes to one table, nothing else: what this file system gives at best.
class BareCommits {
 public:
  explicit BareCommits(const std::filesystem::path& file) : database_(*storage::OpenSqlite({.file = file})) {
    YB_CHECK(database_->Execute("CREATE TABLE bare (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)").has_value(), "");
    insert_ = *database_->Prepare("INSERT INTO bare (body) VALUES (?)");
  }
  void Commit(base::ByteView body) {
    auto transaction = *storage::Transaction::Begin(*database_);
    YB_CHECK(insert_->Bind(1, body).Run().has_value() && transaction.Commit().has_value(), "a bare commit fails");
  }

 private:
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::Statement> insert_;
};

struct CommitFigures {
  double cases_per_second = 0, events_per_second = 0, ratio = 0;
};

/// In turns, so that both meet the same disk.
CommitFigures MeasureCommits(const std::filesystem::path& folder, const base::Clock& clock) {
  constexpr int kRounds = 10;
  constexpr int kCasesOfARound = 25;
  const auto store = Open(folder / "commit.db", cases::Side::kPark, clock);
  BareCommits bare(folder / "bare.db");
  double acting = 0, committing = 0;
  std::uint64_t events = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto acts = Clock::now();
    for (int i = 0; i < kCasesOfARound; ++i) CaseLoad::Accept(*store, kSite, kClerk);
    events += kCasesOfARound * CaseLoad::kEventsToAccept;
    acting += Since(acts);
    const sync::EpochRange own = store->Outbox(kSite).at(0);
    const std::uint64_t first = own.last - kCasesOfARound * CaseLoad::kEventsToAccept + 1;
    const auto bodies = *store->ReadBodies(kSite, {own.epoch, first}, SIZE_MAX);
    const auto commits = Clock::now();
    for (const base::Bytes& body : bodies) bare.Commit(body);
    committing += Since(commits);
  }
  return {kRounds * kCasesOfARound / acting, static_cast<double>(events) / acting, committing / acting};
}

/// Mean milliseconds per event at central: a department acts on cases of all ages, and frames of a station come in.
double CostOfAnEvent(LedgerStore& store, CaseLoad& station, std::mt19937& random) {
  constexpr int kActs = 300;
  std::uint64_t events = kActs;
  const auto start = Clock::now();
  for (int i = 0; i < kActs; ++i) {
    const std::string id = CaseLoad::CaseId(1 + random() % station.cases());
    const auto acted = store.Act(kSite, id, {"2", "李四", "市自然资源局"}, cases::Print{"acceptance", true});
    YB_CHECK(acted.has_value(), "central prints");
  }
  for (int i = 0; i < 10; ++i) events += station.FillCases(store, kSite, 20);
  return Since(start) * 1000 / static_cast<double>(events);
}

/// Median of several, since a disk has moods.
double MedianCost(LedgerStore& store, CaseLoad& station) {
  std::mt19937 random(7);
  std::vector<double> costs;
  for (int i = 0; i < 9; ++i) costs.push_back(CostOfAnEvent(store, station, random));
  return Quantile(costs, 0.5);
}

/// What was written by the hundred megabytes goes to the disk behind its writer.
constexpr auto kDiskSettles = 15s;

struct GrowthFigures {
  double at_10_000 = 0, at_1_000_000 = 0, rebuild_events_per_second = 0;
  double before_snapshot = 0;          // as at_1_000_000, with the snapshot of 10,000 events only
  double rebuild_seconds = 0;          // from the first event
  double bounded_rebuild_seconds = 0;  // from a snapshot
  double snapshot_seconds = 0, snapshot_piece_ms = 0;
};

/// All pieces of a first snapshot one after the other, and the longest of them.
void MeasureSnapshot(LedgerStore& store, GrowthFigures& figures) {
  figures.snapshot_seconds = figures.snapshot_piece_ms = 0;
  while (true) {
    const auto start = Clock::now();
    const auto more = store.SnapshotStep();
    YB_CHECK(more.has_value(), "a snapshot is taken");
    if (!*more) return;
    figures.snapshot_seconds += Since(start);
    figures.snapshot_piece_ms = std::max(figures.snapshot_piece_ms, Since(start) * 1000);
  }
}

double MeasureRebuild(LedgerStore& store, ledger::CaseTables::From from) {
  const auto start = Clock::now();
  const auto rebuilt = *store.Rebuild(from);
  const double took = Since(start);
  YB_CHECK(rebuilt.at(0).before == rebuilt.at(0).after, "a rebuilt projection differs");
  return took;
}

GrowthFigures MeasureGrowth(const std::filesystem::path& folder, std::uint64_t most, const base::Clock& clock) {
  GrowthFigures figures;
  const auto store = Open(folder / "growth.db", cases::Side::kCity, clock);
  CaseLoad station(cases::Side::kPark);
  station.Fill(*store, kSite, 10'000);
  MeasureSnapshot(*store, figures);
  std::this_thread::sleep_for(kDiskSettles);
  figures.at_10_000 = MedianCost(*store, station);
  station.Fill(*store, kSite, most);
  std::this_thread::sleep_for(kDiskSettles);
  figures.before_snapshot = MedianCost(*store, station);
  MeasureSnapshot(*store, figures);
  std::this_thread::sleep_for(kDiskSettles);
  figures.at_1_000_000 = MedianCost(*store, station);
  figures.bounded_rebuild_seconds = MeasureRebuild(*store, ledger::CaseTables::From::kSnapshots);
  figures.rebuild_seconds = MeasureRebuild(*store, ledger::CaseTables::From::kFirstEvent);
  const auto counts = *store->Read([](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.CountAll(); });
  figures.rebuild_events_per_second = static_cast<double>(counts.second) / figures.rebuild_seconds;
  return figures;
}

/// One look at the inbox of central: the count of each tab, and the first page of one with its cases.
double MeasureInbox(const std::filesystem::path& folder, int cases, const base::Clock& clock) {
  const auto store = Open(folder / "inbox.db", cases::Side::kCity, clock);
  CaseLoad station(cases::Side::kPark);
  while (station.cases() < static_cast<std::uint64_t>(cases)) station.FillCases(*store, kSite, 500);
  std::vector<double> looks;
  for (int i = 0; i < 300; ++i) {
    const auto start = Clock::now();
    const bool good = store->Read([&](ledger::StreamLog&, ledger::CaseTables& tables) {
      ledger::CaseFilter filter;
      filter.who = "city";
      filter.today = *calendar::ParseDate("2026-03-20");
      for (const ledger::Tab tab : ledger::kTabs) {
        filter.tab = tab;
        if (!tables.Count(filter)) return false;
      }
      filter.tab = ledger::kTabs.at(static_cast<std::size_t>(i) % ledger::kTabs.size());
      const auto keys = tables.List(filter);
      return keys && std::ranges::all_of(*keys, [&](const auto& key) { return tables.Load(key).has_value(); });
    });
    YB_CHECK(good, "the inbox cannot be read");
    looks.push_back(Since(start) * 1000);
  }
  return Quantile(looks, 0.99);
}

/// A station in this process, on the real broker and with the real central: its uplink and its ledger.
class Station {
 public:
  Station(const test::City& city, const base::Clock& clock) {
    const auto file = storage::MakeSqliteOpener({.file = city.Path("edge/telemetry.db")});
    edge::EdgeStoreOptions keeping;
    keeping.site = kSite;
    telemetry_ = *edge::EdgeStore::Open(*file, std::move(keeping), clock);
    ledger_ = Open(city.Path("edge/ledger.db"), cases::Side::kPark, clock);
    const auto identity = *security::LoadBoxIdentity(city.Path("edge/identity"));
    ledger::LedgerLinkOptions lanes;
    lanes.city = identity.city;
    lanes.publish = [this](const base::SiteId&, sync::Lane lane, base::ByteView bytes) {
      return uplink_->Publish(lane, bytes);
    };
    link_ = std::make_unique<ledger::LedgerLink>(std::move(lanes), *ledger_, clock);
    edge::UplinkOptions options;
    options.city = identity.city;
    options.site = kSite;
    options.on_link = [this](bool up) { up ? link_->OnConnected() : link_->OnDisconnected(); };
    options.on_other = [this](sync::Lane lane, base::ByteView bytes) { link_->OnMessage(kSite, lane, bytes); };
    uplink_ =
        std::make_unique<edge::Uplink>(std::move(options), *telemetry_, *telemetry::RecordLog::Open(*file), clock);
    const auto started = uplink_->Start([&](mqtt::MqttListener& listener) {
      mqtt::MqttOptions mqtt;
      mqtt.broker = identity.broker;
      mqtt.client_id = kSite.text();
      mqtt.trust_file = identity.roots_file.string();
      mqtt.certificate_file = identity.certificate_file.string();
      mqtt.key_file = identity.key_file.string();
      mqtt.subscriptions = {sync::OwnDownTopics(identity.city, kSite)};
      return mqtt::StartPahoClient(std::move(mqtt), listener);
    });
    YB_CHECK(started.has_value(), "the station does not reach the broker");
    link_->Start({kSite});
  }
  ~Station() { link_->Stop(); }
  [[nodiscard]] LedgerStore& ledger() { return *ledger_; }
  [[nodiscard]] edge::EdgeStore& telemetry() { return *telemetry_; }

 private:
  std::unique_ptr<edge::EdgeStore> telemetry_;
  std::unique_ptr<LedgerStore> ledger_;
  std::unique_ptr<ledger::LedgerLink> link_;
  std::unique_ptr<edge::Uplink> uplink_;
};

/// How long an act at the park takes until central shows the case as it then is, in milliseconds.
std::vector<double> ActAndWatch(
    Station& station, LedgerStore& central, int acts, const std::function<bool()>& go_on = [] { return true; }) {
  std::vector<double> seen;
  std::string id;
  for (int i = 0; i < acts && go_on(); ++i) {
    if (i % 20 == 0) id = CaseLoad::Accept(station.ledger(), kSite, kClerk);
    const auto start = Clock::now();
    const auto acted = station.ledger().Act(kSite, id, kClerk, cases::Remind{"第 " + std::to_string(i) + " 次"});
    YB_CHECK(acted.has_value(), "a station may remind");
    while (true) {
      const auto there = central.Find(kSite, id);
      if (there && there->events.size() >= acted->events.size()) break;
      YB_CHECK(Since(start) < 60, "an act does not come to central");
      std::this_thread::sleep_for(1ms);
    }
    seen.push_back(Since(start) * 1000);
    std::this_thread::sleep_for(20ms);
  }
  return seen;
}

struct WayFigures {
  double idle_p99 = 0, draining_p99 = 0;
  std::size_t acts_while_draining = 0;
};

WayFigures MeasureWay(const std::filesystem::path& programs, const std::filesystem::path& project,
                      const base::Clock& clock) {
  constexpr test::CityMeter kMeters[] = {{"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"}};
  test::City city(programs, project, kMeters);
  city.StartMeters();
  city.StartBroker();
  city.StartCentral();
  city.Join();
  city.StartEdge();  // its points are known, then this process takes its place
  YB_CHECK(city.WaitUntilCaughtUp(), "the box and central do not find together");
  city.EndEdge();
  WayFigures figures;
  const auto central = Open(city.Path("central/ledger.db"), cases::Side::kCity, clock);
  {
    Station station(city, clock);
    figures.idle_p99 = Quantile(ActAndWatch(station, *central, 300), 0.99);
  }
  const auto outbox = bench::FillOutbox(*city.OpenLog("edge/telemetry.db"), kSite, 20);
  Station station(city, clock);
  const auto draining = [&] {
    const auto epochs = station.telemetry().Outbox(sync::Lane::kHistory);
    return std::ranges::any_of(
        epochs, [&](const auto& epoch) { return epoch.epoch == outbox.epoch && epoch.acked < outbox.last; });
  };
  const auto seen = ActAndWatch(station, *central, 1000, draining);
  figures.draining_p99 = Quantile(seen, 0.99);
  figures.acts_while_draining = seen.size();
  return figures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: station_bench PROGRAMS PROJECT [EVENTS]\n");
    return 2;
  }
  const std::uint64_t events = argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
  const base::SystemClock clock;
  const test::TempFolder folder;
  const CommitFigures commits = MeasureCommits(folder.path(), clock);
  std::fprintf(stderr, "commits: %.0f cases, %.0f events per second\n", commits.cases_per_second,
               commits.events_per_second);
  const double inbox = MeasureInbox(folder.path(), 100'000, clock);
  std::fprintf(stderr, "inbox: p99 %.1f ms\n", inbox);
  const GrowthFigures growth = MeasureGrowth(folder.path(), events, clock);
  std::fprintf(stderr, "growth: %.3f and %.3f ms per event, %.3f before the snapshot\n", growth.at_10_000,
               growth.at_1_000_000, growth.before_snapshot);
  std::fprintf(stderr, "rebuild: %.1f s, from a snapshot %.1f s; snapshot: %.1f s, longest piece %.0f ms\n",
               growth.rebuild_seconds, growth.bounded_rebuild_seconds, growth.snapshot_seconds,
               growth.snapshot_piece_ms);
  const WayFigures way = MeasureWay(argv[1], argv[2], clock);
  std::printf(
      "{\"bench\":\"station\",\"commit_ratio\":%.2f,\"action_to_central_p99_ms\":%.0f,\"inbox_p99_ms\":%.1f,"
      "\"growth_ratio\":%.2f,\"cases_per_second\":%.0f,\"events_per_second\":%.0f,\"action_idle_p99_ms\":%.0f,"
      "\"acts_while_draining\":%zu,\"event_ms_at_10000\":%.3f,\"event_ms_at_%llu\":%.3f,\"rebuild_events_per_s\":%.0f,"
      "\"rebuild_s\":%.1f,\"rebuild_from_snapshot_s\":%.1f,\"snapshot_s\":%.1f,\"snapshot_piece_ms\":%.0f}\n",
      commits.ratio, std::max(way.idle_p99, way.draining_p99), inbox, growth.at_1_000_000 / growth.at_10_000,
      commits.cases_per_second, commits.events_per_second, way.idle_p99, way.acts_while_draining, growth.at_10_000,
      static_cast<unsigned long long>(events), growth.at_1_000_000, growth.rebuild_events_per_second,
      growth.rebuild_seconds, growth.bounded_rebuild_seconds, growth.snapshot_seconds, growth.snapshot_piece_ms);
  return 0;
}
