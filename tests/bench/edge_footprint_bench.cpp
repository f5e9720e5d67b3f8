// What a box costs while it works: 1,000 points on 8 paced DL/T 645 lines, 30 days in its store that nobody has taken,
// three pages open. Prints one JSON line with memory after ten minutes, its peak, and the share of one core.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/base/write_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/keeper.hpp"
#include "tests/bench/outbox.hpp"
#include "tests/support/api_client.hpp"
#include "tests/support/metersim_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int kLines = 8;
constexpr int kMetersPerLine = 9;  // of 14 points each: 1,008
constexpr int kPages = 3;
constexpr auto kPageInterval = 5s;
constexpr auto kWarmUp = 30s;

std::string Key(int line) {
  return "line-" + std::to_string(line);
}
std::string Address(int line, int meter) {
  return std::to_string(260305510000 + line * 100 + meter);
}

std::string SimConfig() {
  std::string text;
  for (int line = 0; line < kLines; ++line) {
    text += "[[line]]\nkey = \"" + Key(line) + "\"\nlisten = \"127.0.0.1:0\"\nbaud = 2400\n";
    for (int meter = 0; meter < kMetersPerLine; ++meter) {
      text += "[[line.meter]]\nprotocol = \"DLT645-2007\"\nprofile = \"dormitory\"\naddress = \"" +
              Address(line, meter) + "\"\nct_ratio = 1\n";
    }
  }
  return text;
}

std::string FieldConfig(const yb::test::MetersimProcess& sim) {
  std::string text;
  for (int line = 0; line < kLines; ++line) {
    text += "[[line]]\nkey = \"" + Key(line) +
            "\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(sim.port(Key(line))) + "\n";
    for (int meter = 0; meter < kMetersPerLine; ++meter) {
      text += "[[line.meter]]\nkey = \"m" + Address(line, meter) +
              "\"\nname = \"m\"\nprofile = \"dlt645-2007-three-phase\"\naddress = \"" + Address(line, meter) +
              "\"\ninterval_s = 15\n";
    }
  }
  return text;
}

/// "VmRSS" or "VmHWM" of a process, in MiB.
double Memory(pid_t process, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::strtod(line.c_str() + field.size() + 1, nullptr) / 1024;
  }
  return -1;
}

