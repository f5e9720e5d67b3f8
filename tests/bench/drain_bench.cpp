// How a long outage ends: 30 days of 1,000 points at 15 s wait at the box, the uplink comes back, and the backlog
// drains while meters are read on and their values have to be seen at once. Prints one JSON line.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/outbox.hpp"
#include "tests/support/api_client.hpp"
#include "tests/support/city.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
using yb::telemetry::EpochHead;

constexpr auto kOutage = 20s;  // long enough for every back-off to have reached its longest

constexpr yb::test::CityMeter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"},
    {"feeder-2", "260305510021", "DLT645-2007", "office-building", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
    {"pump-2", "78330011223345", "CJT188", "residential-water", "cjt188-water"},
};

std::uint64_t CommittedAtCentral(yb::telemetry::RecordLog& log, yb::telemetry::SiteNo site, std::uint64_t epoch) {
  const auto heads = log.Heads(site, yb::sync::Lane::kHistory);
  if (!heads) return 0;
  const auto found = std::ranges::find(*heads, epoch, &EpochHead::epoch);
  return found == heads->end() ? 0 : found->last;
}

/// Asks central's API for the site over one connection, and notes how old each new value was when it was first seen.
class LiveWatch {
 public:
  explicit LiveWatch(const yb::test::ApiAddress& central)
      : thread_([this, central](const std::stop_token& stop) { Run(stop, central); }) {}
  std::vector<double> Milliseconds() {
    thread_.request_stop();
    thread_.join();
    std::ranges::sort(seen_);
    return seen_;
  }

 private:
  void Run(const std::stop_token& stop, const yb::test::ApiAddress& address) {
    yb::test::ApiClient central(address);
    while (!stop.stop_requested()) {
      const yb::test::ApiClient::Answer answer = central.Get("/api/v1/sites/lvye-01/meters");
      if (answer.status == 200) Note(answer.body);
      std::this_thread::sleep_for(10ms);
    }
  }
  void Note(const std::string& body) {
    const auto answer = nlohmann::json::parse(body, nullptr, false);
    if (!answer.is_object() || !answer.contains("meters")) return;
    const std::int64_t now = yb::base::SystemClock().Now().micros;
    for (const auto& meter : answer["meters"]) {
      for (const auto& point : meter["points"]) {
        if (!point.contains("value_us") || point["value_us"].is_null()) continue;
        const std::int64_t made = point["value_us"];
        const auto [last, first_time] = newest_.emplace(point["key"], made);
        if (!first_time && made > last->second) seen_.push_back(static_cast<double>(now - made) / 1000);
        last->second = std::max(last->second, made);
      }
    }
  }

  std::map<std::string, std::int64_t> newest_;
  std::vector<double> seen_;
  std::jthread thread_;
};

double Quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return -1;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: drain_bench PROGRAMS PROJECT [DAYS]\n");
    return 2;
  }
  const std::int64_t days = argc == 4 ? std::strtoll(argv[3], nullptr, 10) : 30;
  yb::test::City city(argv[1], argv[2], kMeters);
  city.StartMeters();
  city.StartBroker();
  city.StartCentral();
  city.Join();
  // The box has run before: its points are known at central.
  city.StartEdge();
  YB_CHECK(city.WaitUntilCaughtUp(), "the box and central do not find together");
  city.EndEdge();
  const std::uint64_t before = city.LastSequence("central/telemetry.db");
  std::fprintf(stderr, "writing %lld days of readings to the box's outbox\n", static_cast<long long>(days));
  const EpochHead outbox = yb::bench::FillOutbox(*city.OpenLog("edge/telemetry.db"), yb::test::City::Site(), days);
  const auto readings = yb::bench::ReadingsIn(days);
  city.uplink().Cut();
  city.StartEdge();
  std::this_thread::sleep_for(kOutage);

  const auto log = city.OpenLog("central/telemetry.db");
  const auto site = *log->EnsureSite(yb::test::City::Site());
  city.uplink().Restore();
  const auto returned = Clock::now();
  while (CommittedAtCentral(*log, site, outbox.epoch) <= before && Clock::now() - returned < 60s)
    std::this_thread::sleep_for(2ms);
  const auto resumed = Clock::now();
  LiveWatch live(city.central_api());
  while (CommittedAtCentral(*log, site, outbox.epoch) < outbox.last && Clock::now() - resumed < 1200s) {
    std::this_thread::sleep_for(50ms);
  }
  const double drained = Seconds(Clock::now() - returned).count();
  const std::vector<double> seen = live.Milliseconds();
  if (CommittedAtCentral(*log, site, outbox.epoch) < outbox.last) {
    std::fprintf(stderr, "central did not catch up\n");
    return 1;
  }
  std::printf(
      "{\"bench\":\"drain\",\"readings\":%zu,\"readings_per_second\":%.0f,\"resume_ms\":%.0f,\"live_p50_ms\":%.0f,"
      "\"live_p99_ms\":%.0f,\"live_values\":%zu}\n",
      readings, static_cast<double>(readings) / drained, Seconds(resumed - returned).count() * 1000,
      Quantile(seen, 0.5), Quantile(seen, 0.99), seen.size());
  return 0;
}
