// Uplink and ingest on their own threads with real files, and an in-memory link in the place of the broker.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "central/ingest/ingest.hpp"
#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "edge/uplink/uplink.hpp"
#include "tests/support/hand_over.hpp"
#include "tests/support/memory_link.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;
using test::ShiftedClock;
using Link = test::MemoryLink;

template <class Condition>
bool WaitFor(Condition condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class PathTest : public testing::Test {
 protected:
  void SetUp() override {
    OpenStore();
    point_ = Define({"m/a"}).at("m/a");
  }
  void OpenStore() {
    edge::EdgeStoreOptions options;
    options.site = site_;
    options.commit_interval = std::chrono::milliseconds(20);
    store_ = *edge::EdgeStore::Open(*edge_file_, options, clock_);
  }
  std::map<std::string, metering::PointNo> Define(const std::vector<std::string>& keys) {
    std::vector<telemetry::PointDefinition> definitions;
    for (const std::string& key : keys) {
      telemetry::PointDefinition definition;
      definition.point.key = key;
      definition.point.meter = "m";
      definition.limit = std::chrono::hours(1);
      definitions.push_back(std::move(definition));
    }
    return *store_->DefinePoints(std::move(definitions));
  }
  void StopBox() {
    uplink_.reset();
    store_.reset();
  }
  /// Of a database that is closed.
  void Copy(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(folder_.path() / from, folder_.path() / to,
                               std::filesystem::copy_options::overwrite_existing);
  }
  [[nodiscard]] bool CentralHoldsWhatTheBoxHolds() {
    const auto central = *central::OpenCentralStore(*central_file_);
    for (const sync::Lane lane : sync::kKeptLanes) {
      const auto held = store_->Outbox(lane);
      const auto positions = *central->Positions(site_, lane);
      if (store_->Recovering(lane) || positions.size() != held.size()) return false;
      for (std::size_t i = 0; i < held.size(); ++i) {
        if (positions[i].committed != held[i].last || positions[i].chain != held[i].chain) return false;
      }
    }
    return true;
  }
  [[nodiscard]] central::IngestOptions CentralOptions() const {
    central::IngestOptions options;
    options.city = city_;
    options.audit.interval = std::chrono::milliseconds(5);
    options.audit.answer_timeout = std::chrono::milliseconds(300);
    return options;
  }
  /// 40 readings in each of `hours` hours.
  void ReadHours(int hours) {
    for (int hour = 0; hour < hours; ++hour) {
      Read(hour * 40, (hour + 1) * 40);
      ASSERT_TRUE(WaitFor([&] { return AtCentral().size() == static_cast<std::size_t>((hour + 1) * 40); }));
      clock_.Advance(std::chrono::hours(1));
    }
  }
  /// Behind the programs' backs.
  void AtCentralsFile(const std::string& sql) {
    const auto database = *central_file_->Open();
    ASSERT_TRUE(database->Execute(sql));
  }
  std::vector<telemetry::Damage> DamageAtCentral() {
    return *(*central::OpenCentralStore(*central_file_))->DamageOf(site_, sync::Lane::kHistory);
  }
  [[nodiscard]] bool Healed(std::size_t segments) {
    const auto damage = DamageAtCentral();
    return damage.size() == segments && std::ranges::all_of(damage, [](const telemetry::Damage& one) {
             return one.state == telemetry::DamageState::kHealed;
           });
  }
  void StartCentral() {
    ingest_ = std::make_unique<central::Ingest>(CentralOptions(), *central::OpenCentralStore(*central_file_), states_,
                                                clock_);
    ASSERT_TRUE(ingest_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<Link::Client>(link_, listener, true);
    }));
  }
  void StartUplink() {
    edge::UplinkOptions options;
    options.city = city_;
    options.site = site_;
    options.site_name = "铝业园区";
    options.frames.least = options.frames.most = 200;
    options.live_interval = live_interval_;
    options.sender.ack_timeout = std::chrono::milliseconds(200);
    options.sender.hello_timeout = std::chrono::milliseconds(200);
    options.sender.reopen_first = std::chrono::milliseconds(10);
    options.sender.reopen_most = std::chrono::milliseconds(50);
    uplink_ = std::make_unique<edge::Uplink>(options, *store_, *telemetry::RecordLog::Open(*edge_file_), clock_);
    ASSERT_TRUE(uplink_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<Link::Client>(link_, listener, false);
    }));
  }
  void Read(int from, int to) { Read(point_, from, to); }
  void Read(metering::PointNo point, int from, int to) {
    for (int i = from; i < to; ++i) {
      test::HandOver(*store_, {point, {1'000'000 + i}, Decimal(i, 1), Quality::kGood});
      if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  std::vector<std::string> AtCentral() { return AtCentral(point_); }
  std::vector<std::string> AtCentral(metering::PointNo point) {
    const auto store = *central::OpenCentralStore(*central_file_);
    std::vector<std::string> values;
    (void)store->ForEachReading(site_, point, {0}, {INT64_MAX / 2},
                                [&](const Reading& reading) { values.push_back(reading.value->ToString()); });
    return values;
  }
  /// Central shows `value` as the point's latest.
  [[nodiscard]] bool Shows(std::string_view value) const {
    return states_.With([&](const central::SiteStates& states) {
      const auto found = states.find(site_);
      const auto* latest = found == states.end() ? nullptr : found->second.latest.Find(point_);
      return latest != nullptr && latest->value && latest->value->value->ToString() == value;
    });
  }
  void ExpectAllOnceInOrder(int count) {
    ASSERT_TRUE(WaitFor([&] { return AtCentral().size() >= static_cast<std::size_t>(count); })) << AtCentral().size();
    const auto values = AtCentral();
    ASSERT_EQ(values.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], Decimal(i, 1).ToString());
  }

  const base::CityId city_ = *base::CityId::Parse("150200");
  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  ShiftedClock clock_;
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> edge_file_ = storage::MakeSqliteOpener({.file = folder_.path() / "edge.db"});
  std::unique_ptr<storage::DatabaseOpener> central_file_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "central.db"});
  Link link_;
  base::Guarded<central::SiteStates> states_;
  std::unique_ptr<edge::EdgeStore> store_;
  metering::PointNo point_ = 0;
  base::Duration live_interval_ = std::chrono::milliseconds(20);
  std::unique_ptr<central::Ingest> ingest_;
  std::unique_ptr<edge::Uplink> uplink_;
};

