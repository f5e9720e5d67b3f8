// WaitUntil: for what another thread or program brings about, with an end in any case.
#pragma once

#include <chrono>
#include <thread>

namespace yb::test {

/// Whether `happened()` became true within `tries` × `every`.
template <class Happened>
[[nodiscard]] bool WaitUntil(Happened happened, int tries = 1500,
                             std::chrono::milliseconds every = std::chrono::milliseconds(20)) {
  for (int i = 0; i < tries; ++i) {
    if (happened()) return true;
    std::this_thread::sleep_for(every);
  }
  return happened();
}

}  // namespace yb::test
