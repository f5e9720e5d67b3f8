#include "edge/field/cjt188/answer.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "edge/field/cjt188/unit_code.hpp"
#include "edge/field/packed_bcd.hpp"

namespace yb::field::cjt188 {
namespace {

using base::ErrorCode;
using base::Fail;
using State = WireValue::State;

constexpr std::size_t kHead = 3;  // DI and SER
constexpr std::size_t kCounterSize = 22;
constexpr std::size_t kShortCounterSize = 9;
constexpr std::size_t kHeat2004Size = 46;
constexpr std::size_t kHeat2018Size = 43;

// What a field of an answer is. Sizes are the digits' bytes; a unit byte comes on top where there is a dimension.
enum class Kind : std::uint8_t { kCounter, kNumber, kClock, kStatus };

struct Field {
  std::string_view key;
  Kind kind;
  std::uint8_t size;
  std::uint8_t decimals = 2;
  std::optional<Dimension> dimension = std::nullopt;  // of kCounter: the unit byte must fit it
  std::string_view unit = "";                         // of kNumber
};

// CJ/T 188-2004, table C: water and gas.
constexpr Field kCounterFields[] = {
    {"current_volume", Kind::kCounter, 4, 2, Dimension::kVolume},
    {"settlement_volume", Kind::kCounter, 4, 2, Dimension::kVolume},
    {"meter_time", Kind::kClock, 7},
    {"status", Kind::kStatus, 2},
};

// Simple meters that leave out unit, settlement and clock.
constexpr Field kShortCounterFields[] = {
    {"current_volume", Kind::kNumber, 4},
    {"status", Kind::kStatus, 2},
};

constexpr Field kHeat2004Fields[] = {
    {"settlement_heat", Kind::kCounter, 4, 2, Dimension::kEnergy},
    {"current_heat", Kind::kCounter, 4, 2, Dimension::kEnergy},
    {"power", Kind::kCounter, 4, 2, Dimension::kPower},
    {"flow", Kind::kCounter, 4, 4, Dimension::kFlow},
    {"volume", Kind::kCounter, 4, 2, Dimension::kVolume},
    {"supply_temp", Kind::kNumber, 3, 2, std::nullopt, "C"},
    {"return_temp", Kind::kNumber, 3, 2, std::nullopt, "C"},
    {"work_hours", Kind::kNumber, 3, 0, std::nullopt, "h"},
    {"meter_time", Kind::kClock, 7},
    {"status", Kind::kStatus, 2},
};

// 未验证: from open implementations; no real 2018 heat frame was found.
constexpr Field kHeat2018Fields[] = {
    {"settlement_heat", Kind::kCounter, 4, 2, Dimension::kEnergy},
    {"current_heat", Kind::kCounter, 4, 2, Dimension::kEnergy},
    {"power", Kind::kCounter, 3, 2, Dimension::kPower},
    {"flow", Kind::kCounter, 3, 2, Dimension::kFlow},
    {"volume", Kind::kCounter, 4, 2, Dimension::kVolume},
    {"supply_temp", Kind::kNumber, 2, 2, std::nullopt, "C"},
    {"return_temp", Kind::kNumber, 2, 2, std::nullopt, "C"},
    {"work_hours", Kind::kNumber, 4, 0, std::nullopt, "h"},
    {"meter_time", Kind::kClock, 7},
    {"status", Kind::kStatus, 2},
};

void DecodeDigits(base::ByteView digits, std::uint8_t decimals, WireValue& value) {
  if (IsFilledWith(digits, 0xFF)) {
    value.state = State::kAbsent;
    return;
  }
  const std::optional<std::uint64_t> number = BcdLowFirst(digits);
  if (!number) {
    value.state = State::kInvalid;
    return;
  }
  value.number = base::Decimal(static_cast<std::int64_t>(*number), decimals);
}

void ApplyUnit(std::uint8_t code, Dimension expected, WireValue& value) {
  const std::optional<UnitCode> unit = FindUnit(code);
  if (!unit) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "unit%02X", code);
    value.unit = text.data();
    return;
  }
  value.unit = unit->unit;
  if (unit->dimension != expected) {
    value.state = State::kInvalid;
    value.number.reset();
    return;
  }
  if (!value.number) return;
  // ×10 and ×100 move the point, which every layout leaves at least two decimals for.
  value.number =
      base::Decimal(value.number->mantissa(), static_cast<std::uint8_t>(value.number->scale() - unit->tens_power));
}

