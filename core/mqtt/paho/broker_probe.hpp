// Tells why a broker cannot be reached: Paho says "TCP/TLS connect failure" for all reasons, and the error handler of
// its TLS options calls an object that is gone (eclipse-paho/paho.mqtt.cpp #325). Any thread.
#pragma once

#include <string>

#include "core/base/time.hpp"
#include "core/mqtt/mqtt_client.hpp"

namespace yb::mqtt {

/// kNone where a TLS session can be made and the broker does not end it, so that the fault lies above it. Blocks for a
/// few times `limit` at most, and the time a name takes.
[[nodiscard]] Fault ProbeBroker(const MqttOptions& options, base::Duration limit);

}  // namespace yb::mqtt
