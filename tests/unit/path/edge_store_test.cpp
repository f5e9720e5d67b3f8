#include "edge/telemetry/edge_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/hand_over.hpp"
#include "tests/support/reading_text.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::edge {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;

class EdgeStoreTest : public testing::Test {
 protected:
  void Open(base::Duration commit_interval = std::chrono::milliseconds(20)) {
    EdgeStoreOptions options;
    options.site = *base::SiteId::Parse("lvye-01");
    options.site_name = "铝业园区";
    options.commit_interval = commit_interval;
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
    test::HandOver(*store_, {numbers->at("m/a"), {i * 1000}, Decimal(i, 2), Quality::kGood});
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
  test::HandOver(*store_, {number, {5000}, Decimal(42, 0), Quality::kGood});
  store_.reset();
  Open();
  store_->state().With([&](const telemetry::SiteState& state) {
    const auto* latest = state.latest.Find(number);
    ASSERT_NE(latest, nullptr);
    EXPECT_EQ(latest->value->value->ToString(), "42");
  });
}

TEST_F(EdgeStoreTest, KeepsAndSendsAnAnswerAtOnceAndShowsItWhenItsPollIsOver) {
  Open();
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  Reading reading{number, {5000}, Decimal(42, 0), Quality::kGood};
  EXPECT_FALSE(store_->LiveWaits());
  store_->OnAnswer({&reading, 1});
  EXPECT_TRUE(store_->LiveWaits());
  EXPECT_EQ(test::ToLines(store_->TakeLive()), test::ToText(reading) + "\n");
  EXPECT_FALSE(store_->LiveWaits());
  const auto shown = [&] {
    return store_->state().With(
        [&](const telemetry::SiteState& state) { return state.latest.Find(number) != nullptr; });
  };
  EXPECT_FALSE(shown()) << "rules judge no half of a poll";
  store_->OnPollOver({&reading, 1});
  EXPECT_TRUE(shown());
  store_.reset();
  EXPECT_EQ(test::ToLines(StoredReadings()), test::ToText(reading) + "\n") << "kept once";
}

TEST_F(EdgeStoreTest, TellsOnceThatValuesWaitToBeSent) {
  Open(std::chrono::hours(1));  // no commit tells anything
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  int told = 0;
  store_->SetOnNews([&] { ++told; });
  Reading reading{number, {5000}, Decimal(42, 0), Quality::kGood};
  store_->OnAnswer({&reading, 1});
  EXPECT_EQ(told, 1);
  reading.time.micros += 1;
  store_->OnAnswer({&reading, 1});
  EXPECT_EQ(told, 1);
  EXPECT_EQ(test::ToLines(store_->TakeLive()), test::ToText(reading) + "\n") << "the latest";
  reading.time.micros += 1;
  store_->OnAnswer({&reading, 1});
  EXPECT_EQ(told, 2);
  store_->SetOnNews(nullptr);
}

TEST_F(EdgeStoreTest, CommitsAnAnswerWithTheEndOfItsPollOrWithAnotherPoll) {
  constexpr base::Duration kInterval = std::chrono::milliseconds(20);
  Open(kInterval);
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  const auto answer = [&](std::int64_t time) {
    Reading reading{number, {time}, Decimal(1, 0), Quality::kGood};
    store_->OnAnswer({&reading, 1});
    return reading;
  };
  answer(1000);
  const base::Monotonic from = clock_.Steady();
  ASSERT_TRUE(test::WaitUntil([&] { return clock_.Steady() - from > kInterval * 10; }));
  EXPECT_EQ(store_->counters().commits, 0U) << "its poll runs";
  const Reading last = answer(2000);
  store_->OnPollOver({&last, 1});
  ASSERT_TRUE(test::WaitUntil([&] { return store_->counters().committed == 2; }));
  EXPECT_EQ(store_->counters().commits, 1U) << "one record of both answers";
  answer(3000);
  test::HandOver(*store_, {number, {4000}, Decimal(1, 0), Quality::kGood});
  ASSERT_TRUE(test::WaitUntil([&] { return store_->counters().committed == 4; })) << "its poll never ends";
  answer(5000);
  store_.reset();
  EXPECT_EQ(StoredReadings().size(), 5U) << "what is pending at the end of the box";
}

TEST_F(EdgeStoreTest, KeepsItsEpochOverARestartAndRemembersAcknowledgements) {
  Open();
  const auto number = store_->DefinePoints({Definition("m/a")})->at("m/a");
  const auto epoch = store_->Outbox(sync::Lane::kHistory).back().epoch;
  store_->OnAcknowledged(sync::Lane::kHistory, {epoch, 1});
  test::HandOver(*store_, {number, {5000}, Decimal(42, 0), Quality::kGood});
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
          test::HandOver(*store_, {number, {line * 1'000'000 + i}, Decimal(i, 0), Quality::kGood});
          (void)store_->Outbox(sync::Lane::kHistory);
          (void)store_->TakeLive();
        }
      });
    }
  }
  store_.reset();
  EXPECT_EQ(StoredReadings().size(), 1000U);
}

