#include "edge/telemetry/meter_watch.hpp"

#include <iterator>
#include <utility>

#include "core/base/log.hpp"

namespace yb::edge {
namespace {

using metering::MeterEventKind;
using metering::Quality;

const base::Logger kLog("meters");

base::Duration Seconds(base::Decimal seconds) {
  return base::Duration(static_cast<std::int64_t>(seconds.ToDouble() * 1e6));
}

void Note(std::string& detail, std::string_view what, const std::string& before, const std::string& after) {
  if (before == after) return;
  detail += (detail.empty() ? "" : ", ") + std::string(what) + " " + before + " -> " + after;
}

}  // namespace

void MeterWatch::Configure(const telemetry::AppliedConfiguration& configuration, const Definitions& definitions) {
  for (const telemetry::AppliedMeter& meter : configuration.meters) {
    Making making{meter, {}};
    making.meter.points.clear();
    for (const telemetry::AppliedPoint& point : meter.points) {
      const auto found = definitions.find(point.no);
      if (found == definitions.end()) continue;
      if (found->second.point.kind == metering::PointKind::kRegister) {
        making.point = point;
        const auto [watched, is_new] = registers_.try_emplace(
            point.no, Register{metering::RegisterWalk(meter.key, point.no, point.rules), std::nullopt, {}});
        watched->second.coming.insert_or_assign(configuration.version, making);
      } else if (found->second.clock_limit.count() > 0) {
        Clock& clock = clocks_[point.no];
        clock.meter = meter.key;
        clock.limit = found->second.clock_limit;
      }
    }
  }
}

void MeterWatch::Resume(metering::Reading last) {
  (void)Take({&last, 1});  // its events were told when it came
}

telemetry::MeterEvents MeterWatch::Take(std::span<metering::Reading> readings) {
  telemetry::MeterEvents events;
  for (metering::Reading& reading : readings) {
    if (!reading.value) continue;
    if (const auto found = registers_.find(reading.point); found != registers_.end()) {
      TakeRegister(found->second, reading, events);
    } else if (const auto clock = clocks_.find(reading.point); clock != clocks_.end()) {
      TakeClock(clock->second, reading, events);
    }
  }
  return events;
}

void MeterWatch::TakeRegister(Register& watched, metering::Reading& reading, telemetry::MeterEvents& events) {
  TakeOver(watched, reading.configuration);
  auto outcome = watched.walk.Take(reading.time, *reading.value);
  if (!outcome) {
    kLog.Warn("a register cannot be followed", {{"point", reading.point}, {"why", outcome.error().Describe()}});
    return;
  }
  if (outcome->doubted && reading.quality == Quality::kGood) reading.quality = Quality::kSuspect;
  events.insert(events.end(), std::make_move_iterator(outcome->events.begin()),
                std::make_move_iterator(outcome->events.end()));
}

void MeterWatch::TakeOver(Register& watched, std::uint32_t version) {
  while (!watched.coming.empty() && watched.coming.begin()->first <= version) {
    const Making next = std::move(watched.coming.begin()->second);
    watched.coming.erase(watched.coming.begin());
    const std::optional<Making> before = std::exchange(watched.making, next);
    std::string meter;
    std::string made;
    if (before && watched.walk.last_time()) {
      Note(meter, "protocol", before->meter.protocol, next.meter.protocol);
      Note(meter, "address", before->meter.address, next.meter.address);
      Note(made, "pt", before->meter.pt.ToString(), next.meter.pt.ToString());
      Note(made, "ct", before->meter.ct.ToString(), next.meter.ct.ToString());
      Note(made, "source", before->point.source, next.point.source);
      Note(made, "unit", before->point.unit, next.point.unit);
      const bool same_factor = before->point.factor == next.point.factor;
      if (same_factor && before->point.source == next.point.source && before->point.unit == next.point.unit) {
        made.clear();  // ratios that this point is not multiplied with
      } else if (made.empty()) {
        Note(made, "factor", before->point.factor.ToString(), next.point.factor.ToString());
      }
    }
    if (meter.empty() && made.empty()) {
      watched.walk.Adopt(next.point.rules);
    } else {
      const MeterEventKind why = meter.empty() ? MeterEventKind::kConfigurationChanged : MeterEventKind::kReplacement;
      std::string detail = meter;
      if (!meter.empty() && !made.empty()) detail += ", ";
      detail += made;
      watched.walk.Break(why, std::move(detail), next.point.rules);
    }
  }
}

void MeterWatch::TakeClock(Clock& clock, const metering::Reading& reading, telemetry::MeterEvents& events) {
  const base::Duration offset = Seconds(*reading.value);
  const bool off = offset > clock.limit || offset < -clock.limit;
  if (off && !clock.off) {
    const metering::Reading& before = clock.last.value_or(reading);
    events.push_back({MeterEventKind::kClockOff, clock.meter, reading.point, before.time, reading.time,
                      clock.last ? clock.last->value : std::nullopt, reading.value,
                      "limit " + std::to_string(clock.limit.count() / 1'000'000) + " s"});
  }
  clock.off = off;
  clock.last = reading;
}

}  // namespace yb::edge
