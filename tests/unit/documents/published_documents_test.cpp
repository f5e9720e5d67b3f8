// What central keeps of published documents, and a box of those that it took up.
#include "core/documents/published_documents.hpp"

#include <gtest/gtest.h>

#include "core/documents/applied_documents.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::documents {
namespace {

const base::SiteId kOne = *base::SiteId::Parse("lvye-01");
const base::SiteId kTwo = *base::SiteId::Parse("jiuyuan-01");

class PublishedDocumentsTest : public testing::Test {
 protected:
  void Open() {
    store_.reset();
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "documents.db"});
    store_ = PublishedDocuments::Open(*opener).value();
  }
  Head Publish(Kind kind, const std::optional<base::SiteId>& site, const std::string& text) {
    const auto head = store_->Publish(kind, site, text, "zhangsan", {1000});
    EXPECT_TRUE(head) << head.error().Describe();
    return *head;
  }
  void SetUp() override { Open(); }
  test::TempFolder folder_;
  std::unique_ptr<PublishedDocuments> store_;
};

TEST_F(PublishedDocumentsTest, TheNewestForASiteOrForAllIsToBeInForceThere) {
  const Head for_all = Publish(Kind::kCatalogue, std::nullopt, "a");
  EXPECT_EQ(for_all.version, 1U);
  const Head for_one = Publish(Kind::kCatalogue, kOne, "b");
  EXPECT_EQ(for_one.version, 2U);
  const Head calendar = Publish(Kind::kCalendar, std::nullopt, "c");
  EXPECT_EQ(calendar.version, 1U) << "each kind counts by itself";
  Open();
  EXPECT_EQ(store_->Desired(kOne).value(), (std::vector<Head>{calendar, for_one}));
  EXPECT_EQ(store_->Desired(kTwo).value(), (std::vector<Head>{calendar, for_all}));
  EXPECT_EQ(store_->Desired(std::nullopt).value(), (std::vector<Head>{calendar, for_all}));
  const Head again = Publish(Kind::kCatalogue, std::nullopt, "d");
  EXPECT_EQ(store_->Desired(kOne).value(), (std::vector<Head>{calendar, again}));
  EXPECT_EQ(store_->All().value().size(), 4U);
}

TEST_F(PublishedDocumentsTest, TheSameTextIsNoNewVersion) {
  const Head first = Publish(Kind::kCalendar, std::nullopt, "a");
  EXPECT_EQ(Publish(Kind::kCalendar, std::nullopt, "a"), first);
  Publish(Kind::kCalendar, std::nullopt, "b");
  EXPECT_EQ(Publish(Kind::kCalendar, std::nullopt, "a").version, 3U) << "going back is a version of its own";
}

TEST_F(PublishedDocumentsTest, ASiteDoesNotGetTheDocumentOfAnother) {
  const Head head = Publish(Kind::kDelegations, kOne, "for one");
  EXPECT_EQ(store_->Text(kOne, head).value(), "for one");
  EXPECT_EQ(store_->Text(kTwo, head).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(store_->Text(std::nullopt, head).error().code, base::ErrorCode::kNotFound);
}

TEST_F(PublishedDocumentsTest, ARestoredCentralGoesOnAboveWhatBoxesHave) {
  State state;
  state.applied = {MakeDocument(Kind::kCatalogue, 40, "of before").head};
  state.refused = {{MakeDocument(Kind::kCatalogue, 41, "broken").head, {"why", "原因"}}};
  ASSERT_TRUE(store_->Note(kOne, state, {5000}));
  EXPECT_EQ(Publish(Kind::kCatalogue, std::nullopt, "now").version, 42U);
  Open();
  EXPECT_FALSE(store_->ToldOf(kTwo).value());
  const auto told = store_->ToldOf(kOne).value();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->time.micros, 5000);
  EXPECT_EQ(told->state.applied, state.applied);
  EXPECT_EQ(told->state.refused, state.refused);
}

TEST_F(PublishedDocumentsTest, OfEarlierDirectoriesNoTextIsKept) {
  const Head old = Publish(Kind::kDirectory, kOne, "old hashes");
  const Head other = Publish(Kind::kDirectory, kTwo, "of another site");
  const Head now = Publish(Kind::kDirectory, kOne, "new hashes");
  EXPECT_FALSE(store_->Text(kOne, old));
  EXPECT_EQ(store_->Text(kOne, now).value(), "new hashes");
  EXPECT_EQ(store_->Text(kTwo, other).value(), "of another site");
}

TEST_F(PublishedDocumentsTest, WhatIsTooLongIsRefused) {
  EXPECT_EQ(store_->Publish(Kind::kCalendar, std::nullopt, std::string(kMostBytes + 1, 'x'), "z", {}).error().code,
            base::ErrorCode::kInvalidArgument);
}

TEST(AppliedDocuments, TheLastGoodOneOutlivesARestart) {
  test::TempFolder folder;
  const auto opener = storage::MakeSqliteOpener({.file = folder.path() / "documents.db"});
  const Document first = MakeDocument(Kind::kCatalogue, 1, "第一版"), second = MakeDocument(Kind::kCatalogue, 2, "二");
  {
    const auto kept = AppliedDocuments::Open(*opener).value();
    EXPECT_FALSE(kept->Find(Kind::kCatalogue).value());
    ASSERT_TRUE(kept->Keep(first, {1}));
    ASSERT_TRUE(kept->Keep(second, {2}));
  }
  const auto kept = AppliedDocuments::Open(*opener).value();
  EXPECT_EQ(kept->Heads().value(), std::vector<Head>{second.head});
  EXPECT_EQ(kept->Find(Kind::kCatalogue).value()->text, "二");
}

}  // namespace
}  // namespace yb::documents
