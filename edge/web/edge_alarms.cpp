#include "edge/web/edge_alarms.hpp"

#include "core/api/alarm_view.hpp"

namespace yb::edge {

using api::AlarmView;

EdgeAlarms::EdgeAlarms(base::SiteId site, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log, AlarmDesk& desk)
    : site_(std::move(site)), store_(store), log_(std::move(log)), desk_(desk) {}

base::Status EdgeAlarms::CheckSite(const base::SiteId& site) const {
  if (site == site_) return {};
  return base::Fail(base::ErrorCode::kNotFound, base::Words{"this box is site " + site_.text() + ", not " + site.text(),
                                                            "本机是站点 " + site_.text() + "，不是 " + site.text()});
}

AlarmView EdgeAlarms::View(telemetry::AlarmRow row) const {
  return store_.state().With(
      [&](const telemetry::SiteState& state) { return api::MakeAlarmView(site_, state, std::move(row)); });
}

base::Result<std::vector<base::SiteId>> EdgeAlarms::Sites() {
  return std::vector<base::SiteId>{site_};
}

base::Result<std::vector<AlarmView>> EdgeAlarms::List(telemetry::AlarmFilter filter, int most) {
  YB_ASSIGN(std::vector<telemetry::AlarmRow> rows, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return log->alarms().List(store_.site_no(), filter, most);
  }));
  std::vector<AlarmView> views;
  for (telemetry::AlarmRow& row : rows) views.push_back(View(std::move(row)));
  return views;
}

base::Result<AlarmView> EdgeAlarms::Find(const base::SiteId& site, const std::string& alarm) {
  YB_TRY(CheckSite(site));
  YB_ASSIGN(auto row, log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return log->alarms().Find(store_.site_no(), alarm);
  }));
  if (!row) return api::NoAlarm(alarm);
  return View(std::move(*row));
}

base::Result<std::vector<telemetry::AlarmEvent>> EdgeAlarms::Events(const base::SiteId& site,
                                                                    const std::string& alarm) {
  YB_TRY(CheckSite(site));
  return log_.With([&](std::unique_ptr<telemetry::RecordLog>& log) {
    return log->alarms().Events(store_.site_no(), alarm, api::kMostAlarmEvents);
  });
}

base::Result<AlarmView> EdgeAlarms::Act(const base::SiteId& site, alarms::Act act) {
  YB_TRY(CheckSite(site));
  YB_ASSIGN(telemetry::AlarmRow row, desk_.Act(std::move(act)));
  return View(std::move(row));
}

base::Result<telemetry::AlarmFigures> EdgeAlarms::RaisedSince(const base::SiteId& site, base::UtcTime since) {
  YB_TRY(CheckSite(site));
  return log_.With(
      [&](std::unique_ptr<telemetry::RecordLog>& log) { return log->alarms().RaisedSince(store_.site_no(), since); });
}

base::Result<alarms::Limits> EdgeAlarms::Limits(const base::SiteId& site) {
  YB_TRY(CheckSite(site));
  return desk_.Limits();
}

}  // namespace yb::edge
