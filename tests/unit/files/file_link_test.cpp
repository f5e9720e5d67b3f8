// Two file stores and their links on their own threads, over a way that loses and changes messages.
#include "core/files/file_link.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::files {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const base::SiteId kOther = *base::SiteId::Parse("gujin-02");

base::Bytes Content(std::size_t size, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  base::Bytes content(size);
  for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
  return content;
}

class FileLinkTest : public testing::Test {
 protected:
  struct Half {
    std::unique_ptr<FileStore> store;
    std::unique_ptr<FileLink> link;
    base::Guarded<std::vector<std::pair<base::SiteId, base::Digest>>> told;
  };
  void Start(Half& half, Half& other, bool central) {
    const std::filesystem::path folder = folder_.path() / (central ? "central" : "box");
    std::filesystem::create_directories(folder);
    const auto opener = storage::MakeSqliteOpener({.file = folder / "files.db"});
    half.store =
        FileStore::Open(*opener, {.folder = folder / "files", .keep_free = 0}, security::MasterKey({}), clock_).value();
    FileLinkOptions options;
    options.only_shared = central;
    options.fetcher.answer_timeout = std::chrono::milliseconds(100);
    options.fetcher.first_retry = std::chrono::milliseconds(5);
    options.fetcher.most_retry = std::chrono::milliseconds(50);
    options.fetcher.most_absent = std::chrono::milliseconds(100);
    options.publish = [this, &other](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
      const std::scoped_lock lock(way_);
      if (!other.link || (lose_every_ > 0 && ++messages_ % lose_every_ == 0)) return {};
      base::Bytes copy(bytes.begin(), bytes.end());
      if (flip_every_ > 0 && messages_ % flip_every_ == 0) copy[copy.size() / 2] ^= 0x10;
      other.link->OnMessage(site, lane, copy);
      return {};
    };
    options.on_kept = [&half](const base::SiteId& site, const KeptFile& file) {
      half.told.With([&](auto& told) { told.emplace_back(site, file.sha); });
    };
    auto link = std::make_unique<FileLink>(std::move(options), *half.store, clock_);
    link->Start();
    link->OnConnected();
    const std::scoped_lock lock(way_);
    half.link = std::move(link);
  }
  void Stop(Half& half) {
    std::unique_ptr<FileLink> going;
    {
      const std::scoped_lock lock(way_);
      going = std::move(half.link);
    }
    going.reset();
    half.store.reset();
  }
  void StartBoth() {
    Start(box_, central_, false);
    Start(central_, box_, true);
  }
  void TearDown() override {
    Stop(box_);
    Stop(central_);
  }
  static KeptFile Put(FileStore& store, const base::Bytes& content) {
    const auto draft = store.Begin().value();
    EXPECT_TRUE(draft->Append(content));
    return draft->Finish().value();
  }
  static std::size_t Told(const Half& half) {
    return half.told.With([](const auto& told) { return told.size(); });
  }
  static void ExpectWhole(FileStore& store, const KeptFile& file) {
    ContainerReader reader = store.OpenFile(file.sha).value();
    EXPECT_EQ(reader.DigestOfAll().value(), file.sha);
  }

  test::TempFolder folder_;
  base::SystemClock clock_;
  std::mutex way_;
  int messages_ = 0;
  int lose_every_ = 0;
  int flip_every_ = 0;
  Half box_, central_;
};

