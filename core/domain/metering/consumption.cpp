#include "core/domain/metering/consumption.hpp"

#include <algorithm>
#include <map>

namespace yb::metering {
namespace {

bool IsBreak(MeterEventKind kind) {
  return kind == MeterEventKind::kReplacement || kind == MeterEventKind::kConfigurationChanged;
}

base::Status Add(const RegisterStep& step, const Reading& reading, Consumption& sum) {
  YB_ASSIGN(sum.consumption, sum.consumption.Plus(step.consumption));
  YB_ASSIGN(sum.explained, sum.explained.Plus(step.explained));
  sum.last = reading;
  if (step.explained != base::Decimal(0, 0)) sum.steps.push_back(step);
  return {};
}

}  // namespace

base::Status ForEachStep(const RegisterRules& rules, std::span<const Reading> readings,
                         std::span<const MeterEvent> events,
                         const std::function<base::Status(const RegisterStep&, const Reading&)>& use) {
  std::map<std::pair<PointNo, base::UtcTime>, MeterEventKind> breaks;
  for (const MeterEvent& event : events) {
    if (IsBreak(event.kind)) breaks[{event.point, event.time}] = event.kind;
  }
  RegisterWalk walk("", 0, rules);
  for (const Reading& reading : readings) {
    if (!reading.value) continue;
    const auto found = breaks.find({reading.point, reading.time});
    if (found != breaks.end() && walk.last_time()) walk.Break(found->second, "", rules);
    YB_ASSIGN(const RegisterWalk::Outcome outcome, walk.Take(reading.time, *reading.value));
    if (outcome.step) YB_TRY(use(*outcome.step, reading));
  }
  return {};
}

base::Result<Consumption> Consume(const RegisterRules& rules, std::vector<Reading> readings,
                                  std::span<const MeterEvent> events) {
  std::ranges::stable_sort(readings, {}, &Reading::time);
  Consumption sum;
  const auto first = std::ranges::find_if(readings, [](const Reading& reading) { return reading.value.has_value(); });
  if (first != readings.end()) sum.first = sum.last = *first;
  YB_TRY(ForEachStep(rules, readings, events,
                     [&](const RegisterStep& step, const Reading& reading) { return Add(step, reading, sum); }));
  return sum;
}

}  // namespace yb::metering
