// The live lane (sync.proto, Live): latest values only. Sent before they are durable, overwritten, never stored as
// history; age replaces order. A frame without values is the box's sign of life. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "core/domain/metering/line_state.hpp"
#include "core/domain/metering/reading.hpp"
#include "core/sync/lane.hpp"

namespace yb::telemetry {

struct LaneTail {
  sync::Lane lane = sync::Lane::kHistory;
  std::uint64_t epoch = 0;
  std::uint64_t last_seq = 0;
  base::UtcTime oldest_waiting{};  // zero: none waits
};

struct LiveFrame {
  base::UtcTime sent{};
  std::string site_name;
  std::vector<metering::Reading> readings;
  std::vector<LaneTail> tails;
  std::vector<metering::LineState> lines = {};  // all of the box, or none: nothing new of them
};

[[nodiscard]] base::Bytes EncodeLive(const LiveFrame& frame);
[[nodiscard]] base::Result<LiveFrame> DecodeLive(base::ByteView bytes);

}  // namespace yb::telemetry
