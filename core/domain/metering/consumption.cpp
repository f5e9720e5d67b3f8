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

base::Result<Consumption> Consume(const RegisterRules& rules, std::vector<Reading> readings,
                                  std::span<const MeterEvent> events) {
  std::ranges::stable_sort(readings, {}, &Reading::time);
  std::map<std::pair<PointNo, base::UtcTime>, MeterEventKind> breaks;
  for (const MeterEvent& event : events) {
    if (IsBreak(event.kind)) breaks[{event.point, event.time}] = event.kind;
  }
  RegisterWalk walk("", 0, rules);
  Consumption sum;
  for (const Reading& reading : readings) {
    if (!reading.value) continue;
    const auto found = breaks.find({reading.point, reading.time});
    if (found != breaks.end() && sum.first) walk.Break(found->second, "", rules);
    YB_ASSIGN(const RegisterWalk::Outcome outcome, walk.Take(reading.time, *reading.value));
    if (!sum.first) sum.first = sum.last = reading;
    if (outcome.step) YB_TRY(Add(*outcome.step, reading, sum));
  }
  return sum;
}

}  // namespace yb::metering
