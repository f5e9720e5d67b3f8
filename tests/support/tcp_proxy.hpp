// TcpProxy: a link that a test can spoil. While cut, nothing gets through and nobody is told, as on a dead uplink.
// While slow, bytes take time, some wait as long as a lost segment does, and now and then a connection breaks.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "core/base/guarded.hpp"

namespace yb::test {

struct SlowLink {
  std::int64_t bytes_per_second = 32'000;  // each way: 256 kbit/s
  std::chrono::milliseconds delay{120};    // each way
  int lost_per_mille = 20;                 // of the segments; one waits `retransmission` and all behind it
  std::chrono::milliseconds retransmission{600};
  int broken_per_mille = 1;  // of the segments: the connection breaks
  std::uint64_t seed = 1;
};

class TcpProxy {
 public:
  /// Listens on a port of its own and forwards to 127.0.0.1:`target`.
  explicit TcpProxy(int target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  void Cut() { cut_ = true; }
  /// Neither cut nor slow any more; what is under way arrives.
  void Restore();
  void Slow(const SlowLink& link);

 private:
  void Run(const std::stop_token& stop);

  int target_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> cut_{false};
  std::atomic<bool> slow_{false};
  base::Guarded<SlowLink> link_;
  std::jthread thread_;
};

}  // namespace yb::test
