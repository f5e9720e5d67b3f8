// Decimal: the exact value of a register, as integer mantissa and decimal scale. Nothing is rounded between the wire
// and a report, so registers never pass through floating point.
//
// A value type of 16 bytes; no threads.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

class Decimal {
 public:
  static constexpr int kMaxScale = 18;
  static constexpr std::int64_t kMostMantissa = 999'999'999'999'999'999;  // 18 digits

  constexpr Decimal() = default;
  /// mantissa × 10^-scale; `scale` in 0..kMaxScale, `mantissa` within ±kMostMantissa.
  constexpr Decimal(std::int64_t mantissa, std::uint8_t scale) : mantissa_(mantissa), scale_(scale) {}

  /// "-123.450" keeps its trailing zeros (scale 3). kInvalidArgument for anything but an optional sign, digits and one
  /// point, or for a number of more than 18 digits.
  [[nodiscard]] static Result<Decimal> Parse(std::string_view text);

  /// Exactly the digits held: scale 2 gives two decimals, always.
  [[nodiscard]] std::string ToString() const;

  [[nodiscard]] constexpr std::int64_t mantissa() const { return mantissa_; }
  [[nodiscard]] constexpr std::uint8_t scale() const { return scale_; }

  /// For drawing and limits only, never for what is stored.
  [[nodiscard]] double ToDouble() const;

  /// Exact arithmetic; kInvalidArgument where the result does not fit 18 digits.
  [[nodiscard]] Result<Decimal> Plus(Decimal other) const;
  [[nodiscard]] Result<Decimal> Minus(Decimal other) const;
  [[nodiscard]] Result<Decimal> Times(Decimal other) const;

  /// Equal as stored: 1.0 and 1.00 differ here.
  [[nodiscard]] constexpr bool SameDigits(const Decimal& other) const {
    return mantissa_ == other.mantissa_ && scale_ == other.scale_;
  }
  /// Numerical order: 1.0 equals 1.00.
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == std::strong_ordering::equal; }

 private:
  std::int64_t mantissa_ = 0;
  std::uint8_t scale_ = 0;
};

}  // namespace yb::base
