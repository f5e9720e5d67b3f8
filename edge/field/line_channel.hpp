// The way to a line's meters, as its configuration describes it.
#pragma once

#include <memory>

#include "edge/field/field_config.hpp"
#include "edge/field/line/byte_channel.hpp"

namespace yb::field {

/// Closed: the caller opens it.
[[nodiscard]] std::unique_ptr<line::ByteChannel> MakeChannel(const LineConfig& config);

}  // namespace yb::field
