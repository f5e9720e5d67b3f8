// CentralQueries answers pages for all sites, from the states ingest keeps and a reading connection of its own.
#pragma once

#include <memory>

#include "central/ingest/ingest.hpp"
#include "core/api/hour_states.hpp"
#include "core/api/site_queries.hpp"
#include "core/api/why_chain.hpp"

namespace yb::central {

class CentralQueries final : public api::SiteQueries {
 public:
  /// `store` is a connection of this object's own.
  /// `resend_left`: records of a lane that its box is being asked for again.
  using ResendLeft = std::function<std::uint64_t(const base::SiteId& site, sync::Lane lane)>;

  CentralQueries(base::Guarded<SiteStates>& states, std::unique_ptr<CentralStore> store, ResendLeft resend_left);

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
  /// What the box last reported as applied; nullopt where it has not reported yet. kNotFound for an unknown site.
  [[nodiscard]] base::Result<std::optional<telemetry::AppliedConfiguration>> Configuration(const base::SiteId& site);

  /// What central knows of a point; `central` comes with what is known of the broker.
  [[nodiscard]] base::Result<api::WhyFacts> Why(const base::SiteId& site, metering::PointNo point,
                                                api::CentralFacts central, base::UtcTime now) const;

 private:
  [[nodiscard]] base::Result<telemetry::PointDefinition> Define(const base::SiteId& site,
                                                                metering::PointNo point) const;

  base::Guarded<SiteStates>& states_;
  base::Guarded<std::unique_ptr<CentralStore>> store_;
  const ResendLeft resend_left_;
};

}  // namespace yb::central
