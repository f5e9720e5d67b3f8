#include "core/api/alarm_view.hpp"

#include <algorithm>

namespace yb::api {

AlarmView MakeAlarmView(const base::SiteId& site, const telemetry::SiteState& state, telemetry::AlarmRow row) {
  AlarmView view{site, state.name.empty() ? site.text() : state.name, std::move(row), {}, AlarmOwner::kBox, true, {}};
  const alarms::Transition& first = view.row.alarm.first;
  if (first.rules == 0) return view;
  const auto is_subject = [&](const auto& entry) {
    const metering::Point& point = entry.second.point;
    return first.point != 0 ? point.key == first.subject : point.meter == first.subject;
  };
  const auto found = std::ranges::find_if(state.points, is_subject);
  if (found != state.points.end()) view.point = found->second;
  return view;
}

bool LooksFirst(const AlarmView& a, const AlarmView& b) {
  const auto place = [](const AlarmView& view) {
    const alarms::Alarm& alarm = view.row.alarm;
    return std::tuple(alarm.acknowledged.has_value(), view.row.rule.priority, alarm.first.time, alarm.id);
  };
  return place(a) < place(b);
}

tl::unexpected<base::Error> NoAlarm(const std::string& alarm) {
  return base::Fail(base::ErrorCode::kNotFound, base::Words{"there is no alarm " + alarm, "没有报警 " + alarm});
}

}  // namespace yb::api
