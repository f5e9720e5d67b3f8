// HeatSource: what a heat meter (热量表) of a building's substation shows at any instant.
// Implementations are immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/time.hpp"
#include "tools/metersim/profile.hpp"

namespace yb::metersim {

struct HeatState {
  std::int64_t heat = 0;                // 0.01 kWh (当前热量)
  std::int64_t settlement_heat = 0;     // 0.01 kWh at the first of the month (结算日热量)
  std::int64_t power = 0;               // 0.01 kW (热功率)
  std::int64_t flow = 0;                // 0.0001 m3/h (流量)
  std::int64_t volume = 0;              // 0.01 m3 (累积流量)
  std::int64_t supply_temperature = 0;  // 0.01 C (供水温度)
  std::int64_t return_temperature = 0;  // 0.01 C (回水温度)
  std::int64_t work_hours = 0;          // h (累积工作时间)
};

class HeatSource {
 public:
  virtual ~HeatSource() = default;
  [[nodiscard]] virtual HeatState StateAt(base::UtcTime time) const = 0;
};

/// A building after a built-in profile: heat follows the load, water flows at a fixed difference of temperatures.
/// `profile` outlives the source.
[[nodiscard]] std::unique_ptr<HeatSource> MakeProfileHeat(const Profile& profile, std::uint64_t seed);

}  // namespace yb::metersim
