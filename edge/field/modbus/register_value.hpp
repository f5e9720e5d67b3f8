// RegisterValue: the number that some Modbus registers hold. Type and byte order are properties of each point, because
// meters mix them. Pure functions and values; no threads.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field::modbus {

enum class Encoding : std::uint8_t { kU16, kI16, kU32, kI32, kU64, kI64, kF32, kF64 };

/// Bytes of the number, A the highest, in the order they are sent. Longer numbers follow the same two rules: which
/// word comes first, and which byte of a word.
enum class ByteOrder : std::uint8_t { kAbcd, kCdab, kBadc, kDcba };

/// "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64".
[[nodiscard]] base::Result<Encoding> ParseEncoding(std::string_view text);
/// "abcd" (or nothing), "cdab", "badc", "dcba".
[[nodiscard]] base::Result<ByteOrder> ParseByteOrder(std::string_view text);

[[nodiscard]] std::uint16_t RegisterCount(Encoding encoding);

/// `registers` has exactly RegisterCount(encoding) entries. The fills of unsupported values are kAbsent: all ones of
/// an unsigned number, the largest and the smallest signed one, NaN. A floating-point number becomes the shortest
/// decimal that reads back as the same number, cut after 18 decimals; kInvalid where it does not fit 18 digits.
[[nodiscard]] WireValue DecodeRegisters(std::span<const std::uint16_t> registers, Encoding encoding, ByteOrder order);

}  // namespace yb::field::modbus
