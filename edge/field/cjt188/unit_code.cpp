#include "edge/field/cjt188/unit_code.hpp"

namespace yb::field::cjt188 {
namespace {

// Each row stands for the unit, its tenfold and its hundredfold, in three codes running.
struct Row {
  std::uint8_t first;
  std::uint8_t count;
  Dimension dimension;
  std::string_view unit;
};

constexpr Row kRows[] = {
    {0x01, 1, Dimension::kEnergy, "J"},   {0x02, 3, Dimension::kEnergy, "Wh"},  {0x05, 3, Dimension::kEnergy, "kWh"},
    {0x08, 3, Dimension::kEnergy, "MWh"}, {0x0B, 3, Dimension::kEnergy, "kJ"},  {0x0E, 3, Dimension::kEnergy, "MJ"},
    {0x11, 3, Dimension::kEnergy, "GJ"},  {0x14, 3, Dimension::kPower, "W"},    {0x17, 3, Dimension::kPower, "kW"},
    {0x1A, 3, Dimension::kPower, "MW"},   {0x29, 3, Dimension::kVolume, "L"},   {0x2C, 3, Dimension::kVolume, "m3"},
    {0x32, 3, Dimension::kFlow, "L/h"},   {0x35, 3, Dimension::kFlow, "m3/h"},  {0x40, 1, Dimension::kPower, "J/h"},
    {0x43, 3, Dimension::kPower, "kJ/h"}, {0x46, 3, Dimension::kPower, "MJ/h"}, {0x49, 3, Dimension::kPower, "GJ/h"},
};

}  // namespace

std::optional<UnitCode> FindUnit(std::uint8_t code) {
  for (const Row& row : kRows) {
    if (code >= row.first && code < row.first + row.count) {
      return UnitCode{row.dimension, row.unit, static_cast<std::uint8_t>(code - row.first)};
    }
  }
  return std::nullopt;
}

}  // namespace yb::field::cjt188
