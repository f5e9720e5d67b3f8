// MeterConfig: one [[line.meter]] of sim.toml, checked. docs/metersim.md describes the keys.
// Values; no threads.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/toml_table.hpp"
#include "tools/metersim/cjt188_meter.hpp"
#include "tools/metersim/dlt645_frame.hpp"
#include "tools/metersim/line_bus.hpp"
#include "tools/metersim/misbehaviour.hpp"
#include "tools/metersim/modbus_meter.hpp"
#include "tools/metersim/profile.hpp"
#include "tools/metersim/register_events.hpp"

namespace yb::metersim {

enum class Protocol : std::uint8_t { kDlt645In2007, kDlt645In1997, kCjt188, kModbusRtu, kModbusTcp };

enum class ModbusMap : std::uint8_t { kAcrelDtsd1352, kChintDtsu666 };

/// 换表: the meter is gone from `at` on, another hangs in its place `gap` later.
struct Replacement {
  base::UtcTime at;
  base::Duration gap{0};
  std::string address = {};  // of the new meter; empty: the old one
  std::int64_t start = 0;    // what it shows when installed, in hundredths
};

/// Faults of a line or a meter: those that strike answers, and those that take the meter away.
struct FaultConfig {
  std::vector<FaultRule> rules;
  std::vector<Absence> power_off;
};

struct MeterConfig {
  std::string where;  // "sim.toml:12", for messages about the meter
  Protocol protocol = Protocol::kDlt645In2007;
  Medium medium = Medium::kElectricity;
  std::string address;  // of the first meter; 12 or 14 digits, or 3 of a Modbus unit
  int count = 1;        // so many meters, with rising addresses
  std::string profile;  // a name of the catalogue, or empty where `csv` is
  std::string csv;      // file name within the replay folder
  std::string csv_meter;
  std::optional<std::int64_t> ct_ratio;
  base::Duration clock_error{0};
  int preamble = 0;

  int tariffs = kTariffs;                                                              // DL/T 645
  std::size_t longest_data = kDlt645LongestAnswer;                                     // DL/T 645-2007
  bool answers_broadcast = true, echoes_wildcard = false, ends_block_with_aa = false;  // DL/T 645-1997

  std::uint8_t type = 0x10;  // CJ/T 188
  DiOrder di_order = DiOrder::k901F;
  HeatLayout heat_layout = HeatLayout::kValueUnit;
  std::array<std::uint8_t, 2> status{};

  ModbusMap map = ModbusMap::kAcrelDtsd1352;
  ChintScaling scaling = ChintScaling::kRaw;
  std::uint16_t energy_registers = 0x1000;
  int most_registers = 60;

  FaultConfig faults;
  std::vector<RegisterEvent> events;
  std::vector<Replacement> replacements;  // by rising time
};

/// `start` is what times such as "+90s" count from.
[[nodiscard]] base::Result<MeterConfig> ReadMeterConfig(config::TomlTable& meter, const ProfileCatalogue& profiles,
                                                        base::UtcTime start);

/// The tables of `[[….fault]]` of a line or a meter.
[[nodiscard]] base::Result<FaultConfig> ReadFaultConfig(config::TomlTable& section, base::UtcTime start);

/// The address `index` places after `address`, of the same length. kInvalidArgument where the digits run out.
[[nodiscard]] base::Result<std::string> AddressAfter(const std::string& address, int index);

}  // namespace yb::metersim
