#include "core/api/alarm_metrics.hpp"

#include <map>
#include <tuple>

#include "core/base/log.hpp"

namespace yb::api {
namespace {

constexpr int kMostOpen = 2000;  // of one site

const base::Logger kLog("alarms");

/// "shelved", "acknowledged" or "unacknowledged": the one that says who has to act.
std::string StateOf(const alarms::Alarm& alarm) {
  return alarm.shelved ? "shelved" : alarm.acknowledged ? "acknowledged" : "unacknowledged";
}

metrics::Labels LabelsOf(const base::SiteId& site, SiteLabel label) {
  return label == SiteLabel::kNamed ? metrics::Labels{{"site", site.text()}} : metrics::Labels{};
}

base::Status Refresh(metrics::Metrics& metrics, AlarmQueries& queries, SiteLabel label) {
  YB_ASSIGN(const std::vector<base::SiteId> sites, queries.Sites());
  YB_ASSIGN(const std::vector<AlarmView> open, queries.List(telemetry::AlarmFilter::kOpen, kMostOpen));
  std::map<std::tuple<base::SiteId, alarms::Priority, std::string>, int> counts;
  std::map<base::SiteId, int> chattering;
  for (const AlarmView& view : open) {
    ++counts[{view.site, view.row.rule.priority, StateOf(view.row.alarm)}];
    chattering[view.site] += view.row.alarm.chattering ? 1 : 0;
  }
  for (const base::SiteId& site : sites) {
    const metrics::Labels of_site = LabelsOf(site, label);
    for (const auto priority : {alarms::Priority::kUrgent, alarms::Priority::kImportant, alarms::Priority::kGeneral}) {
      for (const char* state : {"unacknowledged", "acknowledged", "shelved"}) {
        metrics::Labels labels = of_site;
        labels["priority"] = alarms::ToString(priority);
        labels["state"] = state;
        metrics.AddGauge("yb_alarms_open", "Alarms that are not closed, by priority and state", labels)
            .Set(counts[{site, priority, state}]);
      }
    }
    metrics.AddGauge("yb_alarms_chattering", "Open alarms that changed three times within a minute", of_site)
        .Set(chattering[site]);
    YB_ASSIGN(const telemetry::AlarmFigures ever, queries.RaisedSince(site, base::UtcTime{}));
    metrics.AddCounter("yb_alarms_raised_total", "Times that an alarm was raised", of_site)
        .RaiseTo(static_cast<double>(ever.raised));
  }
  return {};
}

}  // namespace

void AddAlarmMetrics(metrics::Metrics& metrics, AlarmQueries& queries, SiteLabel label) {
  metrics.OnCollect([&metrics, &queries, label] {
    const base::Status refreshed = Refresh(metrics, queries, label);
    if (!refreshed) kLog.Warn("alarms are not counted", {{"why", refreshed.error().Describe()}});
  });
}

}  // namespace yb::api
