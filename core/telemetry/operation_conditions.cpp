#include "core/telemetry/operation_conditions.hpp"

namespace yb::telemetry {

OperationConditions::OperationConditions(std::span<const Alarm> newest_first, base::Duration hold, std::uint64_t boot)
    : hold_(hold), boot_(boot) {
  for (const Alarm& alarm : newest_first) {
    conditions_.try_emplace({alarm.what, alarm.subject}, Condition{!alarm.cleared, std::nullopt});
  }
}

std::optional<Alarm> OperationConditions::Observe(OperationKind what, const std::string& subject, bool active,
                                                  std::string_view detail, Moment now, std::string_view detail_zh) {
  Condition& condition = conditions_[{what, subject}];
  if (!active) {
    condition.since.reset();
    if (!condition.told) return std::nullopt;
    condition.told = false;
    return Alarm{now.utc, what, true, subject, std::string(detail), boot_, std::string(detail_zh)};
  }
  if (condition.told) return std::nullopt;
  if (!condition.since) condition.since = now;
  if (now.steady - condition.since->steady < hold_) return std::nullopt;
  condition.told = true;
  return Alarm{condition.since->utc, what, false, subject, std::string(detail), boot_, std::string(detail_zh)};
}

}  // namespace yb::telemetry
