#include "core/telemetry/latest_values.hpp"

namespace yb::telemetry {

bool LatestValues::Offer(const metering::Reading& reading) {
  Latest& latest = latest_[reading.point];
  const bool first = latest.attempt.point == 0;
  const bool newer = first || reading.time > latest.attempt.time;
  if (newer) latest.attempt = reading;
  if (reading.value && (!latest.value || reading.time > latest.value->time)) {
    latest.value = reading;
    if (!newest_ || *newest_ < reading.time) newest_ = reading.time;
  }
  return newer;
}

const Latest* LatestValues::Find(metering::PointNo point) const {
  const auto found = latest_.find(point);
  return found == latest_.end() ? nullptr : &found->second;
}

bool IsGood(const Latest& latest, base::Duration limit, base::UtcTime now) {
  return latest.attempt.value.has_value() && latest.attempt.quality == metering::Quality::kGood &&
         now - latest.attempt.time <= limit;
}

}  // namespace yb::telemetry
