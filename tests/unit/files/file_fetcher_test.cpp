// The algorithm of the lane `file` over ways that lose, repeat, swap and delay, with restarts, refusals and stores that
// fail: every wanted file arrives byte by byte, and a slow line is never filled.
#include "core/files/file_fetcher.hpp"

#include <gtest/gtest.h>

#include <random>

namespace yb::files {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Faults {
  double loss = 0, repeat = 0, swap = 0, delay = 0, restart = 0, cut = 0, store_failure = 0, absent = 0, shorter = 0;
};

class World {
 public:
  World(std::uint64_t seed, Faults faults) : random_(seed), faults_(faults) { Restart(); }

  void Want(std::size_t size) {
    base::Bytes content(size);
    for (auto& byte : content) byte = static_cast<std::uint8_t>(random_());
    const base::Digest sha = base::Sha256(content);
    contents_[sha] = content;
    const bool known = Chance(0.7);
    sizes_[sha] = known ? size : 0;
    fetcher_->Want(sha, sizes_[sha], 0);
  }

  void Round() {
    now_ = now_ + milliseconds(50);
    if (Chance(faults_.restart)) Restart();
    if (Chance(faults_.cut)) {
      fetcher_->OnDisconnected();
      up_.clear();
      down_.clear();
      fetcher_->OnConnected(now_, random_());
    }
    while (const auto want = fetcher_->Next(now_)) Post(up_, FileMessage(*want));
    EXPECT_LE(fetcher_->under_way(), FetcherOptions{}.window);
    for (const FileMessage& message : TakeAll(up_)) Answer(std::get<FileWant>(message));
    for (FileMessage& message : TakeAll(down_)) Take(message);
  }
  [[nodiscard]] bool Done() const { return stored_.size() == contents_.size() && kept_ == contents_.size(); }
  void EndFaults() { faults_ = {}; }
  void ExpectWhole() const {
    for (const auto& [sha, content] : contents_) EXPECT_EQ(stored_.at(sha), content);
  }

 private:
  bool Chance(double probability) { return std::uniform_real_distribution<>()(random_) < probability; }
  void Restart() {
    fetcher_ = std::make_unique<FileFetcher>(FetcherOptions{});
    up_.clear();
    down_.clear();
    for (const auto& [sha, content] : contents_) {
      if (done_.contains(sha)) continue;
      // What was synced lags behind what was stored.
      if (!stored_[sha].empty()) stored_[sha].resize(random_() % (stored_[sha].size() + 1));
      fetcher_->Want(sha, sizes_[sha], sizes_[sha] != 0 ? stored_[sha].size() : 0);
      if (sizes_[sha] == 0) stored_[sha].clear();
    }
    fetcher_->OnConnected(now_, random_());
  }
  void Post(std::vector<FileMessage>& way, const FileMessage& message) {
    if (Chance(faults_.loss)) return;
    way.push_back(message);
    if (Chance(faults_.repeat)) way.push_back(message);
  }
  std::vector<FileMessage> TakeAll(std::vector<FileMessage>& way) {
    std::vector<FileMessage> all, later;
    for (FileMessage& message : way) (Chance(faults_.delay) ? later : all).push_back(std::move(message));
    way = std::move(later);
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (Chance(faults_.swap)) std::swap(all[i], all[i - 1]);
    }
    return all;
  }
  void Answer(const FileWant& want) {
    if (Chance(faults_.absent)) return Post(down_, FileAbsent{want.sha});
    const base::Bytes& content = contents_.at(want.sha);
    ASSERT_LE(want.offset, content.size());
    ASSERT_LE(want.length, kMostChunk);
    std::size_t length = std::min<std::size_t>(want.length, content.size() - want.offset);
    if (length > 1 && Chance(faults_.shorter)) length = 1 + random_() % length;
    const auto from = content.begin() + static_cast<std::ptrdiff_t>(want.offset);
    Post(down_, FileChunk{want.sha, content.size(), want.offset,
                          base::Bytes(from, from + static_cast<std::ptrdiff_t>(length))});
  }
  void Take(FileMessage& message) {
    if (const auto* absent = std::get_if<FileAbsent>(&message)) return fetcher_->OnAbsent(absent->sha, now_);
    const auto step = fetcher_->OnChunk(std::move(std::get<FileChunk>(message)), now_);
    if (!step) return;
    base::Bytes& stored = stored_[step->sha];
    ASSERT_EQ(stored.size(), step->offset) << "in order, nothing twice";
    if (Chance(faults_.store_failure)) {
      if (Chance(0.3)) stored.clear();  // as after content that was another
      return fetcher_->OnStoreFailed(step->sha, stored.size(), now_);
    }
    for (const base::Bytes& bytes : step->chunks) stored.insert(stored.end(), bytes.begin(), bytes.end());
    if (!step->complete) return;
    ASSERT_TRUE(done_.insert(step->sha).second) << "completed once";
    ++kept_;
    fetcher_->OnKept(step->sha);
  }

  std::mt19937_64 random_;
  Faults faults_;
  base::Monotonic now_{1'000'000};
  std::unique_ptr<FileFetcher> fetcher_;
  std::map<base::Digest, base::Bytes> contents_, stored_;
  std::map<base::Digest, std::uint64_t> sizes_;
  std::set<base::Digest> done_;
  std::size_t kept_ = 0;
  std::vector<FileMessage> up_, down_;
};

void Play(std::uint64_t seed, Faults faults) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  World world(seed, faults);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 6; ++i) world.Want(i == 0 ? 0 : random() % 60'000);
  for (int i = 0; i < 300 && !world.Done(); ++i) world.Round();
  world.EndFaults();
  for (int i = 0; i < 20'000 && !world.Done(); ++i) world.Round();
  ASSERT_TRUE(world.Done());
  world.ExpectWhole();
}

TEST(FileFetcher, GetsEveryFileOverACleanWay) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) Play(seed, {});
}

