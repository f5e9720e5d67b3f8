// A file of 200 MiB through two stores and their links, with little memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>

#include "core/files/file_link.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

// AddressSanitizer keeps what was freed, up to 256 MiB of it, which is not what is measured here.
extern "C" const char* __asan_default_options() {
  return "quarantine_size_mb=4";
}

namespace yb::files {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
constexpr std::size_t kSize = 200U << 20;

/// Of this process, in bytes.
std::size_t Resident() {
  std::ifstream in("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * 4096;
}

TEST(LargeFile, TravelsWithLittleMemory) {
  const test::TempFolder folder;
  base::SystemClock clock;
  const auto open = [&](const char* name) {
    std::filesystem::create_directories(folder.path() / name);
    const auto opener = storage::MakeSqliteOpener({.file = folder.path() / name / "files.db"});
    return FileStore::Open(*opener, {.folder = folder.path() / name / "files", .keep_free = 0}, security::MasterKey({}),
                           clock)
        .value();
  };
  const auto box = open("box");
  const auto central = open("central");
  const std::size_t before = Resident();
  std::size_t most = before;
  KeptFile file;
  {
    const auto draft = box->Begin().value();
    std::mt19937_64 random(1);
    std::vector<std::uint64_t> words((1U << 20) / 8);
    for (std::size_t at = 0; at < kSize; at += 1U << 20) {
      for (auto& word : words) word = random();
      ASSERT_TRUE(draft->Append({reinterpret_cast<const std::uint8_t*>(words.data()), 1U << 20}));
      most = std::max(most, Resident());
    }
    EXPECT_EQ(draft->Append(base::Bytes(1)).error().code, base::ErrorCode::kInvalidArgument) << "200 MiB are the most";
    file = draft->Finish().value();
  }
  std::atomic<bool> kept{false};
  FileLink* box_link = nullptr;
  FileLink* central_link = nullptr;
  FileLinkOptions at_box, at_central;
  at_box.publish = [&](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
    central_link->OnMessage(site, lane, bytes);
    return {};
  };
  at_central.publish = [&](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) -> base::Status {
    box_link->OnMessage(site, lane, bytes);
    return {};
  };
  at_central.on_kept = [&](const base::SiteId&, const KeptFile&) { kept = true; };
  FileLink upper(std::move(at_central), *central, clock);
  FileLink lower(std::move(at_box), *box, clock);
  box_link = &lower;
  central_link = &upper;
  const base::Monotonic begin = clock.Steady();
  upper.Start();
  lower.Start();
  upper.OnConnected();
  lower.OnConnected();
  ASSERT_TRUE(upper.Want(kSite, file.sha, file.size));
  ASSERT_TRUE(test::WaitUntil(
      [&] {
        most = std::max(most, Resident());
        return kept.load();
      },
      5000));
  const double seconds = static_cast<double>((clock.Steady() - begin).count()) / 1e6;
  std::printf("200 MiB in %.1f s, %.1f MiB of memory\n", seconds, static_cast<double>(most - before) / (1U << 20));
  EXPECT_LT(most - before, 32U << 20);
  EXPECT_EQ(central->OpenFile(file.sha)->DigestOfAll().value(), file.sha);
}

}  // namespace
}  // namespace yb::files
