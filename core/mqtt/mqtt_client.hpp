// MqttClient: the seam to the MQTT library. Keeps one connection up for as long as it lives, with jittered back-off,
// and subscribes anew each time. The broker is transport: a message handed to Publish may be lost, and the protocol
// above makes that good.
//
// Listener calls come from library threads, one at a time per client; they must return quickly and must not call
// Publish or Recycle, which may wait for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace yb::mqtt {

/// Why there is no connection to the broker.
enum class FaultKind : std::uint8_t {
  kNone,
  kOther,
  kNameUnknown,  // its name has no address
  kTcpRefused,   // nothing listens there
  kTcpNoAnswer,  // no way to it, or no answer in time
  kTls,          // it answers, and TLS fails; `detail` says why, an expired certificate for example
  kMqttRefused,  // TLS works, and the broker says no
  kLost,         // there was a connection
};

struct Fault {
  FaultKind kind = FaultKind::kNone;
  std::string detail;  // for people, English
};

class MqttListener {
 public:
  virtual ~MqttListener() = default;
  /// Subscriptions are in place.
  virtual void OnConnected() = 0;
  virtual void OnDisconnected(std::string_view reason) = 0;
  /// A try to connect came to nothing; the next one follows by itself.
  virtual void OnConnectFailed(const Fault& fault) { (void)fault; }
  virtual void OnMessage(std::string_view topic, base::ByteView payload) = 0;
};

enum class Qos : std::uint8_t { kAtMostOnce = 0, kAtLeastOnce = 1 };

class MqttClient {
 public:
  virtual ~MqttClient() = default;
  /// Hands a message to the connection. kUnavailable while there is none or its buffer is full.
  [[nodiscard]] virtual base::Status Publish(const std::string& topic, base::ByteView payload, Qos qos) = 0;
  /// Closes the connection and opens it anew.
  virtual void Recycle() = 0;
};

struct MqttOptions {
  std::string broker;                      // "mqtts://host:8883"
  std::string client_id;                   // the site's id, or "central": the broker holds it to the certificate's name
  std::string trust_file;                  // PEM, the roots; two are possible
  std::string certificate_file;            // PEM, own certificate and the chain above it
  std::string key_file;                    // PEM
  std::vector<std::string> subscriptions;  // with QoS 1
  int max_buffered = 256;                  // messages handed over and not yet acknowledged by the broker
  std::chrono::seconds keep_alive{20};
  std::chrono::milliseconds reconnect_first{500};
  std::chrono::milliseconds reconnect_most{2'000};  // an outage is over so soon after the uplink is back
};

}  // namespace yb::mqtt
