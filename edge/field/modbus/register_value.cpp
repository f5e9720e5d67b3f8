#include "edge/field/modbus/register_value.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace yb::field::modbus {
namespace {

using State = WireValue::State;

struct EncodingRow {
  std::string_view name;
  Encoding encoding;
  std::uint16_t registers;
  bool is_signed;
};

constexpr EncodingRow kEncodings[] = {
    {"u16", Encoding::kU16, 1, false}, {"i16", Encoding::kI16, 1, true},  {"u32", Encoding::kU32, 2, false},
    {"i32", Encoding::kI32, 2, true},  {"u64", Encoding::kU64, 4, false}, {"i64", Encoding::kI64, 4, true},
    {"f32", Encoding::kF32, 2, false}, {"f64", Encoding::kF64, 4, false},
};

const EncodingRow& RowOf(Encoding encoding) {
  for (const EncodingRow& row : kEncodings) {
    if (row.encoding == encoding) return row;
  }
  return kEncodings[0];
}

std::uint64_t Assemble(std::span<const std::uint16_t> registers, ByteOrder order) {
  const bool low_word_first = order == ByteOrder::kCdab || order == ByteOrder::kDcba;
  const bool low_byte_first = order == ByteOrder::kBadc || order == ByteOrder::kDcba;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < registers.size(); ++i) {
    const unsigned word = registers[low_word_first ? registers.size() - 1 - i : i];
    bits = bits << 16 | (low_byte_first ? (word >> 8 | (word & 0xFF) << 8) : word);
  }
  return bits;
}

template <class Float>
void PutFloat(Float number, WireValue& value) {
  if (std::isnan(number)) {
    value.state = State::kAbsent;
    return;
  }
  value.state = State::kInvalid;
  std::array<char, 400> text{};
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (code != std::errc()) return;
  std::string digits(text.data(), end);
  const std::size_t point = digits.find('.');
  if (point != std::string::npos && digits.size() > point + 1 + base::Decimal::kMaxScale) {
    digits.resize(point + 1 + base::Decimal::kMaxScale);
  }
  const base::Result<base::Decimal> decimal = base::Decimal::Parse(digits);
  if (!decimal) return;
  value.state = State::kGood;
  value.number = *decimal;
}

void PutWhole(std::uint64_t bits, unsigned width, bool is_signed, WireValue& value) {
  const std::uint64_t all_ones = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  const std::uint64_t top_bit = std::uint64_t{1} << (width - 1);
  const bool is_fill = is_signed ? (bits == top_bit || bits == top_bit - 1) : bits == all_ones;
  if (is_fill) {
    value.state = State::kAbsent;
    return;
  }
  std::int64_t number = 0;
  if (is_signed && (bits & top_bit) != 0) {
    number = -static_cast<std::int64_t>((~bits & all_ones) + 1);
  } else {
    number = static_cast<std::int64_t>(bits);
  }
  // A reading has 18 digits at most.
  constexpr std::int64_t kMost = 999'999'999'999'999'999;
  if (number > kMost || number < -kMost || (!is_signed && bits > static_cast<std::uint64_t>(kMost))) {
    value.state = State::kInvalid;
    return;
  }
  value.number = base::Decimal(number, 0);
}

}  // namespace

base::Result<Encoding> ParseEncoding(std::string_view text) {
  for (const EncodingRow& row : kEncodings) {
    if (row.name == text) return row.encoding;
  }
  const std::string found(text);
  return base::Fail(base::ErrorCode::kInvalidArgument,
                    base::Words{"'" + found + "' is no type of a register", "“" + found + "”不是寄存器类型"},
                    base::Words{"expected u16, i16, u32, i32, u64, i64, f32 or f64",
                                "应为 u16、i16、u32、i32、u64、i64、f32 或 f64"});
}

base::Result<ByteOrder> ParseByteOrder(std::string_view text) {
  if (text.empty() || text == "abcd") return ByteOrder::kAbcd;
  if (text == "cdab") return ByteOrder::kCdab;
  if (text == "badc") return ByteOrder::kBadc;
  if (text == "dcba") return ByteOrder::kDcba;
  const std::string found(text);
  return base::Fail(base::ErrorCode::kInvalidArgument,
                    base::Words{"'" + found + "' is no byte order", "“" + found + "”不是字节顺序"},
                    base::Words{"expected abcd, cdab, badc or dcba", "应为 abcd、cdab、badc 或 dcba"});
}

std::uint16_t RegisterCount(Encoding encoding) {
  return RowOf(encoding).registers;
}

WireValue DecodeRegisters(std::span<const std::uint16_t> registers, Encoding encoding, ByteOrder order) {
  WireValue value;
  for (std::uint16_t word : registers) {
    value.raw.push_back(static_cast<std::uint8_t>(word >> 8));
    value.raw.push_back(static_cast<std::uint8_t>(word & 0xFF));
  }
  const std::uint64_t bits = Assemble(registers, order);
  if (encoding == Encoding::kF32) {
    PutFloat(std::bit_cast<float>(static_cast<std::uint32_t>(bits)), value);
  } else if (encoding == Encoding::kF64) {
    PutFloat(std::bit_cast<double>(bits), value);
  } else {
    const EncodingRow& row = RowOf(encoding);
    PutWhole(bits, row.registers * 16U, row.is_signed, value);
  }
  return value;
}

}  // namespace yb::field::modbus
