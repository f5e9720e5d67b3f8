#include "core/files/file_store.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::files {
namespace {

namespace fs = std::filesystem;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const base::SiteId kOther = *base::SiteId::Parse("gujin-02");

base::Bytes Content(std::size_t size, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  base::Bytes content(size);
  for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
  return content;
}

class FileStoreTest : public testing::Test {
 protected:
  std::unique_ptr<FileStore> OpenStore(std::uint64_t quota = 0, std::uint64_t keep_free = 0) {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "files.db"});
    auto store =
        FileStore::Open(*opener, {.folder = Folder(), .quota = quota, .keep_free = keep_free}, master_, clock_);
    EXPECT_TRUE(store) << store.error().Describe();
    return std::move(*store);
  }
  [[nodiscard]] fs::path Folder() const { return folder_.path() / "files"; }
  [[nodiscard]] fs::path PathOf(const base::Digest& sha) const {
    return Folder() / HexOf(sha).substr(0, 2) / HexOf(sha);
  }
  static base::Result<KeptFile> Put(FileStore& store, const base::Bytes& content, std::size_t step = 10'000) {
    YB_ASSIGN(const auto draft, store.Begin());
    for (std::size_t at = 0; at < content.size(); at += step) {
      YB_TRY(draft->Append(base::ByteView(content).subspan(at, std::min(step, content.size() - at))));
    }
    return draft->Finish();
  }
  static base::Result<base::Bytes> ReadAll(FileStore& store, const base::Digest& sha) {
    YB_ASSIGN(ContainerReader reader, store.OpenFile(sha));
    base::Bytes all;
    do {
      YB_ASSIGN(const base::Bytes part, reader.Read(all.size(), 1U << 20));
      if (part.empty()) break;
      all.insert(all.end(), part.begin(), part.end());
    } while (true);
    return all;
  }
  static std::size_t FilesIn(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) count += entry.is_regular_file() ? 1 : 0;
    return count;
  }
  static void Flip(const fs::path& file, std::streamoff at) {
    std::fstream changed(file, std::ios::binary | std::ios::in | std::ios::out);
    changed.seekg(at);
    const int byte = changed.get();
    changed.seekp(at);
    changed.put(static_cast<char>(byte ^ 1));
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  security::MasterKey master_{security::Secret{1}};
};

TEST_F(FileStoreTest, GivesBackWhatWasPutOfEveryLength) {
  const auto store = OpenStore();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPieceBytes - 1, kPieceBytes, kPieceBytes + 1,
                                 2 * kPieceBytes, 3 * kPieceBytes + 17}) {
    const base::Bytes content = Content(size, size);
    const auto kept = Put(*store, content);
    ASSERT_TRUE(kept) << kept.error().Describe();
    EXPECT_EQ(kept->sha, base::Sha256(content));
    EXPECT_EQ(kept->size, size);
    EXPECT_EQ(ReadAll(*store, kept->sha).value(), content) << size;
  }
  EXPECT_EQ(store->Check()->whole, 7U);
}

