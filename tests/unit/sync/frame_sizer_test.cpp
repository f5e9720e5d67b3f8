// FrameSizer over a line of a given speed and delay, which takes one byte after the other.
#include "core/sync/frame_sizer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace yb::sync {
namespace {

using base::Duration;
using base::Monotonic;

class Line {
 public:
  Line(double bytes_per_second, Duration delay) : speed_(bytes_per_second), delay_(delay) {}

  void SetSpeed(double bytes_per_second) { speed_ = bytes_per_second; }

  /// Keeps `window` frames under way, each as large as the sizer says, and reckons when each is acknowledged.
  void Fill(int window, int frames) {
    for (int i = 0; i < frames; ++i) {
      while (static_cast<int>(under_way_.size()) < window) Send(true);
      Acknowledge();
    }
  }
  /// One small frame at a time, as when little is read.
  void Trickle(std::size_t bytes, int frames) {
    while (!under_way_.empty()) Acknowledge();
    for (int i = 0; i < frames; ++i) {
      now_ = now_ + std::chrono::seconds(1);
      Put(bytes, false);
      Acknowledge();
    }
  }
  /// How long the line needs for what is under way now.
  [[nodiscard]] double SecondsUnderWay() const {
    double bytes = 0;
    for (const UnderWay& frame : under_way_) bytes += static_cast<double>(frame.mark.bytes);
    return bytes / speed_;
  }

  FrameSizer sizer{FrameSizerOptions{}};

 private:
  struct UnderWay {
    FrameSizer::Mark mark;
    Monotonic acknowledged;
  };
  void Send(bool filled) { Put(sizer.frame_bytes(), filled); }
  void Put(std::size_t bytes, bool filled) {
    free_at_ =
        std::max(free_at_, now_) + Duration(static_cast<std::int64_t>(static_cast<double>(bytes) / speed_ * 1e6));
    under_way_.push_back({sizer.OnSent(bytes, bytes, filled, now_), free_at_ + delay_});
  }
  void Acknowledge() {
    now_ = std::max(now_, under_way_.front().acknowledged);
    sizer.OnAcknowledged(under_way_.front().mark, now_);
    under_way_.pop_front();
  }

  double speed_;
  Duration delay_;
  Monotonic now_{};
  Monotonic free_at_{};
  std::deque<UnderWay> under_way_;
};

constexpr double k256Kbit = 32'000;
constexpr Duration kDelay = std::chrono::milliseconds(50);

TEST(FrameSizer, BeginsSmall) {
  EXPECT_EQ(FrameSizer(FrameSizerOptions{}).frame_bytes(), 2048U);
}

TEST(FrameSizer, NeverHoldsASlowLineForASecond) {
  Line line(k256Kbit, kDelay);
  for (int i = 0; i < 200; ++i) {
    line.Fill(4, 1);
    EXPECT_LT(line.SecondsUnderWay(), 1.0) << i;
  }
  // 200 ms of 32,000 bytes a second.
  EXPECT_NEAR(static_cast<double>(line.sizer.frame_bytes()), 6400, 1000);
}

TEST(FrameSizer, FillsAFastLineUpToItsLargestFrame) {
  Line line(12'500'000, kDelay);
  line.Fill(4, 30);
  EXPECT_EQ(line.sizer.frame_bytes(), 256U << 10);
}

TEST(FrameSizer, FollowsALineThatBecomesSlowWithinAFewFrames) {
  Line line(12'500'000, kDelay);
  line.Fill(4, 30);
  line.SetSpeed(k256Kbit);
  line.Fill(4, 20);
  EXPECT_LT(line.SecondsUnderWay(), 1.5);
}

TEST(FrameSizer, IsNotMadeSmallByATrickle) {
  Line line(12'500'000, kDelay);
  line.Fill(4, 30);
  const std::size_t before = line.sizer.frame_bytes();
  line.Trickle(300, 100);
  EXPECT_EQ(line.sizer.frame_bytes(), before);
}

TEST(FrameSizer, TakesMoreBodiesWhereTheyPackWell) {
  FrameSizer sizer(FrameSizerOptions{});
  for (int i = 0; i < 20; ++i) (void)sizer.OnSent(4000, 1000, true, {});
  EXPECT_NEAR(static_cast<double>(sizer.body_bytes()), 4 * 2048, 100);
}

}  // namespace
}  // namespace yb::sync
