// The whole line, real programs over real protocols: metersim → edge → broker (TLS, certificates) → central. While
// readings flow each program is killed with SIGKILL and the uplink is cut for a minute; in the end central holds
// exactly what metersim says it answered, each reading once, in all fields, and its sequences are 1…N.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <thread>

#include "core/base/write_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/record_log.hpp"
#include "tests/support/process.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/truth.hpp"

namespace yb::test {
namespace {

using std::chrono::seconds;
namespace fs = std::filesystem;

/// A box has this long after an answer to have it on disk: one group commit, and the poll the answer is a part of.
constexpr base::Duration kUntilDurable = seconds(3);
/// The box stamps an answer when it has read it whole.
constexpr base::Duration kApart = seconds(2);
constexpr seconds kCalm{6};
const seconds kCut{60};

struct Meter {
  const char* key;
  const char* address;
  const char* protocol;
  const char* sim_profile;
  const char* profile;
};
constexpr Meter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "industrial-feeder", "dlt645-2007-basic"},
    {"feeder-2", "260305510021", "DLT645-2007", "office-building", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
    {"pump-2", "78330011223345", "CJT188", "residential-water", "cjt188-water"},
};

class City {
 public:
  City() : bin_(YB_BIN_DIR), project_(YB_SOURCE_DIR) {
    Run(Ctl() + " pki init --dir " + (root() / "pki").string() + " --city 150200 --broker-name 127.0.0.1");
    Run(Ctl() + " broker config --pki " + (root() / "pki").string() + " --port " + std::to_string(broker_port_) +
        " --dir " + (root() / "broker").string());
    Write("central.toml",
          "city = \"150200\"\ndata_dir = \"central\"\npki_dir = \"pki\"\n[broker]\naddress = \"mqtts://127.0.0.1:" +
              std::to_string(broker_port_) +
              "\"\nroots = \"pki/roots.pem\"\ncertificate = \"pki/central.pem\"\nkey = \"pki/central.key\"\n"
              "[web]\ncertificate = \"pki/web.pem\"\nport = " +
              std::to_string(central_port_) + "\n");
    std::string sim = "[[line]]\nkey = \"line-1\"\nlisten = \"127.0.0.1:" + std::to_string(meter_port_) + "\"\n";
    std::string field =
        "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(meter_port_) +
        "\n";
    for (const Meter& meter : kMeters) {
      sim += std::string("[[line.meter]]\nprotocol = \"") + meter.protocol + "\"\naddress = \"" + meter.address +
             "\"\nprofile = \"" + meter.sim_profile + "\"\n";
      if (std::string_view(meter.protocol) == "DLT645-2007") sim += "ct_ratio = 1\n";
      field += std::string("[[line.meter]]\nkey = \"") + meter.key + "\"\nname = \"" + meter.key + "\"\nprofile = \"" +
               meter.profile + "\"\naddress = \"" + meter.address + "\"\ninterval_s = 1\n";
    }
    Write("sim.toml", sim);
    Write("field.toml", field);
    Write("edge.toml",
          "city = \"150200\"\nsite = \"lvye-01\"\nname = \"铝业园区\"\ndata_dir = \"edge\"\n[field]\nconfig = "
          "\"field.toml\"\n"
          "profiles = \"" +
              (project_ / "firmware-config/profiles").string() + "\"\n[web]\nport = " + std::to_string(edge_port_) +
              "\n");
  }

  void StartMeters() {
    meters_ =
        Start({Bin("metersim"), "--config", Path("sim.toml"), "--log", Path("truth.jsonl")}, "metersim", meter_port_);
  }
  void StartBroker() { broker_ = Start({"mosquitto", "-c", Path("broker/mosquitto.conf")}, "broker", broker_port_); }
  void StartCentral() {
    central_ = Start({Bin("yuanban-central"), "--config", Path("central.toml")}, "central", central_port_);
  }
  void StartEdge() { edge_ = Start({Bin("yuanban-edge"), "--config", Path("edge.toml")}, "edge", edge_port_); }

