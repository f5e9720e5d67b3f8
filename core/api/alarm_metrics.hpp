// What both programs tell Prometheus of alarms: how many are open by priority and state, how often one was raised, how
// many chatter.
#pragma once

#include "core/api/alarm_queries.hpp"
#include "core/metrics/metrics.hpp"

namespace yb::api {

/// Whether each series names its site: central's do; a box's get it from the scrape configuration.
enum class SiteLabel : std::uint8_t { kNone, kNamed };

/// `queries` outlives the last Render of `metrics`.
void AddAlarmMetrics(metrics::Metrics& metrics, AlarmQueries& queries, SiteLabel label);

}  // namespace yb::api
