// Uplink and ingest on their own threads with real files, and an in-memory link in the place of the broker.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "central/ingest/ingest.hpp"
#include "central/store/sqlite/sqlite_central_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "core/sync/frame_codec.hpp"
#include "core/sync/topics.hpp"
#include "core/telemetry/keeper.hpp"
#include "edge/uplink/uplink.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;

/// Hands messages to whoever listens for their direction; drops every n-th where told to.
class Link {
 public:
  class Client final : public mqtt::MqttClient {
   public:
    Client(Link& link, mqtt::MqttListener& listener, bool central) : link_(link), central_(central) {
      link_.Attach(central ? &link_.central_ : &link_.box_, &listener);
    }
    ~Client() override { link_.Attach(central_ ? &link_.central_ : &link_.box_, nullptr); }
    base::Status Publish(const std::string& topic, base::ByteView payload, mqtt::Qos) override {
      return link_.Deliver(topic, payload);
    }
    void Recycle() override {}

   private:
    Link& link_;
    bool central_;
  };

  void DropEvery(int n) { drop_every_ = n; }

 private:
  void Attach(mqtt::MqttListener** place, mqtt::MqttListener* listener) {
    {
      const std::scoped_lock lock(mutex_);
      *place = listener;
    }
    if (listener != nullptr) listener->OnConnected();
  }
  base::Status Deliver(const std::string& topic, base::ByteView payload) {
    const std::scoped_lock lock(mutex_);
    if (drop_every_ > 0 && ++messages_ % drop_every_ == 0) return {};
    mqtt::MqttListener* listener = sync::ParseTopic(topic)->up ? central_ : box_;
    if (listener != nullptr) listener->OnMessage(topic, payload);
    return {};
  }

  std::mutex mutex_;
  mqtt::MqttListener* central_ = nullptr;
  mqtt::MqttListener* box_ = nullptr;
  std::atomic<int> drop_every_{0};
  int messages_ = 0;
};

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
    edge::EdgeStoreOptions options;
    options.site = site_;
    options.commit_interval = std::chrono::milliseconds(20);
    store_ = *edge::EdgeStore::Open(*edge_file_, options, clock_);
    telemetry::PointDefinition definition;
    definition.point.key = "m/a";
    definition.point.meter = "m";
    definition.limit = std::chrono::hours(1);
    point_ = store_->DefinePoints({definition})->at("m/a");
  }
  void StartCentral() {
    ingest_ = std::make_unique<central::Ingest>(central::IngestOptions{.city = city_},
                                                *central::OpenCentralStore(*central_file_), states_, clock_);
    ASSERT_TRUE(ingest_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<Link::Client>(link_, listener, true);
    }));
  }
  void StartUplink() {
    edge::UplinkOptions options;
    options.city = city_;
    options.site = site_;
    options.site_name = "铝业园区";
    options.frame_bytes = 200;
    options.live_interval = std::chrono::milliseconds(20);
    options.sender.ack_timeout = std::chrono::milliseconds(200);
    options.sender.hello_timeout = std::chrono::milliseconds(200);
    options.sender.reopen_first = std::chrono::milliseconds(10);
    options.sender.reopen_most = std::chrono::milliseconds(50);
    uplink_ = std::make_unique<edge::Uplink>(options, *store_, *telemetry::RecordLog::Open(*edge_file_), clock_);
    ASSERT_TRUE(uplink_->Start([&](mqtt::MqttListener& listener) -> base::Result<std::unique_ptr<mqtt::MqttClient>> {
      return std::make_unique<Link::Client>(link_, listener, false);
    }));
  }
  void Read(int from, int to) {
    for (int i = from; i < to; ++i) {
      const Reading reading{point_, {1'000'000 + i}, Decimal(i, 1), Quality::kGood};
      store_->OnReadings({&reading, 1});
      if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  std::vector<std::string> AtCentral() {
    const auto store = *central::OpenCentralStore(*central_file_);
    std::vector<std::string> values;
    (void)store->ForEachReading(site_, point_, {0}, {INT64_MAX / 2},
                                [&](const Reading& reading) { values.push_back(reading.value->ToString()); });
    std::ranges::sort(values, {}, [](const std::string& value) { return std::stod(value); });
    return values;
  }
  void ExpectAllOnceInOrder(int count) {
    ASSERT_TRUE(WaitFor([&] { return AtCentral().size() >= static_cast<std::size_t>(count); })) << AtCentral().size();
    const auto values = AtCentral();
    ASSERT_EQ(values.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], Decimal(i, 1).ToString());
  }

  const base::CityId city_ = *base::CityId::Parse("150200");
  const base::SiteId site_ = *base::SiteId::Parse("lvye-01");
  base::SystemClock clock_;
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> edge_file_ = storage::MakeSqliteOpener({.file = folder_.path() / "edge.db"});
  std::unique_ptr<storage::DatabaseOpener> central_file_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "central.db"});
  Link link_;
  base::Guarded<central::SiteStates> states_;
  std::unique_ptr<edge::EdgeStore> store_;
  metering::PointNo point_ = 0;
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

TEST_F(PathTest, BringsABacklogThatBecameSeriesOnceOverALinkThatDropsMessages) {
  Read(0, 200);
  telemetry::KeeperOptions options;
  options.compaction.most_records = 3;
  {
    telemetry::Keeper keeper(options, *telemetry::RecordLog::Open(*edge_file_), clock_);
    ASSERT_TRUE(WaitFor([&] { return store_->counters().committed == 200; }));
    while (*keeper.RunOnce()) continue;
  }
  link_.DropEvery(7);
  StartCentral();
  StartUplink();
  Read(200, 250);
  ExpectAllOnceInOrder(250);
}

TEST_F(PathTest, BringsEveryReadingOnceWhileTheBoxCompactsWhatIsUnderWay) {
  telemetry::KeeperOptions options;
  options.compaction.most_records = 2;
  options.interval = std::chrono::milliseconds(1);
  telemetry::Keeper box(options, *telemetry::RecordLog::Open(*edge_file_), clock_);
  telemetry::Keeper city(options, *telemetry::RecordLog::Open(*central_file_), clock_);
  box.Start();
  city.Start();
  link_.DropEvery(7);
  StartCentral();
  StartUplink();
  Read(0, 300);
  ExpectAllOnceInOrder(300);
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
    return states_.With([&](const central::SiteStates& states) {
      const auto found = states.find(site_);
      if (found == states.end() || found->second.name != "铝业园区") return false;
      const auto* latest = found->second.latest.Find(point_);
      return latest != nullptr && latest->value && latest->value->value->ToString() == "0.4";
    });
  }));
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