TEST_F(FileStoreTest, ReadsFromAnywhere) {
  const auto store = OpenStore();
  const base::Bytes content = Content(200'000);
  const auto kept = Put(*store, content).value();
  ContainerReader reader = store->OpenFile(kept.sha).value();
  for (const std::uint64_t offset : {0U, 65'000U, 65'536U, 131'071U, 199'999U}) {
    const base::Bytes part = reader.Read(offset, 1000).value();
    ASSERT_FALSE(part.empty());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(offset))) << offset;
  }
  EXPECT_TRUE(reader.Read(200'000, 1000)->empty());
}

TEST_F(FileStoreTest, KeepsTheSameContentOnce) {
  const auto store = OpenStore();
  const base::Bytes content = Content(100'000);
  ASSERT_TRUE(Put(*store, content));
  const std::size_t files = FilesIn(Folder());
  ASSERT_TRUE(Put(*store, content, 777));
  EXPECT_EQ(FilesIn(Folder()), files);
  EXPECT_EQ(store->bytes_kept(), 100'000U);
}

TEST_F(FileStoreTest, PutsAFileByItsPath) {
  const base::Bytes content = Content(150'000);
  std::ofstream(folder_.path() / "scan.pdf", std::ios::binary)
      .write(reinterpret_cast<const char*>(content.data()), 150'000);
  const auto store = OpenStore();
  const auto kept = store->PutFile(folder_.path() / "scan.pdf");
  ASSERT_TRUE(kept) << kept.error().Describe();
  EXPECT_EQ(ReadAll(*store, kept->sha).value(), content);
  EXPECT_EQ(store->PutFile(folder_.path() / "none.pdf").error().code, base::ErrorCode::kNotFound);
}

TEST_F(FileStoreTest, LeavesNothingOfADraftThatIsNotFinished) {
  const auto store = OpenStore();
  {
    const auto draft = store->Begin().value();
    ASSERT_TRUE(draft->Append(Content(100'000)));
  }
  EXPECT_EQ(FilesIn(Folder()), 0U);
  std::ofstream(Folder() / "incoming" / "put-0011223344556677") << "of a program that was killed";
  (void)OpenStore();
  EXPECT_EQ(FilesIn(Folder()), 0U);
}

TEST_F(FileStoreTest, ShowsNothingOfItsContentsOnTheDisk) {
  const auto store = OpenStore();
  const std::string text = "公民身份号码 34052419800101001X 王小明";
  const auto kept = Put(*store, base::Bytes(text.begin(), text.end())).value();
  std::ifstream in(PathOf(kept.sha), std::ios::binary);
  const std::string raw{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(raw.size(), kHeaderBytes + security::Sealer::kOverhead + text.size());
  EXPECT_EQ(raw.find("34052419800101001X"), std::string::npos);
  master_ = security::MasterKey(security::Secret{2});
  const auto other = OpenStore();
  EXPECT_FALSE(ReadAll(*other, kept.sha)) << "under another master key";
}

TEST_F(FileStoreTest, FindsAFlippedBitATruncationAndSwappedPieces) {
  const auto store = OpenStore();
  const base::Bytes content = Content(3 * kPieceBytes);
  const auto kept = Put(*store, content).value();
  const fs::path file = PathOf(kept.sha);
  const fs::path whole = folder_.path() / "whole";
  fs::copy_file(file, whole);
  const auto restore = [&] { fs::copy_file(whole, file, fs::copy_options::overwrite_existing); };
  std::mt19937_64 random(1);
  for (int i = 0; i < 50; ++i) {
    const auto at = static_cast<std::streamoff>(random() % fs::file_size(file));
    // The last 8 bytes of the header mean nothing.
    if (at >= 24 && at < 32) continue;
    Flip(file, at);
    const auto read = ReadAll(*store, kept.sha);
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().code, base::ErrorCode::kCorrupt) << at;
    restore();
  }
  for (const std::size_t shorter : {std::size_t{1}, std::size_t{1000}, kSealedPieceBytes, 2 * kSealedPieceBytes}) {
    fs::resize_file(file, fs::file_size(whole) - shorter);
    EXPECT_FALSE(ReadAll(*store, kept.sha)) << shorter;
    EXPECT_EQ(store->Missing()->size(), 1U);
    restore();
  }
  {
    std::ifstream in(whole, std::ios::binary);
    std::string raw{std::istreambuf_iterator<char>(in), {}};
    std::swap_ranges(raw.begin() + kHeaderBytes, raw.begin() + kHeaderBytes + kSealedPieceBytes,
                     raw.begin() + kHeaderBytes + kSealedPieceBytes);
    std::ofstream(file, std::ios::binary) << raw;
  }
  EXPECT_EQ(ReadAll(*store, kept.sha).error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(store->Check()->broken, std::vector{kept.sha});
  // A container put under another's name is found by its digest.
  restore();
  const auto other = Put(*store, Content(3 * kPieceBytes, 2)).value();
  fs::copy_file(whole, PathOf(other.sha), fs::copy_options::overwrite_existing);
  EXPECT_EQ(store->Check()->broken, std::vector{other.sha});
}

TEST_F(FileStoreTest, RefusesWhatIsTooLargeOrBeyondTheQuota) {
  const auto store = OpenStore(250'000);
  const auto draft = store->Begin().value();
  ASSERT_TRUE(draft->Append(Content(200'000)));
  ASSERT_TRUE(draft->Finish());
  const auto full = Put(*store, Content(60'000, 2));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, base::ErrorCode::kDiskFull);
  EXPECT_FALSE(full.error().message_zh.empty());
  EXPECT_TRUE(Put(*store, Content(40'000, 3))) << "nothing was lost by it";
  EXPECT_EQ(FilesIn(Folder()), 2U);
  EXPECT_EQ(store->Receive(kSite, base::Digest{1}, 201U << 20).error().code, base::ErrorCode::kInvalidArgument);
  const auto nearly_full = OpenStore(0, 1ULL << 60);
  EXPECT_EQ(nearly_full->Begin().error().code, base::ErrorCode::kDiskFull);
}

TEST_F(FileStoreTest, RemovesAFileForGood) {
  const auto store = OpenStore();
  const auto kept = Put(*store, Content(100'000)).value();
  ASSERT_TRUE(store->Share(kept.sha, std::nullopt));
  ASSERT_TRUE(store->Remove(kept.sha));
  EXPECT_FALSE(store->Has(kept.sha));
  EXPECT_FALSE(fs::exists(PathOf(kept.sha)));
  EXPECT_FALSE(store->IsShared(kept.sha, kSite).value());
  EXPECT_EQ(store->bytes_kept(), 0U);
  EXPECT_TRUE(store->Remove(kept.sha)) << "again";
  EXPECT_EQ(store->Check()->taken_in.size(), 0U);
}

TEST_F(FileStoreTest, RemembersWhoWantsAndWhoMayHaveWhat) {
  const base::Digest sha = base::Sha256(Content(10));
  {
    const auto store = OpenStore();
    EXPECT_FALSE(store->Want(kSite, sha, 10).value());
    EXPECT_TRUE(store->IsShared(sha, kSite).value());
    EXPECT_FALSE(store->IsShared(sha, kOther).value());
  }
  const auto store = OpenStore();
  ASSERT_EQ(store->Wanted()->size(), 1U);
  EXPECT_EQ(store->Wanted()->front().site, kSite);
  EXPECT_EQ(store->Wanted()->front().size, 10U);
  ASSERT_TRUE(Put(*store, Content(10)));
  EXPECT_TRUE(store->Want(kOther, sha, 10).value()) << "it is here";
  ASSERT_TRUE(store->Told(kSite, sha));
  ASSERT_TRUE(store->Told(kOther, sha));
  EXPECT_TRUE(store->Wanted()->empty());
}

TEST_F(FileStoreTest, GoesOnWithWhatWasSyncedOfAnIncomingFile) {
  const base::Bytes content = Content(1'000'000);
  const base::Digest sha = base::Sha256(content);
  {
    const auto store = OpenStore();
    const auto incoming = store->Receive(kSite, sha, content.size()).value();
    ASSERT_TRUE(incoming->Append(base::ByteView(content).first(700'000)));
  }
  const auto store = OpenStore();
  const auto incoming = store->Receive(kSite, sha, content.size()).value();
  const std::uint64_t have = incoming->have();
  EXPECT_EQ(have, store->Progress(kSite, sha).value());
  EXPECT_GE(have, 700'000U - (256U << 10));
  EXPECT_LE(have, 700'000U);
  EXPECT_EQ(incoming->Finish().error().code, base::ErrorCode::kInvalidArgument) << "not all has come";
  ASSERT_TRUE(incoming->Append(base::ByteView(content).subspan(have)));
  EXPECT_FALSE(incoming->Append(base::ByteView(content).first(1))) << "more than it is long";
  ASSERT_TRUE(incoming->Finish());
  EXPECT_EQ(ReadAll(*store, sha).value(), content);
  EXPECT_EQ(store->Progress(kSite, sha).value(), 0U);
}

TEST_F(FileStoreTest, BeginsAnewWhereTheContentIsAnother) {
  const base::Bytes content = Content(500'000);
  const base::Digest sha = base::Sha256(content);
  const auto store = OpenStore();
  {
    base::Bytes wrong = content;
    wrong[300'000] ^= 1;
    const auto incoming = store->Receive(kSite, sha, content.size()).value();
    ASSERT_TRUE(incoming->Append(wrong));
    EXPECT_EQ(incoming->Finish().error().code, base::ErrorCode::kCorrupt);
  }
  EXPECT_FALSE(store->Has(sha));
  EXPECT_EQ(FilesIn(Folder()), 0U);
  const auto incoming = store->Receive(kSite, sha, content.size()).value();
  EXPECT_EQ(incoming->have(), 0U);
  ASSERT_TRUE(incoming->Append(content));
  ASSERT_TRUE(incoming->Finish());
  EXPECT_EQ(store->Receive(kSite, sha, content.size()).error().code, base::ErrorCode::kAlreadyExists);
}

TEST_F(FileStoreTest, BeginsAnewWhereWhatHadComeWasChanged) {
  const base::Bytes content = Content(1'000'000);
  const base::Digest sha = base::Sha256(content);
  const fs::path part = Folder() / "incoming" / (HexOf(sha) + ".lvye-01.part");
  const auto store = OpenStore();
  ASSERT_TRUE(store->Receive(kSite, sha, content.size()).value()->Append(base::ByteView(content).first(600'000)));
  Flip(part, 100'000);
  EXPECT_EQ(store->Receive(kSite, sha, content.size()).value()->have(), 0U);
  fs::remove(part);
  EXPECT_EQ(store->Receive(kSite, sha, content.size()).value()->have(), 0U);
}

TEST_F(FileStoreTest, TakesInWholeFilesThatItsDatabaseDoesNotKnow) {
  std::vector<base::Digest> shas;
  {
    const auto store = OpenStore();
    for (int i = 0; i < 3; ++i) shas.push_back(Put(*store, Content(70'000, i))->sha);
  }
  for (const char* name : {"files.db", "files.db-wal", "files.db-shm"}) fs::remove(folder_.path() / name);
  Flip(PathOf(shas[1]), 50'000);
  const auto store = OpenStore();
  EXPECT_EQ(store->bytes_kept(), 0U);
  const auto checked = store->Check().value();
  EXPECT_EQ(checked.taken_in.size(), 2U);
  EXPECT_TRUE(store->Has(shas[0]));
  EXPECT_FALSE(store->Has(shas[1])) << "it is not whole";
  EXPECT_EQ(store->bytes_kept(), 140'000U);
}

TEST_F(FileStoreTest, TakesInAFileThatItsDatabaseDoesNotKnowWhenItIsAskedForIt) {
  std::vector<base::Digest> shas;
  {
    const auto store = OpenStore();
    for (int i = 0; i < 3; ++i) shas.push_back(Put(*store, Content(70'000, i))->sha);
  }
  for (const char* name : {"files.db", "files.db-wal", "files.db-shm"}) fs::remove(folder_.path() / name);
  Flip(PathOf(shas[1]), 50'000);
  {
    const auto store = OpenStore();
    EXPECT_EQ(ReadAll(*store, shas[0]).value(), Content(70'000, 0));
    EXPECT_FALSE(store->Has(shas[1])) << "it is not whole";
    EXPECT_EQ(Put(*store, Content(70'000, 1))->sha, shas[1]);
    EXPECT_EQ(ReadAll(*store, shas[1]).value(), Content(70'000, 1)) << "and comes whole once it is put in again";
    ASSERT_TRUE(store->Remove(shas[2]));
    EXPECT_FALSE(store->Has(shas[2])) << "what was removed does not come back";
  }
  EXPECT_EQ(OpenStore()->bytes_kept(), 140'000U);
}

TEST_F(FileStoreTest, GoesOnWithADraftThatOutlivesTheProgram) {
  const base::Bytes content = Content(3'000'000);
  const FileStore::DraftNote made{"0199c2aa-0000-7000-8000-000000000001", "1:user", "总平面图.pdf", content.size()};
  {
    const auto store = OpenStore();
    const auto draft = store->Begin(made).value();
    ASSERT_TRUE(draft->Append(base::ByteView(content).first(2'500'000)));
  }
  {
    const auto store = OpenStore();
    const auto drafts = store->Drafts().value();
    ASSERT_EQ(drafts.size(), 1U);
    const FileStore::DraftNote& note = drafts.front();
    EXPECT_EQ(std::tie(note.id, note.owner, note.name, note.size), std::tie(made.id, made.owner, made.name, made.size));
    EXPECT_GE(note.kept + (1U << 20) + kPieceBytes, 2'500'000U) << "no more than a MiB has to come again";
    ASSERT_LE(note.kept, 2'500'000U);
    const auto draft = store->GoOn(note).value();
    ASSERT_TRUE(draft->Append(base::ByteView(content).subspan(note.kept)));
    EXPECT_EQ(ReadAll(*store, draft->Finish()->sha).value(), content);
    EXPECT_TRUE(store->Drafts()->empty());
  }
  {
    const auto store = OpenStore();
    ASSERT_TRUE(store->Begin(made).value()->Append(content));
    Flip(Folder() / "incoming" / ("put-" + made.id), 100'000);
    EXPECT_EQ(store->GoOn(store->Drafts()->front()).error().code, base::ErrorCode::kCorrupt);
    ASSERT_TRUE(store->Discard(made.id));
    EXPECT_TRUE(store->Drafts()->empty());
  }
  EXPECT_EQ(FilesIn(Folder()), 1U) << "the file that was finished";
}

}  // namespace
}  // namespace yb::files
