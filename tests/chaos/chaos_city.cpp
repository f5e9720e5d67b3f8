#include "tests/chaos/chaos_city.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/chaos/sqlite_copy.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::chaos {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using test::City;

constexpr int kMetersOfAKind = 6;
constexpr int kRowsPerSecond = 10;  // of the replayed files; the meters are asked once a second
constexpr seconds kCommitInterval{1};
constexpr seconds kAskedEvery{1};  // a meter
/// An answer waits for a commit, which then takes its time: as long again, on a machine with other work.
constexpr base::Duration kUntilDurable = 2 * kCommitInterval;
/// A box whose disk took nothing holds what it read in memory and needs a moment to write it.
constexpr seconds kAfterFullDisk{4};
constexpr seconds kAloneAfterwards{3};
constexpr base::Duration kApart = seconds(2);
constexpr int kDiskMebibytes = 160;
/// Below so much of it no file is taken in: more than what the ladder begins at.
constexpr int kFreeOfFilesMebibytes = 16;
/// Below so much of it the box goes down its ladder; a part of that is left to it, since it cannot delete without room.
constexpr int kFreeMebibytes = 8;
constexpr std::uint64_t kLeftToTheBox = std::uint64_t{5} << 20;
/// What is dropped is older than two days; slices are in the series, as they have to be, when an hour old.
constexpr base::Duration kLongAgo = -std::chrono::hours(24 * 4);
constexpr base::Duration kUntilInSeries = std::chrono::hours(2);
constexpr int kLongestUntilInSeries = 30;  // looks, one a second
constexpr int kLongestDescent = 30;
constexpr int kLongestBeginning = 120;
/// What the profiles of the run make points of.
constexpr std::array<std::string_view, 3> kQuantities = {"fwd_active_energy", "active_power_total", "current_volume"};
constexpr const char* kProfiles = "firmware-config/profiles";
constexpr const char* kFakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

base::UtcTime Now() {
  return base::SystemClock().Now();
}
void Wait(std::chrono::milliseconds time) {
  std::this_thread::sleep_for(time);
}

std::string FeederAddress(int i) {
  return "26030551002" + std::to_string(i);
}
std::string PumpAddress(int i) {
  return "7833001122334" + std::to_string(i);
}

std::string KeyOf(const std::string& address) {
  const std::string last(1, address.back());
  return (address.size() == 12 ? "feeder-" : "pump-") + last;
}

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  YB_CHECK(at != std::string::npos, "a configuration does not say what was to be replaced");
  return text.replace(at, what.size(), by);
}

/// The shipped profiles but for what repeats itself: a power factor has a thousand values only.
void WriteProfiles(const City& city, const fs::path& project) {
  fs::create_directories(city.Path("profiles"));
  fs::copy_file(project / kProfiles / "cjt188-water.toml", city.Path("profiles/cjt188-water.toml"));
  fs::copy_file(project / kProfiles / "dlt645-2007-basic.toml", city.Path("profiles/feeder.toml"));
  const std::string basic = city.Read("profiles/feeder.toml");
  const std::size_t factor = basic.find("[[point]]\nquantity = \"power_factor_total\"");
  YB_CHECK(factor != std::string::npos, "the feeder's profile does not end with the power factor");
  city.Write("profiles/feeder.toml", basic.substr(0, factor));
}

