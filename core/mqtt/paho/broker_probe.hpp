// Tells why a broker cannot be reached: Paho says "TCP/TLS connect failure" for all reasons. Blocks for at most `limit`
// and the time a name takes; any thread.
#pragma once

#include <string>

#include "core/base/time.hpp"
#include "core/mqtt/mqtt_client.hpp"

namespace yb::mqtt {

/// kNone where a TCP connection can be made, so that the fault lies above it. `broker` is "mqtts://host:port".
[[nodiscard]] Fault ProbeTcp(const std::string& broker, base::Duration limit);

}  // namespace yb::mqtt
