// OperationConditions turns what is observed of a box (a line without connection, a clock that cannot be right) into
// alarms: one when a condition has lasted for the hold time, one when it ends.
//
// Used on one thread.
#pragma once

#include <map>
#include <optional>
#include <span>

#include "core/telemetry/alarm_record.hpp"

namespace yb::telemetry {

class OperationConditions {
 public:
  /// `newest_first` are the alarms told so far, by earlier starts too: what they left open is ended when it ends.
  OperationConditions(std::span<const Alarm> newest_first, base::Duration hold, std::uint64_t boot);

  struct Moment {
    base::UtcTime utc{};
    base::Monotonic steady{};
  };
  /// The alarm to tell, if any. Its time is that of the first observation of its state.
  [[nodiscard]] std::optional<Alarm> Observe(OperationKind what, const std::string& subject, bool active,
                                             std::string_view detail, Moment now, std::string_view detail_zh = {});

 private:
  struct Condition {
    bool told = false;
    std::optional<Moment> since;  // observed and not yet told
  };

  const base::Duration hold_;
  const std::uint64_t boot_;
  std::map<std::pair<OperationKind, std::string>, Condition> conditions_;
};

}  // namespace yb::telemetry