/// Every value of every row is one that no other row has.
void WriteReplay(const City& city, seconds longest) {
  std::string feeder =
      "time,active_energy_kwh,active_power_kw,reactive_lagging_kvarh,reactive_leading_kvarh,power_factor\n";
  std::string water = "time,meter,volume_l\n";
  const base::UtcTime start = *base::FromIso("2026-01-01T00:00:00Z");
  for (std::int64_t row = 0; row < longest.count() * kRowsPerSecond; ++row) {
    const std::string time = base::ToIso(start + seconds(row)).substr(0, 19);
    feeder += time + "," + base::Decimal(100'000 + row, 2).ToString() + "," +
              base::Decimal(10'000 + row, 4).ToString() + ",0,0,0.9\n";
    water += time + ",W," + std::to_string(1'000'000 + 10 * row) + "\n";
  }
  city.Write("feeder.csv", feeder);
  city.Write("water.csv", water);
}

/// Readings in the database at `file` that lie beyond what `copy` holds and beyond what central acknowledged.
std::map<ReadingId, Excuses::Replaced> OnlyIn(const City& city, const std::string& file, const std::string& copy,
                                              const std::map<std::uint64_t, std::uint64_t>& acknowledged) {
  const auto log = city.OpenLog(file);
  const auto kept = city.OpenLog(copy);
  const auto site = *log->EnsureSite(City::Site());
  const auto kept_heads = *kept->Heads(*kept->EnsureSite(City::Site()), sync::Lane::kHistory);
  std::map<metering::PointNo, std::string> keys;
  const auto points = log->Points(site);
  for (const telemetry::PointDefinition& definition : *points) {
    keys[definition.point.no] = definition.point.key;
  }
  std::map<ReadingId, Excuses::Replaced> only;
  const auto heads = log->Heads(site, sync::Lane::kHistory);
  for (const telemetry::EpochHead& head : *heads) {
    const auto in_copy = std::ranges::find(kept_heads, head.epoch, &telemetry::EpochHead::epoch);
    const auto told = acknowledged.find(head.epoch);
    const std::uint64_t acked = std::max(head.acked, told == acknowledged.end() ? 0 : told->second);
    const std::uint64_t from = std::max(acked, in_copy == kept_heads.end() ? 0 : in_copy->last) + 1;
    const auto bodies = log->ReadBodies(site, sync::Lane::kHistory, {head.epoch, from}, SIZE_MAX);
    for (std::size_t i = 0; i < bodies->size(); ++i) {
      const auto record = telemetry::DecodeHistoryRecord((*bodies)[i]);
      const auto* slice = record ? std::get_if<telemetry::Slice>(&*record) : nullptr;
      if (slice == nullptr) continue;
      for (const metering::Reading& reading : slice->readings) {
        if (reading.value) {
          only.emplace(ReadingId(keys[reading.point], reading.value->ToString()),
                       Excuses::Replaced{{head.epoch, from + i}, reading.time});
        }
      }
    }
  }
  return only;
}

/// Times in which the box recorded nothing, as central shows them.
std::vector<test::Span> WithoutRecords(telemetry::RecordLog& log, telemetry::SiteNo site) {
  std::map<std::uint64_t, std::pair<std::optional<base::UtcTime>, std::optional<base::UtcTime>>> starts;  // by boot
  const auto alarms = *log.NewestAlarms(site, INT32_MAX);
  for (const telemetry::Alarm& alarm : alarms) {
    if (alarm.what != telemetry::OperationKind::kBoxDown) continue;
    auto& [since, until] = starts[alarm.boot];
    (alarm.cleared ? until : since) = alarm.time;
  }
  std::vector<test::Span> spans;
  for (const auto& [boot, start] : starts) {
    if (start.first && start.second) spans.push_back({*start.first, *start.second});
  }
  return spans;
}

}  // namespace

ChaosCity::ChaosCity(const ChaosOptions& options) : city_(options.programs, options.project, {}) {
  WriteProfiles(city_, options.project);
  WriteMeters(options.longest);
  city_.Write("edge.toml",
              "commit_interval_ms = " + std::to_string(std::chrono::milliseconds(kCommitInterval).count()) + "\n" +
                  Replaced(city_.Read("edge.toml"), (options.project / kProfiles).string(), "profiles"));
  const std::string files = "[files]\nfree_mib = " + std::to_string(kFreeOfFilesMebibytes) + "\n";
  city_.Write("edge.toml",
              city_.Read("edge.toml") + "[keep]\nfree_mib = " + std::to_string(kFreeMebibytes) + "\n" + files);
  city_.Write("central.toml", city_.Read("central.toml") + files);
  // As somebody else's broker may be set up: it keeps sessions and messages, and brings old ones back after a kill.
  fs::create_directories(city_.Path("broker/kept"));
  city_.Write("broker/mosquitto.conf", Replaced(city_.Read("broker/mosquitto.conf"), "persistence false",
                                                "persistence true\npersistence_location " + city_.Path("broker/kept") +
                                                    "/\nautosave_interval 2"));
  if (options.small_disks) {
    edge_disk_.emplace(city_.Path("edge"), kDiskMebibytes);
    central_disk_.emplace(city_.Path("central"), kDiskMebibytes);
  }
  SetClock(seconds(0));
  const fs::path edge = options.edge.empty() ? options.programs / "yuanban-edge" : options.edge;
  city_.UseEdge({"env", std::string("LD_PRELOAD=") + kFakeTime, "FAKETIME_TIMESTAMP_FILE=" + city_.Path("clock"),
                 "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "ASAN_OPTIONS=verify_asan_link_order=0",
                 edge.string()});
  if (!options.central.empty()) city_.UseCentral({options.central.string()});
  cases_.emplace(city_.Path("edge"), city_.Path("central"), City::Site(), options.seed);
  files_.emplace(
      *cases_, [this](cases::Side side) { return side == cases::Side::kPark ? city_.edge_api() : city_.central_api(); },
      City::Site(), options.seed);
}

void ChaosCity::WriteMeters(seconds longest) {
  WriteReplay(city_, longest);
  const std::string port = std::to_string(city_.meter_port());
  std::string sim = "[[line]]\nkey = \"line-1\"\nlisten = \"127.0.0.1:" + port + "\"\n";
  std::string field = "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + port + "\n";
  for (int i = 0; i < kMetersOfAKind; ++i) {
    sim += "[[line.meter]]\nprotocol = \"DLT645-2007\"\naddress = \"" + FeederAddress(i) +
           "\"\ncsv = \"feeder.csv\"\n[[line.meter]]\nprotocol = \"CJT188\"\naddress = \"" + PumpAddress(i) +
           "\"\ncsv = \"water.csv\"\ncsv_meter = \"W\"\n";
    const auto meter = [&](const std::string& address, const char* profile) {
      const std::string key = KeyOf(address);
      field += "[[line.meter]]\nkey = \"" + key + "\"\nname = \"" + key + "\"\nprofile = \"" + profile +
               "\"\naddress = \"" + address + "\"\ninterval_s = " + std::to_string(kAskedEvery.count()) + "\n";
    };
    meter(FeederAddress(i), "feeder");
    meter(PumpAddress(i), "cjt188-water");
  }
  city_.Write("sim.toml", sim);
  city_.Write("field.toml", field);
}

void ChaosCity::Start() {
  city_.StartMeters({"--replay", city_.Path(""), "--speed", std::to_string(kRowsPerSecond)});
  city_.StartBroker();
  city_.StartCentral();
  city_.Join();
  city_.StartEdge();
  cases_->Start();
  files_->Start();
  // A fault that strikes before readings came through would break nothing. The first records tell of points only.
  const auto flows = [&] { return Judge().compared >= std::size_t{2} * kMetersOfAKind; };
  YB_CHECK(test::WaitUntil(flows, kLongestBeginning, seconds(1)), "no reading of the box came to central");
}

std::string ChaosCity::Died() {
  if (!city_.edge().Running()) return "edge";
  if (!city_.central().Running()) return "central";
  return "";
}

void ChaosCity::EndPrograms() {
  city_.EndEdge();
  city_.EndCentral();
}

void ChaosCity::NoteAcknowledged() {
  int status = 0;
  const std::string told =
      test::RunToEnd("curl -sk --max-time 20 -H 'Authorization: Bearer " + city_.edge_api().token +
                         "' https://127.0.0.1:" + std::to_string(city_.edge_port()) + "/api/v1/sync",
                     status);
  const auto answer = nlohmann::json::parse(told, nullptr, false);
  YB_CHECK(status == 0 && answer.is_object(), "the box does not say what central has acknowledged");
  for (const auto& lane : answer["sites"][0]["lanes"]) {
    if (lane["lane"] != "history") continue;
    for (const auto& epoch : lane["epochs"]) acknowledged_[epoch["epoch"]] = epoch.value("acked_seq", std::uint64_t{0});
  }
}

void ChaosCity::KillEdge() {
  // The database learns of it with the next commit, if that comes before the kill.
  NoteAcknowledged();
  const base::UtcTime before = Now();
  city_.KillEdge();
  excuses_.kills.push_back({before - kUntilDurable, Now()});
}

void ChaosCity::EndMeters() {
  city_.EndMeters();
}

double ChaosCity::MostExcusedByKills(std::size_t answered) const {
  // The rate at which meters answered while they were asked; a box that is dead or starting asks none.
  base::Duration asked{0};
  std::optional<base::UtcTime> last;
  for (const test::TruthValue& value : test::LoadTruth(city_.Path("truth.jsonl"))) {
    if (last && value.time - *last <= kAskedEvery) asked += value.time - *last;
    last = value.time;
  }
  const double rate = static_cast<double>(answered) / std::chrono::duration<double>(asked).count();
  return static_cast<double>(edge_kills()) * rate * static_cast<double>(kCommitInterval.count());
}

void ChaosCity::SetClock(base::Duration offset) {
  const std::int64_t whole = std::chrono::duration_cast<seconds>(offset).count();
  city_.Write("clock", (whole < 0 ? "" : "+") + std::to_string(whole) + "\n");
  clock_.push_back({Now(), offset});
}

void ChaosCity::Strike(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kEdgeKill:
      if (fault.AmidAnUpload()) files_->AwaitUpload();
      KillEdge();
      Wait(fault.length);
      return city_.StartEdge();
    case FaultKind::kBrokerKill:
    case FaultKind::kBrokerWipe:
      city_.KillBroker();
      if (fault.kind == FaultKind::kBrokerWipe) {
        fs::remove_all(city_.Path("broker/kept"));
        fs::create_directories(city_.Path("broker/kept"));
      }
      Wait(fault.length);
      return city_.StartBroker();
    case FaultKind::kCentralKill:
      city_.KillCentral();
      Wait(fault.length);
      return city_.StartCentral();
    case FaultKind::kUplinkCut:
      city_.uplink().Cut();
      Wait(fault.length);
      return city_.uplink().Restore();
    case FaultKind::kUplinkSlow:
      city_.uplink().Slow({.broken_per_mille = 5, .seed = fault.draw});
      Wait(fault.length);
      return city_.uplink().Restore();
    case FaultKind::kDiskFull: return FillDisk(fault);
    case FaultKind::kEdgeRestore: return RestoreEdge(fault);
    case FaultKind::kEdgeFileRollback: return RollBackEdgeFiles(fault);
    case FaultKind::kEdgeLedgerLost: return LoseEdgeLedger(fault);
    case FaultKind::kCentralRestore: return RestoreCentral(fault);
    case FaultKind::kClockJump: return JumpClock(fault);
  }
}

