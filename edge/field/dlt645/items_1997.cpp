#include "edge/field/dlt645/items_1997.hpp"

#include <charconv>

namespace yb::field::dlt645 {
namespace {

// Energies: 90 active, 91 reactive; the third digit is the direction or quadrant, the last the tariff.
struct EnergyRow {
  Di1997 first;  // the total; first + 1 … + 4 are the tariffs, first + F the block
  std::string_view name;
  std::string_view unit;
};

constexpr EnergyRow kEnergies[] = {
    {0x9010, "fwd_active_energy", "kWh"},     {0x9020, "rev_active_energy", "kWh"},
    {0x9110, "fwd_reactive_energy", "kvarh"}, {0x9120, "rev_reactive_energy", "kvarh"},
    {0x9130, "q1_reactive_energy", "kvarh"},  {0x9140, "q4_reactive_energy", "kvarh"},
    {0x9150, "q2_reactive_energy", "kvarh"},  {0x9160, "q3_reactive_energy", "kvarh"},
};

struct FixedItem {
  Di1997 di;
  std::string_view key;
  std::string_view unit;
  std::uint8_t size;
  std::uint8_t decimals = 0;
  bool is_signed = false;
  Shape shape = Shape::kNumber;
};

constexpr FixedItem kFixedItems[] = {
    {0xA010, "fwd_active_max_demand", "kW", 3, 4},
    {0xA020, "rev_active_max_demand", "kW", 3, 4},
    {0xA110, "fwd_reactive_max_demand", "kvar", 3, 4},
    {0xA120, "rev_reactive_max_demand", "kvar", 3, 4},
    {0xB010, "fwd_active_max_demand_time", "", 4, 0, false, Shape::kMonthMinute},
    {0xB020, "rev_active_max_demand_time", "", 4, 0, false, Shape::kMonthMinute},
    {0xB611, "voltage_a", "V", 2},
    {0xB612, "voltage_b", "V", 2},
    {0xB613, "voltage_c", "V", 2},
    {0xB621, "current_a", "A", 2, 2},
    {0xB622, "current_b", "A", 2, 2},
    {0xB623, "current_c", "A", 2, 2},
    {0xB630, "active_power_total", "kW", 3, 4},
    {0xB631, "active_power_a", "kW", 3, 4},
    {0xB632, "active_power_b", "kW", 3, 4},
    {0xB633, "active_power_c", "kW", 3, 4},
    {0xB640, "reactive_power_total", "kvar", 2, 2},
    {0xB641, "reactive_power_a", "kvar", 2, 2},
    {0xB642, "reactive_power_b", "kvar", 2, 2},
    {0xB643, "reactive_power_c", "kvar", 2, 2},
    {0xB650, "power_factor_total", "", 2, 3},
    {0xB651, "power_factor_a", "", 2, 3},
    {0xB652, "power_factor_b", "", 2, 3},
    {0xB653, "power_factor_c", "", 2, 3},
    {0xC010, "date", "", 4, 0, false, Shape::kDate},
    {0xC011, "time", "", 3, 0, false, Shape::kTime},
    {0xC030, "active_constant", "imp/kWh", 3},
    {0xC031, "reactive_constant", "imp/kvarh", 3},
    {0xC032, "meter_number", "", 6, 0, false, Shape::kDigits},
};

PlacedItem Place(const FixedItem& item) {
  return {item.di, {std::string(item.key), item.unit, item.size, item.decimals, item.is_signed, item.shape}};
}

std::vector<PlacedItem> Energies(const EnergyRow& row, Di1997 di, std::size_t size) {
  std::vector<PlacedItem> items;
  if (!IsBlock1997(di)) {
    const unsigned tariff = di - row.first;
    items.push_back(
        {di, {std::string(row.name) + (tariff == 0 ? "" : "_rate" + std::to_string(tariff)), row.unit, 4, 2, false}});
    return items;
  }
  // The block of the main register is what everybody reads: its tariffs go by the short name.
  const std::string name = row.first == 0x9010 ? "energy" : std::string(row.name);
  for (unsigned tariff = 0; tariff <= 4 && (tariff == 0 || (tariff + 1) * 4 <= size); ++tariff) {
    items.push_back({row.first + tariff,
                     {name + (tariff == 0 ? "_total" : "_rate" + std::to_string(tariff)), row.unit, 4, 2, false}});
  }
  return items;
}

}  // namespace

base::Result<Di1997> ParseDi1997(std::string_view text) {
  Di1997 di = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), di, 16);
  if (text.size() != 4 || code != std::errc() || stop != text.data() + text.size()) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      "'" + std::string(text) + "' is no DL/T 645-1997 data identifier",
                      "write it as four hex digits, such as 9010");
  }
  return di;
}

std::vector<PlacedItem> Items1997(Di1997 di, std::size_t size) {
  for (const EnergyRow& row : kEnergies) {
    if (di >= row.first && (di <= row.first + 4 || di == row.first + 0xF)) return Energies(row, di, size);
  }
  std::vector<PlacedItem> items;
  std::size_t used = 0;
  for (const FixedItem& item : kFixedItems) {
    const bool in_block = IsBlock1997(di) && (item.di & 0xFFF0) == (di & 0xFFF0);
    if (item.di != di && !in_block) continue;
    if (in_block && !items.empty() && used + item.size > size) break;
    items.push_back(Place(item));
    used += item.size;
  }
  return items;
}

bool IsBlock1997(Di1997 di) {
  return (di & 0xF) == 0xF;
}

}  // namespace yb::field::dlt645
