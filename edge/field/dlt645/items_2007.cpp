#include "edge/field/dlt645/items_2007.hpp"

#include <array>
#include <charconv>

#include "edge/field/dlt645/fixed_items_2007.hpp"

namespace yb::field::dlt645 {
namespace {

constexpr unsigned kAll = 0xFF;

struct Parts {
  unsigned di3, di2, di1, di0;
};

Parts Split(Di2007 di) {
  return {di >> 24, (di >> 16) & 0xFF, (di >> 8) & 0xFF, di & 0xFF};
}

Di2007 Join(unsigned di3, unsigned di2, unsigned di1, unsigned di0) {
  return (di3 << 24) | (di2 << 16) | (di1 << 8) | di0;
}

// One kind of energy (电能量) or demand (需量): its DI2 within class 00 and 01.
struct EnergyKind {
  unsigned di2;
  std::string_view name;
  std::string_view energy_unit;
  std::string_view demand_unit;
  bool is_signed;
};

// Annex A.1: the whole meter. The phases repeat the rows 01 to 0A from 15H, 29H and 3DH on.
constexpr std::array<EnergyKind, 11> kEnergyKinds{{
    {0x00, "comb_active", "kWh", "kW", true},
    {0x01, "fwd_active", "kWh", "kW", false},
    {0x02, "rev_active", "kWh", "kW", false},
    {0x03, "comb_reactive1", "kvarh", "kvar", true},
    {0x04, "comb_reactive2", "kvarh", "kvar", true},
    {0x05, "q1_reactive", "kvarh", "kvar", false},
    {0x06, "q2_reactive", "kvarh", "kvar", false},
    {0x07, "q3_reactive", "kvarh", "kvar", false},
    {0x08, "q4_reactive", "kvarh", "kvar", false},
    {0x09, "fwd_apparent", "kVAh", "kVA", false},
    {0x0A, "rev_apparent", "kVAh", "kVA", false},
}};

constexpr std::array<unsigned, 3> kPhaseBase{0x15, 0x29, 0x3D};
constexpr std::array<std::string_view, 3> kPhase{"a", "b", "c"};

struct NamedKind {
  std::string name;  // "phase_c_q4_reactive"
  const EnergyKind* kind;
};

std::optional<NamedKind> FindKind(unsigned di2) {
  if (di2 < kEnergyKinds.size()) return NamedKind{std::string(kEnergyKinds[di2].name), &kEnergyKinds[di2]};
  for (std::size_t phase = 0; phase < kPhaseBase.size(); ++phase) {
    const unsigned row = di2 - kPhaseBase[phase] + 1;
    if (di2 >= kPhaseBase[phase] && row < kEnergyKinds.size()) {
      return NamedKind{"phase_" + std::string(kPhase[phase]) + "_" + std::string(kEnergyKinds[row].name),
                       &kEnergyKinds[row]};
    }
  }
  return std::nullopt;
}

std::string EnergyKey(const NamedKind& kind) {
  // The two combined reactive sums are energies by their unit; the name stays short.
  return kind.name.find("comb_reactive") != std::string::npos ? kind.name : kind.name + "_energy";
}

// FF in DI2: every kind of energy in the order of its index, the whole meter's and then the phases'.
std::vector<PlacedItem> KindsBlock(Parts p, std::size_t size) {
  if (p.di1 > 0x3F || p.di0 > 0x0C) return {};
  std::vector<PlacedItem> items;
  for (unsigned di2 = 0; di2 < kAll && (items.size() + 1) * 4 <= size; ++di2) {
    const std::optional<NamedKind> kind = FindKind(di2);
    if (!kind) continue;
    items.push_back(
        {Join(p.di3, di2, p.di1, p.di0),
         {EnergyKey(*kind) + TariffAndSettlement(p.di1, p.di0), kind->kind->energy_unit, 4, 2, kind->kind->is_signed}});
  }
  return items;
}

std::vector<PlacedItem> Energies(Parts p, std::size_t size) {
  if (p.di2 == 0x90) {
    if (p.di1 != 1 && p.di1 != 2) return {};
    const bool amount = p.di1 == 2;
    return {{Join(p.di3, p.di2, p.di1, p.di0),
             {amount ? "remaining_amount" : "remaining_energy", amount ? "CNY" : "kWh", 4, 2, false}}};
  }
  if (p.di2 == kAll) return KindsBlock(p, size);
  const std::optional<NamedKind> kind = FindKind(p.di2);
  if (!kind || (p.di1 != kAll && p.di1 > 0x3F) || (p.di0 != kAll && p.di0 > 0x0C)) return {};
  if (p.di1 == kAll && p.di0 == kAll) return {};
  const auto format = [&](std::string key) {
    return ItemFormat{std::move(key), kind->kind->energy_unit, 4, 2, kind->kind->is_signed};
  };
  if (p.di1 != kAll && p.di0 != kAll) {
    return {{Join(p.di3, p.di2, p.di1, p.di0), format(EnergyKey(*kind) + TariffAndSettlement(p.di1, p.di0))}};
  }
  std::vector<PlacedItem> items;
  const unsigned most = p.di1 == kAll ? 0x40 : 0x0D;
  for (unsigned i = 0; i < most && (i + 1) * 4 <= size; ++i) {
    const unsigned tariff = p.di1 == kAll ? i : p.di1;
    const unsigned day = p.di0 == kAll ? i : p.di0;
    // The block of the main register is what everybody reads: its tariffs go by the short name.
    std::string key = p.di2 == 0x01 && p.di1 == kAll ? "energy" : EnergyKey(*kind);
    if (p.di1 == kAll) key += tariff == 0 ? "_total" : "_rate" + std::to_string(tariff);
    if (p.di1 != kAll && tariff != 0) key += "_rate" + std::to_string(tariff);
    if (day != 0) key += "_settlement" + std::to_string(day);
    items.push_back({Join(p.di3, p.di2, tariff, day), format(std::move(key))});
  }
  return items;
}

std::vector<PlacedItem> MaximumDemands(Parts p, std::size_t size) {
  const std::optional<NamedKind> kind = FindKind(p.di2);
  if (!kind || (p.di1 == kAll && p.di0 == kAll)) return {};
  if ((p.di1 != kAll && p.di1 > 0x3F) || (p.di0 != kAll && p.di0 > 0x0C)) return {};
  constexpr unsigned kSize = 8;  // XX.XXXX and the minute it occurred
  std::vector<PlacedItem> items;
  const bool block = p.di1 == kAll || p.di0 == kAll;
  const unsigned most = !block ? 1 : p.di1 == kAll ? 0x40 : 0x0D;
  for (unsigned i = 0; i < most && (i == 0 || (i + 1) * kSize <= size); ++i) {
    const unsigned tariff = p.di1 == kAll ? i : p.di1;
    const unsigned day = p.di0 == kAll ? i : p.di0;
    const Di2007 di = Join(p.di3, p.di2, tariff, day);
    const std::string key = kind->name + "_max_demand" + TariffAndSettlement(tariff, day);
    items.push_back({di, {key, kind->kind->demand_unit, 3, 4, kind->kind->is_signed}});
    items.push_back({di, {key + "_time", "", 5, 0, false, Shape::kMinute}});
  }
  return items;
}

// One family of variables (变量), whose DI1 counts the phases.
struct VariableFamily {
  unsigned di2;
  std::string_view name;
  std::string_view unit;
  std::uint8_t size;
  std::uint8_t decimals;
  bool is_signed;
  bool has_total;  // DI1 00 is the sum over the phases
};

constexpr std::array<VariableFamily, 9> kVariables{{
    {0x01, "voltage", "V", 2, 1, false, false},
    {0x02, "current", "A", 3, 3, true, false},
    {0x03, "active_power", "kW", 3, 4, true, true},
    {0x04, "reactive_power", "kvar", 3, 4, true, true},
    {0x05, "apparent_power", "kVA", 3, 4, true, true},
    {0x06, "power_factor", "", 2, 3, true, true},
    {0x07, "phase_angle", "deg", 2, 1, false, false},
    {0x08, "voltage_thd", "%", 2, 2, false, false},
    {0x09, "current_thd", "%", 2, 2, false, false},
}};

std::vector<PlacedItem> Harmonics(Parts p, std::size_t size) {
  const unsigned phase = p.di1;
  if (phase < 1 || phase > 3) return {};
  const std::string name = p.di2 == 0x0A ? "voltage_harmonic" : "current_harmonic";
  std::vector<PlacedItem> items;
  const unsigned first = p.di0 == kAll ? 1 : p.di0;
  const unsigned last = p.di0 == kAll ? static_cast<unsigned>(size / 2) : p.di0;
  for (unsigned order = first; order <= last && order < kAll; ++order) {
    items.push_back({Join(p.di3, p.di2, phase, order),
                     {name + "_" + std::string(kPhase[phase - 1]) + "_" + std::to_string(order), "%", 2, 2, false}});
  }
  return items;
}

std::vector<PlacedItem> Variables(Parts p, std::size_t size) {
  if (p.di2 == 0x80) return SingleItem2007(Join(p.di3, p.di2, p.di1, p.di0));
  if (p.di2 == 0x0A || p.di2 == 0x0B) return Harmonics(p, size);
  for (const VariableFamily& family : kVariables) {
    if (family.di2 != p.di2 || p.di0 != 0) continue;
    const unsigned first = family.has_total ? 0 : 1;
    std::vector<PlacedItem> items;
    for (unsigned phase = first; phase <= 3; ++phase) {
      if (p.di1 != kAll && p.di1 != phase) continue;
      if (p.di1 == kAll && (items.size() + 1) * family.size > size) break;
      const std::string suffix = phase == 0 ? "_total" : "_" + std::string(kPhase[phase - 1]);
      items.push_back(
          {Join(p.di3, p.di2, phase, 0),
           {std::string(family.name) + suffix, family.unit, family.size, family.decimals, family.is_signed}});
    }
    return items;
  }
  return {};
}

// Run status words (电表运行状态字) 1 to 7, and all of them as the block 040005FF.
std::vector<PlacedItem> StatusWords(Parts p, std::size_t size) {
  std::vector<PlacedItem> items;
  for (unsigned word = 1; word <= 7; ++word) {
    if (p.di0 != kAll && p.di0 != word) continue;
    if (p.di0 == kAll && word * 2 > size) break;
    items.push_back(
        {Join(p.di3, p.di2, p.di1, word), {"status_word" + std::to_string(word), "hex", 2, 0, false, Shape::kBits}});
  }
  return items;
}

// Freeze data (冻结数据): DI2 the occasion, DI1 the quantity, DI0 how many freezes back.
std::vector<PlacedItem> Freezes(Parts p, std::size_t size) {
  if (p.di0 == kAll || p.di1 == kAll) return {};
  const Di2007 di = Join(p.di3, p.di2, p.di1, p.di0);
  if (p.di1 == 0x00) return {{di, {"freeze_time", "", 5, 0, false, Shape::kMinute}}};
  std::vector<PlacedItem> items;
  if (p.di1 <= 0x08) {
    const EnergyKind& kind = kEnergyKinds[p.di1];
    const std::string key = "freeze_" + EnergyKey({std::string(kind.name), &kind});
    for (unsigned tariff = 0; tariff < 0x40 && (tariff == 0 || (tariff + 1) * 4 <= size); ++tariff) {
      items.push_back({di,
                       {key + (tariff == 0 ? "_total" : "_rate" + std::to_string(tariff)), kind.energy_unit, 4, 2,
                        kind.is_signed}});
    }
  } else if (p.di1 == 0x10) {
    for (std::string_view name : {"active_power", "reactive_power"}) {
      for (std::string_view slot : {"total", "a", "b", "c"}) {
        items.push_back({di,
                         {"freeze_" + std::string(name) + "_" + std::string(slot),
                          name == "active_power" ? "kW" : "kvar", 3, 4, true}});
      }
    }
  }
  return items;
}

}  // namespace

base::Result<Di2007> ParseDi2007(std::string_view text) {
  Di2007 di = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), di, 16);
  if (text.size() != 8 || code != std::errc() || stop != text.data() + text.size()) {
    const std::string found(text);
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"'" + found + "' is no DL/T 645-2007 data identifier",
                                  "“" + found + "”不是 DL/T 645-2007 的数据标识"},
                      base::Words{"write DI3 DI2 DI1 DI0 as eight hex digits, such as 00010000",
                                  "按 DI3 DI2 DI1 DI0 写成八位十六进制，如 00010000"});
  }
  return di;
}

std::vector<PlacedItem> Items2007(Di2007 di, std::size_t size) {
  const Parts parts = Split(di);
  switch (parts.di3) {
    case 0x00: return Energies(parts, size);
    case 0x01: return MaximumDemands(parts, size);
    case 0x02: return Variables(parts, size);
    case 0x03: return EventItems2007(di);
    case 0x04:
      if (parts.di2 == 0x00 && parts.di1 == 0x05) return StatusWords(parts, size);
      return SingleItem2007(di);
    case 0x05: return Freezes(parts, size);
    default: return {};
  }
}

bool IsBlock2007(Di2007 di) {
  const Parts parts = Split(di);
  return parts.di2 == kAll || parts.di1 == kAll || parts.di0 == kAll;
}

}  // namespace yb::field::dlt645
