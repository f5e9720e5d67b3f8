// MQTT 5 over TLS with Paho C++.
#pragma once

#include "core/mqtt/mqtt_client.hpp"

namespace yb::mqtt {

/// Starts connecting at once; `listener` outlives the client. kInvalidArgument for unreadable certificate files.
[[nodiscard]] base::Result<std::unique_ptr<MqttClient>> StartPahoClient(MqttOptions options, MqttListener& listener);

}  // namespace yb::mqtt