std::size_t ChaosCity::UnsentDropped() const {
  const auto log = city_.OpenLog("edge/telemetry.db");
  const auto tombstones = *log->series().Tombstones(*log->EnsureSite(City::Site()));
  return static_cast<std::size_t>(
      std::ranges::count(tombstones, telemetry::DropRule::kUnsentThinned, &telemetry::Tombstone::rule));
}

telemetry::EpochHead ChaosCity::NewestOfTheBox() const {
  const auto log = city_.OpenLog("edge/telemetry.db");
  return log->Heads(*log->EnsureSite(City::Site()), sync::Lane::kHistory)->back();
}

/// Readings of some seconds four days ago were never sent, and then the disk is nearly full.
void ChaosCity::GoDownTheLadder(const Fault& fault) {
  const std::size_t before = UnsentDropped();
  city_.uplink().Cut();
  SetClock(kLongAgo);
  Wait(fault.length);
  const std::uint64_t long_ago = NewestOfTheBox().last;
  SetClock(kUntilInSeries);
  const auto in_series = [&] { return NewestOfTheBox().compacted >= long_ago; };
  (void)test::WaitUntil(in_series, kLongestUntilInSeries, seconds(1));  // else it drops nothing, which is told
  SetClock(seconds(0));
  edge_disk_->Fill(kLeftToTheBox);
  const auto dropped = [&] { return UnsentDropped() != before; };
  if (test::WaitUntil(dropped, kLongestDescent, seconds(1))) ++descents_that_dropped_;
  edge_disk_->Free();
  city_.uplink().Restore();
}

