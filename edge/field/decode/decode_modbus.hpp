// The decoder tool's view of Modbus frames. Pure functions; no threads.
#pragma once

#include <optional>
#include <vector>

#include "edge/field/decode/report.hpp"
#include "edge/field/modbus/frame.hpp"

namespace yb::field::decode {

/// The last reply in `inputs`, or the last request where there is none. Without a `framing` it is detected: a Modbus
/// TCP header that fits the bytes exactly, else a serial frame with a right CRC.
[[nodiscard]] Report DecodeModbus(std::optional<modbus::Framing> framing, const std::vector<base::Bytes>& inputs);

}  // namespace yb::field::decode
