// Files that come in piece by piece, over the end of the program.
#include "core/casework/uploads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::casework {
namespace {

using base::ErrorCode;

constexpr std::size_t kPiece = 1U << 20;

base::Bytes Content(std::size_t size) {
  std::mt19937_64 random(size);
  base::Bytes content(size);
  for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
  std::ranges::copy(std::string_view("%PDF-1.7"), content.begin());
  return content;
}

class UploadsTest : public testing::Test {
 protected:
  /// As a program that is started on the same disk.
  void Start(std::uint64_t quota = 0) {
    uploads_.reset();
    files_.reset();
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "files.db"});
    files_ = files::FileStore::Open(*opener, {.folder = folder_.path() / "files", .quota = quota, .keep_free = 0},
                                    master_, clock_)
                 .value();
    uploads_ = Uploads::Open({}, *files_, clock_).value();
  }
  /// Pieces from where the upload is until `end`.
  void Send(const std::string& id, const base::Bytes& content, std::size_t end) {
    for (std::size_t at = uploads_->Find("1:z", id)->received; at < end; at += kPiece) {
      const auto piece = base::ByteView(content).subspan(at, std::min(kPiece, end - at));
      const auto put = uploads_->Put("1:z", id, at, piece);
      ASSERT_TRUE(put) << put.error().Describe();
    }
  }
  [[nodiscard]] std::size_t Incoming() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "files" / "incoming")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  security::MasterKey master_{security::Secret{1}};
  std::unique_ptr<files::FileStore> files_;
  std::unique_ptr<Uploads> uploads_;
};

TEST_F(UploadsTest, GoesOnAfterARestartWhereItWasStored) {
  const base::Bytes content = Content(5 * kPiece + 7);
  Start();
  const std::string id = uploads_->Begin("1:z", "总平面图.pdf", content.size())->id;
  Send(id, content, 3 * kPiece);
  Start();
  const Upload known = uploads_->Find("1:z", id).value();
  EXPECT_EQ(known.name, "总平面图.pdf");
  EXPECT_EQ(known.bytes, content.size());
  EXPECT_LE(known.received, 3 * kPiece);
  EXPECT_GE(known.received, 3 * kPiece - 64 * 1024) << "no more than what a seal covers is sent again";
  EXPECT_EQ(uploads_->Find("2:y", id).error().code, ErrorCode::kNotFound) << "another user's";
  const auto elsewhere = uploads_->Put("1:z", id, 3 * kPiece, base::ByteView(content).subspan(3 * kPiece, kPiece));
  EXPECT_EQ(elsewhere.error().code, ErrorCode::kAlreadyExists);
  Send(id, content, content.size());
  EXPECT_EQ(uploads_->Find("1:z", id)->file, base::Sha256(content));
  EXPECT_EQ(files_->OpenFile(base::Sha256(content))->DigestOfAll().value(), base::Sha256(content));
  Start();
  EXPECT_TRUE(files_->Has(base::Sha256(content)));
  EXPECT_EQ(uploads_->Find("1:z", id).error().code, ErrorCode::kNotFound) << "what is finished is a file";
}

TEST_F(UploadsTest, ForgetsWhatNobodyGoesOnWithAlsoOverARestart) {
  Start();
  const base::Bytes content = Content(4 * kPiece);
  const std::string left = uploads_->Begin("1:z", "a.pdf", content.size())->id;
  Send(left, content, 2 * kPiece);
  clock_.Advance(std::chrono::hours(4));
  Start();
  EXPECT_TRUE(uploads_->Find("1:z", left)) << "four hours are not too long";
  const std::string other = uploads_->Begin("1:z", "b.pdf", content.size())->id;
  Send(other, content, 2 * kPiece);
  EXPECT_EQ(Incoming(), 2U);
  clock_.Advance(std::chrono::hours(3));
  (void)uploads_->Begin("1:z", "c.pdf", 1).value();
  EXPECT_FALSE(uploads_->Find("1:z", left)) << "seven are, the restart between them or not";
  EXPECT_TRUE(uploads_->Find("1:z", other));
  EXPECT_EQ(Incoming(), 2U) << "and nothing of it is left on the disk";
  clock_.Advance(std::chrono::hours(7));
  Start();
  EXPECT_FALSE(uploads_->Find("1:z", other));
  EXPECT_EQ(Incoming(), 0U);
}