void ChaosCity::FillDisk(const Fault& fault) {
  if (fault.DownTheLadder()) return GoDownTheLadder(fault);
  SmallDisk& disk = fault.OfTheBox() ? *edge_disk_ : *central_disk_;
  disk.Fill();
  Wait(fault.length);
  disk.Free();
  if (fault.OfTheBox()) Wait(kAfterFullDisk);
}

void ChaosCity::ReplaceEdge(const fs::path& copy) {
  const fs::path spare = city_.Path("spare-copy");
  const auto nobody_acts = cases_->Hold();
  CopyFiles(copy, spare);  // looking into a copy writes its log, and the box shall get it untouched
  excuses_.only_before_a_restore.merge(OnlyIn(city_, "edge/telemetry.db", "spare-copy/telemetry.db", acknowledged_));
  cases_->ExcuseReplacing(city_.Path("edge"), spare);
  PutBack(copy, city_.Path("edge"));
  files_->NoteReplaced(cases::Side::kPark);
}

void ChaosCity::RestoreEdge(const Fault& fault) {
  const fs::path copy = city_.Path("edge-copy");
  BackUpDatabases(city_.Path("edge"), copy);
  // Half of them with the uplink cut: then the database that is replaced holds what nobody else has.
  if (fault.AloneBefore()) city_.uplink().Cut();
  Wait(fault.length);
  KillEdge();
  if (fault.TakesCentral()) {
    city_.KillCentral();
    city_.StartCentral();
  }
  ReplaceEdge(copy);
  StartReplacedEdge(fault);
}

