// What events of meters say beside their values, in both languages. Events are stored in one spelling, which boxes of
// all versions send: "ct 40 -> 60, unit kWh -> MWh", "limit 300 s". Pure functions; any thread.
#pragma once

#include <string_view>

#include "core/base/result.hpp"

namespace yb::api {

/// Parts that no version of ours wrote stay as they are.
[[nodiscard]] base::Words EventDetail(std::string_view detail);

}  // namespace yb::api
