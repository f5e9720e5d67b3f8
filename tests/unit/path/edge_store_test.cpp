#include "edge/telemetry/edge_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::edge {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;

class EdgeStoreTest : public testing::Test {
 protected:
  void Open() {
    EdgeStoreOptions options;
    options.site = *base::SiteId::Parse("lvye-01");
    options.site_name = "铝业园区";
    options.commit_interval = std::chrono::milliseconds(20);
    auto opened = EdgeStore::Open(*opener_, options, clock_);
    ASSERT_TRUE(opened) << opened.error().Describe();
    store_ = std::move(*opened);
  }
  static telemetry::PointDefinition Definition(const char* key) {
    telemetry::PointDefinition definition;
    definition.point.key = key;
    definition.point.meter = "m";
    definition.limit = std::chrono::seconds(30);
    return definition;
  }
  std::vector<Reading> StoredReadings() {
    const auto log = *telemetry::RecordLog::Open(*opener_);
    const auto site = *log->EnsureSite(*base::SiteId::Parse("lvye-01"));
    std::vector<Reading> readings;
    EXPECT_TRUE(log->ForEachReading(site, 1, {0}, {INT64_MAX / 2},
                                    [&](const Reading& reading) { readings.push_back(reading); }));
    return readings;
  }

  base::SystemClock clock_;
  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<EdgeStore> store_;
};

TEST_F(EdgeStoreTest, CommitsWhatIsPendingWhenItEnds) {
  Open();
  const auto numbers = store_->DefinePoints({Definition("m/a")});
  ASSERT_TRUE(numbers);
  for (int i = 1; i <= 100; ++i) {
    const Reading reading{numbers->at("m/a"), {i * 1000}, Decimal(i, 2), Quality::kGood};
    store_->OnReadings({&reading, 1});
  }
  store_.reset();
  const auto stored = StoredReadings();
  ASSERT_EQ(stored.size(), 100U);
  EXPECT_EQ(stored.back().value->ToString(), "1.00");
}

TEST_F(EdgeStoreTest, GivesAPointTheSameNumberOverRestartsAndNeverOneTwice) {
  Open();
  const auto first = *store_->DefinePoints({Definition("m/a"), Definition("m/b")});
  store_.reset();
  Open();
  const auto second = *store_->DefinePoints({Definition("m/b"), Definition("m/c")});
  EXPECT_EQ(second.at("m/b"), first.at("m/b"));
  EXPECT_NE(second.at("m/c"), first.at("m/a"));
  store_->state().With([&](const telemetry::SiteState& state) {
    EXPECT_TRUE(state.points.at(first.at("m/a")).retired);
    EXPECT_FALSE(state.points.at(first.at("m/b")).retired);
  });
}

TEST_F(EdgeStoreTest, RecordsDefinitionsOnlyWhenTheyChange) {
  Open();
  ASSERT_TRUE(store_->DefinePoints({Definition("m/a")}));
  const auto before = store_->Outbox(sync::Lane::kHistory).back().last;
  ASSERT_TRUE(store_->DefinePoints({Definition("m/a")}));
  EXPECT_EQ(store_->Outbox(sync::Lane::kHistory).back().last, before);
  auto renamed = Definition("m/a");
  renamed.point.meter_name = "新名";
  ASSERT_TRUE(store_->DefinePoints({renamed}));
  EXPECT_EQ(store_->Outbox(sync::Lane::kHistory).back().last, before + 1);
}

TEST_F(EdgeStoreTest, ShowsTheLatestValuesAgainAfterARestart) {
  Open();
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  const Reading reading{number, {5000}, Decimal(42, 0), Quality::kGood};
  store_->OnReadings({&reading, 1});
  store_.reset();
  Open();
  store_->state().With([&](const telemetry::SiteState& state) {
    const auto* latest = state.latest.Find(number);
    ASSERT_NE(latest, nullptr);
    EXPECT_EQ(latest->value->value->ToString(), "42");
  });
}

TEST_F(EdgeStoreTest, KeepsItsEpochOverARestartAndRemembersAcknowledgements) {
  Open();
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  const auto epoch = store_->Outbox(sync::Lane::kHistory).back().epoch;
  store_->OnAcknowledged(sync::Lane::kHistory, {epoch, 1});
  const Reading reading{number, {5000}, Decimal(42, 0), Quality::kGood};
  store_->OnReadings({&reading, 1});
  store_.reset();
  const auto log = *telemetry::RecordLog::Open(*opener_);
  const auto heads = *log->Heads(*log->EnsureSite(*base::SiteId::Parse("lvye-01")), sync::Lane::kHistory);
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(heads[0].epoch, epoch);
  EXPECT_EQ(heads[0].acked, 1U);
  EXPECT_EQ(heads[0].last, 2U);
}

TEST_F(EdgeStoreTest, TakesReadingsFromManyLinesAtOnce) {
  Open();
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  {
    std::vector<std::jthread> lines;
    for (int line = 0; line < 4; ++line) {
      lines.emplace_back([&, line] {
        for (int i = 0; i < 250; ++i) {
          const Reading reading{number, {line * 1'000'000 + i}, Decimal(i, 0), Quality::kGood};
          store_->OnReadings({&reading, 1});
          (void)store_->Outbox(sync::Lane::kHistory);
          (void)store_->TakeLive();
        }
      });
    }
  }
  store_.reset();
  EXPECT_EQ(StoredReadings().size(), 1000U);
}

}  // namespace
}  // namespace yb::edge
