#include "core/telemetry/record_log.hpp"

#include <gtest/gtest.h>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using metering::Quality;
using metering::Reading;
using sync::Lane;

class RecordLogTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    log_.reset();
    auto opened = RecordLog::Open(*opener_);
    ASSERT_TRUE(opened) << opened.error().Describe();
    log_ = std::move(*opened);
    site_ = *log_->EnsureSite(*base::SiteId::Parse("lvye-01"));
  }
  base::Status Append(EpochHead& head, const base::Bytes& body) {
    YB_ASSIGN(auto transaction, log_->Begin());
    YB_TRY(log_->Append(site_, Lane::kHistory, head, body));
    YB_TRY(log_->SaveHead(site_, Lane::kHistory, head));
    return transaction.Commit();
  }

  test::TempFolder folder_;
  std::unique_ptr<storage::DatabaseOpener> opener_ =
      storage::MakeSqliteOpener({.file = folder_.path() / "telemetry.db"});
  std::unique_ptr<RecordLog> log_;
  SiteNo site_ = 0;
};

base::Bytes SliceAt(std::int64_t time, std::int64_t value) {
  const Reading readings[] = {{1, {time}, Decimal(value, 2), Quality::kGood},
                              {2, {time}, std::nullopt, Quality::kInvalid}};
  return EncodeSlice(readings, {});
}

TEST_F(RecordLogTest, KeepsRecordsHeadsAndChainOverAReopen) {
  EpochHead head{100, 0, 0, {}};
  for (std::int64_t i = 1; i <= 5; ++i) ASSERT_TRUE(Append(head, SliceAt(i * 1000, i)));
  Reopen();
  const auto heads = log_->Heads(site_, Lane::kHistory);
  ASSERT_TRUE(heads);
  ASSERT_EQ(heads->size(), 1U);
  EXPECT_EQ(heads->front().last, 5U);
  EXPECT_EQ(heads->front().chain, head.chain);
  const auto bodies = log_->ReadBodies(site_, Lane::kHistory, {100, 2}, 1 << 20);
  ASSERT_TRUE(bodies);
  ASSERT_EQ(bodies->size(), 4U);
  EXPECT_EQ(bodies->front(), SliceAt(2000, 2));
}

TEST_F(RecordLogTest, GivesAtLeastOneBodyHoweverSmallTheLimit) {
  EpochHead head{100, 0, 0, {}};
  for (std::int64_t i = 1; i <= 3; ++i) ASSERT_TRUE(Append(head, SliceAt(i * 1000, i)));
  EXPECT_EQ(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1)->size(), 1U);
  EXPECT_TRUE(log_->ReadBodies(site_, Lane::kHistory, {100, 4}, 1)->empty());
}

TEST_F(RecordLogTest, RefusesASecondRecordAtOnePlace) {
  EpochHead head{100, 0, 0, {}};
  ASSERT_TRUE(Append(head, SliceAt(1000, 1)));
  EpochHead stale{100, 0, 0, {}};
  const auto again = Append(stale, SliceAt(2000, 2));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_EQ(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1 << 20)->size(), 1U);
}

TEST_F(RecordLogTest, KeepsNothingOfATransactionThatWasNotCommitted) {
  EpochHead head{100, 0, 0, {}};
  {
    auto transaction = log_->Begin();
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(log_->Append(site_, Lane::kHistory, head, SliceAt(1000, 1)));
  }
  EXPECT_TRUE(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1 << 20)->empty());
}

TEST_F(RecordLogTest, FindsTheReadingsOfAPointInARangeOfTime) {
  EpochHead head{100, 0, 0, {}};
  for (std::int64_t i = 1; i <= 10; ++i) ASSERT_TRUE(Append(head, SliceAt(i * 1000, i)));
  std::vector<std::int64_t> times;
  ASSERT_TRUE(log_->ForEachReading(site_, 1, {3000}, {6000},
                                   [&](const Reading& reading) { times.push_back(reading.time.micros); }));
  EXPECT_EQ(times, (std::vector<std::int64_t>{3000, 4000, 5000}));
}

TEST_F(RecordLogTest, KeepsABodyItCannotReadInItsPlace) {
  EpochHead head{100, 0, 0, {}};
  const base::Bytes unreadable = {0xFF, 0xFF, 0xFF};
  ASSERT_TRUE(Append(head, unreadable));
  ASSERT_TRUE(Append(head, SliceAt(1000, 1)));
  EXPECT_EQ(log_->ReadBodies(site_, Lane::kHistory, {100, 1}, 1 << 20)->front(), unreadable);
}

TEST_F(RecordLogTest, RemembersTheLastDefinitionOfEachPoint) {
  EpochHead head{100, 0, 0, {}};
  PointDefinition definition;
  definition.point.no = 1;
  definition.point.key = "a/b";
  definition.point.meter_name = "旧名";
  ASSERT_TRUE(Append(head, EncodePointTable({&definition, 1})));
  definition.point.meter_name = "新名";
  ASSERT_TRUE(Append(head, EncodePointTable({&definition, 1})));
  const auto points = log_->Points(site_);
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 1U);
  EXPECT_EQ(points->front().point.meter_name, "新名");
}

TEST_F(RecordLogTest, RefusesAFileOfANewerProgram) {
  {
    auto database = opener_->Open();
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->Execute("PRAGMA user_version = 99"));
  }
  const auto opened = RecordLog::Open(*opener_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::kUnsupported);
}

TEST(Sqlite, NamesAFileThatIsNoDatabase) {
  const test::TempFolder folder;
  const auto file = folder.path() / "telemetry.db";
  FILE* out = std::fopen(file.c_str(), "w");
  std::fputs("this is not a database, but long enough to look like one at first sight .......................", out);
  std::fclose(out);
  const auto opened = storage::OpenSqlite({.file = file});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::kCorrupt);
  EXPECT_NE(opened.error().context.find("telemetry.db"), std::string::npos);
}

}  // namespace
}  // namespace yb::telemetry
