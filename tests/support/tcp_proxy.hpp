// TcpProxy: a link that a test can cut. While cut, nothing gets through and nobody is told, as on a dead uplink.
#pragma once

#include <atomic>
#include <thread>

namespace yb::test {

class TcpProxy {
 public:
  /// Listens on a port of its own and forwards to 127.0.0.1:`target`.
  explicit TcpProxy(int target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  void Cut() { cut_ = true; }
  void Restore() { cut_ = false; }

 private:
  void Run(const std::stop_token& stop);

  int target_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> cut_{false};
  std::jthread thread_;
};

}  // namespace yb::test
