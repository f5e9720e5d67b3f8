// SimConfig: sim.toml as values, checked. Every message names file, line, key, what was found and what was expected.
// docs/metersim.md describes the keys.
// Values; no threads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "tools/metersim/io_loop.hpp"
#include "tools/metersim/meter_config.hpp"
#include "tools/metersim/profile.hpp"

namespace yb::metersim {

struct LineConfig {
  std::string key;
  std::optional<HostPort> listen;                 // a serial server; or
  std::optional<HostPort> dial;                   // a DTU that calls the box; or
  std::optional<std::filesystem::path> terminal;  // a serial device
  int baud = 0;
  base::Duration reply_delay{0};
  bool collisions = true;
  base::Bytes registration;
  base::Bytes heartbeat;
  base::Duration heartbeat_every{0};
  FaultConfig faults;
  std::vector<MeterConfig> meters;

  [[nodiscard]] bool IsModbusTcp() const { return meters.front().protocol == Protocol::kModbusTcp; }
};

struct SimConfig {
  std::vector<LineConfig> lines;
  bool replay_loop = false;
};

/// `start` is what times such as "+90s" count from. kNotFound for a missing file, kInvalidArgument for anything wrong
/// in it.
[[nodiscard]] base::Result<SimConfig> LoadSimConfig(const std::filesystem::path& file, const ProfileCatalogue& profiles,
                                                    base::UtcTime start);
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] base::Result<SimConfig> ParseSimConfig(std::string_view text, const std::string& name,
                                                     const ProfileCatalogue& profiles, base::UtcTime start);

}  // namespace yb::metersim