TEST_F(PathTest, BringsEveryReadingToCentralOnce) {
  StartCentral();
  StartUplink();
  Read(0, 300);
  ExpectAllOnceInOrder(300);
}

TEST_F(PathTest, CatchesUpWithWhatWasReadBeforeThereWasACentral) {
  Read(0, 200);
  StartUplink();
  Read(200, 250);
  StartCentral();
  ExpectAllOnceInOrder(250);
}

TEST_F(PathTest, BringsEveryReadingOnceOverALinkThatDropsMessages) {
  link_.DropEvery(7);
  StartCentral();
  StartUplink();
  Read(0, 300);
  ExpectAllOnceInOrder(300);
}

TEST_F(PathTest, GoesOnWhereItWasWhenCentralStartsAnew) {
  StartCentral();
  StartUplink();
  Read(0, 150);
  ingest_.reset();
  Read(150, 300);
  StartCentral();
  ExpectAllOnceInOrder(300);
}

TEST_F(PathTest, ShowsLiveValuesAndTheSitesNameAtCentral) {
  StartCentral();
  StartUplink();
  Read(0, 5);
  EXPECT_TRUE(WaitFor([&] {
    const bool named = states_.With([&](const central::SiteStates& states) {
      const auto found = states.find(site_);
      return found != states.end() && found->second.name == "铝业园区";
    });
    return named && Shows("0.4");
  }));
}

TEST_F(PathTest, SendsAValueWhenItComesAndNotWhenAnIntervalIsOver) {
  link_.Block(sync::Lane::kHistory);
  live_interval_ = std::chrono::seconds(2);
  StartCentral();
  StartUplink();
  ASSERT_TRUE(WaitFor([&] { return ingest_->counters().live_frames > 0; })) << "all values, when it connects";
  const base::Monotonic connected = clock_.Steady();
  ASSERT_TRUE(WaitFor([&] { return clock_.Steady() - connected > live_interval_ * 11 / 10; }));
  const base::Monotonic read = clock_.Steady();
  Reading reading{point_, {5'000'000}, Decimal(77, 0), Quality::kGood};
  store_->OnAnswer({&reading, 1});
  ASSERT_TRUE(WaitFor([&] { return Shows("77"); }));
  EXPECT_LT(clock_.Steady() - read, live_interval_ / 2);
}