/// Configurations and events of a box's meters, through restarts.
class EdgeStoreMetersTest : public EdgeStoreTest {
 protected:
  static telemetry::PointDefinition Register(const char* key) {
    auto definition = Definition(key);
    definition.point.kind = metering::PointKind::kRegister;
    definition.rules.interval = std::chrono::hours(1);
    return definition;
  }
  /// The one meter "m" with the one register, under `address` and `ct`.
  std::uint32_t Apply(const char* address, std::int64_t ct) {
    number_ = store_->DefinePoints({Register("m/a")})->at("m/a");
    telemetry::AppliedMeter meter{.key = "m", .line = "l", .protocol = "dlt645-2007", .address = address};
    meter.ct = Decimal(ct, 0);
    meter.interval = std::chrono::hours(1);
    meter.points.push_back({number_, "00010000", Decimal(ct, 0), "kWh", Register("m/a").rules});
    const auto version = store_->ApplyConfiguration({meter});
    EXPECT_TRUE(version) << version.error().Describe();
    return version.value_or(0);
  }
  void Read(int hour, const char* value, std::uint32_t version) {
    test::HandOver(*store_, {number_, {hour * 3'600'000'000LL}, *Decimal::Parse(value), Quality::kGood, version});
  }
  std::string StoredEvents() {
    store_.reset();
    const auto log = *telemetry::RecordLog::Open(*opener_);
    const auto site = *log->EnsureSite(*base::SiteId::Parse("lvye-01"));
    std::string said;
    const auto events = log->meters().Events(site, "m", {0}, {INT64_MAX / 2});
    EXPECT_TRUE(events) << events.error().Describe();
    for (const metering::MeterEvent& event : *events) {
      said += std::string(ToString(event.kind)) + " " + (event.before ? event.before->ToString() : "-") + ">" +
              (event.after ? event.after->ToString() : "-") + (event.detail.empty() ? "" : " " + event.detail) + "; ";
    }
    return said;
  }
  metering::PointNo number_ = 0;
  int hour_ = 0;
};

TEST_F(EdgeStoreMetersTest, NumbersConfigurationsAnewOnlyWhenTheyChange) {
  Open();
  const std::uint32_t first = Apply("1", 40);
  EXPECT_NEAR(first, static_cast<double>(clock_.Now().micros) / 1e6, 60)
      << "when it was applied: no restored box uses a number again";
  EXPECT_EQ(Apply("1", 40), first);
  const std::uint32_t second = Apply("1", 60);
  EXPECT_GT(second, first);
  store_.reset();
  Open();
  EXPECT_EQ(Apply("1", 60), second);
  EXPECT_GT(Apply("1", 40), second) << "a number is never used twice";
}

TEST_F(EdgeStoreMetersTest, KeepsEachReadingUnderItsConfiguration) {
  Open();
  const auto first = Apply("1", 40);
  Read(1, "400", first);
  const auto second = Apply("1", 60);
  Read(2, "600", second);
  Read(3, "660", second);
  store_.reset();
  std::vector<std::uint32_t> versions;
  for (const Reading& reading : StoredReadings()) versions.push_back(reading.configuration);
  EXPECT_EQ(versions, (std::vector{first, second, second}));
  EXPECT_GT(second, first);
}

TEST_F(EdgeStoreMetersTest, TellsOfAnotherRatioWithTheFirstReadingUnderIt) {
  Open();
  const auto first = Apply("1", 40);
  Read(1, "400", first);
  const auto second = Apply("1", 60);
  Read(2, "440", first);  // a line that had not ended yet
  Read(3, "663", second);
  Read(4, "723", second);
  EXPECT_EQ(StoredEvents(), "configuration_changed 440>663 ct 40 -> 60; ");
}

TEST_F(EdgeStoreMetersTest, TellsOfAnotherMeterAndCarriesItsRegistersOnOverARestart) {
  Open();
  Read(1, "1842.36", Apply("000000000161", 1));
  store_.reset();
  Open();
  Read(2, "0.35", Apply("000000000162", 1));
  EXPECT_EQ(StoredEvents(), "replacement 1842.36>0.35 address 000000000161 -> 000000000162; ");
}

TEST_F(EdgeStoreMetersTest, GoesOnFromTheLastReadingAfterARestart) {
  Open();
  Read(1, "1842.36", Apply("1", 1));
  store_.reset();
  Open();
  Read(5, "0.20", Apply("1", 1));
  EXPECT_EQ(StoredEvents(), "gap 1842.36>0.20; reset 1842.36>0.20; ");
  const auto stored = StoredReadings();
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[1].quality, Quality::kSuspect);
}

TEST_F(EdgeStoreMetersTest, TellsOnceThatAMetersClockIsOff) {
  Open();
  auto definition = Definition("m/clock_offset");
  definition.clock_limit = std::chrono::minutes(5);
  number_ = store_->DefinePoints({definition})->at("m/clock_offset");
  telemetry::AppliedMeter meter{.key = "m"};
  meter.points.push_back({number_, "clock", Decimal(1, 0), "s", {}});
  ASSERT_TRUE(store_->ApplyConfiguration({meter}));
  for (const char* offset : {"-300", "301", "420", "2", "-301"}) Read(++hour_, offset, 1);
  EXPECT_EQ(StoredEvents(), "clock_off -300>301 limit 300 s; clock_off 2>-301 limit 300 s; ");
}

}  // namespace
}  // namespace yb::edge
