// The composition of metersim: from configuration to served lines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::metersim {

struct MetersimOptions {
  std::filesystem::path config;
  std::uint64_t seed = 1;
  std::optional<std::filesystem::path> log;
  std::filesystem::path replay = ".";
  std::int64_t speed_milli = 1000;
  std::optional<base::UtcTime> replay_start;  // the program's start where absent
  std::optional<std::filesystem::path> port_file;
};

/// Serves until `stop_fd` is readable. What prevents the start is returned, nothing is served then.
[[nodiscard]] base::Status RunMetersim(const MetersimOptions& options, const base::Clock& clock, int stop_fd);

}  // namespace yb::metersim
