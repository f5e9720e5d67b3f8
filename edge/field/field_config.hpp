// FieldConfig (采集配置): the lines of a box, the meters on them and the points they yield, as field.toml says. The
// format is in core/contract/field-config.md.
// Values; loaded by one thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/domain/metering/line_state.hpp"
#include "core/domain/metering/register_walk.hpp"
#include "edge/field/field_driver.hpp"
#include "edge/field/line/line_timing.hpp"
#include "edge/field/line/serial_channel.hpp"
#include "edge/field/line/tcp_listen_channel.hpp"
#include "edge/field/meter_profile.hpp"

namespace yb::field {

struct MeterConfig {
  std::string key;   // "feeder-1"; unique within the box and stable, because points are named by it
  std::string name;  // "进线一段"
  std::string profile;
  std::string protocol;
  base::Duration interval{0};
  base::Duration phase{0};
  base::Decimal ct = base::Decimal(1, 0);   // 电流互感器变比, already in the factors of `settings`
  base::Decimal pt = base::Decimal(1, 0);   // 电压互感器变比
  std::optional<base::Decimal> rated = {};  // the most there can be: kW of power and heat, m3/h of water and gas
  base::Duration clock_limit = std::chrono::minutes(5);  // the meter's clock may be off by so much
  MeterSettings settings;
  std::vector<metering::RegisterRules> rules;  // parallel to settings.points
  std::vector<metering::Point> points;         // parallel to settings.points; `no` is 0: the box's store numbers them

  friend bool operator==(const MeterConfig&, const MeterConfig&) = default;
};

using LineKind = metering::LineKind;

struct LineConfig {
  std::string key;
  LineKind kind = LineKind::kTcp;
  std::string host;              // kTcp
  std::uint16_t port = 0;        // kTcp
  line::DialInSettings dial_in;  // kTcpListen
  line::SerialSettings serial;   // kSerial
  line::LineTiming timing;
  std::vector<MeterConfig> meters;

  friend bool operator==(const LineConfig&, const LineConfig&) = default;
};

struct FieldConfig {
  std::vector<LineConfig> lines;
  std::map<std::string, base::Digest> profile_digests;  // of the files of the profiles in use, where they are files

  /// Every point, in the order of the file.
  [[nodiscard]] std::vector<metering::Point> Points() const;
};

/// Parses field.toml; `file` is for messages. kInvalidArgument names file, line, key, what was found and what was
/// expected; unknown keys, duplicate keys and duplicate addresses on a line are refused.
[[nodiscard]] base::Result<FieldConfig> ParseFieldConfig(std::string_view text, const std::string& file,
                                                         const MeterProfiles& profiles);

/// Reads the file and the profiles; kNotFound where the file is not there.
[[nodiscard]] base::Result<FieldConfig> LoadFieldConfig(const std::filesystem::path& file,
                                                        const std::filesystem::path& profiles_folder);

}  // namespace yb::field
