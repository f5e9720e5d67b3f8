// What a site has used today, from answers that are given by hand. It is 14:08 of 2026-03-02 in the park.
#include "core/api/day_use.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::api {
namespace {

using base::Decimal;
using base::UtcTime;
using metering::Quality;
using metering::Reading;
using metering::Utility;

constexpr UtcTime kNow{1'772'431'680'000'000};       // 2026-03-02T06:08:00Z
constexpr UtcTime kMidnight{1'772'380'800'000'000};  // 2026-03-01T16:00:00Z

struct Register {
  Utility utility = Utility::kPower;
  const char* quantity = "fwd_active_energy";
  const char* unit = "kWh";
  const char* midnight = nullptr;  // reading a minute after it; null: none
  const char* latest = nullptr;
  base::Duration age = std::chrono::seconds(6);
  const char* walked = nullptr;  // what a walk along its events says; null: it has no events
};

class Answers final : public SiteQueries {
 public:
  explicit Answers(std::vector<Register> registers) : registers_(std::move(registers)) {}

  std::vector<SiteSummary> Sites(UtcTime) override {
    SiteSummary site;
    site.site = *base::SiteId::Parse("lvye-01");
    return {site};
  }
  base::Result<SiteMeters> Meters(const base::SiteId& site) override {
    SiteMeters meters{site, "", {}};
    for (metering::PointNo no = 1; no <= registers_.size(); ++no) {
      const Register& of = registers_[no - 1];
      MeterSummary meter{"m" + std::to_string(no), "", of.utility, "", {}};
      PointLatest point{Define(no), std::nullopt};
      if (of.latest != nullptr) {
        const Reading reading{no, kNow - of.age, *Decimal::Parse(of.latest), Quality::kGood};
        point.latest = telemetry::Latest{reading, reading};
      }
      meter.points.push_back(std::move(point));
      meters.meters.push_back(std::move(meter));
    }
    return meters;
  }
  base::Result<PointSeries> Readings(const base::SiteId&, metering::PointNo point,
                                     const telemetry::HistoryRequest&) override {
    return PointSeries{Define(point), {}};
  }
  base::Result<std::vector<Reading>> RawReadings(const base::SiteId&, metering::PointNo point, UtcTime from,
                                                 UtcTime) override {
    EXPECT_EQ(from, kMidnight);
    const char* first = registers_[point - 1].midnight;
    if (first == nullptr) return std::vector<Reading>{};
    return std::vector<Reading>{{point, from + std::chrono::seconds(1), std::nullopt, Quality::kUnreachable},
                                {point, from + std::chrono::minutes(1), *Decimal::Parse(first), Quality::kGood}};
  }
  base::Result<std::vector<telemetry::Alarm>> Alarms(const base::SiteId&, int) override {
    return std::vector<telemetry::Alarm>{};
  }
  base::Result<PointEvents> Events(const base::SiteId&, metering::PointNo point, UtcTime, UtcTime) override {
    PointEvents events{Define(point), {}};
    metering::MeterEvent event;
    event.kind = metering::MeterEventKind::kGap;  // leaves the register as it is
    events.events.push_back(event);
    event.kind = metering::MeterEventKind::kReplacement;
    if (registers_[point - 1].walked != nullptr) events.events.push_back(event);
    return events;
  }
  base::Result<PointConsumption> Consumption(const base::SiteId&, metering::PointNo point, UtcTime, UtcTime) override {
    PointConsumption consumption{Define(point), {}};
    consumption.consumption.consumption = *Decimal::Parse(registers_[point - 1].walked);
    return consumption;
  }
  base::Result<std::vector<SiteSync>> Sync() override { return std::vector<SiteSync>{}; }

 private:
  [[nodiscard]] telemetry::PointDefinition Define(metering::PointNo no) const {
    const Register& of = registers_[no - 1];
    telemetry::PointDefinition definition;
    definition.point.no = no;
    definition.point.quantity = of.quantity;
    definition.point.unit = of.unit;
    definition.point.kind = metering::PointKind::kRegister;
    definition.limit = std::chrono::seconds(45);
    return definition;
  }
  std::vector<Register> registers_;
};

/// "power 3.65 kWh 2/2; ".
std::string UseOf(std::vector<Register> registers) {
  Answers answers(std::move(registers));
  const test::ManualClock clock(kNow);
  const DayUse use(answers, clock, std::chrono::hours(1));
  const auto site = *base::SiteId::Parse("lvye-01");
  EXPECT_TRUE(test::WaitUntil([&] { return !use.Of(site).empty(); }));
  std::string said;
  for (const UseOfDay& one : use.Of(site)) {
    said += std::string(metering::ToString(one.utility)) + " " + (one.value ? one.value->ToString() : "null") + " " +
            one.unit + " " + std::to_string(one.complete) + "/" + std::to_string(one.registers) + "; ";
  }
  return said;
}

const Register kFeeder{.midnight = "100.10", .latest = "101.25"};

TEST(DayUse, IsTheExactSumOfAllRegistersOfAUtility) {
  EXPECT_EQ(UseOf({kFeeder, {.midnight = "5", .latest = "7.5"}}), "power 3.65 kWh 2/2; ");
  EXPECT_EQ(UseOf({kFeeder,
                   {.utility = Utility::kWater,
                    .quantity = "current_volume",
                    .unit = "m3",
                    .midnight = "12.000",
                    .latest = "12.034"},
                   {.quantity = "rev_active_energy", .midnight = "1", .latest = "9"}}),
            "power 1.15 kWh 1/1; water 0.034 m3 1/1; ");
}

TEST(DayUse, IsNotGivenWhileARegisterIsMissingAndSaysHowManyAreThere) {
  const Register missing[] = {
      {.midnight = nullptr, .latest = "7.5"},
      {.midnight = "5", .latest = nullptr},
      {.midnight = "5", .latest = "7.5", .age = std::chrono::seconds(46)},
      {.unit = "MWh", .midnight = "5", .latest = "7.5"},
      {.midnight = "7.5", .latest = "5"},  // fell, and nothing says why
  };
  for (const Register& one : missing) {
    EXPECT_EQ(UseOf({kFeeder, one}), "power null kWh 1/2; ");
    EXPECT_EQ(UseOf({one, kFeeder}), "power null kWh 1/2; ");
  }
}

TEST(DayUse, WalksAlongARegisterThatSomethingElseHasMoved) {
  EXPECT_EQ(UseOf({kFeeder, {.midnight = "9000", .latest = "0.40", .walked = "2.00"}}), "power 3.15 kWh 2/2; ");
}

TEST(DayUse, BeginsAtMidnightOfThePark) {
  EXPECT_EQ(MidnightOf(kNow), kMidnight);
  EXPECT_EQ(MidnightOf(kMidnight), kMidnight);
  EXPECT_EQ(MidnightOf({kMidnight.micros - 1}), kMidnight - std::chrono::hours(24));
}

}  // namespace
}  // namespace yb::api
