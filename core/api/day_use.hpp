// DayUse: what each site has used since its midnight (今日用量), of power and water, by all its registers together. A
// sum is given only where every register has a reading at midnight and one of now; else it is told how many have.
//
// Owns its thread, which asks as a page would and keeps the answers; Of is safe to call from any thread.
#pragma once

#include <map>
#include <thread>

#include "core/api/site_queries.hpp"
#include "core/base/guarded.hpp"

namespace yb::api {

struct UseOfDay {
  metering::Utility utility = metering::Utility::kPower;
  std::string unit;                    // "kWh", "m3"
  std::optional<base::Decimal> value;  // exact; none while a register is missing
  std::size_t complete = 0;            // registers with a reading at midnight and one of now
  std::size_t registers = 0;
};

class DayUse {
 public:
  /// `queries` outlives this. Asks at once and then every `interval`.
  DayUse(SiteQueries& queries, const base::Clock& clock, base::Duration interval = std::chrono::minutes(1));

  /// Those utilities that the site has registers of; empty before it was asked for.
  [[nodiscard]] std::vector<UseOfDay> Of(const base::SiteId& site) const;

 private:
  /// First reading of the day of one register, kept until the next day.
  struct Baseline {
    base::UtcTime midnight{};
    base::UtcTime time{};
    base::Decimal value{};
  };
  using PointKey = std::pair<base::SiteId, metering::PointNo>;

  void Refresh();
  [[nodiscard]] std::vector<UseOfDay> Reckon(const SiteMeters& meters, base::UtcTime midnight, base::UtcTime now);
  [[nodiscard]] std::optional<base::Decimal> UseOf(const base::SiteId& site, const PointLatest& point,
                                                   base::UtcTime midnight, base::UtcTime now);
  [[nodiscard]] std::optional<Baseline> BaselineOf(const base::SiteId& site, metering::PointNo point,
                                                   base::UtcTime midnight, base::UtcTime now);

  SiteQueries& queries_;
  const base::Clock& clock_;
  const base::Duration interval_;
  std::map<PointKey, Baseline> baselines_;  // the thread's own
  base::Guarded<std::map<base::SiteId, std::vector<UseOfDay>>> use_;
  std::jthread thread_;
};

/// Midnight of the site's civil day: parks keep the time of the country, 8 hours ahead of UTC.
[[nodiscard]] base::UtcTime MidnightOf(base::UtcTime time);

}  // namespace yb::api
