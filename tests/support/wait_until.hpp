// WaitUntil: for what another thread or program brings about, with an end in any case.
#pragma once

#include <chrono>
#include <thread>

namespace yb::test {

/// Whether `happened()` became true within `tries` × 20 ms.
template <class Happened>
[[nodiscard]] bool WaitUntil(Happened happened, int tries = 1500) {
  for (int i = 0; i < tries; ++i) {
    if (happened()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return happened();
}

}  // namespace yb::test
