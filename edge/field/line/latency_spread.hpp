// LatencySpread counts how long answers took (应答时间分布): from the last request sent to its answer complete, by
// bounds that suit a 2400-baud line behind a serial server as well as Modbus TCP. Values; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "core/base/time.hpp"

namespace yb::field::line {

class LatencySpread {
 public:
  /// Upper bounds, inclusive. A frame of 20 bytes takes 92 ms at 2400 baud, and a meter may think for 500 ms.
  static constexpr auto kBounds = std::to_array<base::Duration>({
      std::chrono::milliseconds(5),
      std::chrono::milliseconds(10),
      std::chrono::milliseconds(25),
      std::chrono::milliseconds(50),
      std::chrono::milliseconds(100),
      std::chrono::milliseconds(200),
      std::chrono::milliseconds(300),
      std::chrono::milliseconds(500),
      std::chrono::milliseconds(750),
      std::chrono::milliseconds(1000),
      std::chrono::milliseconds(1500),
      std::chrono::milliseconds(2500),
      std::chrono::milliseconds(5000),
  });
  /// The last is of what took longer than the last bound.
  using Counts = std::array<std::uint64_t, kBounds.size() + 1>;

  void Add(base::Duration took) {
    ++counts_.at(static_cast<std::size_t>(std::ranges::lower_bound(kBounds, took) - kBounds.begin()));
    sum_ += took;
  }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] base::Duration sum() const { return sum_; }

 private:
  Counts counts_{};
  base::Duration sum_{0};
};

}  // namespace yb::field::line
