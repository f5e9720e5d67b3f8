#include "edge/field_setup.hpp"

#include "core/base/log.hpp"

namespace yb::edge {
namespace {

const base::Logger kLog("field");

/// A value older than this many polls, or this long, is unknown.
constexpr int kLimitPolls = 3;
constexpr base::Duration kLeastLimit = std::chrono::seconds(30);

std::vector<telemetry::PointDefinition> Definitions(const field::FieldConfig& config) {
  std::vector<telemetry::PointDefinition> definitions;
  for (const field::LineConfig& line : config.lines) {
    for (const field::MeterConfig& meter : line.meters) {
      for (const metering::Point& point : meter.points) {
        definitions.push_back({point, std::max<base::Duration>(meter.interval * kLimitPolls, kLeastLimit), false});
      }
    }
  }
  return definitions;
}

}  // namespace

base::Result<field::LineChanges> FieldSetup::Apply(const field::FieldConfig& config) {
  YB_ASSIGN(const auto numbers, store_.DefinePoints(Definitions(config)));
  return side_.Apply(config, numbers);
}

base::Result<field::LineChanges> FieldSetup::Reload() {
  const std::scoped_lock lock(reloading_);
  const auto apply = [&]() -> base::Result<field::LineChanges> {
    YB_ASSIGN(const field::FieldConfig config, field::LoadFieldConfig(files_.config, files_.profiles));
    return Apply(config);
  };
  base::Result<field::LineChanges> changes = apply();
  counters_.files_are_in_force = changes.has_value();
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
