#include "tools/metersim/electric_items.hpp"

#include <array>
#include <span>

#include "tools/metersim/item_writer.hpp"

namespace yb::metersim {
namespace {

constexpr int kSettlementDays = 12;
constexpr std::uint8_t kAll = 0xFF;

struct Energy {
  const char* quantity;
  const char* unit;
  Sign sign;
  std::int64_t value;
};

/// Table A.1 by DI2; `tariff` 0 is the total. Reactive energy is kept as a total only.
std::optional<Energy> EnergyOf(std::uint8_t di2, const EnergyRegisters& registers, std::size_t tariff) {
  const std::array<std::int64_t, 4>& q = registers.quadrant_reactive;
  if (di2 >= 3 && tariff != 0) return std::nullopt;
  switch (di2) {
    case 0x00:
      return Energy{"comb_active_energy", "kWh", Sign::kSigned, registers.forward[tariff] + registers.reverse[tariff]};
    case 0x01: return Energy{"fwd_active_energy", "kWh", Sign::kUnsigned, registers.forward[tariff]};
    case 0x02: return Energy{"rev_active_energy", "kWh", Sign::kUnsigned, registers.reverse[tariff]};
    case 0x03: return Energy{"comb_reactive1", "kvarh", Sign::kSigned, q[0] + q[1]};
    case 0x04: return Energy{"comb_reactive2", "kvarh", Sign::kSigned, q[2] + q[3]};
    case 0x05: return Energy{"q1_reactive_energy", "kvarh", Sign::kUnsigned, q[0]};
    case 0x06: return Energy{"q2_reactive_energy", "kvarh", Sign::kUnsigned, q[1]};
    case 0x07: return Energy{"q3_reactive_energy", "kvarh", Sign::kUnsigned, q[2]};
    case 0x08: return Energy{"q4_reactive_energy", "kvarh", Sign::kUnsigned, q[3]};
    default: return std::nullopt;
  }
}

bool AppendEnergy(Item& item, std::uint8_t di2, std::size_t tariff, int days_back, const ElectricSource& source,
                  base::UtcTime now) {
  const base::UtcTime at = days_back == 0 ? now : MonthStart(now, days_back - 1);
  const std::optional<Energy> energy = EnergyOf(di2, source.RegistersAt(at), tariff);
  if (!energy) return false;
  std::string quantity = energy->quantity;
  if (tariff != 0) quantity += "_t" + std::to_string(tariff);
  if (days_back != 0) quantity += "_settlement" + std::to_string(days_back);
  const std::int64_t end = energy->sign == Sign::kSigned ? kSignedDialEnd : kUnsignedDialEnd;
  AppendNumber(item, std::move(quantity), energy->unit, energy->value % end, 2, 4, energy->sign);
  return true;
}

std::optional<Item> EnergyItem(std::uint32_t di, const ElectricSource& source, int tariffs, base::UtcTime now) {
  const auto di2 = static_cast<std::uint8_t>(di >> 16), di1 = static_cast<std::uint8_t>(di >> 8),
             di0 = static_cast<std::uint8_t>(di);
  Item item;
  if (di1 == kAll && di0 <= kSettlementDays) {
    const int last = di2 >= 3 ? 0 : tariffs;
    for (int tariff = 0; tariff <= last; ++tariff) {
      if (!AppendEnergy(item, di2, static_cast<std::size_t>(tariff), di0, source, now)) return std::nullopt;
    }
    return item;
  }
  if (di1 > tariffs) return std::nullopt;
  if (di0 == kAll) {
    for (int back = 0; back <= kSettlementDays; ++back) {
      if (!AppendEnergy(item, di2, di1, back, source, now)) return std::nullopt;
    }
    return item;
  }
  if (di0 > kSettlementDays || !AppendEnergy(item, di2, di1, di0, source, now)) return std::nullopt;
  return item;
}

struct Variable {
  const char* quantity;
  const char* unit;
  std::uint8_t decimals;
  std::size_t width;
  Sign sign;
  std::span<const std::int64_t> values;
};

/// Values of DI1 = 00.. (total, A, B, C) or 01.. (A, B, C), or all of them for FF.
std::optional<Item> VariableItem(const Variable& variable, std::uint8_t di1) {
  static constexpr std::array<const char*, 4> kSuffixes{"_total", "_a", "_b", "_c"};
  const std::size_t first = variable.values.size() == 4 ? 0 : 1;
  Item item;
  for (std::size_t i = first; i < 4; ++i) {
    if (di1 != kAll && di1 != i) continue;
    AppendNumber(item, std::string(variable.quantity) + kSuffixes[i], variable.unit, variable.values[i - first],
                 variable.decimals, variable.width, variable.sign);
  }
  if (item.bytes.empty()) return std::nullopt;
  return item;
}

std::optional<Item> SingleVariable(std::uint8_t di0, const ElectricState& state) {
  Item item;
  switch (di0) {
    case 0x02: AppendNumber(item, "frequency", "Hz", state.frequency, 2, 2, Sign::kUnsigned); break;
    case 0x03: AppendNumber(item, "mean_active_power", "kW", state.active_power[0], 4, 3, Sign::kSigned); break;
    case 0x04: AppendNumber(item, "active_demand", "kW", state.active_power[0], 4, 3, Sign::kSigned); break;
    case 0x05: AppendNumber(item, "reactive_demand", "kvar", state.reactive_power[0], 4, 3, Sign::kSigned); break;
    case 0x06: AppendNumber(item, "apparent_demand", "kVA", state.apparent_power[0], 4, 3, Sign::kSigned); break;
    case 0x07: AppendNumber(item, "inside_temperature", "C", 263, 1, 2, Sign::kSigned); break;
    case 0x08: AppendNumber(item, "clock_battery", "V", 362, 2, 2, Sign::kUnsigned); break;
    default: return std::nullopt;
  }
  return item;
}

std::optional<Item> MeasuredItem(std::uint32_t di, const ElectricSource& source, base::UtcTime now) {
  const auto di2 = static_cast<std::uint8_t>(di >> 16), di1 = static_cast<std::uint8_t>(di >> 8),
             di0 = static_cast<std::uint8_t>(di);
  const ElectricState state = source.StateAt(now);
  if (di2 == 0x80 && di1 == 0) return SingleVariable(di0, state);
  if (di0 != 0) return std::nullopt;
  switch (di2) {
    case 0x01: return VariableItem({"voltage", "V", 1, 2, Sign::kUnsigned, state.voltage}, di1);
    case 0x02: return VariableItem({"current", "A", 3, 3, Sign::kSigned, state.current}, di1);
    case 0x03: return VariableItem({"active_power", "kW", 4, 3, Sign::kSigned, state.active_power}, di1);
    case 0x04: return VariableItem({"reactive_power", "kvar", 4, 3, Sign::kSigned, state.reactive_power}, di1);
    case 0x05: return VariableItem({"apparent_power", "kVA", 4, 3, Sign::kSigned, state.apparent_power}, di1);
    case 0x06: return VariableItem({"power_factor", "", 3, 2, Sign::kSigned, state.power_factor}, di1);
    default: return std::nullopt;
  }
}

std::optional<Item> ParameterItem(std::uint32_t di, const ElectricNameplate& nameplate, base::UtcTime clock) {
  const LocalTime local = ToLocal(clock);
  Item item;
  switch (di) {
    case 0x04000101: AppendDate(item, local); return item;
    case 0x04000102: AppendTimeOfDay(item, local); return item;
    case 0x04000306: AppendNumber(item, "ct_ratio", "", nameplate.ct_ratio, 0, 3, Sign::kUnsigned); return item;
    case 0x04000307: AppendNumber(item, "pt_ratio", "", 1, 0, 3, Sign::kUnsigned); return item;
    case 0x04000401: AppendDigitsLowFirst(item.bytes, nameplate.address); return item;
    case 0x04000402: AppendDigitsLowFirst(item.bytes, nameplate.meter_number); return item;
    case 0x040005FF: item.bytes.assign(14, 0); return item;  // run status words 1..7 (电表运行状态字): all is well
    default:
      if (di < 0x04000501 || di > 0x04000507) return std::nullopt;
      item.bytes.assign(2, 0);
      return item;
  }
}

}  // namespace

std::optional<Item> FindItem(std::uint32_t di, const ElectricSource& source, const ElectricNameplate& nameplate,
                             base::UtcTime now, base::UtcTime clock) {
  switch (di >> 24) {
    case 0x00: return EnergyItem(di, source, nameplate.tariffs, now);
    case 0x02: return MeasuredItem(di, source, now);
    case 0x04: return ParameterItem(di, nameplate, clock);
    default: return std::nullopt;
  }
}

}  // namespace yb::metersim
