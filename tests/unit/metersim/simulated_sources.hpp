// Sources with values given by the test, so that a frame can be compared with a captured one.
#pragma once

#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/heat_source.hpp"
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

class FixedHeat final : public HeatSource {
 public:
  [[nodiscard]] HeatState StateAt(base::UtcTime) const override { return state; }

  HeatState state;
};

/// Registers that grow by a hundredth a second from an instant on.
class GrowingFeeder final : public ElectricSource {
 public:
  GrowingFeeder(std::int64_t start_value, base::UtcTime start) : start_value_(start_value), start_(start) {}
  [[nodiscard]] EnergyRegisters RegistersAt(base::UtcTime time) const override {
    const std::int64_t seconds = (time - start_).count() / 1'000'000;
    EnergyRegisters registers;
    registers.forward = {start_value_ + seconds, seconds, 0, 0, 0};
    registers.quadrant_reactive[0] = 700 + seconds;
    return registers;
  }
  [[nodiscard]] ElectricState StateAt(base::UtcTime) const override { return {}; }

 private:
  std::int64_t start_value_;
  base::UtcTime start_;
};

}  // namespace yb::metersim
