// The whole line, real programs over real protocols: metersim → edge → broker (TLS, certificates) → central. While
// readings flow each program is killed with SIGKILL and the uplink is cut for a minute; in the end central holds
// exactly what metersim says it answered, each reading once, in all fields, and its sequences are 1…N.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "tests/support/city.hpp"

namespace yb::test {
namespace {

using std::chrono::seconds;

/// The box stamps an answer when it has read it whole.
constexpr base::Duration kApart = seconds(2);
constexpr seconds kCalm{6};
const seconds kCut{60};

constexpr CityMeter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"},
    {"feeder-2", "260305510021", "DLT645-2007", "office-building", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
    {"pump-2", "78330011223345", "CJT188", "residential-water", "cjt188-water"},
};

const char* MeterOf(const std::string& address) {
  for (const CityMeter& meter : kMeters) {
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
  const auto site = *log->EnsureSite(City::Site());
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
              excused, static_cast<long long>(std::chrono::duration_cast<seconds>(City::kUntilDurable).count()));
}

/// 1…N in one epoch, the same bytes on both sides. The box goes on asking after its meters have ended, so its newest
/// records, which hold no value, may not have been sent.
void ExpectSequencesWithoutHoles(City& city) {
  const auto edge = city.OpenLog("edge/telemetry.db");
  const auto central = city.OpenLog("central/telemetry.db");
  const auto edge_site = *edge->EnsureSite(City::Site());
  const auto central_site = *central->EnsureSite(City::Site());
  const auto edge_heads = *edge->Heads(edge_site, sync::Lane::kHistory);
  const auto central_heads = *central->Heads(central_site, sync::Lane::kHistory);
  ASSERT_EQ(edge_heads.size(), 1U) << "no kill may begin a new epoch";
  ASSERT_EQ(central_heads.size(), 1U);
  EXPECT_EQ(central_heads[0].epoch, edge_heads[0].epoch);
  const sync::Position start{edge_heads[0].epoch, 1};
  auto sent = *edge->ReadBodies(edge_site, sync::Lane::kHistory, start, SIZE_MAX);
  const auto received = *central->ReadBodies(central_site, sync::Lane::kHistory, start, SIZE_MAX);
  EXPECT_EQ(sent.size(), edge_heads[0].last);
  EXPECT_EQ(received.size(), central_heads[0].last);
  ASSERT_GE(sent.size(), received.size());
  EXPECT_LE(sent.size() - received.size(), 5U);
  sent.resize(received.size());
  EXPECT_TRUE(sent == received);
  sync::Chain chain{};
  for (const base::Bytes& body : received) chain = sync::NextChain(chain, body);
  EXPECT_EQ(chain, central_heads[0].chain);
}

TEST(Line, LosesAndDoublesNothingWhileEachProgramIsKilledAndTheUplinkIsCut) {
  if (std::system("command -v mosquitto >/dev/null 2>&1") != 0) GTEST_SKIP() << "mosquitto is not installed";
  City city(YB_BIN_DIR, YB_SOURCE_DIR, kMeters);
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
  city.EndEdge();
  city.EndCentral();
  ExpectSequencesWithoutHoles(city);
  ExpectCentralHoldsTheTruth(city);
}

}  // namespace
}  // namespace yb::test
