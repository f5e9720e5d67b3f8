// SimConfig: sim.toml as values, checked. Every message names file, line, key, what was found and what was expected.
// docs/metersim.md describes the keys.
// Values; no threads.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "tools/metersim/cjt188_meter.hpp"
#include "tools/metersim/dlt645_frame.hpp"
#include "tools/metersim/io_loop.hpp"
#include "tools/metersim/profile.hpp"

namespace yb::metersim {

enum class Protocol : std::uint8_t { kDlt645In2007, kCjt188 };

struct MeterConfig {
  std::string where;  // "sim.toml:12", for messages about the meter
  Protocol protocol = Protocol::kDlt645In2007;
  std::string address;    // of the first meter, padded with zeros to its protocol's length
  int count = 1;          // so many meters, with rising addresses
  std::string profile;    // a name of the catalogue, or empty where `csv` is
  std::string csv;        // file name within the replay folder
  std::string csv_meter;  // value of its column `meter`
  std::optional<std::int64_t> ct_ratio;
  int tariffs = kTariffs;
  int preamble = 0;
  std::size_t longest_data = kDlt645LongestAnswer;
  DiOrder di_order = DiOrder::k901F;
  std::array<std::uint8_t, 2> status{};  // CJ/T 188, as sent
};

struct LineConfig {
  std::string key;
  ListenAddress listen;
  int baud = 0;
  base::Duration reply_delay{0};
  bool collisions = true;
  std::vector<MeterConfig> meters;
};

struct SimConfig {
  std::vector<LineConfig> lines;
  bool replay_loop = false;
};

/// kNotFound for a missing file, kInvalidArgument for anything wrong in it.
[[nodiscard]] base::Result<SimConfig> LoadSimConfig(const std::filesystem::path& file,
                                                    const ProfileCatalogue& profiles);
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] base::Result<SimConfig> ParseSimConfig(std::string_view text, std::string_view name,
                                                     const ProfileCatalogue& profiles);

/// The address `index` places after `address`, of the same length. kInvalidArgument where the digits run out.
[[nodiscard]] base::Result<std::string> AddressAfter(const std::string& address, int index);

}  // namespace yb::metersim
