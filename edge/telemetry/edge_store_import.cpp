// How EdgeStore takes history in: what is known stays, the rest is stored in records like those of polls, and registers
// are walked along for the events that the history shows.
#include <algorithm>
#include <tuple>

#include "core/domain/metering/register_walk.hpp"
#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {
namespace {

using metering::Reading;
using sync::Lane;

/// A record spans no more, as with polls: a query looks only so far beyond its range.
constexpr base::Duration kLongestRecord = std::chrono::minutes(59);
/// Records of one transaction, so that live readings are not kept waiting.
constexpr std::size_t kMostAtOnce = 256;

/// History comes at its own pace, whatever the meter is polled with today: the spacing that half of it keeps.
base::Duration UsualSpacing(const std::vector<Reading>& ascending) {
  std::vector<base::Duration> spacings;
  for (std::size_t i = 1; i < ascending.size(); ++i) spacings.push_back(ascending[i].time - ascending[i - 1].time);
  if (spacings.empty()) return base::Duration(0);
  const auto middle = spacings.begin() + static_cast<std::ptrdiff_t>(spacings.size() / 2);
  std::ranges::nth_element(spacings, middle);
  return *middle;
}

auto Place(const metering::MeterEvent& event) {
  return std::tuple(event.time, event.point, event.kind);
}

}  // namespace

base::Result<ImportResult> EdgeStore::Import(std::span<const ImportedValue> values) {
  const auto definitions = state_.With([](const telemetry::SiteState& state) { return state.points; });
  std::map<std::string_view, metering::PointNo> numbers;
  for (const auto& [no, definition] : definitions) numbers.emplace(definition.point.key, no);
  std::map<metering::PointNo, std::vector<Reading>> by_point;
  for (const ImportedValue& value : values) {
    const auto found = numbers.find(value.key);
    if (found == numbers.end()) return base::Fail(base::ErrorCode::kNotFound, "the box has no point " + value.key);
    by_point[found->second].push_back({found->second, value.time, value.value, metering::Quality::kImported});
  }
  ImportResult result;
  std::vector<Reading> added;
  telemetry::MeterEvents events;
  for (auto& [no, readings] : by_point) {
    YB_TRY(ImportPoint(definitions.at(no), std::move(readings), added, events, result));
  }
  result.added = added.size();
  result.events = events.size();
  YB_TRY(AppendImported(std::move(added), events));
  return result;
}

base::Status EdgeStore::ImportPoint(const telemetry::PointDefinition& definition, std::vector<Reading> readings,
                                    std::vector<Reading>& added, telemetry::MeterEvents& events, ImportResult& result) {
  const metering::Point& point = definition.point;
  std::ranges::stable_sort(readings, {}, &Reading::time);
  const base::UtcTime from = readings.front().time;
  const base::UtcTime to = readings.back().time + base::Duration(1);
  std::map<base::UtcTime, Reading> history;
  telemetry::MeterEvents known_events;
  {
    const std::scoped_lock lock(writing_);
    YB_TRY(log_->ForEachReading(site_no_, point.no, from, to, [&](const Reading& reading) {
      if (reading.value) history.emplace(reading.time, reading);
    }));
    YB_ASSIGN(known_events, log_->meters().Events(site_no_, point.meter, from, to));
  }
  for (const Reading& reading : readings) {
    const auto [stored, is_new] = history.emplace(reading.time, reading);
    if (is_new) {
      added.push_back(reading);
    } else {
      ++(*stored->second.value == *reading.value ? result.known : result.differing);
    }
  }
  if (point.kind != metering::PointKind::kRegister) return {};
  metering::RegisterRules rules = definition.rules;
  rules.interval = UsualSpacing(readings);
  metering::RegisterWalk walk(point.meter, point.no, rules);
  for (const auto& [time, reading] : history) {
    YB_ASSIGN(const metering::RegisterWalk::Outcome outcome, walk.Take(time, *reading.value));
    for (const metering::MeterEvent& event : outcome.events) {
      if (std::ranges::find(known_events, Place(event), Place) == known_events.end()) events.push_back(event);
    }
  }
  return {};
}

base::Status EdgeStore::AppendImported(std::vector<Reading> added, const telemetry::MeterEvents& events) {
  std::ranges::stable_sort(added, {}, &Reading::time);
  const telemetry::BootTime boot{options_.boot, clock_.Steady(), clock_.Now()};
  std::vector<base::Bytes> bodies;
  const auto store = [&]() -> base::Status {
    {
      const std::scoped_lock lock(writing_);
      YB_TRY(AppendRecords(Lane::kHistory, bodies));
    }
    bodies.clear();
    return {};
  };
  for (std::size_t at = 0; at < added.size();) {
    std::size_t end = at + 1;
    while (end < added.size() && end - at < options_.most_per_record &&
           added[end].time - added[at].time <= kLongestRecord) {
      ++end;
    }
    bodies.push_back(telemetry::EncodeSlice(std::span(added).subspan(at, end - at), boot));
    if (bodies.size() >= kMostAtOnce) YB_TRY(store());
    at = end;
  }
  if (!events.empty()) bodies.push_back(telemetry::EncodeMeterEvents(events));
  if (!bodies.empty()) YB_TRY(store());
  state_.With([&](telemetry::SiteState& state) {
    for (const Reading& reading : added) state.latest.Offer(reading);
  });
  ShowProgress();
  TellNews();
  return {};
}

}  // namespace yb::edge
