// MeterProfile (表型): what a kind of meter measures and how it is asked for it. Profiles are files of
// firmware-config/profiles/, one per kind; their format is in core/contract/field-config.md.
// Values; loaded by one thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/domain/metering/reading.hpp"
#include "edge/field/field_driver.hpp"

namespace yb::field {

/// Which transformer ratios a value is multiplied with: meters behind transformers report secondary values.
enum class Ratio : std::uint8_t { kNone, kCurrent, kVoltage, kBoth };

struct ProfilePoint {
  PointRule rule;  // without the ratios of a particular meter
  metering::PointKind kind = metering::PointKind::kGauge;
  Ratio ratio = Ratio::kNone;
  std::optional<base::Decimal> range = {};  // where the register begins at 0 again, if not where the protocol says
};

struct MeterProfile {
  std::string name;      // the file's name without .toml
  std::string title;     // as people call it: "三相电能表 DL/T 645-2007"
  std::string protocol;  // "dlt645-2007", "dlt645-1997", "cjt188", "modbus-rtu", "modbus-tcp"
  metering::Utility utility = metering::Utility::kOther;
  std::vector<ProfilePoint> points;
  std::vector<std::string> blocks;
  std::vector<ProtocolOption> options;
  base::Digest digest{};  // SHA-256 of its text
};

using MeterProfiles = std::map<std::string, MeterProfile>;

/// Parses one profile; `file` is for messages. kInvalidArgument names file, line, key, what was found and expected;
/// the protocol itself has checked every point.
[[nodiscard]] base::Result<MeterProfile> ParseProfile(std::string_view text, const std::string& name,
                                                      const std::string& file);

/// Reads one profile, whose name is the file's without .toml.
[[nodiscard]] base::Result<MeterProfile> LoadProfile(const std::filesystem::path& file);

/// All *.toml of a folder; kNotFound where there is no such folder.
[[nodiscard]] base::Result<MeterProfiles> LoadProfiles(const std::filesystem::path& folder);

}  // namespace yb::field
