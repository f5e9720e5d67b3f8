// CollectingSink keeps all readings that the field side hands over; a test waits for enough good ones. Any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "edge/field/reading_sink.hpp"

namespace yb::field {

class CollectingSink final : public ReadingSink {
 public:
  void OnAnswer(std::span<metering::Reading> readings) override {
    const std::scoped_lock lock(mutex_);
    for (const metering::Reading& reading : readings) {
      all_.push_back(reading);
      ++seen_[reading.point];
      if (reading.quality == metering::Quality::kGood) ++good_[reading.point];
    }
    came_.notify_all();
  }
  void OnPollOver(std::span<const metering::Reading>) override {}
  /// Until each of `points` was good `times` times, or a minute is over.
  bool WaitForGood(const std::vector<metering::PointNo>& points, int times) { return WaitFor(good_, points, times); }
  /// The same for readings of any quality.
  bool WaitForAny(const std::vector<metering::PointNo>& points, int times) { return WaitFor(seen_, points, times); }
  std::vector<metering::Reading> All() {
    const std::scoped_lock lock(mutex_);
    return all_;
  }
  int Good(metering::PointNo no) {
    const std::scoped_lock lock(mutex_);
    return good_[no];
  }

 private:
  using Counts = std::map<metering::PointNo, int>;

  bool WaitFor(Counts& counts, const std::vector<metering::PointNo>& points, int times) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, std::chrono::seconds(60), [&] {
      return std::all_of(points.begin(), points.end(), [&](metering::PointNo no) { return counts[no] >= times; });
    });
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<metering::Reading> all_;  // guarded by mutex_, as all below
  Counts good_;
  Counts seen_;
};

}  // namespace yb::field
