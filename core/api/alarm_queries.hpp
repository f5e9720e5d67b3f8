// AlarmQueries: what pages ask about alarms (报警) and what people do about them, in the shapes of
// core/contract/http-api.yaml. A box answers for its own, central for all sites; routes and JSON are the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/telemetry/alarm_tables.hpp"
#include "core/telemetry/history_record.hpp"

namespace yb::api {

/// Who judges an alarm and writes its records.
enum class AlarmOwner : std::uint8_t { kBox, kCentral };

struct AlarmView {
  base::SiteId site;
  std::string site_name;
  telemetry::AlarmRow row;
  std::optional<telemetry::PointDefinition> point;  // of the subject, or the first of the meter
  AlarmOwner owner = AlarmOwner::kBox;
  bool known = true;                 // false: the box is silent, and what it would say now is unknown
  std::vector<alarms::Act> pending;  // acted at central, and the box has not confirmed it (待盒子确认)
};

/// The order of open alarms: unacknowledged first, the most urgent first, then the oldest first.
[[nodiscard]] bool LooksFirst(const AlarmView& a, const AlarmView& b);

/// Safe to call from any thread.
class AlarmQueries {
 public:
  virtual ~AlarmQueries() = default;
  [[nodiscard]] virtual base::Result<std::vector<base::SiteId>> Sites() = 0;
  /// Of each site the newest `most`.
  [[nodiscard]] virtual base::Result<std::vector<AlarmView>> List(telemetry::AlarmFilter filter, int most) = 0;
  /// kNotFound.
  [[nodiscard]] virtual base::Result<AlarmView> Find(const base::SiteId& site, const std::string& alarm) = 0;
  /// In the order of the records; kNotFound for a site that is not there.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::AlarmEvent>> Events(const base::SiteId& site,
                                                                                const std::string& alarm) = 0;
  /// Who acts and what is done is in `act`; its time, side and command are set by the answering program. Durable when
  /// it returns. kNotFound, and the errors of alarms::Allows.
  [[nodiscard]] virtual base::Result<AlarmView> Act(const base::SiteId& site, alarms::Act act) = 0;
  [[nodiscard]] virtual base::Result<telemetry::AlarmFigures> RaisedSince(const base::SiteId& site,
                                                                          base::UtcTime since) = 0;
  /// What the rules in force hold the values of a site's points against; kNotFound for a site that is not there.
  [[nodiscard]] virtual base::Result<alarms::Limits> Limits(const base::SiteId& site) = 0;
};

/// The length of a shift (班): what the quality strip looks back.
inline constexpr base::Duration kShift = std::chrono::hours(8);

}  // namespace yb::api