// ss mm hh DD MM YY CC. Meters without a clock send zeros, FF or something else; only a real date of this century in
// the standard's order is a time.
void DecodeClock(base::ByteView bytes, WireValue& value) {
  value.state = State::kAbsent;
  std::array<unsigned, 7> p{};
  for (std::size_t i = 0; i < p.size(); ++i) {
    const std::optional<unsigned> part = BcdByte(bytes[i]);
    if (!part) return;
    p[i] = *part;
  }
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(p[6] * 100 + p[5])),
                                         std::chrono::month(p[4]), std::chrono::day(p[3]));
  if (p[6] != 20 || !date.ok() || p[2] > 23 || p[1] > 59 || p[0] > 59) return;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%02u%02u-%02u-%02u %02u:%02u:%02u", p[6], p[5], p[4], p[3], p[2], p[1],
                p[0]);
  value.state = State::kGood;
  value.text = text.data();
}

std::size_t SizeOf(const Field& field) {
  return field.size + (field.kind == Kind::kCounter ? 1U : 0U);
}

WireValue DecodeField(const Field& field, base::ByteView bytes, UnitPlace place) {
  WireValue value;
  value.key = field.key;
  value.unit = field.unit;
  value.raw.assign(bytes.begin(), bytes.end());
  switch (field.kind) {
    case Kind::kCounter: {
      const bool before = place == UnitPlace::kBeforeValue;
      DecodeDigits(bytes.subspan(before ? 1 : 0, field.size), field.decimals, value);
      ApplyUnit(before ? bytes.front() : bytes.back(), *field.dimension, value);
      break;
    }
    case Kind::kNumber: DecodeDigits(bytes, field.decimals, value); break;
    case Kind::kClock: DecodeClock(bytes, value); break;
    case Kind::kStatus:
      value.unit = "hex";
      value.text = base::ToHex(bytes);
      break;
  }
  return value;
}

template <std::size_t kCount>
CounterAnswer DecodeFields(const Field (&fields)[kCount], base::ByteView data, UnitPlace place) {
  CounterAnswer answer;
  std::size_t at = kHead;
  for (const Field& field : fields) {
    const std::size_t size = SizeOf(field);
    answer.values.push_back(DecodeField(field, data.subspan(at, size), place));
    at += size;
  }
  answer.extra.assign(data.begin() + static_cast<std::ptrdiff_t>(at), data.end());
  return answer;
}

bool IsHeatType(std::uint8_t type) {
  return (type >> 4) == 2;
}

bool HasDimension(std::uint8_t code, Dimension dimension) {
  const std::optional<UnitCode> unit = FindUnit(code);
  return unit && unit->dimension == dimension;
}

}  // namespace

base::Result<std::uint16_t> DiOf(base::ByteView data) {
  if (data.size() < 2) return Fail(ErrorCode::kCorrupt, "the data field is too short for an identifier");
  const auto written = static_cast<std::uint16_t>(data[0] << 8 | data[1]);
  const auto swapped = static_cast<std::uint16_t>(data[1] << 8 | data[0]);
  const auto is_known = [](std::uint8_t high) {
    return high == 0x90 || high == 0x91 || high == 0x81 || high == 0xA0 || high == 0xA1 ||
           (high >= 0xD1 && high <= 0xD4);
  };
  return !is_known(data[0]) && is_known(data[1]) ? swapped : written;
}

base::Result<CounterAnswer> DecodeCounter(std::uint8_t type, base::ByteView data, UnitPlace place) {
  if (IsHeatType(type) && (data.size() == kHeat2018Size || data.size() >= kHeat2004Size)) {
    const bool is_2004 = data.size() != kHeat2018Size;
    if (is_2004 && ProposeUnitPlace(data).value_or(place) != place) {
      return Fail(ErrorCode::kCorrupt, "the unit bytes stand on the other side of the values",
                  "the profile's unit-place does not fit this meter");
    }
    CounterAnswer answer =
        is_2004 ? DecodeFields(kHeat2004Fields, data, place) : DecodeFields(kHeat2018Fields, data, place);
    answer.is_heat = true;
    answer.unverified = !is_2004;
    return answer;
  }
  if (data.size() >= kCounterSize) return DecodeFields(kCounterFields, data, UnitPlace::kAfterValue);
  if (data.size() == kShortCounterSize) return DecodeFields(kShortCounterFields, data, UnitPlace::kAfterValue);
  return Fail(ErrorCode::kCorrupt, "an answer to 901F of " + std::to_string(data.size()) + " bytes has no known layout",
              "water and gas meters send 22 bytes, heat meters 46");
}

std::optional<UnitPlace> ProposeUnitPlace(base::ByteView data) {
  if (data.size() < kHeat2018Size) return std::nullopt;
  if (HasDimension(data[7], Dimension::kEnergy) && HasDimension(data[12], Dimension::kEnergy)) {
    return UnitPlace::kAfterValue;
  }
  if (HasDimension(data[3], Dimension::kEnergy) && HasDimension(data[8], Dimension::kEnergy) &&
      HasDimension(data[13], Dimension::kPower) && HasDimension(data[18], Dimension::kFlow) &&
      HasDimension(data[23], Dimension::kVolume)) {
    return UnitPlace::kBeforeValue;
  }
  return std::nullopt;
}

}  // namespace yb::field::cjt188
