#include "edge/field/cjt188/unit_conversion.hpp"

#include <cstdint>

namespace yb::field::cjt188 {
namespace {

enum class Family : std::uint8_t { kWattHour, kJoule, kWatt, kJoulePerHour, kVolume, kFlow };

struct Unit {
  std::string_view name;
  Family family;
  int tens_power;
};

constexpr Unit kUnits[] = {
    {"Wh", Family::kWattHour, 0},       {"kWh", Family::kWattHour, 3},
    {"MWh", Family::kWattHour, 6},      {"J", Family::kJoule, 0},
    {"kJ", Family::kJoule, 3},          {"MJ", Family::kJoule, 6},
    {"GJ", Family::kJoule, 9},          {"W", Family::kWatt, 0},
    {"kW", Family::kWatt, 3},           {"MW", Family::kWatt, 6},
    {"J/h", Family::kJoulePerHour, 0},  {"kJ/h", Family::kJoulePerHour, 3},
    {"MJ/h", Family::kJoulePerHour, 6}, {"GJ/h", Family::kJoulePerHour, 9},
    {"L", Family::kVolume, 0},          {"m3", Family::kVolume, 3},
    {"L/h", Family::kFlow, 0},          {"m3/h", Family::kFlow, 3},
};

const Unit* Find(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

base::Decimal PowerOfTen(int exponent) {
  if (exponent < 0) return {1, static_cast<std::uint8_t>(-exponent)};
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return {power, 0};
}

}  // namespace

std::optional<base::Decimal> FactorBetween(std::string_view from, std::string_view to) {
  if (from == to) return base::Decimal(1, 0);
  const Unit* source = Find(from);
  const Unit* target = Find(to);
  if (source == nullptr || target == nullptr) return std::nullopt;
  const base::Decimal power = PowerOfTen(source->tens_power - target->tens_power);
  if (source->family == target->family) return power;
  // 1 Wh is 3600 J, 1 W is 3600 J/h.
  const bool to_joules = (source->family == Family::kWattHour && target->family == Family::kJoule) ||
                         (source->family == Family::kWatt && target->family == Family::kJoulePerHour);
  if (!to_joules) return std::nullopt;
  const base::Result<base::Decimal> factor = power.Times(base::Decimal(3600, 0));
  if (!factor) return std::nullopt;
  return *factor;
}

}  // namespace yb::field::cjt188
