// A box's outbox as a long outage leaves it: a record for each group commit of 1,000 points read every 15 seconds.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::bench {

constexpr std::uint32_t kOutboxPoints = 1000;
constexpr std::int64_t kOutboxIntervalSeconds = 15;

/// Behind what the box has written itself, days from `first_day` on; the lane's head afterwards.
telemetry::EpochHead FillOutbox(telemetry::RecordLog& log, const base::SiteId& site, std::int64_t days,
                                std::int64_t first_day = 0);
[[nodiscard]] constexpr std::size_t ReadingsIn(std::int64_t days) {
  return static_cast<std::size_t>(days * 86'400 / kOutboxIntervalSeconds * kOutboxPoints);
}

}  // namespace yb::bench
