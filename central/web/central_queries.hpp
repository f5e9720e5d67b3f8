// CentralQueries answers pages for all sites, from the states ingest keeps and a reading connection of its own.
#pragma once

#include <memory>

#include "central/ingest/ingest.hpp"
#include "core/api/site_queries.hpp"

namespace yb::central {

class CentralQueries final : public api::SiteQueries {
 public:
  /// `store` is a connection of this object's own.
  CentralQueries(base::Guarded<SiteStates>& states, std::unique_ptr<CentralStore> store);

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

 private:
  [[nodiscard]] base::Result<telemetry::PointDefinition> Define(const base::SiteId& site,
                                                                metering::PointNo point) const;

  base::Guarded<SiteStates>& states_;
  base::Guarded<std::unique_ptr<CentralStore>> store_;
};

}  // namespace yb::central
