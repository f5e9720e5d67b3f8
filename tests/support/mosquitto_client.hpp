// MosquittoClient: an MQTT 5 client over libmosquitto, for tests that need many connections at once or somebody else's
// client. It connects and connects again by itself.
//
// Callbacks run on this client's thread; none runs any more once the destructor has returned.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "core/base/bytes.hpp"

struct mosquitto;

namespace yb::test {

struct MosquittoOptions {
  std::string client_id;
  int port = 0;
  std::string roots;
  std::string certificate;  // empty: none is shown
  std::string key;
  std::chrono::milliseconds reconnect_after{500};
};

struct MosquittoCallbacks {
  std::function<void(int reason)> connected{};  // 0: the broker let it in
  std::function<void()> disconnected{};
  std::function<void(int message, int reason)> published{};  // acknowledged by the broker; 135: not allowed
  std::function<void(const std::string& topic, base::ByteView payload)> received{};
};

class MosquittoClient {
 public:
  MosquittoClient(const MosquittoOptions& options, MosquittoCallbacks callbacks);
  ~MosquittoClient();
  MosquittoClient(const MosquittoClient&) = delete;
  MosquittoClient& operator=(const MosquittoClient&) = delete;

  /// Returns at once; `connected` tells.
  void Connect();
  /// One try on the caller's thread, in place of Connect: whether the broker lets it in.
  [[nodiscard]] bool TryOnce();
  void Subscribe(const std::string& filter);
  /// Number of the message, or -1 where the client is not connected.
  int Publish(const std::string& topic, base::ByteView payload, int qos);

  struct Hooks;

 private:
  void Run(const std::stop_token& stop);

  MosquittoCallbacks callbacks_;
  const MosquittoOptions options_;
  mosquitto* client_;
  std::atomic<bool> let_in_{false};
  std::jthread thread_;
};

}  // namespace yb::test