TEST_F(PathTest, SendsWhatARunningPollHasBroughtWhenItConnects) {
  link_.Block(sync::Lane::kHistory);
  Reading reading{point_, {5'000'000}, Decimal(77, 0), Quality::kGood};
  store_->OnAnswer({&reading, 1});
  StartCentral();
  StartUplink();
  EXPECT_TRUE(WaitFor([&] { return Shows("77"); }));
}

TEST_F(PathTest, ShowsLiveValuesWhileACommitAtCentralTakesLong) {
  StartCentral();
  StartUplink();
  Read(0, 5);
  ASSERT_TRUE(WaitFor([&] { return AtCentral().size() == 5; }));
  const auto database = *central_file_->Open();
  std::optional writing = *storage::Transaction::Begin(*database);  // central's commits wait for it
  const std::uint64_t frames = ingest_->counters().frames;
  Read(5, 6);
  ASSERT_TRUE(WaitFor([&] { return ingest_->counters().frames > frames; })) << "about to be committed";
  test::HandOver(*store_, {point_, {5'000'000}, Decimal(77, 0), Quality::kGood});
  EXPECT_TRUE(WaitFor([&] { return Shows("77"); }));
  EXPECT_EQ(ingest_->counters().commit_failures, 0U) << "the commit still waits";
  EXPECT_EQ(AtCentral().size(), 5U) << "nothing was committed meanwhile";
  writing.reset();
  EXPECT_TRUE(WaitFor([&] { return AtCentral().size() == 7; }));
}

