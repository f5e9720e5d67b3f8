// Backoff: how long to wait before the next attempt. Doubles from `first` to `most`, each wait drawn evenly from
// [half, whole], so that boxes which lost their link together do not come back together.
// One owner, one thread; randomness arrives as an argument.
#pragma once

#include <cstdint>

#include "core/base/time.hpp"

namespace yb::base {

class Backoff {
 public:
  Backoff(Duration first, Duration most) : first_(first), most_(most), whole_(first) {}

  /// `random` is any evenly distributed number.
  [[nodiscard]] Duration Next(std::uint64_t random) {
    const std::int64_t half = whole_.count() / 2;
    const Duration wait(half +
                        static_cast<std::int64_t>(random % static_cast<std::uint64_t>(whole_.count() - half + 1)));
    whole_ = whole_ * 2 < most_ ? whole_ * 2 : most_;
    return wait;
  }
  void Reset() { whole_ = first_; }

 private:
  Duration first_;
  Duration most_;
  Duration whole_;
};

}  // namespace yb::base