  /// The box joins, then is told to reach the broker over a link that can be cut.
  void Join() {
    const std::string told = Run(Ctl() + " pki issue-code --dir " + Path("pki") + " --site lvye-01 --name 铝业园区");
    const std::size_t at = told.find("YB1-");
    ASSERT_NE(at, std::string::npos) << told;
    const std::string code = told.substr(at, told.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", at) - at);
    Run(Ctl() + " enroll --central https://127.0.0.1:" + std::to_string(central_port_) + " --code " + code + " --dir " +
        Path("edge/identity"));
    std::string enrolment = Read("edge/identity/enrolment.toml");
    const std::string direct = "127.0.0.1:" + std::to_string(broker_port_);
    const std::size_t address = enrolment.find(direct);
    ASSERT_NE(address, std::string::npos) << enrolment;
    enrolment.replace(address, direct.size(), "127.0.0.1:" + std::to_string(uplink_.port()));
    Write("edge/identity/enrolment.toml", enrolment);
  }

  void KillEdge() {
    const base::UtcTime now = base::SystemClock().Now();
    edge_->Kill();
    edge_kills_.push_back({now - kUntilDurable, base::SystemClock().Now() + seconds(1)});
  }
  void KillBroker() { broker_->Kill(); }
  void KillCentral() { central_->Kill(); }
  TcpProxy& uplink() { return uplink_; }

  /// Ends the meters first, so that nothing is answered any more; the box then commits and sends what it has.
  void EndMeters() { EXPECT_TRUE(meters_->Terminate()); }
  void EndBox() { EXPECT_TRUE(edge_->Terminate()); }
  void EndCentral() { EXPECT_TRUE(central_->Terminate()); }

  /// Waits until central has committed all records the box holds.
  bool WaitUntilCaughtUp() {
    for (int i = 0; i < 900; ++i) {
      const std::uint64_t held = LastSequence("edge/telemetry.db");
      if (held > 0 && LastSequence("central/telemetry.db") == held) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

  std::unique_ptr<telemetry::RecordLog> OpenLog(const std::string& file) {
    const auto opener = storage::MakeSqliteOpener({.file = Path(file)});
    auto log = telemetry::RecordLog::Open(*opener);
    EXPECT_TRUE(log) << log.error().Describe();
    return std::move(*log);
  }

  const std::vector<Span>& edge_kills() const { return edge_kills_; }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  const fs::path& root() const { return folder_.path(); }
  std::string Bin(const char* program) const { return (bin_ / program).string(); }
  std::string Ctl() const { return Bin("yuanbanctl"); }

  static std::string Run(const std::string& command) {
    int status = 0;
    std::string output = RunToEnd(command + " 2>&1", status);
    EXPECT_EQ(status, 0) << command << "\n" << output;
    return output;
  }

  std::optional<Process> Start(const std::vector<std::string>& arguments, const std::string& name, int port) {
    std::optional<Process> process(std::in_place, arguments, Path(name + ".log"));
    EXPECT_TRUE(WaitForPort(port)) << name << " does not answer:\n" << Read(name + ".log");
    return process;
  }

  std::uint64_t LastSequence(const std::string& file) {
    const auto log = OpenLog(file);
    const auto site = log->EnsureSite(*base::SiteId::Parse("lvye-01"));
    const auto heads = log->Heads(*site, sync::Lane::kHistory);
    return heads && !heads->empty() ? heads->back().last : 0;
  }

  void Write(const std::string& name, const std::string& text) { ASSERT_TRUE(base::WriteFile(Path(name), text)); }
  std::string Read(const std::string& name) {
    std::ifstream in(Path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TempFolder folder_;
  const fs::path bin_;
  const fs::path project_;
  const int broker_port_ = FreePort();
  const int central_port_ = FreePort();
  const int edge_port_ = FreePort();
  const int meter_port_ = FreePort();
  TcpProxy uplink_{broker_port_};
  std::optional<Process> broker_, central_, edge_, meters_;
  std::vector<Span> edge_kills_;
};

const char* MeterOf(const std::string& address) {
  for (const Meter& meter : kMeters) {
    if (address == meter.address) return meter.key;
  }
  return "?";
}

void ExpectCentralHoldsTheTruth(City& city) {
  std::map<std::string, std::vector<TruthValue>> truth;
  for (TruthValue& value : LoadTruth(city.Path("truth.jsonl"))) {
    truth[std::string(MeterOf(value.address)) + "/" + value.quantity].push_back(std::move(value));
  }
  const auto log = city.OpenLog("central/telemetry.db");
  const auto site = *log->EnsureSite(*base::SiteId::Parse("lvye-01"));
  const auto points = log->Points(site);
  ASSERT_TRUE(points);
  EXPECT_EQ(points->size(), 8U);
  std::size_t compared = 0, excused = 0;
  for (const telemetry::PointDefinition& definition : *points) {
    std::vector<StoredValue> stored;
    ASSERT_TRUE(
        log->ForEachReading(site, definition.point.no, {0}, {INT64_MAX / 2}, [&](const metering::Reading& reading) {
          if (reading.value) stored.push_back({reading.time, reading.value->ToString(), definition.point.unit});
        }));
    const Comparison result =
        Compare(definition.point.key, truth[definition.point.key], std::move(stored), city.edge_kills(), kApart);
    EXPECT_GT(result.stored, 50U) << definition.point.key;
    for (const std::string& lost : result.lost) ADD_FAILURE() << "lost: " << lost;
    for (const std::string& invented : result.invented) ADD_FAILURE() << "not answered, or doubled: " << invented;
    compared += result.stored;
    excused += result.excused;
  }
  std::printf("compared %zu readings, excused %zu answered within %lld s before the box was killed\n", compared,
              excused, static_cast<long long>(std::chrono::duration_cast<seconds>(kUntilDurable).count()));
}

/// 1…N in each epoch, the same bytes on both sides.
void ExpectSequencesWithoutHoles(City& city) {
  const auto edge = city.OpenLog("edge/telemetry.db");
  const auto central = city.OpenLog("central/telemetry.db");
  const auto id = *base::SiteId::Parse("lvye-01");
  const auto edge_site = *edge->EnsureSite(id);
  const auto central_site = *central->EnsureSite(id);
  const auto edge_heads = *edge->Heads(edge_site, sync::Lane::kHistory);
  const auto central_heads = *central->Heads(central_site, sync::Lane::kHistory);
  ASSERT_EQ(edge_heads.size(), 1U) << "no kill may begin a new epoch";
  ASSERT_EQ(central_heads.size(), 1U);
  EXPECT_EQ(central_heads[0].epoch, edge_heads[0].epoch);
  EXPECT_EQ(central_heads[0].last, edge_heads[0].last);
  EXPECT_EQ(central_heads[0].chain, edge_heads[0].chain);
  const sync::Position start{edge_heads[0].epoch, 1};
  const auto sent = *edge->ReadBodies(edge_site, sync::Lane::kHistory, start, SIZE_MAX);
  const auto received = *central->ReadBodies(central_site, sync::Lane::kHistory, start, SIZE_MAX);
  EXPECT_EQ(sent.size(), edge_heads[0].last);
  EXPECT_TRUE(sent == received);
}

TEST(Line, LosesAndDoublesNothingWhileEachProgramIsKilledAndTheUplinkIsCut) {
  if (std::system("command -v mosquitto >/dev/null 2>&1") != 0) GTEST_SKIP() << "mosquitto is not installed";
  City city;
  city.StartMeters();
  city.StartBroker();
  city.StartCentral();
  city.Join();
  if (HasFatalFailure()) return;
  city.StartEdge();
  const auto calm = [] { std::this_thread::sleep_for(kCalm); };
  calm();
  for (int round = 0; round < 2; ++round) {
    city.KillEdge();
    calm();
    city.StartEdge();
    calm();
    city.KillBroker();
    calm();
    city.StartBroker();
    calm();
    city.KillCentral();
    calm();
    city.StartCentral();
    calm();
  }
  city.uplink().Cut();
  std::this_thread::sleep_for(kCut);
  city.uplink().Restore();
  calm();
  city.EndMeters();
  std::this_thread::sleep_for(seconds(4));  // the box commits the last answers
  EXPECT_TRUE(city.WaitUntilCaughtUp()) << "central did not catch up within 90 s";
  city.EndBox();
  city.EndCentral();
  ExpectSequencesWithoutHoles(city);
  ExpectCentralHoldsTheTruth(city);
}

}  // namespace
}  // namespace yb::test
