// Shutdown: waits for SIGINT or SIGTERM, and for SIGHUP where the program does something on it. Made first in main,
// before any thread starts, so that all threads leave these signals to it.
#pragma once

#include <cstdint>

namespace yb::base {

class Shutdown {
 public:
  enum class Hangup : std::uint8_t { kEnds, kIsWaitedFor };
  explicit Shutdown(Hangup hangup = Hangup::kEnds);
  /// Blocks until one of the signals comes; returns its number.
  [[nodiscard]] int Wait() const;

 private:
  const Hangup hangup_;
};

}  // namespace yb::base
