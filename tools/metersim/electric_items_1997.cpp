#include <array>
#include <cstdlib>
#include <span>

#include "tools/metersim/dlt645_1997_meter.hpp"
#include "tools/metersim/item_writer.hpp"

namespace yb::metersim {
namespace {

constexpr std::uint8_t kBlock = 0xF;
constexpr std::array<const char*, 4> kPhaseSuffixes{"_total", "_a", "_b", "_c"};

/// 9010, 9011..9014, 901F and the like: total and tariffs of one energy.
std::optional<Item> Energies(std::uint8_t low, const char* quantity, const char* unit,
                             std::span<const std::int64_t> registers) {
  Item item;
  for (std::size_t i = 0; i < registers.size(); ++i) {
    if (low != kBlock && low != i) continue;
    AppendNumber(item, i == 0 ? quantity : std::string(quantity) + "_t" + std::to_string(i), unit,
                 registers[i] % kUnsignedDialEnd, 2, 4, Sign::kUnsigned);
  }
  if (item.bytes.empty()) return std::nullopt;
  return item;
}

struct Format {
  std::uint8_t decimals;
  std::size_t width;
  Sign sign;
  std::int64_t divisor;  // from the resolution of ElectricState to that of the format
};

/// B611..B613, B61F and the like. `values` are total, A, B, C, or A, B, C where there is no total.
std::optional<Item> Phases(std::uint8_t low, const char* quantity, const char* unit, Format format,
                           std::span<const std::int64_t> values) {
  const std::size_t first = values.size() == 4 ? 0 : 1;
  Item item;
  for (std::size_t i = first; i < 4; ++i) {
    if (low != kBlock && low != i) continue;
    std::int64_t value = values[i - first] / format.divisor;
    if (format.sign == Sign::kUnsigned) value = std::abs(value);
    AppendNumber(item, std::string(quantity) + kPhaseSuffixes[i], unit, value, format.decimals, format.width,
                 format.sign);
  }
  if (item.bytes.empty()) return std::nullopt;
  return item;
}

std::optional<Item> EnergyItem(std::uint8_t group, std::uint8_t low, const ElectricSource& source, int tariffs,
                               base::UtcTime now) {
  const EnergyRegisters registers = source.RegistersAt(now);
  const auto count = static_cast<std::size_t>(tariffs) + 1;
  const std::array<std::int64_t, 4>& q = registers.quadrant_reactive;
  const std::array<std::int64_t, 1> in{q[0] + q[3]}, out{q[1] + q[2]};
  switch (group) {
    case 0x01: return Energies(low, "fwd_active_energy", "kWh", std::span(registers.forward).first(count));
    case 0x02: return Energies(low, "rev_active_energy", "kWh", std::span(registers.reverse).first(count));
    case 0x11: return Energies(low, "fwd_reactive_energy", "kvarh", in);
    case 0x12: return Energies(low, "rev_reactive_energy", "kvarh", out);
    default: return std::nullopt;
  }
}

std::optional<Item> VariableItem(std::uint8_t group, std::uint8_t low, const ElectricState& state) {
  switch (group) {
    case 0x61: return Phases(low, "voltage", "V", {0, 2, Sign::kUnsigned, 10}, state.voltage);
    case 0x62: return Phases(low, "current", "A", {2, 2, Sign::kUnsigned, 10}, state.current);
    case 0x63: return Phases(low, "active_power", "kW", {4, 3, Sign::kSigned, 1}, state.active_power);
    case 0x64: return Phases(low, "reactive_power", "kvar", {2, 2, Sign::kSigned, 100}, state.reactive_power);
    case 0x65: return Phases(low, "power_factor", "", {3, 2, Sign::kUnsigned, 1}, state.power_factor);
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Item> FindItem1997(std::uint16_t di, const ElectricSource& source, const ElectricNameplate& nameplate,
                                 base::UtcTime now, base::UtcTime clock) {
  const auto low = static_cast<std::uint8_t>(di & 0xF);
  Item item;
  switch (di) {
    case 0xC010: AppendDate(item, ToLocal(clock)); return item;
    case 0xC011: AppendTimeOfDay(item, ToLocal(clock)); return item;
    case 0xC030: AppendNumber(item, "meter_constant", "imp/kWh", 6400, 0, 3, Sign::kUnsigned); return item;
    case 0xC032: AppendDigitsLowFirst(item.bytes, nameplate.meter_number); return item;
    default: break;
  }
  switch (di >> 12) {
    case 0x9: return EnergyItem(static_cast<std::uint8_t>(di >> 4), low, source, nameplate.tariffs, now);
    case 0xB: return VariableItem(static_cast<std::uint8_t>(di >> 4), low, source.StateAt(now));
    default: return std::nullopt;
  }
}

}  // namespace yb::metersim
