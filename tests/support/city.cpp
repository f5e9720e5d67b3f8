#include "tests/support/city.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "core/base/write_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"

namespace yb::test {
namespace {

std::string Run(const std::string& command) {
  int status = 0;
  std::string output = RunToEnd(command + " 2>&1", status);
  EXPECT_EQ(status, 0) << command << "\n" << output;
  return output;
}

}  // namespace

City::City(std::filesystem::path programs, std::filesystem::path project, std::span<const CityMeter> meters)
    : bin_(std::move(programs)),
      project_(std::move(project)),
      edge_command_{Bin("yuanban-edge")},
      central_command_{Bin("yuanban-central")} {
  Run(Bin("yuanbanctl") + " pki init --dir " + Path("pki") + " --city 150200 --broker-name 127.0.0.1");
  Run(Bin("yuanbanctl") + " broker config --pki " + Path("pki") + " --port " + std::to_string(broker_port_) +
      " --dir " + Path("broker"));
  WriteConfigurations(meters);
}

void City::WriteConfigurations(std::span<const CityMeter> meters) {
  Write("central.toml",
        "city = \"150200\"\ndata_dir = \"central\"\npki_dir = \"pki\"\n[broker]\naddress = \"mqtts://127.0.0.1:" +
            std::to_string(broker_port_) +
            "\"\nroots = \"pki/roots.pem\"\ncertificate = \"pki/central.pem\"\nkey = \"pki/central.key\"\n"
            "[web]\ncertificate = \"pki/web.pem\"\nport = " +
            std::to_string(central_port_) + "\n");
  std::string sim, field;
  if (!meters.empty()) {
    sim = "[[line]]\nkey = \"line-1\"\nlisten = \"127.0.0.1:" + std::to_string(meter_port_) + "\"\n";
    field = "[[line]]\nkey = \"line-1\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(meter_port_) +
            "\n";
  }
  for (const CityMeter& meter : meters) {
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

void City::StartMeters(const std::vector<std::string>& more) {
  std::vector<std::string> command = {Bin("metersim"), "--config", Path("sim.toml"), "--log", Path("truth.jsonl")};
  command.insert(command.end(), more.begin(), more.end());
  meters_ = Start(command, "metersim", meter_port_);
}
void City::StartBroker() {
  broker_ = Start({"mosquitto", "-c", Path("broker/mosquitto.conf")}, "broker", broker_port_);
}
void City::StartCentral() {
  std::vector<std::string> command = central_command_;
  command.insert(command.end(), {"--config", Path("central.toml")});
  central_ = Start(command, "central", central_port_);
}
void City::StartEdge() {
  std::vector<std::string> command = edge_command_;
  command.insert(command.end(), {"--config", Path("edge.toml")});
  edge_ = Start(command, "edge", edge_port_);
}

void City::Join() {
  const std::string told =
      Run(Bin("yuanbanctl") + " pki issue-code --dir " + Path("pki") + " --site lvye-01 --name 铝业园区");
  const std::size_t at = told.find("YB1-");
  ASSERT_NE(at, std::string::npos) << told;
  const std::string code = told.substr(at, told.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", at) - at);
  Run(Bin("yuanbanctl") + " enroll --central https://127.0.0.1:" + std::to_string(central_port_) + " --code " + code +
      " --dir " + Path("edge/identity"));
  std::string enrolment = Read("edge/identity/enrolment.toml");
  const std::string direct = "127.0.0.1:" + std::to_string(broker_port_);
  const std::size_t address = enrolment.find(direct);
  ASSERT_NE(address, std::string::npos) << enrolment;
  enrolment.replace(address, direct.size(), "127.0.0.1:" + std::to_string(uplink_.port()));
  Write("edge/identity/enrolment.toml", enrolment);
}

void City::KillEdge() {
  const base::UtcTime now = base::SystemClock().Now();
  edge_->Kill();
  edge_kills_.push_back({now - kUntilDurable, base::SystemClock().Now() + std::chrono::seconds(1)});
}

void City::EndMeters() {
  EXPECT_TRUE(meters_->Terminate()) << Read("metersim.log");
}
void City::EndEdge() {
  EXPECT_TRUE(edge_->Terminate()) << Read("edge.log");
}
void City::EndCentral() {
  EXPECT_TRUE(central_->Terminate()) << Read("central.log");
}

bool City::WaitUntilCaughtUp(int tenths_of_a_second) {
  for (int i = 0; i < tenths_of_a_second; ++i) {
    const std::uint64_t held = LastSequence("edge/telemetry.db");
    if (held > 0 && LastSequence("central/telemetry.db") == held) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

std::uint64_t City::LastSequence(const std::string& file) const {
  const auto log = OpenLog(file);
  const auto site = log->EnsureSite(Site());
  const auto heads = log->Heads(*site, sync::Lane::kHistory);
  return heads && !heads->empty() ? heads->back().last : 0;
}

std::unique_ptr<telemetry::RecordLog> City::OpenLog(const std::string& file) const {
  const auto opener = storage::MakeSqliteOpener({.file = Path(file)});
  auto log = telemetry::RecordLog::Open(*opener);
  YB_CHECK(log.has_value(), file + " cannot be opened: " + log.error().Describe());
  return std::move(*log);
}

std::optional<Process> City::Start(const std::vector<std::string>& arguments, const std::string& name, int port) const {
  std::optional<Process> process(std::in_place, arguments, Path(name + ".log"));
  EXPECT_TRUE(WaitForPort(port)) << name << " does not answer:\n" << Read(name + ".log");
  return process;
}

void City::Write(const std::string& name, const std::string& text) const {
  ASSERT_TRUE(base::WriteFile(Path(name), text));
}

std::string City::Read(const std::string& name) const {
  std::ifstream in(Path(name));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace yb::test
