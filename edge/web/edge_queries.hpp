// EdgeQueries answers pages for the box's own site, with or without central.
#pragma once

#include <functional>
#include <memory>

#include "core/api/hour_states.hpp"
#include "core/api/site_queries.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

class EdgeQueries final : public api::SiteQueries {
 public:
  /// Whether central answers, and since when.
  struct CentralLink {
    telemetry::Link link = telemetry::Link::kNever;
    std::optional<base::UtcTime> since;
  };

  /// `log` is a connection of this object's own, for reading. `link` may be called from any thread.
  EdgeQueries(base::SiteId site, EdgeStore& store, std::unique_ptr<telemetry::RecordLog> log,
              std::function<CentralLink()> link);

  [[nodiscard]] std::vector<api::SiteSummary> Sites(base::UtcTime now) override;
  [[nodiscard]] base::Result<api::SiteMeters> Meters(const base::SiteId& site) override;
  [[nodiscard]] base::Result<api::PointSeries> Readings(const base::SiteId& site, metering::PointNo point,
                                                        const telemetry::HistoryRequest& request) override;
  [[nodiscard]] base::Result<std::vector<metering::Reading>> RawReadings(const base::SiteId& site,
                                                                         metering::PointNo point, base::UtcTime from,
                                                                         base::UtcTime to) override;
  [[nodiscard]] base::Result<std::vector<telemetry::Alarm>> Alarms(const base::SiteId& site, int most) override;
  [[nodiscard]] base::Result<api::PointEvents> Events(const base::SiteId& site, metering::PointNo point,
                                                      base::UtcTime from, base::UtcTime to) override;
  [[nodiscard]] base::Result<api::PointConsumption> Consumption(const base::SiteId& site, metering::PointNo point,
                                                                base::UtcTime from, base::UtcTime to) override;
  [[nodiscard]] base::Result<std::vector<api::SiteSync>> Sync() override;
  [[nodiscard]] base::Result<api::LaneHours> Hours(const base::SiteId& site, sync::Lane lane, base::UtcTime from,
                                                   base::UtcTime to);

 private:
  [[nodiscard]] base::Status CheckSite(const base::SiteId& site) const;
  [[nodiscard]] base::Result<telemetry::PointDefinition> Define(const base::SiteId& site,
                                                                metering::PointNo point) const;

  const base::SiteId site_;
  EdgeStore& store_;
  base::Guarded<std::unique_ptr<telemetry::RecordLog>> log_;
  std::function<CentralLink()> link_;
};

}  // namespace yb::edge
