// LatestValues: for each point of one site the newest attempt and the last value there was. Age decides, not order of
// arrival, so that live frames and history may overtake each other.
// Values; callers guard it (base::Guarded).
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

struct Latest {
  metering::Reading attempt;               // newest, with or without a value
  std::optional<metering::Reading> value;  // newest that has one
};

class LatestValues {
 public:
  /// True if it was newer than what was known.
  bool Offer(const metering::Reading& reading);

  [[nodiscard]] const Latest* Find(metering::PointNo point) const;
  [[nodiscard]] const std::unordered_map<metering::PointNo, Latest>& all() const { return latest_; }
  /// Time of the newest value of any point.
  [[nodiscard]] std::optional<base::UtcTime> newest() const { return newest_; }

 private:
  std::unordered_map<metering::PointNo, Latest> latest_;
  std::optional<base::UtcTime> newest_;
};

/// Whether a point's state is known and good at `now`: its newest attempt brought a good value, no older than `limit`.
[[nodiscard]] bool IsGood(const Latest& latest, base::Duration limit, base::UtcTime now);

}  // namespace yb::telemetry
