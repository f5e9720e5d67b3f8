// EdgeAlarms answers pages about the alarms of the box's own site, and hands acts to its desk.
#pragma once

#include "core/api/alarm_queries.hpp"
#include "edge/alarms/alarm_desk.hpp"

namespace yb::edge {

class EdgeAlarms final : public api::AlarmQueries {
 public:
  /// `log` is a connection of this object's own, for reading. The references outlive this.
  EdgeAlarms(base::SiteId site, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log, AlarmDesk& desk);

  [[nodiscard]] base::Result<std::vector<base::SiteId>> Sites() override;
  [[nodiscard]] base::Result<std::vector<api::AlarmView>> List(telemetry::AlarmFilter filter, int most) override;
  [[nodiscard]] base::Result<api::AlarmView> Find(const base::SiteId& site, const std::string& alarm) override;
  [[nodiscard]] base::Result<std::vector<telemetry::AlarmEvent>> Events(const base::SiteId& site,
                                                                        const std::string& alarm) override;
  [[nodiscard]] base::Result<api::AlarmView> Act(const base::SiteId& site, alarms::Act act) override;
  [[nodiscard]] base::Result<telemetry::AlarmFigures> RaisedSince(const base::SiteId& site,
                                                                  base::UtcTime since) override;
  [[nodiscard]] base::Result<alarms::Limits> Limits(const base::SiteId& site) override;

 private:
  [[nodiscard]] base::Status CheckSite(const base::SiteId& site) const;
  [[nodiscard]] api::AlarmView View(telemetry::AlarmRow row) const;

  const base::SiteId site_;
  EdgeStore& store_;
  base::Guarded<std::unique_ptr<telemetry::RecordLog>> log_;
  AlarmDesk& desk_;
};

}  // namespace yb::edge
