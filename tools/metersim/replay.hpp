// Replay: real readings from CSV files in place of a profile. File time runs `speed` times faster than wall time, from
// the file's first row at the replay's start; the register shown is that of the last row at or before the file time,
// the first row's until then, and the last row's after the end unless the replay loops.
//
// Times in the files are local times of their site without a zone; they are only ever compared with each other.
// Sources are immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "core/base/result.hpp"
#include "tools/metersim/electric_source.hpp"
#include "tools/metersim/volume_source.hpp"

namespace yb::metersim {

/// Where the replay stands: file time = first row + (now - start) * speed.
struct ReplayClock {
  base::UtcTime start;
  std::int64_t speed_milli = 1000;  // 1000 is real time
  bool loop = false;                // begin again after the last row; registers then fall, as after a replacement

  [[nodiscard]] base::UtcTime FileTime(base::UtcTime now, base::UtcTime first, base::UtcTime last) const;
};

/// A feeder from a file, with the highest power it will show, in 0.0001 kW at the terminals.
struct FeederReplay {
  std::unique_ptr<ElectricSource> source;
  std::int64_t peak_power = 0;
};

/// The feeder of a CSV file with the columns time, active_energy_kwh, active_power_kw, reactive_lagging_kvarh,
/// reactive_leading_kvarh, power_factor. `ct_ratio` divides energy and power to what the terminals see.
/// kNotFound for a missing file, kCorrupt with file and line for a row that cannot be read.
[[nodiscard]] base::Result<FeederReplay> LoadFeederReplay(const std::filesystem::path& file, ReplayClock clock,
                                                          std::int64_t ct_ratio, std::uint64_t seed);

/// Meter `meter` of a CSV file with the columns time, meter, volume_l. The dial counts litres (unit 29) as long as
/// every value of the meter stays below a million, else cubic metres (unit 2C) cut off after two decimals, as a real
/// dial would. kNotFound for a missing file or meter, kCorrupt with file and line.
[[nodiscard]] base::Result<std::unique_ptr<VolumeSource>> LoadVolumeReplay(const std::filesystem::path& file,
                                                                           std::string_view meter, ReplayClock clock);

}  // namespace yb::metersim
