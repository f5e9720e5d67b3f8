#include "edge/field/dlt645/items_1997.hpp"

#include <charconv>

namespace yb::field::dlt645 {
namespace {

// What is kept by tariff and month: the third digit is the direction or quadrant, the last the tariff; the first byte
// says when: 90 now, 94 last month, 98 the month before, and so from A0 and B0 on.
struct TariffRow {
  Di1997 first;  // the total now; first + 1 … + 14 are the tariffs, first + F the block
  std::string_view name;
  std::string_view unit;
  std::uint8_t size = 4;
  std::uint8_t decimals = 2;
  Shape shape = Shape::kNumber;
};

constexpr TariffRow kTariffRows[] = {
    {0x9010, "fwd_active_energy", "kWh"},
    {0x9020, "rev_active_energy", "kWh"},
    {0x9110, "fwd_reactive_energy", "kvarh"},
    {0x9120, "rev_reactive_energy", "kvarh"},
    {0x9130, "q1_reactive_energy", "kvarh"},
    {0x9140, "q4_reactive_energy", "kvarh"},
    {0x9150, "q2_reactive_energy", "kvarh"},
    {0x9160, "q3_reactive_energy", "kvarh"},
    {0xA010, "fwd_active_max_demand", "kW", 3, 4},
    {0xA020, "rev_active_max_demand", "kW", 3, 4},
    {0xA110, "fwd_reactive_max_demand", "kvar", 3, 4},
    {0xA120, "rev_reactive_max_demand", "kvar", 3, 4},
    {0xB010, "fwd_active_max_demand_time", "", 4, 0, Shape::kMonthMinute},
    {0xB020, "rev_active_max_demand_time", "", 4, 0, Shape::kMonthMinute},
    {0xB110, "fwd_reactive_max_demand_time", "", 4, 0, Shape::kMonthMinute},
    {0xB120, "rev_reactive_max_demand_time", "", 4, 0, Shape::kMonthMinute},
};
constexpr unsigned kMonthsBack = 2;
constexpr unsigned kMonthStep = 0x0400;
constexpr unsigned kBlockTariffs = 4;  // a block has the total and these; what meters send behind them is their own

constexpr ItemRow kFixedItems[] = {
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
    {0xB210, "last_programming_time", "", 4, 0, false, Shape::kMonthMinute},
    {0xB211, "last_demand_clear_time", "", 4, 0, false, Shape::kMonthMinute},
    {0xB212, "programming_count", "", 2},
    {0xB213, "demand_clear_count", "", 2},
    {0xB214, "battery_running_time", "min", 3},
    {0xB310, "phase_failure_count", "", 2},
    {0xB311, "phase_failure_a_count", "", 2},
    {0xB312, "phase_failure_b_count", "", 2},
    {0xB313, "phase_failure_c_count", "", 2},
    {0xB320, "phase_failure_minutes", "min", 3},
    {0xB321, "phase_failure_a_minutes", "min", 3},
    {0xB322, "phase_failure_b_minutes", "min", 3},
    {0xB323, "phase_failure_c_minutes", "min", 3},
    {0xC010, "date", "", 4, 0, false, Shape::kDate},
    {0xC011, "time", "", 3, 0, false, Shape::kTime},
    {0xC020, "meter_status", "hex", 1, 0, false, Shape::kBits},
    {0xC021, "grid_status", "hex", 1, 0, false, Shape::kBits},
    {0xC030, "active_constant", "imp/kWh", 3},
    {0xC031, "reactive_constant", "imp/kvarh", 3},
    {0xC032, "meter_number", "", 6, 0, false, Shape::kDigits},
    {0xC033, "user_number", "", 6, 0, false, Shape::kDigits},
    {0xC034, "device_number", "", 6, 0, false, Shape::kDigits},
};

std::vector<PlacedItem> ByTariff(const TariffRow& row, Di1997 di, unsigned months, std::size_t size) {
  const unsigned first = row.first + months * kMonthStep;
  const auto item = [&](std::uint32_t at, std::string key) {
    return PlacedItem{at, {std::move(key), row.unit, row.size, row.decimals, false, row.shape}};
  };
  if (!IsBlock1997(di)) return {item(di, std::string(row.name) + TariffAndSettlement(di - first, months))};
  // The block of the main register is what everybody reads: its tariffs go by the short name.
  const std::string name = row.first == 0x9010 ? "energy" : std::string(row.name);
  std::vector<PlacedItem> items;
  for (unsigned tariff = 0; tariff <= kBlockTariffs && (tariff == 0 || (tariff + 1) * row.size <= size); ++tariff) {
    items.push_back(item(first + tariff, name + (tariff == 0 ? "_total" : "") + TariffAndSettlement(tariff, months)));
  }
  return items;
}

}  // namespace

base::Result<Di1997> ParseDi1997(std::string_view text) {
  Di1997 di = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), di, 16);
  if (text.size() != 4 || code != std::errc() || stop != text.data() + text.size()) {
    const std::string found(text);
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"'" + found + "' is no DL/T 645-1997 data identifier",
                                  "“" + found + "”不是 DL/T 645-1997 的数据标识"},
                      base::Words{"write it as four hex digits, such as 9010", "写成四位十六进制，如 9010"});
  }
  return di;
}

std::vector<PlacedItem> Items1997(Di1997 di, std::size_t size) {
  for (const TariffRow& row : kTariffRows) {
    for (unsigned months = 0; months <= kMonthsBack; ++months) {
      const unsigned first = row.first + months * kMonthStep;
      if (di >= first && di <= first + 0xF) return ByTariff(row, di, months, size);
    }
  }
  std::vector<PlacedItem> items;
  std::size_t used = 0;
  for (const ItemRow& item : kFixedItems) {
    const bool in_block = IsBlock1997(di) && (item.di & 0xFFF0) == (di & 0xFFF0);
    if (item.di != di && !in_block) continue;
    if (in_block && !items.empty() && used + item.size > size) break;
    items.push_back(item.Item());
    used += item.size;
  }
  return items;
}

bool IsBlock1997(Di1997 di) {
  return (di & 0xF) == 0xF;
}

}  // namespace yb::field::dlt645
