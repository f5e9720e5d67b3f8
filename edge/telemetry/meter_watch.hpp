// MeterWatch looks at every reading of the box as it comes: registers walk on from what was read before, across
// restarts and changed configurations, and clocks of meters are held against the box's. What happened besides is an
// event; a reading that fails plausibility becomes suspect.
//
// Algorithm without I/O. Owned by EdgeStore, which guards it.
#pragma once

#include <map>
#include <span>

#include "core/telemetry/history_record.hpp"

namespace yb::edge {

class MeterWatch {
 public:
  using Definitions = std::map<metering::PointNo, telemetry::PointDefinition>;

  /// How readings of `configuration.version` and later are made; versions come ascending. Where a point is made of
  /// another meter, or otherwise than before, its first reading under the new version ends one stretch of its register
  /// and begins another.
  void Configure(const telemetry::AppliedConfiguration& configuration, const Definitions& definitions);

  /// The last value of a point before this start of the box.
  void Resume(metering::Reading last);

  /// Readings of one point come in order of time. Marks those that fail plausibility as suspect.
  [[nodiscard]] telemetry::MeterEvents Take(std::span<metering::Reading> readings);

 private:
  /// What a point's values are made of.
  struct Making {
    telemetry::AppliedMeter meter;  // without its points
    telemetry::AppliedPoint point;
  };
  struct Register {
    metering::RegisterWalk walk;
    std::optional<Making> making;
    std::map<std::uint32_t, Making> coming;  // by version; taken over with the first reading under it
  };
  struct Clock {
    std::string meter;
    base::Duration limit{};
    std::optional<metering::Reading> last;
    bool off = false;
  };

  static void TakeOver(Register& watched, std::uint32_t version);
  static void TakeRegister(Register& watched, metering::Reading& reading, telemetry::MeterEvents& events);
  static void TakeClock(Clock& clock, const metering::Reading& reading, telemetry::MeterEvents& events);

  std::map<metering::PointNo, Register> registers_;
  std::map<metering::PointNo, Clock> clocks_;
};

}  // namespace yb::edge
