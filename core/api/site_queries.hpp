// SiteQueries: what pages ask about sites, in the shapes of core/contract/http-api.yaml. A box answers for its own
// site, central for all; the routes and the JSON are the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/domain/metering/consumption.hpp"
#include "core/telemetry/completeness_log.hpp"
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
  struct Utility {
    metering::Utility utility = metering::Utility::kOther;
    std::size_t points = 0;
    std::size_t points_good = 0;
  };
  std::vector<Utility> utilities = {};  // those that the site has points of, by their number
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

struct PointEvents {
  telemetry::PointDefinition definition;
  telemetry::MeterEvents events;  // of the point, and of its meter as a whole; ascending
};

struct PointConsumption {
  telemetry::PointDefinition definition;
  metering::Consumption consumption;
};

/// How complete a lane is.
struct LaneSync {
  telemetry::LaneProgress progress;
  std::vector<sync::EpochRange> epochs;  // ascending; at central 1…committed of each
  std::vector<telemetry::MissingRange> missing;
  std::vector<telemetry::Damage> damage;
  std::vector<telemetry::Tombstone> tombstones;  // newest first
  telemetry::HourCount hours;
  bool recovering = false;        // a box only
  std::uint64_t resend_left = 0;  // records that the box is being asked for again; central only
};

struct SiteSync {
  base::SiteId site;
  std::string name;
  telemetry::Link link = telemetry::Link::kNever;
  std::vector<LaneSync> lanes;
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
  /// All readings of a short range, ascending.
  [[nodiscard]] virtual base::Result<std::vector<metering::Reading>> RawReadings(const base::SiteId& site,
                                                                                 metering::PointNo point,
                                                                                 base::UtcTime from,
                                                                                 base::UtcTime to) = 0;
  /// Newest first.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::Alarm>> Alarms(const base::SiteId& site, int most) = 0;
  [[nodiscard]] virtual base::Result<PointEvents> Events(const base::SiteId& site, metering::PointNo point,
                                                         base::UtcTime from, base::UtcTime to) = 0;
  /// kInvalidArgument for a gauge.
  [[nodiscard]] virtual base::Result<PointConsumption> Consumption(const base::SiteId& site, metering::PointNo point,
                                                                   base::UtcTime from, base::UtcTime to) = 0;
  [[nodiscard]] virtual base::Result<std::vector<SiteSync>> Sync() = 0;
};

[[nodiscard]] SiteSummary Summarize(const base::SiteId& site, const telemetry::SiteState& state, base::UtcTime now);
[[nodiscard]] SiteMeters ListMeters(const base::SiteId& site, const telemetry::SiteState& state);
/// From the events of its meter.
[[nodiscard]] PointEvents SelectEvents(telemetry::PointDefinition definition, telemetry::MeterEvents of_meter);
[[nodiscard]] base::Result<PointConsumption> Consume(telemetry::PointDefinition definition,
                                                     std::vector<metering::Reading> readings,
                                                     const telemetry::MeterEvents& of_meter);
/// kNotFound names site and point.
[[nodiscard]] base::Result<telemetry::PointDefinition> FindPoint(const telemetry::SiteState& state,
                                                                 const base::SiteId& site, metering::PointNo point);

}  // namespace yb::api
