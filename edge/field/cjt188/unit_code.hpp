// The unit byte (单位代号) of CJ/T 188, table 8: what one count of a value is worth.
// Pure functions; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace yb::field::cjt188 {

enum class Dimension : std::uint8_t { kEnergy, kPower, kVolume, kFlow };

struct UnitCode {
  Dimension dimension;
  std::string_view unit;    // "kWh"
  std::uint8_t tens_power;  // values count in units × 10^tens_power
};

/// nullopt for a code outside the table; 00, "no unit", is one of these.
[[nodiscard]] std::optional<UnitCode> FindUnit(std::uint8_t code);

}  // namespace yb::field::cjt188
