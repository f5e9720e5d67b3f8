// How fast a backlog of slices comes from a box to central's disk, end to end, and until all of it is in central's
// series with their roll-ups, each against the same bodies put through the same coding and the same store in one
// process. Prints one JSON line; ratios count, since machines are noisy.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/telemetry/keeper.hpp"
#include "tests/support/city.hpp"

namespace {

using yb::telemetry::EpochHead;
using yb::telemetry::RecordLog;
using Seconds = std::chrono::duration<double>;

constexpr std::int64_t kSlices = 60'000;
constexpr int kPointsPerSlice = 250;
constexpr std::size_t kBodiesPerFrame = 256;  // about what 256 KiB hold, the largest frame
constexpr std::size_t kFramesPerCommit = 4;   // the sender's window
constexpr std::uint64_t kEpoch = 100;
/// What central's keeper puts into series at a time.
constexpr std::size_t kReadingsAtATime = 524'288;

std::vector<yb::base::Bytes> MakeBodies() {
  std::vector<yb::base::Bytes> bodies;
  std::uint64_t noise = 1;
  for (std::int64_t slice = 0; slice < kSlices; ++slice) {
    std::vector<yb::metering::Reading> readings;
    for (int point = 1; point <= kPointsPerSlice; ++point) {
      noise = noise * 6364136223846793005U + 1442695040888963407U;
      const std::int64_t jitter = static_cast<std::int64_t>(noise >> 58);
      readings.push_back({static_cast<std::uint32_t>(point),
                          {1'700'000'000'000'000 + slice * 1'000'000 + point * 900 + jitter},
                          yb::base::Decimal(100'000 * point + slice * 7 + jitter, 2),
                          yb::metering::Quality::kGood});
    }
    bodies.push_back(yb::telemetry::EncodeSlice(readings, {}));
  }
  return bodies;
}

void Store(RecordLog& log, yb::telemetry::SiteNo site, EpochHead& head, std::span<const yb::base::Bytes> bodies) {
  auto transaction = log.Begin();
  for (const auto& body : bodies)
    YB_CHECK(log.Append(site, yb::sync::Lane::kHistory, head, body).has_value(), "a bench's append fails");
  YB_CHECK(log.SaveHead(site, yb::sync::Lane::kHistory, head).has_value(), "a bench's head fails");
  YB_CHECK(transaction->Commit().has_value(), "a bench's commit fails");
}

/// Whether the backlog is in the series, and all days that are over have their roll-ups.
bool AllInSeries(RecordLog& log, yb::telemetry::SiteNo site) {
  const auto heads = log.Heads(site, yb::sync::Lane::kHistory);
  const auto head = std::ranges::find(*heads, kEpoch, &EpochHead::epoch);
  if (head == heads->end() || head->compacted < kSlices) return false;
  const auto stale = log.series().StaleDays(site, {0, yb::calendar::DayOf(yb::base::SystemClock().Now()) - 2});
  return stale->empty();
}

struct Alone {
  double slices = 0;  // seconds
  double series = 0;  // these and those behind them
};

/// Coding and store alone: encode, decode, append, synced commit; then series and roll-ups of it all.
Alone MeasureAlone(const std::vector<yb::base::Bytes>& bodies) {
  const yb::test::TempFolder folder;
  const auto opener = yb::storage::MakeSqliteOpener({.file = folder.path() / "alone.db", .cache_kib = 32 * 1024});
  const auto log = std::move(*RecordLog::Open(*opener));
  const auto site = *log->EnsureSite(yb::test::City::Site());
  EpochHead head{kEpoch, 0, 0, {}};
  const auto start = std::chrono::steady_clock::now();
  std::vector<yb::base::Bytes> batch;
  for (std::size_t at = 0; at < bodies.size(); at += kBodiesPerFrame) {
    yb::sync::Frame frame{"150200", "lvye-01", yb::sync::Lane::kHistory, 1, 100, at + 1, {}};
    for (std::size_t i = at; i < std::min(at + kBodiesPerFrame, bodies.size()); ++i) frame.bodies.push_back(bodies[i]);
    const auto decoded = yb::sync::DecodeUp(yb::sync::EncodeUp(frame));
    for (const auto& body : std::get<yb::sync::Frame>(*decoded).bodies) batch.push_back(body);
    if (batch.size() < kBodiesPerFrame * kFramesPerCommit && at + kBodiesPerFrame < bodies.size()) continue;
    Store(*log, site, head, batch);
    batch.clear();
  }
  Alone alone;
  alone.slices = Seconds(std::chrono::steady_clock::now() - start).count();
  const yb::base::SystemClock clock;
  yb::telemetry::KeeperOptions options;
  options.compaction.most_readings = options.readings_at_close = kReadingsAtATime;
  yb::telemetry::Keeper keeper(options, std::move(*RecordLog::Open(*opener)), clock);
  while (*keeper.RunOnce()) continue;
  YB_CHECK(AllInSeries(*log, site), "a bench's keeper leaves something");
  alone.series = Seconds(std::chrono::steady_clock::now() - start).count();
  return alone;
}

double ResidentMib(pid_t pid, const char* key) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(line.find(':') + 1)) / 1024;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: ingest_bench PROGRAMS PROJECT\n");
    return 2;
  }
  const std::vector<yb::base::Bytes> bodies = MakeBodies();
  yb::test::City city(argv[1], argv[2], {});
  city.StartBroker();
  city.StartCentral();
  city.Join();
  {
    const auto log = city.OpenLog("edge/telemetry.db");
    const auto site = *log->EnsureSite(yb::test::City::Site());
    EpochHead head{kEpoch, 0, 0, {}};
    for (std::size_t at = 0; at < bodies.size(); at += 500) {
      Store(*log, site, head, std::span(bodies).subspan(at, std::min<std::size_t>(500, bodies.size() - at)));
    }
  }
  const auto start = std::chrono::steady_clock::now();
  city.StartEdge();
  const bool done = city.WaitUntilCaughtUp(1800);
  const double end_to_end = Seconds(std::chrono::steady_clock::now() - start).count();
  const auto log = city.OpenLog("central/telemetry.db");
  const auto site = *log->EnsureSite(yb::test::City::Site());
  bool in_series = false;
  for (int i = 0; done && !in_series && i < 30'000; ++i) {
    in_series = AllInSeries(*log, site);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const double with_series = Seconds(std::chrono::steady_clock::now() - start).count();
  const double rss = ResidentMib(city.edge().pid(), "VmRSS");
  const double peak = ResidentMib(city.edge().pid(), "VmHWM");
  const Alone alone = MeasureAlone(bodies);
  const double readings = static_cast<double>(kSlices) * kPointsPerSlice;
  if (!in_series) {
    std::fprintf(stderr, "central did not catch up\n");
    return 1;
  }
  std::printf(
      "{\"bench\":\"ingest\",\"readings\":%.0f,\"slices_per_second\":%.0f,\"slices_alone_per_second\":%.0f,"
      "\"slices_ratio\":%.2f,\"series_per_second\":%.0f,\"series_alone_per_second\":%.0f,\"series_ratio\":%.2f,"
      "\"edge_rss_mib\":%.1f,\"edge_peak_mib\":%.1f}\n",
      readings, readings / end_to_end, readings / alone.slices, alone.slices / end_to_end, readings / with_series,
      readings / alone.series, alone.series / with_series, rss, peak);
  return 0;
}
