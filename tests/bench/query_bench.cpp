// How long a page waits for the history of a point: a year by hours and a raw day of a point asked every 15 s, through
// central's routes with their JSON, over a store with a year of twenty such points. Prints one JSON line.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

#include "central/store/sqlite/sqlite_central_store.hpp"
#include "central/web/central_queries.hpp"
#include "core/api/day_use.hpp"
#include "core/api/site_routes.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/telemetry/keeper.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/no_alarms.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using yb::base::UtcTime;
using yb::telemetry::RecordLog;

constexpr int kPoints = 20;
constexpr int kDays = 365;
constexpr int kReadingsPerDay = 5760;
constexpr int kRequests = 300;
constexpr UtcTime kStart{1'767'196'800'000'000};  // 2026-01-01 in Beijing

yb::telemetry::PointTable Points() {
  yb::telemetry::PointTable points;
  for (yb::metering::PointNo no = 1; no <= kPoints; ++no) {
    yb::telemetry::PointDefinition definition;
    definition.point.no = no;
    definition.point.key = "m/" + std::to_string(no);
    definition.point.kind = yb::metering::PointKind::kRegister;
    definition.limit = std::chrono::seconds(45);
    definition.poll = std::chrono::seconds(15);
    definition.rules.interval = definition.poll;
    points.push_back(definition);
  }
  return points;
}

void Fill(yb::storage::DatabaseOpener& opener, yb::test::ManualClock& clock) {
  const auto log = std::move(*RecordLog::Open(opener));
  const auto site = *log->EnsureSite(*yb::base::SiteId::Parse("lvye-01"));
  yb::telemetry::Keeper keeper({}, std::move(*RecordLog::Open(opener)), clock);
  yb::telemetry::EpochHead head{100};
  std::mt19937_64 random(1);
  std::vector<std::int64_t> registers(kPoints + 1);
  for (int day = 0; day < kDays; ++day) {
    yb::telemetry::SeriesBatch batch;
    for (int i = 0; i < kReadingsPerDay; ++i) {
      for (yb::metering::PointNo no = 1; no <= kPoints; ++no) {
        registers[no] += static_cast<std::int64_t>(random() % 40);
        const std::int64_t after = (day * std::int64_t{kReadingsPerDay} + i) * 15'000 + no * 90 + random() % 4;
        batch.Add({no, kStart + std::chrono::milliseconds(after), yb::base::Decimal(registers[no], 2),
                   yb::metering::Quality::kGood},
                  {});
      }
    }
    auto transaction = log->Begin();
    if (day == 0) {
      YB_CHECK(log->Append(site, yb::sync::Lane::kHistory, head, EncodePointTable(Points())) &&
                   log->SaveHead(site, yb::sync::Lane::kHistory, head),
               "a bench's points fail");
    }
    YB_CHECK(log->series().Add(site, std::move(batch)) && transaction->Commit(), "a bench's commit fails");
    clock.Advance(std::chrono::hours(24));
    while (*keeper.RunOnce()) continue;
  }
}

double P99Ms(const yb::http::Router& router, const std::function<std::string(std::mt19937&)>& query,
             std::size_t least_bytes) {
  std::mt19937 random(7);
  std::vector<double> times;
  for (int i = 0; i < kRequests; ++i) {
    yb::http::Request request;
    request.method = "GET";
    request.path = "/api/v1/sites/lvye-01/points/" + std::to_string(1 + random() % kPoints) + "/readings";
    const std::string text = query(random);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t equals = text.find('=', at);
      const std::size_t end = std::min(text.find('&', at), text.size());
      request.query[text.substr(at, equals - at)] = text.substr(equals + 1, end - equals - 1);
      at = end + 1;
    }
    const auto begin = std::chrono::steady_clock::now();
    const yb::http::Response response = router.Handle(request);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    YB_CHECK(response.status == 200 && response.body.size() > least_bytes, "a bench's answer is wrong");
  }
  std::ranges::sort(times);
  return times[times.size() * 99 / 100];
}

}  // namespace

int main() {
  const yb::test::TempFolder folder;
  const auto opener = yb::storage::MakeSqliteOpener({.file = folder.path() / "telemetry.db", .cache_kib = 32 * 1024});
  yb::test::ManualClock clock(kStart);
  Fill(*opener, clock);
  clock.Advance(std::chrono::hours(2));

  yb::base::Guarded<yb::central::SiteStates> states;
  states.With([](yb::central::SiteStates& all) {
    for (const auto& definition : Points()) {
      all[*yb::base::SiteId::Parse("lvye-01")].points[definition.point.no] = definition;
    }
  });
  yb::central::CentralQueries queries(states, std::move(*yb::central::OpenCentralStore(*opener)),
                                      [](const auto&, auto) { return 0; });
  yb::metrics::Metrics metrics;
  yb::http::Router router;
  yb::test::NoAlarms alarms;
  const yb::api::DayUse use(queries, clock);
  yb::api::AddSiteRoutes(router, {"central", "bench", "150200", "", ""}, queries, alarms, use, metrics, clock);
  const auto range = [](int day, int days) {
    const UtcTime from = kStart + std::chrono::hours(24 * day);
    return "from_us=" + std::to_string(from.micros) +
           "&to_us=" + std::to_string((from + std::chrono::hours(24 * days)).micros);
  };
  const double year = P99Ms(
      router, [&](std::mt19937&) { return range(0, kDays) + "&step=hour"; }, kDays * 24 * 50);
  const double day = P99Ms(
      router, [&](std::mt19937& random) { return range(static_cast<int>(random() % kDays), 1) + "&limit=4000"; },
      3500 * 30);
  const double quarter = P99Ms(
      router, [&](std::mt19937& random) { return range(static_cast<int>(random() % 275), 90) + "&limit=4000"; }, 5000);
  std::printf(
      "{\"bench\":\"query\",\"points\":%d,\"requests\":%d,\"year_p99_ms\":%.1f,\"raw_day_p99_ms\":%.1f,"
      "\"three_months_p99_ms\":%.1f}\n",
      kPoints, kRequests, year, day, quarter);
  return 0;
}