double CpuSeconds(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(in, text);
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// One page: what it shows is asked for every five seconds, and another point's last day each time.
class Page {
 public:
  Page(const yb::test::ApiAddress& address, int number)
      : thread_([this, address, number](const std::stop_token& stop) {
          yb::test::ApiClient box(address);
          const std::string site = "/api/v1/sites/lvye-01/";
          for (int round = 0; !stop.stop_requested(); ++round) {
            const std::int64_t now = yb::base::SystemClock().Now().micros;
            const int point = 1 + (round * kPages + number) % 1000;
            for (const std::string& path :
                 {std::string("/api/v1/sites"), site + "meters",
                  site + "points/" + std::to_string(point) +
                      "/readings?from_us=" + std::to_string(now - 86'400'000'000) + "&to_us=" + std::to_string(now)}) {
              const yb::test::ApiClient::Answer answer = box.Get(path);
              if (answer.status == 200 || answer.status == 304) continue;
              ++refused_;
              std::fprintf(stderr, "%s: %d %s\n", path.c_str(), answer.status, answer.body.c_str());
            }
            for (auto slept = 0ms; slept < kPageInterval && !stop.stop_requested(); slept += 100ms)
              std::this_thread::sleep_for(100ms);
          }
        }) {}
  int Refused() {
    thread_.request_stop();
    thread_.join();
    return refused_;
  }

 private:
  int refused_ = 0;
  std::jthread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5) {
    std::fprintf(stderr, "usage: edge_footprint_bench PROGRAMS PROJECT [DAYS [SECONDS]]\n");
    return 2;
  }
  const std::string programs = argv[1];
  const std::int64_t days = argc > 3 ? std::strtoll(argv[3], nullptr, 10) : 30;
  const std::chrono::seconds measured(argc > 4 ? std::strtoll(argv[4], nullptr, 10) : 600);
  const yb::test::TempFolder folder;
  const auto path = [&](const char* name) { return (folder.path() / name).string(); };
  const auto write = [&](const char* name, const std::string& text) {
    YB_CHECK(yb::base::WriteFile(path(name), text).has_value(), "a bench's file is not written");
  };
  const yb::test::MetersimProcess sim(programs + "/metersim", folder.path(), SimConfig());
  const int port = yb::test::FreePort();
  write("field.toml", FieldConfig(sim));
  write("edge.toml",
        "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"edge\"\n[field]\nconfig = \"field.toml\"\nprofiles = \"" +
            std::string(argv[2]) + "/firmware-config/profiles\"\n[web]\nport = " + std::to_string(port) + "\n");
  const std::vector<std::string> command = {programs + "/yuanban-edge", "--config", path("edge.toml")};
  {
    // Its first start makes the store; then a month passes.
    yb::test::Process first(command, path("first.log"));
    YB_CHECK(yb::test::WaitForPort(port), "the box does not start");
    std::this_thread::sleep_for(5s);
    YB_CHECK(first.Terminate(), "the box does not end");
  }
  std::fprintf(stderr, "writing %lld days of readings to the box's store\n", static_cast<long long>(days));
  {
    const auto opener = yb::storage::MakeSqliteOpener({.file = path("edge/telemetry.db")});
    auto log = yb::telemetry::RecordLog::Open(*opener);
    YB_CHECK(log.has_value(), "the box's store is not opened");
    yb::bench::FillOutbox(**log, *yb::base::SiteId::Parse("lvye-01"), days);
    // A box puts readings into series hour by hour, sent or not.
    std::fprintf(stderr, "putting them into series, as the box has done long since\n");
    const yb::base::SystemClock clock;
    yb::telemetry::KeeperOptions options;
    options.prune = [] { return yb::base::Result<bool>(false); };
    yb::telemetry::Keeper keeper(options, std::move(*log), clock);
    while (*keeper.RunOnce()) continue;
  }
  yb::test::Process box(command, path("edge.log"));
  YB_CHECK(yb::test::WaitForPort(port), "the box does not start again");
  const yb::test::ApiAddress address = yb::test::AddressOf(port, path("edge"));
  std::vector<std::unique_ptr<Page>> pages;
  for (int i = 0; i < kPages; ++i) pages.push_back(std::make_unique<Page>(address, i));
  std::this_thread::sleep_for(kWarmUp);
  std::uint64_t answers_before = 0;
  for (int line = 0; line < kLines; ++line) answers_before += sim.Answers(Key(line));
  const double cpu_before = CpuSeconds(box.pid());
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(measured);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double cpu = (CpuSeconds(box.pid()) - cpu_before) / seconds * 100;
  std::uint64_t answers = 0;
  for (int line = 0; line < kLines; ++line) answers += sim.Answers(Key(line));
  const double rss = Memory(box.pid(), "VmRSS");
  const double peak = Memory(box.pid(), "VmHWM");
  int refused = 0;
  for (const auto& page : pages) refused += page->Refused();
  std::printf(
      "{\"bench\":\"edge-footprint\",\"points\":%d,\"days_stored\":%lld,\"pages\":%d,\"answers_per_second\":%.1f,"
      "\"refused_requests\":%d,\"rss_mib\":%.1f,\"peak_mib\":%.1f,\"cpu_percent_of_core\":%.2f}\n",
      kLines * kMetersPerLine * 14, static_cast<long long>(days), kPages,
      static_cast<double>(answers - answers_before) / seconds, refused, rss, peak, cpu);
  return refused == 0 ? 0 : 1;
}
