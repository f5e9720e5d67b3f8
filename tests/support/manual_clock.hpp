// ManualClock: time that a test moves.
#pragma once

#include <atomic>

#include "core/base/time.hpp"

namespace yb::test {

class ManualClock final : public base::Clock {
 public:
  explicit ManualClock(base::UtcTime start = {1'772'431'680'000'000}) : utc_(start.micros) {}  // 2026-03-02T06:08:00Z
  [[nodiscard]] base::UtcTime Now() const override { return {utc_}; }
  [[nodiscard]] base::Monotonic Steady() const override { return {steady_}; }
  void Advance(base::Duration by) {
    utc_ += by.count();
    steady_ += by.count();
  }
  void SetUtc(base::UtcTime time) { utc_ = time.micros; }

 private:
  std::atomic<std::int64_t> utc_;
  std::atomic<std::int64_t> steady_{1'000'000};
};

}  // namespace yb::test
