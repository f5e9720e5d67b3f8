// Central's link and those of two boxes on their own threads, over a way that loses messages.
#include "core/documents/document_link.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "core/documents/document_reader.hpp"
#include "core/documents/document_writer.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::documents {
namespace {

const base::SiteId kOne = *base::SiteId::Parse("lvye-01");
const base::SiteId kTwo = *base::SiteId::Parse("jiuyuan-01");

class DocumentLinkTest : public testing::Test {
 protected:
  struct Box {
    std::unique_ptr<AppliedDocuments> kept;
    std::unique_ptr<DocumentLink> link;
  };
  void SetUp() override {
    exchange_.first_retry = std::chrono::milliseconds(20);
    exchange_.most_retry = std::chrono::milliseconds(100);
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "city.db"});
    published_ = PublishedDocuments::Open(*opener).value();
    DocumentLinkOptions options;
    options.make_end = [this](const base::SiteId& site) {
      return std::make_unique<DocumentWriter>(exchange_, site, *published_, clock_);
    };
    options.publish = [this](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
      if (!Lost() && boxes_.at(site).link) boxes_.at(site).link->OnMessage(site, lane, bytes);
      return {};
    };
    options.on_look = [this] { ++looks_; };
    options.look_every = std::chrono::milliseconds(50);
    city_ = std::make_unique<DocumentLink>(std::move(options), clock_);
    published_->SetOnChange([this] { city_->OnChanged(); });
    for (const base::SiteId& site : {kOne, kTwo}) MakeBox(site);
    city_->Start({});
    city_->OnConnected();
    for (auto& [site, box] : boxes_) {
      box.link->Start({site});
      box.link->OnConnected();
    }
  }
  void MakeBox(const base::SiteId& site) {
    Box& box = boxes_[site];
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / (site.text() + ".db")});
    box.kept = AppliedDocuments::Open(*opener).value();
    DocumentLinkOptions options;
    options.make_end = [this, &box](const base::SiteId&) {
      return std::make_unique<DocumentReader>(
          exchange_, *box.kept, [](const Document&) { return base::Status(); }, nullptr, clock_);
    };
    options.publish = [this](const base::SiteId& from, sync::Lane lane, base::ByteView bytes) -> base::Status {
      if (!Lost()) city_->OnMessage(from, lane, bytes);
      return {};
    };
    box.link = std::make_unique<DocumentLink>(std::move(options), clock_);
  }
  void TearDown() override {
    published_->SetOnChange(nullptr);
    for (auto& [site, box] : boxes_) box.link->Stop();
    city_->Stop();
  }
  bool Lost() { return ++messages_ % 3 == 0; }
  std::string Has(const base::SiteId& site, Kind kind) {
    const auto document = boxes_.at(site).kept->Find(kind).value();
    return document ? document->text : std::string();
  }

  test::TempFolder folder_;
  base::SystemClock clock_;
  ExchangeOptions exchange_;
  std::atomic<int> messages_{0};
  std::atomic<int> looks_{0};
  std::unique_ptr<PublishedDocuments> published_;
  std::map<base::SiteId, Box> boxes_;
  std::unique_ptr<DocumentLink> city_;
};

TEST_F(DocumentLinkTest, BringsEachBoxWhatIsForIt) {
  const std::string large(200'000, 'x');
  ASSERT_TRUE(published_->Publish(Kind::kCatalogue, std::nullopt, large, "test", {}));
  ASSERT_TRUE(published_->Publish(Kind::kDirectory, kOne, "users of one", "test", {}));
  ASSERT_TRUE(published_->Publish(Kind::kDirectory, kTwo, "users of two", "test", {}));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kOne, Kind::kCatalogue) == large; }));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kTwo, Kind::kCatalogue) == large; }));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kOne, Kind::kDirectory) == "users of one"; }));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kTwo, Kind::kDirectory) == "users of two"; }));
  ASSERT_TRUE(published_->Publish(Kind::kDirectory, kOne, "users changed", "test", {}));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kOne, Kind::kDirectory) == "users changed"; }));
  EXPECT_TRUE(test::WaitUntil([&] {
    const auto told = published_->AllTold().value();
    return told.size() == 2 && told.at(kOne).state.applied.size() == 2 && told.at(kTwo).state.applied.size() == 2;
  }));
  EXPECT_GT(looks_, 0);
}

TEST_F(DocumentLinkTest, GoesOnAfterWhatItCannotRead) {
  city_->OnMessage(kOne, sync::Lane::kDocument, base::AsBytes("\xFF\xFF\xFF"));
  boxes_.at(kOne).link->OnMessage(kOne, sync::Lane::kFile, base::AsBytes("of another lane"));
  ASSERT_TRUE(published_->Publish(Kind::kCalendar, std::nullopt, "text", "test", {}));
  EXPECT_TRUE(test::WaitUntil([&] { return Has(kOne, Kind::kCalendar) == "text"; }));
}

}  // namespace
}  // namespace yb::documents
