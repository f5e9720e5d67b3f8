// LineBuilder: a line with its meters from its configuration.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/base/result.hpp"
#include "tools/metersim/line_bus.hpp"
#include "tools/metersim/replay.hpp"
#include "tools/metersim/sim_config.hpp"

namespace yb::metersim {

/// What all lines of a simulator share.
struct ParkSettings {
  const ProfileCatalogue& profiles;  // outlives the lines
  std::uint64_t seed = 1;
  std::filesystem::path replay_dir;
  ReplayClock replay_clock;
};

/// kNotFound and kCorrupt of replay files name the meter's place in the configuration.
[[nodiscard]] base::Result<std::unique_ptr<LineBus>> BuildLine(const LineConfig& config, const ParkSettings& park);

}  // namespace yb::metersim
