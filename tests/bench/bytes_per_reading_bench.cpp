// What a reading costs: bytes written at the block device over its whole life at the box (slice, series, roll-ups,
// acknowledgements), by interval of the group commit, and bytes kept for good at the box and at central, against the
// entropy of what is kept. A thousand points asked every 15 s; commits are synced as shipped. Prints one JSON line.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/compaction.hpp"
#include "core/telemetry/keeper.hpp"
#include "tests/bench/metered_park.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using yb::base::Duration;
using yb::base::UtcTime;
using yb::metering::Reading;
using yb::telemetry::EpochHead;
using yb::telemetry::RecordLog;
using yb::test::MeteredPark;
constexpr auto kLane = yb::sync::Lane::kHistory;
constexpr Duration kPoll = std::chrono::seconds(15);
constexpr UtcTime kStart{1'772'431'680'000'000};

/// Bytes that went to the device since its start: of a loop device's statistics, or, without one, what the kernel
/// counts for this process.
std::uint64_t BytesWritten(const std::string& device) {
  std::ifstream in(device.empty() ? "/proc/self/io" : "/sys/block/" + device + "/stat");
  if (device.empty()) {
    for (std::string key; in >> key;) {
      std::uint64_t value = 0;
      in >> value;
      if (key == "write_bytes:") return value;
    }
    return 0;
  }
  std::uint64_t value = 0;
  for (int field = 0; field < 7; ++field) in >> value;  // the seventh: sectors written
  return value * 512;
}

/// A store as one of the programs keeps it.
struct Store {
  explicit Store(const std::filesystem::path& file, yb::telemetry::KeeperOptions options, UtcTime now)
      : opener(yb::storage::MakeSqliteOpener({.file = file})),
        clock(now),
        log(std::move(*RecordLog::Open(*opener))),
        site(*log->EnsureSite(*yb::base::SiteId::Parse("lvye-01"))),
        keeper(options, std::move(*RecordLog::Open(*opener)), clock) {
    auto transaction = log->Begin();
    YB_CHECK(log->SaveHead(site, kLane, head) && transaction->Commit(), "a bench's head fails");
  }
  void Commit(std::vector<Reading> readings, bool save_acks) {
    constexpr std::size_t kMostPerRecord = 1024;
    std::ranges::stable_sort(readings, {}, &Reading::point);  // as a box does
    auto transaction = log->Begin();
    for (std::size_t at = 0; at < readings.size(); at += kMostPerRecord) {
      const auto part = std::span(readings).subspan(at, std::min(kMostPerRecord, readings.size() - at));
      const auto body = yb::telemetry::EncodeSlice(part, {77, clock.Steady(), clock.Now()});
      slice_bytes += body.size();
      YB_CHECK(log->Append(site, kLane, head, body).has_value(), "a bench's append fails");
    }
    if (save_acks) {
      head.acked = head.last;
      YB_CHECK(log->SaveHead(site, kLane, head).has_value(), "a bench's head fails");
    }
    YB_CHECK(transaction->Commit().has_value(), "a bench's commit fails");
  }
  void DropSlices(std::uint64_t upto) {
    auto transaction = log->Begin();
    auto stored = log->Heads(site, kLane)->back();
    YB_CHECK(yb::telemetry::Compaction(*log, site).DropSlices(stored, std::min(upto, stored.compacted)) &&
                 transaction->Commit(),
             "a bench's slices stay");
  }
  void Keep() {
    while (true) {
      const auto more = keeper.RunOnce();
      YB_CHECK(more.has_value(), "a bench's keeper fails");
      if (!*more) return;
    }
  }

  std::unique_ptr<yb::storage::DatabaseOpener> opener;
  yb::test::ManualClock clock;
  std::unique_ptr<RecordLog> log;
  yb::telemetry::SiteNo site = 0;
  yb::telemetry::Keeper keeper;
  EpochHead head{100};
  std::size_t slice_bytes = 0;
};

struct Written {
  double bytes = 0;   // per reading, at the device
  double slices = 0;  // of these, the bodies of slices before SQLite has them
};

/// All that a civil day's readings cause: slices, series, the day's end at 01:00 of the next with its roll-ups, and, in
/// the end, the slices' deletion.
Written WrittenPerReading(const std::filesystem::path& folder, const std::string& device, Duration commit_every) {
  const std::filesystem::path scratch = folder / "written";
  std::filesystem::remove_all(scratch);
  std::filesystem::create_directories(scratch);
  const UtcTime midnight = yb::calendar::StartOf(yb::calendar::DayOf(kStart) + 1);
  const UtcTime begin = midnight + std::chrono::minutes(65);  // the day before is over and closed
  const UtcTime end = begin + std::chrono::hours(24);
  // Long enough before for SQLite's log to have reached its length.
  const UtcTime start = midnight - std::chrono::hours(2);
  Store store(scratch / "written.db", {}, start);
  MeteredPark park(kPoll);
  std::vector<Reading> readings = park.Poll(start);
  UtcTime next_poll = start + kPoll;
  std::size_t count = 0;
  std::uint64_t before = 0;
  std::uint64_t first = 0;
  Duration since_acks{};
  Duration since_keeping{};
  while (store.clock.Now() < end) {
    if (first == 0 && store.clock.Now() >= begin) {
      count = 0;
      store.slice_bytes = 0;
      first = store.head.last + 1;
      before = BytesWritten(device);
    }
    store.clock.Advance(commit_every);
    while (next_poll <= store.clock.Now()) {
      const auto more = park.Poll(next_poll);
      readings.insert(readings.end(), more.begin(), more.end());
      next_poll = next_poll + kPoll;
    }
    std::ranges::stable_sort(readings, {}, &Reading::time);
    const auto now = std::ranges::upper_bound(readings, store.clock.Now(), {}, &Reading::time);
    since_acks += commit_every;
    since_keeping += commit_every;
    const bool acks = since_acks >= std::chrono::seconds(60);
    if (acks) since_acks = {};
    store.Commit({readings.begin(), now}, acks);
    count += static_cast<std::size_t>(now - readings.begin());
    readings.erase(readings.begin(), now);
    if (since_keeping >= std::chrono::seconds(10)) {
      since_keeping = {};
      store.Keep();
    }
  }
  std::uint64_t written = BytesWritten(device) - before;
  const std::uint64_t last = store.head.last;
  store.DropSlices(first - 1);
  before = BytesWritten(device);
  for (std::uint64_t hour = 1; hour <= 24; ++hour) store.DropSlices(first + (last - first) * hour / 24);
  written += BytesWritten(device) - before;
  return {static_cast<double>(written) / static_cast<double>(count),
          static_cast<double>(store.slice_bytes) / static_cast<double>(count)};
}

std::int64_t Pragma(Store& store, const char* name) {
  const auto database = std::move(*store.opener->Open());
  const auto statement = std::move(*database->Prepare(std::string("PRAGMA ") + name));
  YB_CHECK(statement->Step().value_or(false), "a pragma has a row");
  return statement->Int(0);
}

struct Kept {
  double readings = 0;  // bytes of pages in use per reading
  double rollups = 0;
};

/// What a day leaves once it is closed and its slices are gone; box and central keep the same.
Kept KeptPerReading(bool registers) {
  const yb::test::TempFolder folder;
  Store store(folder.path() / "kept.db", {}, kStart);
  const auto used = [&] {
    return static_cast<double>((Pragma(store, "page_count") - Pragma(store, "freelist_count")) *
                               Pragma(store, "page_size"));
  };
  const double empty = used();
  MeteredPark park(kPoll);
  yb::telemetry::PointTable points(MeteredPark::points());
  for (yb::metering::PointNo no = 1; no <= points.size(); ++no) {
    points[no - 1].point.no = no;
    points[no - 1].point.kind =
        MeteredPark::IsRegister(no) ? yb::metering::PointKind::kRegister : yb::metering::PointKind::kGauge;
  }
  {
    auto transaction = store.log->Begin();
    YB_CHECK(store.log->Append(store.site, kLane, store.head, yb::telemetry::EncodePointTable(points)) &&
                 transaction->Commit(),
             "a bench's point fails");
  }
  std::size_t count = 0;
  for (UtcTime at = kStart; at < kStart + std::chrono::hours(24); at = at + kPoll) {
    std::vector<Reading> readings = park.Poll(at);
    std::erase_if(readings, [&](const Reading& r) { return MeteredPark::IsRegister(r.point) != registers; });
    store.clock.Advance(at - store.clock.Now());
    store.Commit(readings, true);
    store.Keep();
    count += readings.size();
  }
  store.clock.Advance(std::chrono::hours(48));
  store.Keep();
  store.DropSlices(store.head.last);
  const double all = used();
  YB_CHECK((*store.opener->Open())->Execute("DELETE FROM rollup").has_value(), "a bench's delete fails");
  const double without = used();
  return {(without - empty) / static_cast<double>(count), (all - without) / static_cast<double>(count)};
}

double Bits(const std::vector<std::int64_t>& values) {
  std::map<std::int64_t, std::size_t> counts;
  for (const std::int64_t value : values) ++counts[value];
  double bits = 0;
  for (const auto& [value, times] : counts) {
    const double share = static_cast<double>(times) / static_cast<double>(values.size());
    bits -= static_cast<double>(times) * std::log2(share);
  }
  return bits;
}

/// The least entropy of a column as it is, of its steps, or of the changes of its steps.
double LeastBits(std::vector<std::int64_t> values) {
  double least = Bits(values);
  for (int order = 0; order < 2; ++order) {
    for (std::size_t i = values.size() - 1; i > 0; --i) values[i] -= values[i - 1];
    values.erase(values.begin());
    least = std::min(least, Bits(values));
  }
  return least;
}

/// Bytes per register reading of a day: times and values, each by point; the times of one answer count once.
double EntropyOfRegisters() {
  MeteredPark park(kPoll);
  std::map<yb::metering::PointNo, std::vector<std::int64_t>> times;
  std::map<yb::metering::PointNo, std::vector<std::int64_t>> values;
  std::size_t count = 0;
  for (UtcTime at = kStart; at < kStart + std::chrono::hours(24); at = at + kPoll) {
    for (const Reading& r : park.Poll(at)) {
      if (!MeteredPark::IsRegister(r.point)) continue;
      times[r.point].push_back(r.time.micros / 1000);
      values[r.point].push_back(r.value->mantissa());
      ++count;
    }
  }
  double bits = 0;
  const std::vector<std::int64_t>* before = nullptr;
  for (const auto& [point, column] : times) {
    if (before == nullptr || *before != column) bits += LeastBits(column);
    before = &column;
    bits += LeastBits(values[point]);
  }
  return bits / 8 / static_cast<double>(count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(
        stderr, "usage: bytes_per_reading_bench FOLDER [DEVICE]\nDEVICE is a loop device's name that FOLDER lies on\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const std::string device = argc == 3 ? argv[2] : "";
  const Written written_1s = WrittenPerReading(folder, device, std::chrono::seconds(1));
  const Written written_2s = WrittenPerReading(folder, device, std::chrono::seconds(2));
  const Written written_15s = WrittenPerReading(folder, device, std::chrono::seconds(15));
  const Kept registers = KeptPerReading(true);
  const Kept gauges = KeptPerReading(false);
  std::printf(
      "{\"bench\":\"bytes-per-reading\",\"points\":%u,\"poll_s\":15,\"written_1s\":%.1f,\"written_2s\":%.1f,"
      "\"written_15s\":%.1f,\"slice_1s\":%.2f,\"slice_15s\":%.2f,\"kept_registers_edge\":%.3f,"
      "\"kept_registers_central\":%.3f,"
      "\"kept_gauges_central\":%.3f,\"rollups_registers\":%.3f,\"rollups_gauges\":%.3f,\"entropy_registers\":%.3f,"
      "\"counted_at\":\"%s\"}\n",
      MeteredPark::points(), written_1s.bytes, written_2s.bytes, written_15s.bytes, written_1s.slices,
      written_15s.slices, registers.readings, registers.readings, gauges.readings, registers.rollups, gauges.rollups,
      EntropyOfRegisters(), device.empty() ? "process" : "block device");
  return 0;
}