TEST_F(PathTest, BringsAnAlarmThroughWhileHistoryIsStuck) {
  link_.Block(sync::Lane::kHistory);
  StartCentral();
  StartUplink();
  Read(0, 100);
  const telemetry::Alarm alarm{{1'772'431'680'000'000}, telemetry::OperationKind::kLineDown, false, "line-1", "", 7};
  const base::Status appended = store_->Append(sync::Lane::kAlarm, telemetry::EncodeAlarm(alarm));
  ASSERT_TRUE(appended) << appended.error().Describe();
  const auto store = *central::OpenCentralStore(*central_file_);
  ASSERT_TRUE(WaitFor([&] {
    const auto alarms = store->NewestAlarms(site_, 10);
    return alarms && alarms->size() == 1 && alarms->front() == alarm;
  }));
  EXPECT_EQ(AtCentral().size(), 0U);
}

TEST_F(PathTest, ConnectsAnewWhenTheLinkSwallowsEverything) {
  link_.Block(sync::Lane::kHistory);
  StartCentral();
  StartUplink();
  Read(0, 10);
  EXPECT_TRUE(WaitFor([&] { return uplink_->status().recycles > 0; }));
}

TEST_F(PathTest, ABoxThatWasSetBackFetchesItsOwnPastAndKeepsWhatItWroteSince) {
  StartCentral();
  StartUplink();
  Read(0, 100);
  ExpectAllOnceInOrder(100);
  StopBox();
  Copy("edge.db", "older.db");
  OpenStore();
  StartUplink();
  Read(100, 200);
  ExpectAllOnceInOrder(200);
  StopBox();
  Copy("older.db", "edge.db");
  OpenStore();
  Read(200, 250);  // before it hears of central
  StartUplink();
  Read(250, 300);
  ExpectAllOnceInOrder(300);
  EXPECT_TRUE(WaitFor([&] { return CentralHoldsWhatTheBoxHolds(); }));
  EXPECT_EQ(store_->Outbox(sync::Lane::kHistory).size(), 2U) << "it goes on in a new epoch";
  const auto missing = *(*central::OpenCentralStore(*central_file_))->Missing(site_, sync::Lane::kHistory);
  ASSERT_EQ(missing.size(), 1U) << "what it had not sent before it was set back may be lost";
  EXPECT_EQ(missing[0].reason, telemetry::MissingReason::kBoxRolledBack);
  uplink_.reset();
  std::vector<std::string> at_box;
  const auto log = *telemetry::RecordLog::Open(*edge_file_);
  ASSERT_TRUE(log->ForEachReading(store_->site_no(), point_, {0}, {INT64_MAX / 2},
                                  [&](const Reading& reading) { at_box.push_back(reading.value->ToString()); }));
  EXPECT_EQ(at_box, AtCentral());
}

TEST_F(PathTest, ABoxThatWasSetBackGivesNoNumberToTwoPoints) {
  StartCentral();
  StartUplink();
  Read(0, 10);
  ExpectAllOnceInOrder(10);
  StopBox();
  Copy("edge.db", "older.db");
  OpenStore();
  StartUplink();
  const metering::PointNo b = Define({"m/a", "m/b"}).at("m/b");
  Read(b, 10, 20);
  ASSERT_TRUE(WaitFor([&] { return AtCentral(b).size() == 10; }));
  StopBox();
  Copy("older.db", "edge.db");
  OpenStore();
  const auto numbers = Define({"m/a", "m/c", "m/b"});  // it has forgotten that it has numbered b
  ASSERT_EQ(numbers.at("m/c"), b);
  Read(numbers.at("m/c"), 20, 30);
  Read(numbers.at("m/b"), 30, 40);
  StartUplink();
  ASSERT_TRUE(WaitFor([&] { return CentralHoldsWhatTheBoxHolds(); }));
  Read(numbers.at("m/c"), 40, 50);  // the lines still use the numbers they were given
  Read(numbers.at("m/b"), 50, 60);
  ASSERT_TRUE(WaitFor([&] { return AtCentral(b).size() == 30; })) << AtCentral(b).size();
  const auto values = [&](std::vector<int> from) {
    std::vector<std::string> expected;
    for (const int first : from) {
      for (int i = first; i < first + 10; ++i) expected.push_back(Decimal(i, 1).ToString());
    }
    return expected;
  };
  EXPECT_EQ(AtCentral(b), values({10, 30, 50}));
  const metering::PointNo c = states_.With([&](const central::SiteStates& states) {
    for (const auto& [no, definition] : states.at(site_).points) {
      if (definition.point.key == "m/c") return no;
    }
    return metering::PointNo{0};
  });
  EXPECT_TRUE(WaitFor([&] { return AtCentral(c).size() == 20; }));
  EXPECT_EQ(AtCentral(c), values({20, 40}));
  EXPECT_EQ(Define({"m/a", "m/b", "m/c"}),
            (std::map<std::string, metering::PointNo>{{"m/a", point_}, {"m/b", b}, {"m/c", c}}));
}

TEST_F(PathTest, ANewBoxOfASiteFetchesThePastOfTheOldOne) {
  StartCentral();
  StartUplink();
  Read(0, 100);
  ExpectAllOnceInOrder(100);
  StopBox();
  std::filesystem::remove(folder_.path() / "edge.db");
  OpenStore();
  ASSERT_EQ(Define({"m/a"}).at("m/a"), point_);
  StartUplink();
  Read(100, 150);
  ExpectAllOnceInOrder(150);
  EXPECT_TRUE(WaitFor([&] { return CentralHoldsWhatTheBoxHolds(); }));
}

TEST_F(PathTest, ACentralThatWasSetBackIsGivenAgainWhatItLost) {
  StartCentral();
  StartUplink();
  Read(0, 100);
  ExpectAllOnceInOrder(100);
  ingest_.reset();
  Copy("central.db", "older.db");
  StartCentral();
  Read(100, 200);
  ExpectAllOnceInOrder(200);
  ingest_.reset();
  Copy("older.db", "central.db");
  StartCentral();
  Read(200, 250);
  ExpectAllOnceInOrder(250);
  EXPECT_GT(ingest_->counters().restores, 0U);
  EXPECT_TRUE(WaitFor([&] { return CentralHoldsWhatTheBoxHolds(); }));
  EXPECT_TRUE((*central::OpenCentralStore(*central_file_))->Missing(site_, sync::Lane::kHistory)->empty());
}

/// Records of the lane `history`.
std::string Where(const std::string& condition) {
  return " WHERE place IN (SELECT place FROM placed WHERE lane = 3 AND " + condition + ")";
}

TEST_F(PathTest, NamesAndHealsWhatIsMissingOrChangedAtCentral) {
  StartCentral();
  StartUplink();
  ReadHours(3);
  const auto before = AtCentral();
  const auto hours = (*central::OpenCentralStore(*central_file_))->Hours(site_, sync::Lane::kHistory);
  EXPECT_EQ(hours->hours, 2U);
  EXPECT_TRUE(DamageAtCentral().empty());
  AtCentralsFile("DELETE FROM record" + Where("seq = 3"));
  ASSERT_TRUE(WaitFor([&] { return Healed(1); }));
  EXPECT_EQ(DamageAtCentral()[0].rows, 1U);
  EXPECT_EQ(DamageAtCentral()[0].segment.first, 1U) << "the first hour";
  AtCentralsFile("UPDATE record SET body = x'0A00'" + Where("t_last = (SELECT max(t_last) FROM record)"));
  ASSERT_TRUE(WaitFor([&] { return Healed(2); }));
  AtCentralsFile("DELETE FROM record" + Where("t_last <> 0"));
  EXPECT_TRUE(WaitFor([&] { return AtCentral() == before; }));
  EXPECT_TRUE(WaitFor([&] { return Healed(3); }));
}

TEST_F(PathTest, NamesWhatTheBoxDoesNotHoldAnyMoreEither) {
  StartCentral();
  StartUplink();
  ReadHours(2);
  AtCentralsFile("DELETE FROM record" + Where("seq = 3"));
  {
    const auto database = *edge_file_->Open();
    ASSERT_TRUE(database->Execute("DELETE FROM record" + Where("seq < 5")));
  }
  ASSERT_TRUE(WaitFor([&] {
    const auto damage = DamageAtCentral();
    return damage.size() == 1 && damage[0].state == telemetry::DamageState::kNotHeld;
  }));
  EXPECT_TRUE(WaitFor([&] {
    return states_.With(
        [&](const central::SiteStates& states) { return states.at(site_).lanes.at(sync::Lane::kHistory).holes == 1; });
  }));
}

TEST_F(PathTest, TakesNoRewrittenPastFromABox) {
  StartCentral();
  StartUplink();
  ReadHours(2);
  {
    const auto database = *edge_file_->Open();
    ASSERT_TRUE(database->Execute("UPDATE record SET body = x'0A00'" + Where("seq = 3")));
  }
  const auto before = AtCentral();
  const std::uint64_t epoch = store_->Outbox(sync::Lane::kHistory).back().epoch;
  ingest_->AskAgain(site_, sync::Lane::kHistory, epoch, 3, 3);
  ASSERT_TRUE(WaitFor([&] {
    const auto damage = DamageAtCentral();
    return damage.size() == 1 && damage[0].state == telemetry::DamageState::kRefused;
  }));
  EXPECT_EQ(AtCentral(), before);
}

TEST_F(PathTest, SendsAnyRangeAgainThatAPersonAsksFor) {
  StartCentral();
  StartUplink();
  ReadHours(3);
  const std::uint64_t epoch = store_->Outbox(sync::Lane::kHistory).back().epoch;
  const std::uint64_t last = store_->Outbox(sync::Lane::kHistory).back().last;
  ingest_->AskAgain(site_, sync::Lane::kHistory, epoch, 1, last);
  EXPECT_TRUE(WaitFor([&] { return ingest_->counters().resent >= last; }));
  EXPECT_TRUE(DamageAtCentral().empty()) << "what was good leaves no trace";
}

TEST_F(PathTest, RefusesAFrameThatNamesAnotherSiteThanItsTopic) {
  StartCentral();
  const sync::Frame frame{"150200", "other-01", sync::Lane::kHistory, 1, 100, 1, {{1}}};
  Link::Client box(link_, *ingest_, true);
  (void)box.Publish(sync::UpTopic(city_, site_, sync::Lane::kHistory), sync::EncodeUp(frame), mqtt::Qos::kAtLeastOnce);
  EXPECT_TRUE(WaitFor([&] { return ingest_->counters().rejected == 1; }));
}

}  // namespace
}  // namespace yb
