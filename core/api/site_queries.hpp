// SiteQueries: what pages ask about sites, in the shapes of core/contract/http-api.yaml. A box answers for its own
// site, central for all; the routes and the JSON are the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/telemetry/history_query.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::api {

struct SiteSummary {
  base::SiteId site;
  std::string name;
  telemetry::Link link = telemetry::Link::kNever;
  std::optional<base::UtcTime> link_since;
  std::optional<base::UtcTime> data_time;
  std::size_t meters = 0;
  std::size_t points = 0;
  std::size_t points_good = 0;
  std::vector<telemetry::LaneProgress> lanes;
};

struct PointLatest {
  telemetry::PointDefinition definition;
  std::optional<telemetry::Latest> latest;
};

struct MeterSummary {
  std::string meter;
  std::string name;
  metering::Utility utility = metering::Utility::kOther;
  std::string line;
  std::vector<PointLatest> points;  // by point number
};

struct SiteMeters {
  base::SiteId site;
  std::string name;
  std::vector<MeterSummary> meters;  // in the order their first points were defined
};

struct PointSeries {
  telemetry::PointDefinition definition;
  telemetry::History history;
};

/// Safe to call from any thread.
class SiteQueries {
 public:
  virtual ~SiteQueries() = default;
  /// In the order of their ids.
  [[nodiscard]] virtual std::vector<SiteSummary> Sites(base::UtcTime now) = 0;
  /// kNotFound for a site that is not there, or not this box's.
  [[nodiscard]] virtual base::Result<SiteMeters> Meters(const base::SiteId& site) = 0;
  [[nodiscard]] virtual base::Result<PointSeries> Readings(const base::SiteId& site, metering::PointNo point,
                                                           const telemetry::HistoryRequest& request) = 0;
};

[[nodiscard]] SiteSummary Summarize(const base::SiteId& site, const telemetry::SiteState& state, base::UtcTime now);
[[nodiscard]] SiteMeters ListMeters(const base::SiteId& site, const telemetry::SiteState& state);
/// kNotFound names site and point.
[[nodiscard]] base::Result<telemetry::PointDefinition> FindPoint(const telemetry::SiteState& state,
                                                                 const base::SiteId& site, metering::PointNo point);

}  // namespace yb::api
