// RegisterEvents: what happens to a meter's registers besides consumption. A reset (清零) sets them to a start value,
// a roll-over (翻转) is arranged so that the main register passes from its last value to zero at a given instant.
// A replacement (换表) is two meters: the old one up to its removal, the new one, whose registers were reset when it
// was made, from its installation on.
// Immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/time.hpp"
#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/heat_source.hpp"
#include "tools/metersim/volume_source.hpp"

namespace yb::metersim {

enum class RegisterEventKind : std::uint8_t { kReset, kRollover };

struct RegisterEvent {
  RegisterEventKind kind = RegisterEventKind::kReset;
  base::UtcTime at;
  std::int64_t start = 0;  // kReset: what the main register shows at `at`, in hundredths; all others show 0
};

/// `source` under `events`. Resets concern every register, a roll-over the forward total.
[[nodiscard]] std::unique_ptr<ElectricSource> WithEvents(std::unique_ptr<ElectricSource> source,
                                                         std::vector<RegisterEvent> events);
/// Both events concern the one dial, of heat the register of heat; a reset sets volume and hours to 0 too.
[[nodiscard]] std::unique_ptr<VolumeSource> WithEvents(std::unique_ptr<VolumeSource> source,
                                                       std::vector<RegisterEvent> events);
[[nodiscard]] std::unique_ptr<HeatSource> WithEvents(std::unique_ptr<HeatSource> source,
                                                     std::vector<RegisterEvent> events);

}  // namespace yb::metersim
