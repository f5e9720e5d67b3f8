// What Prometheus is told of alarms, line by line of its text format.
#include "core/api/alarm_metrics.hpp"

#include <gtest/gtest.h>

#include "tests/support/no_alarms.hpp"

namespace yb::api {
namespace {

using alarms::Priority;

const base::SiteId kLvye = *base::SiteId::Parse("lvye-01");
const base::SiteId kQuiet = *base::SiteId::Parse("jiuyuan-01");

class SomeAlarms final : public test::NoAlarms {
 public:
  base::Result<std::vector<base::SiteId>> Sites() override { return std::vector{kLvye, kQuiet}; }
  base::Result<std::vector<AlarmView>> List(telemetry::AlarmFilter filter, int) override {
    EXPECT_EQ(filter, telemetry::AlarmFilter::kOpen);
    return open;
  }
  base::Result<telemetry::AlarmFigures> RaisedSince(const base::SiteId& site, base::UtcTime since) override {
    EXPECT_EQ(since.micros, 0);
    return telemetry::AlarmFigures{site == kLvye ? raised : 0, 0};
  }
  AlarmView& Open(Priority priority) {
    AlarmView& view = open.emplace_back();
    view.site = kLvye;
    view.row.rule.priority = priority;
    return view;
  }
  std::vector<AlarmView> open;
  std::int64_t raised = 0;
};

bool Has(metrics::Metrics& metrics, const std::string& line) {
  const std::string text = metrics.Render();
  return text.find("\n" + line + "\n") != std::string::npos;
}

TEST(AlarmMetrics, CountOpenAlarmsByPriorityAndWhoHasToAct) {
  SomeAlarms alarms;
  alarms.Open(Priority::kUrgent);
  alarms.Open(Priority::kUrgent).row.alarm.acknowledged = alarms::Act{};
  AlarmView& shelved = alarms.Open(Priority::kGeneral);
  shelved.row.alarm.acknowledged = alarms::Act{};
  shelved.row.alarm.shelved = alarms::Act{};
  shelved.row.alarm.chattering = true;
  alarms.raised = 12;
  metrics::Metrics metrics;
  AddAlarmMetrics(metrics, alarms, SiteLabel::kNamed);
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P1",site="lvye-01",state="unacknowledged"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P1",site="lvye-01",state="acknowledged"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P3",site="lvye-01",state="shelved"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P2",site="lvye-01",state="unacknowledged"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P1",site="jiuyuan-01",state="unacknowledged"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_chattering{site="lvye-01"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_raised_total{site="lvye-01"} 12)"));

  alarms.open.clear();
  alarms.raised = 13;
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P1",site="lvye-01",state="unacknowledged"} 0)"))
      << "what is closed is not shown for ever";
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_chattering{site="lvye-01"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_raised_total{site="lvye-01"} 13)"));
}

TEST(AlarmMetrics, OfABoxNameNoSite) {
  SomeAlarms alarms;
  metrics::Metrics metrics;
  AddAlarmMetrics(metrics, alarms, SiteLabel::kNone);
  EXPECT_TRUE(Has(metrics, R"(yb_alarms_open{priority="P1",state="unacknowledged"} 0)"));
}

}  // namespace
}  // namespace yb::api