TEST(FileFetcher, GetsEveryFileOverABadWay) {
  for (std::uint64_t seed = 0; seed < 1000 && !testing::Test::HasFailure(); ++seed) {
    Play(seed, {.loss = 0.2,
                .repeat = 0.2,
                .swap = 0.3,
                .delay = 0.3,
                .restart = 0.01,
                .cut = 0.02,
                .store_failure = 0.05,
                .absent = 0.05,
                .shorter = 0.2});
  }
}

/// A line of `bytes_per_second` with everything in one queue; how long the queue is at most, in time.
base::Duration LongestQueue(std::size_t bytes_per_second, base::Duration latency, base::Duration* took) {
  FileFetcher fetcher({});
  const std::uint64_t size = 2'000'000;
  const base::Digest sha{1};
  fetcher.Want(sha, size, 0);
  base::Monotonic now{1'000'000};
  const base::Monotonic begin = now;
  fetcher.OnConnected(now, 7);
  base::Monotonic line_free = now;
  base::Duration longest{0};
  std::multimap<base::Monotonic, FileChunk> coming;
  for (bool done = false; !done && now - begin < seconds(600);) {
    while (const auto want = fetcher.Next(now)) {
      FileChunk chunk{sha, size, want->offset, base::Bytes(want->length)};
      const auto on_line = base::Duration(static_cast<std::int64_t>(want->length * 1'000'000 / bytes_per_second));
      line_free = std::max(line_free, now) + on_line;
      longest = std::max(longest, line_free - now);
      coming.emplace(line_free + latency, std::move(chunk));
    }
    now = now + milliseconds(1);
    while (!coming.empty() && coming.begin()->first <= now) {
      const auto step = fetcher.OnChunk(std::move(coming.begin()->second), now);
      coming.erase(coming.begin());
      done = done || (step && step->complete);
    }
  }
  *took = now - begin;
  return longest;
}

TEST(FileFetcher, HoldsASlowLineForLessThanASecond) {
  base::Duration took{};
  EXPECT_LT(LongestQueue(32'000, milliseconds(50), &took), seconds(1));  // 256 kbit/s
  // 2 MB at 32 kB/s are 62.5 s: the line is used, too.
  EXPECT_LT(took, seconds(75));
}

TEST(FileFetcher, FillsAFastLine) {
  base::Duration took{};
  EXPECT_LT(LongestQueue(12'500'000, milliseconds(10), &took), seconds(1));
  EXPECT_LT(took, seconds(3));
}

TEST(FileFetcher, LetsASmallFilePassALargeOne) {
  FileFetcher fetcher({});
  const base::Digest large{1}, small{2};
  fetcher.Want(large, 100'000'000, 0);
  fetcher.Want(small, 4'000, 0);
  base::Monotonic now{1'000'000};
  fetcher.OnConnected(now, 7);
  bool complete = false;
  int asks = 0;
  while (!complete && asks < 100) {
    now = now + milliseconds(100);
    std::vector<FileWant> wants;
    while (const auto want = fetcher.Next(now)) wants.push_back(*want);
    for (const FileWant& want : wants) {
      ++asks;
      const std::uint64_t size = want.sha == small ? 4'000 : 100'000'000;
      const auto step = fetcher.OnChunk({want.sha, size, want.offset, base::Bytes(want.length)}, now);
      complete = complete || (step && step->sha == small && step->complete);
    }
  }
  EXPECT_LT(asks, 10);
}

TEST(FileFetcher, AsksOneAtATimeAndLessOftenWhileNothingComes) {
  FileFetcher fetcher({});
  fetcher.Want(base::Digest{1}, 100'000'000, 0);
  base::Monotonic now{1'000'000};
  fetcher.OnConnected(now, 7);
  int asks = 0;
  for (int i = 0; i < 600; ++i) {  // ten minutes
    while (fetcher.Next(now)) ++asks;
    EXPECT_LE(fetcher.under_way(), 1U);
    now = now + seconds(1);
  }
  EXPECT_GE(asks, 10);
  EXPECT_LE(asks, 35);
}

TEST(FileFetcher, AsksAgainForWhatIsAbsentLessAndLessOften) {
  FileFetcher fetcher({});
  const base::Digest sha{1};
  fetcher.Want(sha, 1000, 0);
  base::Monotonic now{1'000'000};
  fetcher.OnConnected(now, 7);
  int asks = 0;
  for (int i = 0; i < 7200; ++i) {
    while (fetcher.Next(now)) {
      ++asks;
      fetcher.OnAbsent(sha, now);
    }
    now = now + seconds(1);
  }
  EXPECT_GE(asks, 15);
  EXPECT_LE(asks, 40);
}

TEST(FileFetcher, TakesNoFileOfAnotherSize) {
  FileFetcher fetcher({});
  const base::Digest sha{1};
  fetcher.Want(sha, 1000, 0);
  const base::Monotonic now{1'000'000};
  fetcher.OnConnected(now, 7);
  ASSERT_TRUE(fetcher.Next(now));
  EXPECT_FALSE(fetcher.OnChunk({sha, 999, 0, base::Bytes(999)}, now));
  EXPECT_FALSE(fetcher.OnChunk({base::Digest{2}, 10, 0, base::Bytes(10)}, now)) << "nobody asked for it";
  EXPECT_FALSE(fetcher.Next(now)) << "later";
}

}  // namespace
}  // namespace yb::files
