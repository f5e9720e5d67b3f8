// NoAlarms: AlarmQueries of a program that has none, for tests of other routes and as a base of fakes.
#pragma once

#include "core/api/alarm_queries.hpp"

namespace yb::test {

class NoAlarms : public api::AlarmQueries {
 public:
  base::Result<std::vector<base::SiteId>> Sites() override { return std::vector<base::SiteId>{}; }
  base::Result<std::vector<api::AlarmView>> List(telemetry::AlarmFilter, int) override {
    return std::vector<api::AlarmView>{};
  }
  base::Result<api::AlarmView> Find(const base::SiteId&, const std::string&) override {
    return base::Fail(base::ErrorCode::kNotFound, "none");
  }
  base::Result<std::vector<telemetry::AlarmEvent>> Events(const base::SiteId&, const std::string&) override {
    return std::vector<telemetry::AlarmEvent>{};
  }
  base::Result<api::AlarmView> Act(const base::SiteId&, alarms::Act) override {
    return base::Fail(base::ErrorCode::kNotFound, "none");
  }
  base::Result<telemetry::AlarmFigures> RaisedSince(const base::SiteId&, base::UtcTime) override {
    return telemetry::AlarmFigures{};
  }
  base::Result<alarms::Limits> Limits(const base::SiteId&) override { return alarms::Limits{}; }
};

}  // namespace yb::test
