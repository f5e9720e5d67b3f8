// What is plausible for a point's register, from its profile and the meter's configuration: where it begins at 0 again,
// and how much can flow. Pure functions; any thread.
#pragma once

#include "core/domain/metering/register_walk.hpp"
#include "edge/field/field_config.hpp"

namespace yb::field {

/// Rules of `point` of `meter`, in the unit of its readings; empty but for the interval where nothing is known, and for
/// gauges. `ratio` is what the point is multiplied with. kInvalidArgument where a number does not fit a Decimal.
[[nodiscard]] base::Result<metering::RegisterRules> RulesOf(const MeterConfig& meter, metering::Utility utility,
                                                            const ProfilePoint& point, base::Decimal ratio);

}  // namespace yb::field
