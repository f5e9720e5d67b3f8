#include "core/api/day_use.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

namespace yb::api {
namespace {

using metering::Utility;

constexpr base::Duration kDay = std::chrono::hours(24);
constexpr base::Duration kSiteOffset = std::chrono::hours(8);
/// The first reading of a day is one of midnight if it came so soon.
constexpr base::Duration kAtMidnight = std::chrono::minutes(16);

struct Counted {
  Utility utility;
  std::string_view quantity;
  std::string_view unit;
};
constexpr std::array kCounted = {Counted{Utility::kPower, "fwd_active_energy", "kWh"},
                                 Counted{Utility::kWater, "current_volume", "m3"}};

/// What a register does that is no consumption; gaps and clocks leave it as it is.
bool MovesTheRegister(metering::MeterEventKind kind) {
  return kind != metering::MeterEventKind::kGap && kind != metering::MeterEventKind::kClockOff;
}

}  // namespace

base::UtcTime MidnightOf(base::UtcTime time) {
  const std::int64_t local = (time + kSiteOffset).micros;
  const std::int64_t day = kDay.count();
  return base::UtcTime{local - ((local % day) + day) % day} - kSiteOffset;
}

DayUse::DayUse(SiteQueries& queries, const base::Clock& clock, base::Duration interval)
    : queries_(queries), clock_(clock), interval_(interval), thread_([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
          Refresh();
          wake.wait_for(lock, stop, interval_, [] { return false; });
        }
      }) {}

std::vector<UseOfDay> DayUse::Of(const base::SiteId& site) const {
  return use_.With([&](const auto& use) {
    const auto found = use.find(site);
    return found == use.end() ? std::vector<UseOfDay>() : found->second;
  });
}

void DayUse::Refresh() {
  const base::UtcTime now = clock_.Now();
  const base::UtcTime midnight = MidnightOf(now);
  std::erase_if(baselines_, [&](const auto& entry) { return entry.second.midnight != midnight; });
  for (const SiteSummary& site : queries_.Sites(now)) {
    const auto meters = queries_.Meters(site.site);
    if (!meters) continue;
    auto reckoned = Reckon(*meters, midnight, now);
    use_.With([&](auto& use) { use[site.site] = std::move(reckoned); });
  }
}

std::vector<UseOfDay> DayUse::Reckon(const SiteMeters& meters, base::UtcTime midnight, base::UtcTime now) {
  std::vector<UseOfDay> all;
  for (const Counted& counted : kCounted) {
    UseOfDay use{counted.utility, std::string(counted.unit), base::Decimal(), 0, 0};
    for (const MeterSummary& meter : meters.meters) {
      if (meter.utility != counted.utility) continue;
      for (const PointLatest& point : meter.points) {
        if (point.definition.point.quantity != counted.quantity) continue;
        ++use.registers;
        const auto used = point.definition.point.unit == counted.unit ? UseOf(meters.site, point, midnight, now)
                                                                      : std::optional<base::Decimal>();
        const auto sum = used && use.value ? use.value->Plus(*used) : base::Result<base::Decimal>();
        if (used) ++use.complete;
        use.value = used && use.value && sum ? std::optional(*sum) : std::nullopt;
      }
    }
    if (use.registers > 0) all.push_back(std::move(use));
  }
  return all;
}

std::optional<base::Decimal> DayUse::UseOf(const base::SiteId& site, const PointLatest& point, base::UtcTime midnight,
                                           base::UtcTime now) {
  const telemetry::PointDefinition& definition = point.definition;
  if (!point.latest || !telemetry::IsGood(*point.latest, definition.limit, now)) return std::nullopt;
  const metering::PointNo no = definition.point.no;
  const std::optional<Baseline> first = BaselineOf(site, no, midnight, now);
  if (!first) return std::nullopt;
  const auto events = queries_.Events(site, no, midnight, now);
  if (!events) return std::nullopt;
  const bool moved = std::ranges::any_of(
      events->events, [](const metering::MeterEvent& event) { return MovesTheRegister(event.kind); });
  if (moved) {
    const auto walked = queries_.Consumption(site, no, midnight, now);
    return walked ? std::optional(walked->consumption.consumption) : std::nullopt;
  }
  const auto used = point.latest->value->value->Minus(first->value);
  return used && *used >= base::Decimal(0, 0) ? std::optional(*used) : std::nullopt;
}

std::optional<DayUse::Baseline> DayUse::BaselineOf(const base::SiteId& site, metering::PointNo point,
                                                   base::UtcTime midnight, base::UtcTime now) {
  const PointKey key{site, point};
  const auto known = baselines_.find(key);
  if (known != baselines_.end()) return known->second;
  const auto readings = queries_.RawReadings(site, point, midnight, std::min(midnight + kAtMidnight, now));
  if (!readings) return std::nullopt;
  const auto first = std::ranges::find_if(*readings, [](const metering::Reading& reading) {
    return reading.value && reading.quality == metering::Quality::kGood;
  });
  if (first == readings->end()) return std::nullopt;
  return baselines_.emplace(key, Baseline{midnight, first->time, *first->value}).first->second;
}

}  // namespace yb::api
