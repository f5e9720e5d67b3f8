// A box's store with the points of the files that are replayed, and what it holds of them. Fixture of the tests here.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/telemetry/edge_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/history_csv.hpp"

namespace yb::test {

/// One row of a file, read by the test itself: local time as written, value in the file's unit.
struct FileRow {
  std::int64_t local_s = 0;  // since 1970, as if it were UTC
  std::int64_t value = 0;
};

class BoxWithReadings : public testing::Test {
 protected:
  static std::string ReadAll(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  void OpenStore() {
    store_.reset();
    edge::EdgeStoreOptions options;
    options.site = *base::SiteId::Parse("lvye-01");
    options.commit_interval = std::chrono::milliseconds(50);
    options.most_per_record = 256;
    auto opened = edge::EdgeStore::Open(*opener_, options, clock_);
    ASSERT_TRUE(opened) << opened.error().Describe();
    store_ = std::move(*opened);
  }

  static telemetry::PointDefinition Define(const std::string& meter, const char* quantity, const char* unit,
                                           bool is_register) {
    telemetry::PointDefinition definition;
    definition.point.key = meter + "/" + quantity;
    definition.point.meter = meter;
    definition.point.quantity = quantity;
    definition.point.unit = unit;
    definition.point.kind = is_register ? metering::PointKind::kRegister : metering::PointKind::kGauge;
    definition.limit = std::chrono::hours(3);
    definition.rules.interval = std::chrono::minutes(5);
    return definition;
  }

  void DefinePoints(std::vector<telemetry::PointDefinition> definitions) {
    units_.clear();
    for (const auto& definition : definitions) units_[definition.point.key] = definition.point.unit;
    auto numbers = store_->DefinePoints(std::move(definitions));
    ASSERT_TRUE(numbers) << numbers.error().Describe();
    numbers_ = std::move(*numbers);
  }

  /// As `yuanbanctl reading import` reads it.
  std::vector<edge::ImportedValue> ReadFile(const std::filesystem::path& file, const char* zone,
                                            const std::string& meter = "") {
    ctl::HistoryOptions options;
    options.meter = meter;
    options.unit_of = [this](const std::string& key) -> std::optional<std::string> {
      const auto found = units_.find(key);
      return found == units_.end() ? std::nullopt : std::optional(found->second);
    };
    auto history = ctl::ReadHistoryCsv(ReadAll(file), *base::TimeZone::Find(zone), options);
    EXPECT_TRUE(history) << history.error().Describe();
    if (!history) return {};
    EXPECT_TRUE(history->faults.empty()) << history->faults.front().message;
    return history->values;
  }

  edge::ImportResult Import(std::span<const edge::ImportedValue> values) {
    const auto result = store_->Import(values);
    EXPECT_TRUE(result) << result.error().Describe();
    return result.value_or(edge::ImportResult{});
  }

  std::vector<metering::Reading> Stored(const std::string& key) {
    const auto log = *telemetry::RecordLog::Open(*opener_);
    std::vector<metering::Reading> readings;
    EXPECT_TRUE(log->ForEachReading(store_->site_no(), numbers_.at(key), {0}, {INT64_MAX / 2},
                                    [&](const metering::Reading& reading) { readings.push_back(reading); }));
    std::ranges::stable_sort(readings, {}, &metering::Reading::time);
    return readings;
  }

  telemetry::MeterEvents Events(const std::string& meter) {
    const auto log = *telemetry::RecordLog::Open(*opener_);
    const auto events = log->meters().Events(store_->site_no(), meter, {0}, {INT64_MAX / 2});
    EXPECT_TRUE(events) << events.error().Describe();
    return events.value_or(telemetry::MeterEvents{});
  }

  ManualClock clock_;
  TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<edge::EdgeStore> store_;
  std::map<std::string, metering::PointNo> numbers_;
  std::map<std::string, std::string> units_;
};

}  // namespace yb::test
