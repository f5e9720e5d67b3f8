// What only the station of a box has: drafts that nobody else reads, and the folder that scanners write into.
#include <gtest/gtest.h>
#include <utime.h>

#include <fstream>

#include "core/base/write_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/station/draft_store.hpp"
#include "edge/station/scan_folder.hpp"
#include "tests/support/folder_bytes.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::edge {
namespace {

using base::ErrorCode;

constexpr const char* kId = "019ed5c0-0000-7000-8000-000000000001";

class Station : public testing::Test {
 protected:
  void SetUp() override {
    opener_ = storage::MakeSqliteOpener({.file = folder_.path() / "drafts.db"});
    OpenDrafts(master_);
    const auto files = storage::MakeSqliteOpener({.file = folder_.path() / "files.db"});
    files::FileStoreOptions options;
    options.folder = folder_.path() / "files";
    auto store = files::FileStore::Open(*files, options, master_, clock_);
    ASSERT_TRUE(store) << store.error().Describe();
    files_ = std::move(*store);
    scans_ = std::make_unique<ScanFolder>(folder_.path() / "scans", *files_, clock_);
    ASSERT_TRUE(scans_->List()) << "it makes the folder";
  }
  void OpenDrafts(const security::MasterKey& master) {
    drafts_.reset();
    auto drafts = DraftStore::Open(*opener_, master, clock_);
    ASSERT_TRUE(drafts) << drafts.error().Describe();
    drafts_ = std::move(*drafts);
  }
  [[nodiscard]] std::filesystem::path ScanPath(const std::string& name) const {
    return folder_.path() / "scans" / name;
  }
  /// Written `ago` before now.
  void Scanned(const std::string& name, const std::string& content, base::Duration ago) {
    std::ofstream(ScanPath(name), std::ios::binary) << content;
    const utimbuf times{(clock_.Now() - ago).micros / 1'000'000, (clock_.Now() - ago).micros / 1'000'000};
    ASSERT_EQ(::utime(ScanPath(name).c_str(), &times), 0);
  }
  [[nodiscard]] Scan One(const std::string& name) {
    const std::vector<Scan> scans = scans_->List().value();
    for (const Scan& scan : scans) {
      if (scan.name == name) return scan;
    }
    ADD_FAILURE() << "no " << name;
    return {};
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  const security::MasterKey master_{security::Secret{1, 2, 3}};
  std::unique_ptr<storage::DatabaseOpener> opener_;
  std::unique_ptr<DraftStore> drafts_;
  std::unique_ptr<files::FileStore> files_;
  std::unique_ptr<ScanFolder> scans_;
};

TEST_F(Station, KeepsADraftForItsUserOverARestart) {
  ASSERT_TRUE(drafts_->Save(7, {kId, "王**", {}, R"({"name":"王小明"})", "page"}, {}));
  OpenDrafts(master_);
  EXPECT_EQ(drafts_->Find(7, kId)->body, R"({"name":"王小明"})");
  EXPECT_EQ(drafts_->List(7)->size(), 1U);
  EXPECT_EQ(drafts_->Find(8, kId).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(drafts_->List(8)->empty());
  ASSERT_TRUE(drafts_->ThrowAway(8, kId));
  EXPECT_TRUE(drafts_->Find(7, kId)) << "nobody throws away another's";
  ASSERT_TRUE(drafts_->ThrowAway(7, kId));
  EXPECT_EQ(drafts_->Find(7, kId).error().code, ErrorCode::kNotFound);
}

TEST_F(Station, WritesOverNoDraftThatItsWriterDoesNotKnow) {
  const auto save = [&](const char* body, const char* writer, std::optional<base::UtcTime> known) {
    clock_.Advance(std::chrono::seconds(1));
    return drafts_->Save(7, {kId, "t", {}, body, writer}, known);
  };
  const auto first = save("1", "one", std::nullopt);
  ASSERT_TRUE(first);
  EXPECT_TRUE(save("2", "one", std::nullopt)) << "its answer was lost, and it tries again";
  EXPECT_EQ(save("3", "two", std::nullopt).error().code, ErrorCode::kRefused);
  EXPECT_EQ(save("3", "two", first->saved).error().code, ErrorCode::kRefused) << "what it read is not there any more";
  EXPECT_EQ(drafts_->Find(7, kId)->body, "2");
  EXPECT_TRUE(save("4", "two", drafts_->Find(7, kId)->saved));
  EXPECT_EQ(save("5", "one", first->saved).error().code, ErrorCode::kRefused);
  EXPECT_TRUE(save("6", "two", first->saved)) << "nobody else wrote since";
  ASSERT_TRUE(drafts_->ThrowAway(7, kId));
  EXPECT_EQ(save("7", "two", first->saved).error().code, ErrorCode::kRefused) << "thrown away elsewhere";
  EXPECT_TRUE(save("7", "two", std::nullopt)) << "said anew";
}

TEST_F(Station, ShowsNothingOfADraftOnTheDisk) {
  ASSERT_TRUE(
      drafts_->Save(7, {kId, "草稿", {}, R"({"name":"Wang Xiaoming","code":"150203189001010011"})", "page"}, {}));
  const std::string all = test::BytesUnder(folder_.path());
  EXPECT_NE(all.find(kId), std::string::npos) << "it is in one of these files";
  EXPECT_EQ(all.find("Xiaoming"), std::string::npos);
  EXPECT_EQ(all.find("150203189001010011"), std::string::npos);
  OpenDrafts(security::MasterKey{security::Secret{9}});
  EXPECT_EQ(drafts_->Find(7, kId).error().code, ErrorCode::kCorrupt) << "under another key";
}

TEST_F(Station, ForgetsDraftsAfterAQuarterAndTakesNotTooMany) {
  ASSERT_TRUE(drafts_->Save(7, {kId, "old", {}, "{}", "page"}, {}));
  clock_.Advance(DraftStore::kForgottenAfter + std::chrono::hours(1));
  for (std::size_t i = 0; i < DraftStore::kMostOfOne; ++i) {
    ASSERT_TRUE(drafts_->Save(7, {"draft-" + std::to_string(i), "t", {}, "{}", "page"}, {}));
  }
  EXPECT_EQ(drafts_->Find(7, kId).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(drafts_->Save(7, {"one-more", "t", {}, "{}", "page"}, {}).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(drafts_->Save(7, {"draft-1", "again", {}, "{}", "page"}, {})) << "one that is there is written anew";
  EXPECT_TRUE(drafts_->Save(8, {"one-more", "t", {}, "{}", "page"}, {}));
}

TEST_F(Station, TakesAScanOnceItsSizeHasStoodForTwoSeconds) {
  Scanned("a.pdf", "%PDF-begin", std::chrono::seconds(0));
  EXPECT_FALSE(One("a.pdf").settled);
  EXPECT_EQ(scans_->Take("a.pdf").error().code, ErrorCode::kRefused);
  clock_.Advance(std::chrono::milliseconds(1900));
  Scanned("a.pdf", "%PDF-begin and more", std::chrono::seconds(0));
  EXPECT_FALSE(One("a.pdf").settled) << "it has grown";
  clock_.Advance(std::chrono::milliseconds(1900));
  EXPECT_FALSE(One("a.pdf").settled);
  clock_.Advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(One("a.pdf").settled);
  const auto taken = scans_->Take("a.pdf");
  ASSERT_TRUE(taken) << taken.error().Describe();
  EXPECT_EQ(taken->file.sha, base::Sha256(base::AsBytes("%PDF-begin and more")));
  EXPECT_TRUE(files_->Has(taken->file.sha));
  EXPECT_FALSE(std::filesystem::exists(ScanPath("a.pdf")));
  EXPECT_TRUE(std::filesystem::exists(ScanPath("taken/a.pdf")));
  EXPECT_EQ(scans_->Take("a.pdf").error().code, ErrorCode::kNotFound);
}

TEST_F(Station, TakesAnOldScanAtOnceAndKeepsTwoOfOneName) {
  for (const char* content : {"\xFF\xD8\xFF first", "\xFF\xD8\xFF second"}) {
    Scanned("scan.jpg", content, std::chrono::minutes(5));
    ASSERT_TRUE(scans_->Take("scan.jpg"));
  }
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ScanPath("taken"))) kept += entry.is_regular_file();
  EXPECT_EQ(kept, 2);
}

TEST_F(Station, LeavesAScanThatCouldDoHarmWhereItIsAndSaysSo) {
  Scanned("scan.pdf", "MZ, some program", std::chrono::seconds(0));
  EXPECT_FALSE(One("scan.pdf").refused) << "it still comes";
  clock_.Advance(std::chrono::seconds(2));
  EXPECT_TRUE(One("scan.pdf").refused);
  const auto taken = scans_->Take("scan.pdf");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(std::filesystem::exists(ScanPath("scan.pdf")));
  Scanned("scan.pdf", "%PDF-1.7 anew", std::chrono::seconds(0));
  EXPECT_FALSE(One("scan.pdf").refused);
  clock_.Advance(std::chrono::seconds(2));
  EXPECT_FALSE(One("scan.pdf").refused);
  EXPECT_TRUE(scans_->Take("scan.pdf"));
}

TEST_F(Station, SeesNoFolderLinkOrHiddenFileInTheScannersFolder) {
  Scanned(".hidden.pdf", "x", std::chrono::minutes(5));
  Scanned("half.pdf.part", "x", std::chrono::minutes(5));
  Scanned("empty.pdf", "", std::chrono::minutes(5));
  std::filesystem::create_symlink(folder_.path() / "drafts.db", ScanPath("link.pdf"));
  std::filesystem::create_directory(ScanPath("sub"));
  const auto scans = scans_->List().value();
  ASSERT_EQ(scans.size(), 1U);
  EXPECT_EQ(scans[0].name, "empty.pdf");
  EXPECT_FALSE(scans[0].settled) << "a scanner begins with an empty file";
  for (const char* name : {"../drafts.db", "link.pdf", "sub", ".hidden.pdf", "", "taken"}) {
    EXPECT_EQ(scans_->Take(name).error().code, ErrorCode::kNotFound) << name;
  }
}

}  // namespace
}  // namespace yb::edge
