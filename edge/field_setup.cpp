#include "edge/field_setup.hpp"

#include <string_view>

#include "core/base/log.hpp"
#include "core/config/fault_words.hpp"
#include "edge/alarms/alarm_rules_file.hpp"

namespace yb::edge {
namespace {

const base::Logger kLog("field");

/// A value older than this many polls, or this long, is unknown.
constexpr int kLimitPolls = 3;
constexpr base::Duration kLeastLimit = std::chrono::seconds(30);

/// A meter's clock minus the box's, in seconds; see docs/metering.md.
constexpr std::string_view kClockOffset = "clock_offset";

std::vector<telemetry::PointDefinition> Definitions(const field::FieldConfig& config) {
  std::vector<telemetry::PointDefinition> definitions;
  for (const field::LineConfig& line : config.lines) {
    for (const field::MeterConfig& meter : line.meters) {
      for (std::size_t i = 0; i < meter.points.size(); ++i) {
        const metering::Point& point = meter.points[i];
        definitions.push_back({point, std::max<base::Duration>(meter.interval * kLimitPolls, kLeastLimit), false,
                               meter.rules[i], point.quantity == kClockOffset ? meter.clock_limit : base::Duration(0),
                               meter.interval});
      }
    }
  }
  return definitions;
}

telemetry::AppliedMeter Applied(const field::FieldConfig& config, const field::LineConfig& line,
                                const field::MeterConfig& meter, const field::FieldSide::PointNumbers& numbers) {
  telemetry::AppliedMeter applied{meter.key,      line.key,
                                  meter.protocol, meter.settings.address,
                                  meter.profile,  config.profile_digests.at(meter.profile),
                                  meter.ct,       meter.pt,
                                  meter.interval, {}};
  for (std::size_t i = 0; i < meter.points.size(); ++i) {
    const field::PointRule& rule = meter.settings.points[i];
    std::string source = rule.source;
    for (const std::string& part : {rule.encoding, rule.order}) source += part.empty() ? "" : " " + part;
    applied.points.push_back(
        {numbers.at(meter.points[i].key), std::move(source), rule.factor, rule.unit, meter.rules[i]});
  }
  return applied;
}

std::vector<alarms::WatchedPoint> Watched(const field::FieldConfig& config,
                                          const field::FieldSide::PointNumbers& numbers) {
  std::vector<alarms::WatchedPoint> watched;
  for (const field::LineConfig& line : config.lines) {
    for (const field::MeterConfig& meter : line.meters) {
      for (const metering::Point& point : meter.points) {
        watched.push_back({point, std::max<base::Duration>(meter.interval * kLimitPolls, kLeastLimit),
                           meter.pt == base::Decimal(1, 0)});
        watched.back().point.no = numbers.at(point.key);
      }
    }
  }
  return watched;
}

}  // namespace

base::Result<FieldFiles> LoadFieldFiles(const EdgeConfig::Field& files) {
  FieldFiles loaded;
  YB_ASSIGN(loaded.config, field::LoadFieldConfig(files.config, files.profiles));
  if (files.alarms.empty()) return loaded;
  YB_ASSIGN(loaded.rules, LoadAlarmRules(files.alarms));
  return loaded;
}

base::Result<field::LineChanges> FieldSetup::Apply(const FieldFiles& files) {
  const field::FieldConfig& config = files.config;
  YB_ASSIGN(const auto numbers, store_.DefinePoints(Definitions(config)));
  std::vector<telemetry::AppliedMeter> meters;
  for (const field::LineConfig& line : config.lines) {
    for (const field::MeterConfig& meter : line.meters) meters.push_back(Applied(config, line, meter, numbers));
  }
  YB_ASSIGN(const std::uint32_t version, store_.ApplyConfiguration(std::move(meters)));
  YB_TRY(alarms_.ApplyRules(files.rules, Watched(config, numbers)));
  return side_.Apply(config, numbers, version);
}

base::Result<field::LineChanges> FieldSetup::Reload() {
  const std::scoped_lock lock(reloading_);
  const auto apply = [&]() -> base::Result<field::LineChanges> {
    YB_ASSIGN(const FieldFiles files, LoadFieldFiles(files_));
    return Apply(files);
  };
  base::Result<field::LineChanges> changes = apply();
  counters_.files_are_in_force = changes.has_value();
  refusal_.With([&](std::optional<base::Words>& refusal) {
    refusal.reset();
    if (!changes) refusal = config::Described(changes.error());
  });
  if (changes) {
    ++counters_.applied;
    kLog.Info("configuration_applied", {{"kept", changes->kept},
                                        {"started", changes->started},
                                        {"restarted", changes->restarted},
                                        {"stopped", changes->stopped}});
  } else {
    ++counters_.refused;
  }
  return changes;
}

}  // namespace yb::edge
