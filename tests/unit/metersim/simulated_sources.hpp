// Sources with values given by the test, so that a frame can be compared with a captured one.
#pragma once

#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/volume_source.hpp"

namespace yb::metersim {

class FixedFeeder final : public ElectricSource {
 public:
  [[nodiscard]] EnergyRegisters RegistersAt(base::UtcTime) const override { return registers; }
  [[nodiscard]] ElectricState StateAt(base::UtcTime) const override { return state; }

  EnergyRegisters registers;
  ElectricState state;
};

class FixedVolume final : public VolumeSource {
 public:
  [[nodiscard]] std::int64_t VolumeAt(base::UtcTime) const override { return volume; }
  [[nodiscard]] std::int64_t SettlementAt(base::UtcTime) const override { return settlement; }
  [[nodiscard]] VolumeUnit unit() const override { return shown; }

  std::int64_t volume = 0;
  std::int64_t settlement = 0;
  VolumeUnit shown = VolumeUnit::kCubicMetre;
};

}  // namespace yb::metersim
