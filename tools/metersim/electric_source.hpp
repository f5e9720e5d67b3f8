// ElectricSource: what flows through a three-phase meter's terminals, and what its registers say, at any instant.
// All numbers are integers in the resolution of the wire, so nothing is rounded between source and frame.
// Implementations are immutable after construction; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "core/base/time.hpp"
#include "tools/metersim/profile.hpp"
#include "tools/metersim/weekly_load.hpp"

namespace yb::metersim {

/// Registers of energy (电能量), in 0.01 kWh or 0.01 kvarh.
struct EnergyRegisters {
  std::array<std::int64_t, kTariffs + 1> forward{};  // total, then tariffs 1..4 (正向有功)
  std::array<std::int64_t, kTariffs + 1> reverse{};  // (反向有功)
  std::array<std::int64_t, 4> quadrant_reactive{};   // Q1..Q4 (四象限无功)
};

/// What the meter measures now. Four-element arrays are total, A, B, C; three-element ones are A, B, C.
struct ElectricState {
  std::array<std::int64_t, 3> voltage{};         // 0.1 V
  std::array<std::int64_t, 3> current{};         // 0.001 A, negative when energy flows out
  std::array<std::int64_t, 4> active_power{};    // 0.0001 kW
  std::array<std::int64_t, 4> reactive_power{};  // 0.0001 kvar
  std::array<std::int64_t, 4> apparent_power{};  // 0.0001 kVA
  std::array<std::int64_t, 4> power_factor{};    // 0.001
  std::int64_t frequency = 0;                    // 0.01 Hz
};

class ElectricSource {
 public:
  virtual ~ElectricSource() = default;
  [[nodiscard]] virtual EnergyRegisters RegistersAt(base::UtcTime time) const = 0;
  [[nodiscard]] virtual ElectricState StateAt(base::UtcTime time) const = 0;
};

/// The rest of a state that follows from total active power (0.0001 kW, negative is export) and power factor
/// (0.001, 1..1000): voltages around 220 V, phase powers that add up to the total, and currents that fit both.
[[nodiscard]] ElectricState CompleteState(std::int64_t active_power, std::int64_t power_factor, std::uint64_t seed,
                                          base::UtcTime time);

/// A feeder after a built-in profile. `profile` outlives the source; `ct_ratio` (互感器变比) divides what flows to what
/// the terminals see.
[[nodiscard]] std::unique_ptr<ElectricSource> MakeProfileFeeder(const Profile& profile, std::int64_t ct_ratio,
                                                                std::uint64_t seed);

}  // namespace yb::metersim
