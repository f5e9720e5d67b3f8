#include "edge/field/dlt645/fixed_items_2007.hpp"

#include <string>
#include <string_view>

namespace yb::field::dlt645 {
namespace {

constexpr ItemRow kFixedItems[] = {
    {0x02800001, "neutral_current", "A", 3, 3, true},
    {0x02800002, "frequency", "Hz", 2, 2},
    {0x02800003, "minute_active_power", "kW", 3, 4, true},
    {0x02800004, "active_demand", "kW", 3, 4, true},
    {0x02800005, "reactive_demand", "kvar", 3, 4, true},
    {0x02800006, "apparent_demand", "kVA", 3, 4, true},
    {0x02800007, "temperature", "C", 2, 1, true},
    {0x02800008, "clock_battery_voltage", "V", 2, 2},
    {0x02800009, "reading_battery_voltage", "V", 2, 2},
    {0x0280000A, "battery_running_time", "min", 4},
    {0x04000101, "date", "", 4, 0, false, Shape::kDate},
    {0x04000102, "time", "", 3, 0, false, Shape::kTime},
    {0x04000103, "max_demand_period", "min", 1},
    {0x04000104, "sliding_window_time", "min", 1},
    {0x04000105, "calibration_pulse_width", "ms", 2},
    {0x0400010C, "datetime", "", 7, 0, false, Shape::kDateTime},
    {0x04000201, "year_zones", "", 1},
    {0x04000202, "day_tables", "", 1},
    {0x04000203, "day_periods", "", 1},
    {0x04000204, "tariffs", "", 1},
    {0x04000205, "public_holidays", "", 2},
    {0x04000303, "energy_display_decimals", "", 1},
    {0x04000304, "power_display_decimals", "", 1},
    {0x04000306, "ct_ratio", "", 3},
    {0x04000307, "pt_ratio", "", 3},
    {0x04000401, "address", "", 6, 0, false, Shape::kDigits},
    {0x04000402, "meter_number", "", 6, 0, false, Shape::kDigits},
    {0x04000403, "asset_number", "", 32, 0, false, Shape::kText},
    {0x04000404, "rated_voltage", "", 6, 0, false, Shape::kText},
    {0x04000405, "base_current", "", 6, 0, false, Shape::kText},
    {0x04000406, "max_current", "", 6, 0, false, Shape::kText},
    {0x04000407, "active_accuracy_class", "", 4, 0, false, Shape::kText},
    {0x04000408, "reactive_accuracy_class", "", 4, 0, false, Shape::kText},
    {0x04000409, "active_constant", "imp/kWh", 3},
    {0x0400040A, "reactive_constant", "imp/kvarh", 3},
    {0x0400040B, "meter_model", "", 10, 0, false, Shape::kText},
    {0x0400040C, "production_date", "", 10, 0, false, Shape::kText},
    {0x0400040D, "protocol_version", "", 16, 0, false, Shape::kText},
    {0x04000601, "comb_active_mode", "hex", 1, 0, false, Shape::kBits},
    {0x04000602, "comb_reactive1_mode", "hex", 1, 0, false, Shape::kBits},
    {0x04000603, "comb_reactive2_mode", "hex", 1, 0, false, Shape::kBits},
};

// Events that each phase counts for itself: DI2 of their totals 03xx0000.
struct PhaseEvent {
  unsigned di2;
  std::string_view name;
};
constexpr PhaseEvent kPhaseEvents[] = {
    {0x01, "voltage_loss"},    // 失压
    {0x02, "under_voltage"},   // 欠压
    {0x03, "over_voltage"},    // 过压
    {0x04, "phase_failure"},   // 断相
    {0x0B, "current_loss"},    // 失流
    {0x0C, "over_current"},    // 过流
    {0x0D, "current_break"},   // 断流
    {0x0E, "power_reversal"},  // 潮流反向
    {0x0F, "overload"},        // 过载
};

// Events of the whole meter with a count and a duration.
constexpr PhaseEvent kMeterEvents[] = {
    {0x05, "all_voltage_loss"},          // 全失压
    {0x06, "auxiliary_power_loss"},      // 辅助电源失电
    {0x07, "voltage_reverse_sequence"},  // 电压逆相序
    {0x08, "current_reverse_sequence"},  // 电流逆相序
    {0x09, "voltage_unbalance"},         // 电压不平衡
    {0x0A, "current_unbalance"},         // 电流不平衡
};

// What was done to the meter: DI1 of the counts 0330xx00.
constexpr PhaseEvent kInterventions[] = {
    {0x00, "programming"},
    {0x01, "meter_clear"},
    {0x02, "demand_clear"},
    {0x03, "event_clear"},
    {0x04, "clock_set"},
    {0x05, "day_table_programming"},
    {0x06, "year_zone_programming"},
    {0x07, "weekend_programming"},
    {0x08, "holiday_programming"},
    {0x0C, "settlement_day_programming"},
    {0x0D, "cover_open"},
    {0x0E, "terminal_cover_open"},
};

template <std::size_t kCount>
std::string_view NameOf(const PhaseEvent (&events)[kCount], unsigned number) {
  for (const PhaseEvent& event : events) {
    if (event.di2 == number) return event.name;
  }
  return {};
}

void AddCountAndMinutes(std::vector<PlacedItem>& items, Di2007 di, const std::string& name) {
  items.push_back({di, {name + "_count", "", 3}});
  items.push_back({di, {name + "_minutes", "min", 3}});
}

void AddTime(std::vector<PlacedItem>& items, Di2007 di, const std::string& key) {
  items.push_back({di, {key, "", 6, 0, false, Shape::kSecond}});
}

std::vector<PlacedItem> Totals(Di2007 di, unsigned di2) {
  std::vector<PlacedItem> items;
  if (const std::string_view name = NameOf(kPhaseEvents, di2); !name.empty()) {
    for (std::string_view phase : {"a", "b", "c"}) {
      AddCountAndMinutes(items, di, std::string(name) + "_" + std::string(phase));
    }
  } else if (const std::string_view whole = NameOf(kMeterEvents, di2); !whole.empty()) {
    AddCountAndMinutes(items, di, std::string(whole));
  } else if (di2 == 0x11) {
    items.push_back({di, {"power_down_count", "", 3}});
  }
  return items;
}

// The last ten of an event, DI0 01 the latest.
std::vector<PlacedItem> Records(Di2007 di, unsigned di2, unsigned di1) {
  std::vector<PlacedItem> items;
  if (di2 == 0x05 && di1 == 0x00) {
    items.push_back({di, {"all_voltage_loss_current", "A", 3, 3}});
    AddTime(items, di, "all_voltage_loss_begin");
    AddTime(items, di, "all_voltage_loss_end");
  } else if (di2 == 0x06 && di1 == 0x00) {
    AddTime(items, di, "auxiliary_power_loss_begin");
    AddTime(items, di, "auxiliary_power_loss_end");
  } else if (di2 == 0x11 && di1 == 0x00) {
    AddTime(items, di, "power_down_begin");
    AddTime(items, di, "power_down_end");
  } else if (di2 == 0x30 && di1 == 0x00) {
    AddTime(items, di, "programming_time");
    items.push_back({di, {"programming_operator", "", 4, 0, false, Shape::kDigits}});
  } else if (di2 == 0x30 && di1 == 0x04) {
    items.push_back({di, {"clock_set_operator", "", 4, 0, false, Shape::kDigits}});
    AddTime(items, di, "clock_set_before");
    AddTime(items, di, "clock_set_after");
  } else if (di2 == 0x30 && (di1 == 0x0D || di1 == 0x0E)) {
    const std::string name(NameOf(kInterventions, di1));
    AddTime(items, di, name + "_begin");
    AddTime(items, di, name + "_end");
  }
  return items;
}

}  // namespace

std::vector<PlacedItem> SingleItem2007(Di2007 di) {
  for (const ItemRow& row : kFixedItems) {
    if (row.di == di) return {row.Item()};
  }
  return {};
}

std::vector<PlacedItem> EventItems2007(Di2007 di) {
  const unsigned di2 = (di >> 16) & 0xFF;
  const unsigned di1 = (di >> 8) & 0xFF;
  const unsigned di0 = di & 0xFF;
  if (di0 >= 0x01 && di0 <= 0x0A) return Records(di, di2, di1);
  if (di0 != 0) return {};
  if (di2 == 0x30) {
    const std::string_view name = NameOf(kInterventions, di1);
    if (name.empty()) return {};
    return {{di, {std::string(name) + "_count", "", 3}}};
  }
  return di1 == 0 ? Totals(di, di2) : std::vector<PlacedItem>{};
}

}  // namespace yb::field::dlt645
