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

 private:
  base::Guarded<SiteStates>& states_;
  base::Guarded<std::unique_ptr<CentralStore>> store_;
};

}  // namespace yb::central