TEST_F(UploadsTest, KnowsHowManyOneUserMayHaveOpenAlsoAfterARestart) {
  Start();
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(uploads_->Begin("1:z", "a.pdf", 10));
  Start();
  EXPECT_EQ(uploads_->Begin("1:z", "a.pdf", 10).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(uploads_->Begin("2:y", "a.pdf", 10));
}

TEST_F(UploadsTest, BeginsAnewWhereWhatWasStoredIsNotThereAnyMore) {
  const base::Bytes content = Content(3 * kPiece);
  Start();
  const std::string id = uploads_->Begin("1:z", "a.pdf", content.size())->id;
  Send(id, content, 2 * kPiece);
  uploads_.reset();
  files_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "files" / "incoming")) {
    std::filesystem::resize_file(entry.path(), 100'000);  // as a file system may leave it
  }
  Start();
  const std::size_t at = uploads_->Find("1:z", id)->received;
  const auto put = uploads_->Put("1:z", id, at, base::ByteView(content).subspan(at, kPiece));
  EXPECT_EQ(put.error().code, ErrorCode::kAlreadyExists) << "the page asks where to go on";
  EXPECT_EQ(uploads_->Find("1:z", id)->received, 0U);
  Send(id, content, content.size());
  EXPECT_EQ(uploads_->Find("1:z", id)->file, base::Sha256(content));
}

TEST_F(UploadsTest, GoesOnAfterAFullDisk) {
  const base::Bytes content = Content(4 * kPiece);
  Start();
  const std::string id = uploads_->Begin("1:z", "a.pdf", content.size())->id;
  Send(id, content, 2 * kPiece);
  Start(3 * kPiece);  // a quota is a disk as well
  const std::size_t at = uploads_->Find("1:z", id)->received;
  const auto first = uploads_->Put("1:z", id, at, base::ByteView(content).subspan(at, kPiece));
  ASSERT_TRUE(first) << first.error().Describe();
  const auto full = uploads_->Put("1:z", id, first->received, base::ByteView(content).subspan(first->received, kPiece));
  EXPECT_EQ(full.error().code, ErrorCode::kDiskFull);
  EXPECT_LE(uploads_->Find("1:z", id)->received, first->received) << "what is on the disk";
  Start();
  Send(id, content, content.size());
  EXPECT_EQ(uploads_->Find("1:z", id)->file, base::Sha256(content));
}

TEST_F(UploadsTest, JudgesAFileOnceEnoughOfItIsThereAndForgetsWhatItRefuses) {
  Start();
  const base::Bytes good = Content(5'000);
  const std::string taken = uploads_->Begin("1:z", "a.pdf", good.size())->id;
  for (std::size_t at = 0; at < good.size(); at += 500) {
    const auto put = uploads_->Put("1:z", taken, at, base::ByteView(good).subspan(at, 500));
    ASSERT_TRUE(put) << put.error().Describe();
  }
  EXPECT_EQ(uploads_->Find("1:z", taken)->file, base::Sha256(good));

  base::Bytes bad = good;
  bad[0] = 'M';
  bad[1] = 'Z';
  const std::string refused = uploads_->Begin("1:z", "a.pdf", bad.size())->id;
  for (std::size_t at = 0; at < 2'000; at += 500) {
    ASSERT_TRUE(uploads_->Put("1:z", refused, at, base::ByteView(bad).subspan(at, 500))) << "nobody can tell yet";
  }
  const auto put = uploads_->Put("1:z", refused, 2'000, base::ByteView(bad).subspan(2'000, 500));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(uploads_->Find("1:z", refused).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Incoming(), 0U) << "nothing of it is left on the disk";
  EXPECT_FALSE(files_->Has(base::Sha256(bad)));
}

}  // namespace
}  // namespace yb::casework
