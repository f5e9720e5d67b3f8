// What box and central do alike to show an alarm. Pure functions; any thread.
#pragma once

#include "core/api/alarm_queries.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::api {

/// Events of one alarm that are shown; a flapping one has more.
inline constexpr int kMostAlarmEvents = 500;

/// With the names that the site's points have now.
[[nodiscard]] AlarmView MakeAlarmView(const base::SiteId& site, const telemetry::SiteState& state,
                                      telemetry::AlarmRow row);

/// kNotFound.
[[nodiscard]] tl::unexpected<base::Error> NoAlarm(const std::string& alarm);

}  // namespace yb::api
