// The clock of a meter (表钟) held against the box's. Pure functions; no threads.
#pragma once

#include "core/base/time.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field {

/// The meter's clock minus the box's, in whole seconds ("s"), from what the meter said: "2026-03-02 14:08:59" or
/// "14:08:59", in Beijing time as the standards have it. A time of day alone gives the nearest offset, -43200 to
/// 43199 s. Invalid where it is neither; absent stays absent.
[[nodiscard]] WireValue ClockOffset(WireValue said, base::UtcTime now);

}  // namespace yb::field
