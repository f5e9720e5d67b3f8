// How a long outage ends: 30 days of 1,000 points at 15 s wait at the box, the uplink comes back, and the backlog
// drains while meters are read on and values and alarms have to be seen at once; then again under 256 kbit/s, where a
// history of 20 MB and a file of 20 MB, a material of a case, drain side by side. Prints one JSON line.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "core/sync/frame_codec.hpp"
#include "tests/bench/arrival_watch.hpp"
#include "tests/bench/case_file.hpp"
#include "tests/bench/outbox.hpp"
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

/// An alarm that is always open: acts on it are records of the lane `alarm`.
constexpr const char* kAlarmRule =
    "[[rule]]\nid = \"bench\"\nname_zh = \"压测\"\nname_en = \"bench\"\nadvice_zh = \"无\"\nadvice_en = \"none\"\n"
    "priority = \"P3\"\ncondition = \"above\"\nlimit = \"0\"\n[rule.points]\nquantity = [\"fwd_active_energy\"]\n";

/// 256 kbit/s each way, and the way of a mobile network.
constexpr yb::test::SlowLink kSlow = {.delay = 60ms, .lost_per_mille = 0, .broken_per_mille = 0};
constexpr std::size_t kSlowBulk = 20'000'000;  // of history and of a file; each more than the link takes in ten minutes
constexpr auto kSlowSettles = 15s;
constexpr auto kSlowMeasured = 120s;

/// What waits at the box under the slow link, packed as the wire packs it.
std::size_t WaitsAtTheBox(yb::telemetry::RecordLog& log, const EpochHead& outbox, std::uint64_t from) {
  const auto site = *log.EnsureSite(yb::test::City::Site());
  std::size_t bytes = 0;
  while (from <= outbox.last) {
    yb::sync::Frame frame{"150200", "lvye-01", yb::sync::Lane::kHistory, 1, outbox.epoch, from, {}};
    frame.bodies = *log.ReadBodies(site, yb::sync::Lane::kHistory, {outbox.epoch, from}, 64 * 1024);
    from = frame.last_seq() + 1;
    bytes += yb::sync::EncodeUp(frame).size();
  }
  return bytes;
}

struct SlowFigures {
  std::size_t waiting = 0;    // bytes when it began
  std::size_t left = 0;       // when it ended
  bool both_drained = false;  // history and file did so all the time
  std::vector<double> alarms, live;
};

SlowFigures MeasureSlow(yb::test::City& city, std::int64_t first_day) {
  SlowFigures figures;
  city.EndEdge();
  const auto log = city.OpenLog("edge/telemetry.db");
  const std::uint64_t before = city.LastSequence("edge/telemetry.db");
  EpochHead outbox;
  while (figures.waiting < kSlowBulk) {
    outbox = yb::bench::FillOutbox(*log, yb::test::City::Site(), 1, first_day++);
    figures.waiting = WaitsAtTheBox(*log, outbox, before + 1);
  }
  const std::string case_id = yb::bench::MakeCase(city.Path("edge"), yb::test::City::Site());
  city.uplink().Slow(kSlow);
  city.StartEdge();
  yb::bench::AddFile(city.edge_api(), yb::test::City::Site(), case_id, kSlowBulk);
  const auto central = city.OpenLog("central/telemetry.db");
  const auto site = *central->EnsureSite(yb::test::City::Site());
  const auto committed = [&] { return CommittedAtCentral(*central, site, outbox.epoch); };
  const auto arrived = [&] { return yb::bench::ArrivedOfFiles(city.Path("central")); };
  for (int i = 0; i < 600 && (committed() <= before || arrived() == 0); ++i) std::this_thread::sleep_for(100ms);
  std::this_thread::sleep_for(kSlowSettles);
  const std::uint64_t records = committed();
  const std::size_t bytes = arrived();
  figures.waiting += kSlowBulk;
  const std::string alarm = yb::bench::OpenAlarm(city.edge_api());
  yb::bench::LiveWatch live(city.central_api());
  yb::bench::AlarmWatch alarms(city.edge_api(), city.central_api(), alarm, 500ms);
  std::this_thread::sleep_for(kSlowMeasured);
  figures.alarms = alarms.Milliseconds();
  figures.live = live.Milliseconds();
  figures.both_drained = committed() > records && arrived() > bytes;
  figures.left = WaitsAtTheBox(*log, outbox, committed() + 1) + kSlowBulk - std::min(kSlowBulk, arrived());
  std::fprintf(stderr, "while it was measured %llu records and %.1f MB of the file came\n",
               static_cast<unsigned long long>(committed() - records), static_cast<double>(arrived() - bytes) / 1e6);
  city.uplink().Restore();
  return figures;
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
  city.Write("alarms.toml", kAlarmRule);
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
  const std::string alarm = yb::bench::OpenAlarm(city.edge_api());
  YB_CHECK(!alarm.empty(), "no alarm is open at the box");
  city.uplink().Restore();
  const auto returned = Clock::now();
  while (CommittedAtCentral(*log, site, outbox.epoch) <= before && Clock::now() - returned < 60s)
    std::this_thread::sleep_for(2ms);
  const auto resumed = Clock::now();
  yb::bench::LiveWatch live(city.central_api());
  yb::bench::AlarmWatch acts(city.edge_api(), city.central_api(), alarm, 250ms);
  while (CommittedAtCentral(*log, site, outbox.epoch) < outbox.last && Clock::now() - resumed < 1200s) {
    std::this_thread::sleep_for(50ms);
  }
  const double drained = Seconds(Clock::now() - returned).count();
  const std::vector<double> alarms = acts.Milliseconds();
  const std::vector<double> seen = live.Milliseconds();
  if (CommittedAtCentral(*log, site, outbox.epoch) < outbox.last) {
    std::fprintf(stderr, "central did not catch up\n");
    return 1;
  }
  std::fprintf(stderr, "drained in %.0f s; now under 256 kbit/s\n", drained);
  const SlowFigures slow = MeasureSlow(city, days);
  using yb::bench::Quantile;
  std::printf(
      "{\"bench\":\"drain\",\"readings\":%zu,\"readings_per_second\":%.0f,\"resume_ms\":%.0f,\"live_p50_ms\":%.0f,"
      "\"live_p99_ms\":%.0f,\"live_values\":%zu,\"alarm_p50_ms\":%.0f,\"alarm_p99_ms\":%.0f,\"alarms\":%zu,"
      "\"slow_alarm_p50_ms\":%.0f,\"slow_alarm_p99_ms\":%.0f,\"slow_alarms\":%zu,\"slow_live_p50_ms\":%.0f,"
      "\"slow_live_p99_ms\":%.0f,\"slow_bulk_mb\":%.1f,\"slow_bulk_left_mb\":%.1f}\n",
      readings, static_cast<double>(readings) / drained, Seconds(resumed - returned).count() * 1000,
      Quantile(seen, 0.5), Quantile(seen, 0.99), seen.size(), Quantile(alarms, 0.5), Quantile(alarms, 0.99),
      alarms.size(), Quantile(slow.alarms, 0.5), Quantile(slow.alarms, 0.99), slow.alarms.size(),
      Quantile(slow.live, 0.5), Quantile(slow.live, 0.99), static_cast<double>(slow.waiting) / 1e6,
      static_cast<double>(slow.left) / 1e6);
  return slow.both_drained ? 0 : 1;
}
