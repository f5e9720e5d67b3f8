// Shutdown: waits for SIGINT or SIGTERM. Made first in main, before any thread starts, so that all threads leave these
// signals to it.
#pragma once

namespace yb::base {

class Shutdown {
 public:
  Shutdown();
  /// Blocks until the program is asked to end; returns the signal's number.
  [[nodiscard]] int Wait() const;
};

}  // namespace yb::base
