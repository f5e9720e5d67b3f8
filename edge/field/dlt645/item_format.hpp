// ItemFormat: how one item of a DL/T 645 answer is sent, and what it is called. The tables of both editions speak of
// items in this form (DL/T 645-2007 annex A, DL/T 645-1997 annex A).
// Values; no threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edge/field/wire_value.hpp"

namespace yb::field::dlt645 {

enum class Shape : std::uint8_t {
  kNumber,       // BCD with `decimals` implied decimals, the top bit a sign where `is_signed`
  kDate,         // WW DD MM YY
  kTime,         // ss mm hh
  kMinute,       // mm hh DD MM YY
  kMonthMinute,  // mm hh DD MM, without a year (1997)
  kSecond,       // ss mm hh DD MM YY
  kDateTime,     // ss mm hh WW DD MM YY
  kDigits,       // BCD digits that are a name, not a quantity: addresses, meter numbers
  kText,         // ASCII, last character first
  kBits,         // bit field, low byte first; shown as hex, high byte first
};

struct ItemFormat {
  std::string key;  // "voltage_a"
  std::string_view unit;
  std::uint8_t size = 0;  // bytes on the line
  std::uint8_t decimals = 0;
  bool is_signed = false;
  Shape shape = Shape::kNumber;
};

/// One item where it stands in an answer.
struct PlacedItem {
  std::uint32_t di = 0;  // the item's own identifier, also within a block
  ItemFormat format;
};

/// A row of the tables of both editions: an item by itself.
struct ItemRow {
  std::uint32_t di;
  std::string_view key;
  std::string_view unit;
  std::uint8_t size;
  std::uint8_t decimals = 0;
  bool is_signed = false;
  Shape shape = Shape::kNumber;

  [[nodiscard]] PlacedItem Item() const { return {di, {std::string(key), unit, size, decimals, is_signed, shape}}; }
};

/// "_rate2_settlement1": what a key says of tariff and settlement day; nothing for the total and now.
[[nodiscard]] std::string TariffAndSettlement(unsigned tariff, unsigned settlement);

/// `field` has exactly format.size bytes. Never fails: what is no value is kAbsent (FF or EE fill) or kInvalid.
[[nodiscard]] WireValue DecodeItem(const PlacedItem& item, base::ByteView field);

}  // namespace yb::field::dlt645