void ChaosCity::StartReplacedEdge(const Fault& fault) {
  // Half of them work alone for a while and write where their lost past has written.
  if (fault.AloneAfterwards()) {
    city_.uplink().Cut();
  } else {
    city_.uplink().Restore();
  }
  city_.StartEdge();
  if (fault.AloneAfterwards()) Wait(kAloneAfterwards);
  city_.uplink().Restore();
}

void ChaosCity::RollBackEdgeFiles(const Fault& fault) {
  const fs::path copy = city_.Path("edge-files");
  KillEdge();
  {
    const auto nobody_acts = cases_->Hold();
    CopyFiles(city_.Path("edge"), copy);
  }
  city_.StartEdge();
  if (fault.AloneBefore()) city_.uplink().Cut();
  Wait(fault.length);
  KillEdge();
  ReplaceEdge(copy);
  StartReplacedEdge(fault);
}

void ChaosCity::LoseEdgeLedger(const Fault& fault) {
  const fs::path copy = city_.Path("edge-without-ledger");
  if (fault.AloneBefore()) city_.uplink().Cut();
  Wait(fault.length);
  KillEdge();
  {
    const auto nobody_acts = cases_->Hold();
    CopyFiles(city_.Path("edge"), copy);
    for (const char* file : {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) fs::remove(copy / file);
  }
  ReplaceEdge(copy);
  StartReplacedEdge(fault);
}

void ChaosCity::RestoreCentral(const Fault& fault) {
  const fs::path copy = city_.Path("central-copy");
  BackUpDatabases(city_.Path("central"), copy);
  Wait(fault.length);
  city_.KillCentral();
  {
    const auto nobody_acts = cases_->Hold();
    const fs::path spare = city_.Path("spare-central-copy");
    CopyFiles(copy, spare);  // looking into a copy writes its log
    cases_->ExcuseReplacing(city_.Path("central"), spare);
    PutBack(copy, city_.Path("central"));
    files_->NoteReplaced(cases::Side::kCity);
  }
  city_.StartCentral();
}

void ChaosCity::JumpClock(const Fault& fault) {
  // Minutes, hours, days, months; ahead and behind. Behind its certificate's beginning the box cannot connect.
  constexpr std::array<std::int64_t, 8> kJumps = {90, -90, 5400, -5400, 86'400, -86'400, 7'776'000, -7'776'000};
  SetClock(seconds(kJumps[fault.draw % kJumps.size()]));
  Wait(fault.length);
  SetClock(seconds(0));
}

bool ChaosCity::CaughtUp() const {
  if (!cases_->CaughtUp()) return false;
  const auto edge = city_.OpenLog("edge/telemetry.db");
  const auto central = city_.OpenLog("central/telemetry.db");
  const auto held = *edge->Heads(*edge->EnsureSite(City::Site()), sync::Lane::kHistory);
  const auto committed = *central->Heads(*central->EnsureSite(City::Site()), sync::Lane::kHistory);
  return std::ranges::all_of(held, [&](const telemetry::EpochHead& head) {
    const auto found = std::ranges::find(committed, head.epoch, &telemetry::EpochHead::epoch);
    return head.last == (found == committed.end() ? 0 : found->last);
  });
}

Verdict ChaosCity::Judge() const {
  Answers answers;
  for (test::TruthValue& value : test::LoadTruth(city_.Path("truth.jsonl"))) {
    // A water meter tells its last settlement in the same answer; nobody asked for it.
    if (std::ranges::find(kQuantities, value.quantity) == kQuantities.end()) continue;
    const std::string point = KeyOf(value.address) + "/" + value.quantity;
    answers[point].push_back(std::move(value));
  }
  Stored stored;
  const auto log = city_.OpenLog("central/telemetry.db");
  const auto site = *log->EnsureSite(City::Site());
  const auto points = log->Points(site);
  for (const telemetry::PointDefinition& definition : *points) {
    std::vector<test::StoredValue>& values = stored[definition.point.key];
    const auto read =
        log->ForEachReading(site, definition.point.no, {INT64_MIN / 2}, {INT64_MAX / 2}, [&](const auto& reading) {
          if (reading.value) values.push_back({reading.time, reading.value->ToString(), definition.point.unit});
        });
    YB_CHECK(read.has_value(), "central's readings cannot be read");
  }
  Excuses excuses = excuses_;
  excuses.named = *telemetry::CompletenessLog(*log).Missing(site, sync::Lane::kHistory);
  excuses.tombstones = *log->series().Tombstones(site);
  excuses.without_records = WithoutRecords(*log, site);
  return chaos::Judge(answers, stored, excuses, clock_, kApart);
}

}  // namespace yb::chaos
