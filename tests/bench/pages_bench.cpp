// How soon central's pages get what they show: 30 sites of 1,000 points, asked for one after the other, and by 200
// viewers at once, each with a connection of its own and a request every five seconds. Every answer is sent whole, as
// if all values had changed. Prints one JSON line.
#include <algorithm>
#include <cstdio>
#include <random>
#include <thread>

#include "tests/support/api_client.hpp"
#include "tests/support/city.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kSites = 30;
constexpr int kMeters = 100;
constexpr int kPointsPerMeter = 10;
constexpr int kRequests = 500;
constexpr int kViewers = 200;
constexpr auto kViewerInterval = 5s;
constexpr auto kWatched = 60s;

std::string SiteName(int site) {
  return "park-" + std::to_string(100 + site);
}

/// All meters, so that limits are found.
yb::telemetry::AppliedConfiguration Configured(yb::base::UtcTime now) {
  yb::telemetry::AppliedConfiguration configuration{1, now, {}};
  for (int meter = 0; meter < kMeters; ++meter) {
    configuration.meters.emplace_back().key = "meter-" + std::to_string(meter);
  }
  return configuration;
}

/// Four of them, two of which hold each point's value against a limit.
yb::telemetry::AlarmRuleSet Rules(yb::base::UtcTime now) {
  using yb::alarms::ConditionKind;
  yb::telemetry::AlarmRuleSet rules{1, now, {}};
  for (const auto kind :
       {ConditionKind::kAbove, ConditionKind::kBelow, ConditionKind::kRises, ConditionKind::kNoValue}) {
    yb::alarms::AlarmRule& rule = rules.rules.emplace_back();
    rule.id = yb::alarms::ToString(kind);
    rule.points.quantities = {"*_energy"};
    rule.condition.kind = kind;
    rule.condition.limit = yb::base::Decimal(1'000'000, 0);
  }
  return rules;
}

/// A site as it reports itself: its points and a value of each, its meters and its alarm rules.
void AddSite(yb::telemetry::RecordLog& log, int site) {
  std::vector<yb::telemetry::PointDefinition> points;
  std::vector<yb::metering::Reading> readings;
  const yb::base::UtcTime now = yb::base::SystemClock().Now();
  for (int meter = 0; meter < kMeters; ++meter) {
    for (int i = 0; i < kPointsPerMeter; ++i) {
      yb::telemetry::PointDefinition definition;
      definition.point.no = static_cast<yb::metering::PointNo>(points.size() + 1);
      definition.point.meter = "meter-" + std::to_string(meter);
      definition.point.key = definition.point.meter + "/q" + std::to_string(i);
      definition.point.quantity = "fwd_active_energy";
      definition.point.unit = "kWh";
      definition.limit = std::chrono::hours(1);
      readings.push_back({definition.point.no, now, yb::base::Decimal(1'000'000 + site * 1000 + meter, 2),
                          yb::metering::Quality::kGood});
      points.push_back(std::move(definition));
    }
  }
  const auto no = log.EnsureSite(*yb::base::SiteId::Parse(SiteName(site)));
  YB_CHECK(no.has_value(), "central's store takes no site");
  yb::telemetry::EpochHead head{.epoch = 1};
  auto transaction = log.Begin();
  for (const auto& body : {yb::telemetry::EncodePointTable(points), yb::telemetry::EncodeConfiguration(Configured(now)),
                           yb::telemetry::EncodeSlice(readings, {})}) {
    YB_CHECK(log.Append(*no, yb::sync::Lane::kHistory, head, body).has_value(), "central's store takes no record");
  }
  YB_CHECK(log.SaveHead(*no, yb::sync::Lane::kHistory, head).has_value(), "central's store takes no head");
  yb::telemetry::EpochHead of_alarms{.epoch = 1};
  YB_CHECK(log.Append(*no, yb::sync::Lane::kAlarm, of_alarms, yb::telemetry::EncodeAlarm(Rules(now))).has_value(),
           "central's store takes no rules");
  YB_CHECK(log.SaveHead(*no, yb::sync::Lane::kAlarm, of_alarms).has_value(), "central's store takes no head");
  YB_CHECK(transaction->Commit().has_value(), "central's store takes no commit");
}

/// Milliseconds until the whole answer was there.
double Ask(yb::test::ApiClient& central, const std::string& path) {
  const auto start = Clock::now();
  const yb::test::ApiClient::Answer answer = central.GetWhole(path);
  YB_CHECK(answer.status == 200, path + ": " + std::to_string(answer.status) + " " + answer.body);
  return Milliseconds(Clock::now() - start).count();
}

double Quantile(std::vector<double> values, double part) {
  std::ranges::sort(values);
  return values.empty() ? -1 : values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

std::vector<double> OneAfterTheOther(const yb::test::ApiAddress& address, const std::function<std::string(int)>& path) {
  yb::test::ApiClient central(address);
  std::vector<double> times;
  for (int i = 0; i < kRequests; ++i) times.push_back(Ask(central, path(i)));
  return times;
}

/// Half of them look at all sites, half at one.
std::vector<double> Viewers(const yb::test::ApiAddress& address) {
  std::vector<std::vector<double>> times(kViewers);
  {
    std::vector<std::jthread> viewers;
    for (int viewer = 0; viewer < kViewers; ++viewer) {
      viewers.emplace_back([viewer, &address, &mine = times[static_cast<std::size_t>(viewer)]] {
        yb::test::ApiClient central(address);
        std::mt19937 random(static_cast<unsigned>(viewer));
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 5000));
        const std::string path =
            viewer % 2 == 0 ? "/api/v1/sites" : "/api/v1/sites/" + SiteName(viewer % kSites) + "/meters";
        for (const auto end = Clock::now() + kWatched; Clock::now() < end;) {
          const auto next = Clock::now() + kViewerInterval;
          mine.push_back(Ask(central, path));
          std::this_thread::sleep_until(next);
        }
      });
    }
  }
  std::vector<double> all;
  for (const auto& of_viewer : times) all.insert(all.end(), of_viewer.begin(), of_viewer.end());
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: pages_bench PROGRAMS PROJECT\n");
    return 2;
  }
  yb::test::City city(argv[1], argv[2], {});
  city.StartBroker();
  city.StartCentral();
  city.EndCentral();  // its store is there now
  const auto log = city.OpenLog("central/telemetry.db");
  for (int site = 0; site < kSites; ++site) AddSite(*log, site);
  city.StartCentral();
  const yb::test::ApiAddress central = city.central_api();
  const auto sites = OneAfterTheOther(central, [](int) { return std::string("/api/v1/sites"); });
  const auto site =
      OneAfterTheOther(central, [](int i) { return "/api/v1/sites/" + SiteName(i % kSites) + "/meters"; });
  const auto viewers = Viewers(central);
  std::printf(
      "{\"bench\":\"pages\",\"sites\":%d,\"points_per_site\":%d,\"sites_p50_ms\":%.1f,\"sites_p99_ms\":%.1f,"
      "\"site_p50_ms\":%.1f,\"site_p99_ms\":%.1f,\"viewers\":%d,\"viewers_requests\":%zu,\"viewers_200_p50_ms\":%.1f,"
      "\"viewers_200_p99_ms\":%.1f}\n",
      kSites, kMeters * kPointsPerMeter, Quantile(sites, 0.5), Quantile(sites, 0.99), Quantile(site, 0.5),
      Quantile(site, 0.99), kViewers, viewers.size(), Quantile(viewers, 0.5), Quantile(viewers, 0.99));
  return 0;
}