TEST_F(FileLinkTest, BringsFilesUpAndDownOverAWayThatLosesAndChanges) {
  lose_every_ = 17;
  flip_every_ = 13;
  StartBoth();
  std::vector<KeptFile> files;
  for (const std::size_t size : {0U, 1U, 65'536U, 700'001U, 3'000'000U}) {
    files.push_back(Put(*box_.store, Content(size, size)));
  }
  const KeptFile down = Put(*central_.store, Content(900'000, 7));
  ASSERT_TRUE(central_.store->Share(down.sha, std::nullopt));
  for (const KeptFile& file : files) ASSERT_TRUE(central_.link->Want(kSite, file.sha, file.size));
  ASSERT_TRUE(box_.link->Want(kSite, down.sha, down.size));
  ASSERT_TRUE(test::WaitUntil([&] { return Told(central_) == files.size() && Told(box_) == 1; }));
  for (const KeptFile& file : files) ExpectWhole(*central_.store, file);
  ExpectWhole(*box_.store, down);
  EXPECT_TRUE(central_.store->Wanted()->empty());
  EXPECT_GT(central_.link->counters().unreadable + box_.link->counters().unreadable, 0U);
  EXPECT_EQ(central_.link->counters().mismatches, 0U) << "a changed chunk is found before it is stored";
}

TEST_F(FileLinkTest, GetsAFileOfUnknownSizeAndOneThatComesLater) {
  StartBoth();
  const base::Bytes later = Content(100'000, 2);
  const KeptFile file = Put(*box_.store, Content(300'000));
  ASSERT_TRUE(central_.link->Want(kSite, file.sha, 0));
  ASSERT_TRUE(central_.link->Want(kSite, base::Sha256(later), later.size()));
  ASSERT_TRUE(test::WaitUntil([&] { return Told(central_) == 1; }));
  Put(*box_.store, later);
  EXPECT_TRUE(test::WaitUntil([&] { return Told(central_) == 2; }));
}

TEST_F(FileLinkTest, GetsAFileThatCouldNotBeNotedAsWanted) {
  StartBoth();
  const KeptFile file = Put(*box_.store, Content(300'000));
  const auto database = storage::MakeSqliteOpener({.file = folder_.path() / "central" / "files.db"})->Open().value();
  ASSERT_TRUE(database->Execute("CREATE TRIGGER full BEFORE INSERT ON wanted BEGIN SELECT RAISE(ABORT, 'full'); END"));
  EXPECT_FALSE(central_.link->Want(kSite, file.sha, file.size));
  EXPECT_TRUE(test::WaitUntil([&] { return central_.store->Has(file.sha); }));
  EXPECT_EQ(central_.link->Want(kSite, file.sha, UINT64_MAX).error().code, base::ErrorCode::kInvalidArgument);
}

TEST_F(FileLinkTest, GoesOnAfterRestartsOfBothSides) {
  StartBoth();
  const KeptFile file = Put(*box_.store, Content(20'000'000));
  ASSERT_TRUE(central_.link->Want(kSite, file.sha, file.size));
  ASSERT_TRUE(test::WaitUntil([&] { return central_.link->counters().bytes_received > 2'000'000; }));
  Stop(central_);
  std::uint64_t begun_at = 0;
  {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "central" / "files.db"});
    const auto store = FileStore::Open(*opener, {.folder = folder_.path() / "central" / "files", .keep_free = 0},
                                       security::MasterKey({}), clock_);
    begun_at = (*store)->Progress(kSite, file.sha).value();
    EXPECT_GT(begun_at, 1'000'000U);
  }
  Start(central_, box_, true);
  Stop(box_);
  Start(box_, central_, false);
  ASSERT_TRUE(test::WaitUntil([&] { return Told(central_) == 1; }));
  ExpectWhole(*central_.store, file);
  EXPECT_LE(central_.link->counters().bytes_received, file.size - begun_at) << "nothing was fetched twice";
}

TEST_F(FileLinkTest, GivesASiteOnlyWhatIsForIt) {
  StartBoth();
  const KeptFile secret = Put(*central_.store, Content(1000, 1));
  const KeptFile shared = Put(*central_.store, Content(1000, 2));
  ASSERT_TRUE(central_.store->Share(secret.sha, kOther));
  ASSERT_TRUE(central_.store->Share(shared.sha, kSite));
  ASSERT_TRUE(box_.link->Want(kSite, secret.sha, 1000));
  ASSERT_TRUE(box_.link->Want(kSite, shared.sha, 1000));
  ASSERT_TRUE(test::WaitUntil([&] { return Told(box_) == 1; }));
  EXPECT_FALSE(box_.store->Has(secret.sha));
  ASSERT_TRUE(central_.store->Share(secret.sha, kSite));
  EXPECT_TRUE(test::WaitUntil([&] { return box_.store->Has(secret.sha); }));
}

TEST_F(FileLinkTest, AnswersAFileThatIsBrokenAsAbsentUntilItIsPutAgain) {
  StartBoth();
  const base::Bytes content = Content(300'000);
  const KeptFile file = Put(*box_.store, content);
  const std::string hex = HexOf(file.sha);
  const auto path = folder_.path() / "box" / "files" / hex.substr(0, 2) / hex;
  std::filesystem::resize_file(path, 200'000);
  ASSERT_TRUE(central_.link->Want(kSite, file.sha, file.size));
  ASSERT_TRUE(test::WaitUntil([&] { return box_.link->counters().broken > 0; }));
  EXPECT_FALSE(central_.store->Has(file.sha));
  Put(*box_.store, content);
  EXPECT_TRUE(test::WaitUntil([&] { return Told(central_) == 1; }));
  ExpectWhole(*central_.store, file);
}

TEST_F(FileLinkTest, TellsEachSiteThatWantedIt) {
  StartBoth();
  const KeptFile file = Put(*central_.store, Content(1000));
  ASSERT_TRUE(central_.link->Want(kSite, file.sha, 1000));
  ASSERT_TRUE(central_.link->Want(kOther, file.sha, 1000));
  EXPECT_TRUE(test::WaitUntil([&] { return Told(central_) == 2; })) << "it is here already";
  EXPECT_TRUE(central_.store->Wanted()->empty());
}

TEST_F(FileLinkTest, BeginsAnewWhereAHolderSendsAnotherContent) {
  // A box that answers with bytes of its own, each with a digest that fits.
  const base::Bytes content = Content(50'000);
  const base::Digest sha = base::Sha256(content);
  std::atomic<int> wrong{3};
  Start(central_, box_, true);
  Stop(central_);
  const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "central" / "files.db"});
  central_.store = FileStore::Open(*opener, {.folder = folder_.path() / "central" / "files", .keep_free = 0},
                                   security::MasterKey({}), clock_)
                       .value();
  FileLinkOptions options;
  options.fetcher.first_retry = std::chrono::milliseconds(5);
  options.fetcher.most_absent = std::chrono::milliseconds(50);
  FileLink* link = nullptr;
  options.publish = [&](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
    const auto want = std::get<FileWant>(DecodeFileMessage(bytes).value());
    const auto length = std::min<std::size_t>(want.length, content.size() - want.offset);
    base::Bytes part(content.begin() + static_cast<std::ptrdiff_t>(want.offset),
                     content.begin() + static_cast<std::ptrdiff_t>(want.offset + length));
    if (want.offset == 0 && wrong.fetch_sub(1) > 0) part[0] ^= 1;
    link->OnMessage(site, lane, EncodeMessage(FileChunk{sha, content.size(), want.offset, part}));
    return {};
  };
  std::atomic<bool> kept{false};
  options.on_kept = [&](const base::SiteId&, const KeptFile&) { kept = true; };
  FileLink own(std::move(options), *central_.store, clock_);
  link = &own;
  own.Start();
  own.OnConnected();
  ASSERT_TRUE(own.Want(kSite, sha, content.size()));
  ASSERT_TRUE(test::WaitUntil([&] { return kept.load(); }));
  EXPECT_EQ(own.counters().mismatches, 3U);
  ExpectWhole(*central_.store, {sha, content.size()});
}

}  // namespace
}  // namespace yb::files
