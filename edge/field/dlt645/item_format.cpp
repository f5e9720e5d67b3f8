#include "edge/field/dlt645/item_format.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "edge/field/packed_bcd.hpp"

namespace yb::field::dlt645 {
namespace {

using State = WireValue::State;

constexpr std::uint8_t kSignBit = 0x80;

void DecodeNumber(const ItemFormat& format, base::ByteView field, WireValue& value) {
  base::Bytes digits(field.begin(), field.end());
  bool negative = false;
  if (format.is_signed) {
    negative = (digits.back() & kSignBit) != 0;
    digits.back() = static_cast<std::uint8_t>(digits.back() & ~kSignBit);
  }
  const std::optional<std::uint64_t> number = BcdLowFirst(digits);
  if (!number) {
    value.state = State::kInvalid;
    return;
  }
  const auto magnitude = static_cast<std::int64_t>(*number);
  value.number = base::Decimal(negative ? -magnitude : magnitude, format.decimals);
}

bool IsDate(unsigned year, unsigned month, unsigned day) {
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                     std::chrono::day(day))
      .ok();
}

// The two-digit parts of a time shape, in wire order; empty when one is no BCD.
std::vector<unsigned> TimeParts(base::ByteView field) {
  std::vector<unsigned> parts;
  for (std::uint8_t byte : field) {
    const std::optional<unsigned> part = BcdByte(byte);
    if (!part) return {};
    parts.push_back(*part);
  }
  return parts;
}

template <class... Parts>
std::string Print(const char* format, Parts... parts) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, parts...);
  return text.data();
}

// An event that never happened is sent as zeros: then there is no time, and nothing is wrong.
std::optional<std::string> TimeText(Shape shape, const std::vector<unsigned>& p) {
  const auto clock_ok = [](unsigned hour, unsigned minute, unsigned second) {
    return hour < 24 && minute < 60 && second < 60;
  };
  switch (shape) {
    case Shape::kDate:
      if (p[0] > 7 || !IsDate(2000 + p[3], p[2], p[1])) return std::nullopt;
      return Print("20%02u-%02u-%02u W%u", p[3], p[2], p[1], p[0]);
    case Shape::kTime:
      if (!clock_ok(p[2], p[1], p[0])) return std::nullopt;
      return Print("%02u:%02u:%02u", p[2], p[1], p[0]);
    case Shape::kMinute:
      if (!clock_ok(p[1], p[0], 0) || !IsDate(2000 + p[4], p[3], p[2])) return std::nullopt;
      return Print("20%02u-%02u-%02u %02u:%02u", p[4], p[3], p[2], p[1], p[0]);
    case Shape::kMonthMinute:
      if (!clock_ok(p[1], p[0], 0) || !IsDate(2000, p[3], p[2])) return std::nullopt;
      return Print("%02u-%02u %02u:%02u", p[3], p[2], p[1], p[0]);
    case Shape::kSecond:
      if (!clock_ok(p[2], p[1], p[0]) || !IsDate(2000 + p[5], p[4], p[3])) return std::nullopt;
      return Print("20%02u-%02u-%02u %02u:%02u:%02u", p[5], p[4], p[3], p[2], p[1], p[0]);
    case Shape::kDateTime:
      if (!clock_ok(p[2], p[1], p[0]) || !IsDate(2000 + p[6], p[5], p[4])) return std::nullopt;
      return Print("20%02u-%02u-%02u %02u:%02u:%02u", p[6], p[5], p[4], p[2], p[1], p[0]);
    default: return std::nullopt;
  }
}

void DecodeTime(const ItemFormat& format, base::ByteView field, WireValue& value) {
  if (IsFilledWith(field, 0x00) && format.shape != Shape::kTime) {
    value.state = State::kAbsent;
    return;
  }
  const std::vector<unsigned> parts = TimeParts(field);
  const std::optional<std::string> text = parts.empty() ? std::nullopt : TimeText(format.shape, parts);
  if (text) {
    value.text = *text;
  } else {
    value.state = State::kInvalid;
  }
}

void DecodeText(base::ByteView field, WireValue& value) {
  for (auto byte = field.rbegin(); byte != field.rend(); ++byte) {
    if (*byte == 0x00) continue;
    if (*byte < 0x20 || *byte > 0x7E) {
      value.state = State::kInvalid;
      value.text.clear();
      return;
    }
    value.text += static_cast<char>(*byte);
  }
  const std::size_t last = value.text.find_last_not_of(' ');
  value.text.erase(last == std::string::npos ? 0 : last + 1);
}

}  // namespace

std::string TariffAndSettlement(unsigned tariff, unsigned settlement) {
  std::string suffix;
  if (tariff != 0) suffix = "_rate" + std::to_string(tariff);
  if (settlement != 0) suffix += "_settlement" + std::to_string(settlement);
  return suffix;
}

WireValue DecodeItem(const PlacedItem& item, base::ByteView field) {
  WireValue value;
  value.id = item.di;
  value.key = item.format.key;
  value.unit = item.format.unit;
  value.raw.assign(field.begin(), field.end());
  if (IsFilledWith(field, 0xFF) || IsFilledWith(field, 0xEE)) {
    value.state = State::kAbsent;
    return value;
  }
  switch (item.format.shape) {
    case Shape::kNumber: DecodeNumber(item.format, field, value); break;
    case Shape::kDigits: value.text = HexHighFirst(field); break;
    case Shape::kText: DecodeText(field, value); break;
    case Shape::kBits: value.text = HexHighFirst(field); break;
    default: DecodeTime(item.format, field, value); break;
  }
  return value;
}

}  // namespace yb::field::dlt645
