#include "core/base/decimal.hpp"

#include <algorithm>
#include <cmath>

namespace yb::base {
namespace {

using Wide = __int128;

Wide PowerOfTen(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Result<Decimal> Fit(Wide mantissa, int scale) {
  while (scale > Decimal::kMaxScale && mantissa % 10 == 0) {
    mantissa /= 10;
    --scale;
  }
  if (mantissa > Decimal::kMostMantissa || mantissa < -Wide{Decimal::kMostMantissa} || scale > Decimal::kMaxScale) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the result needs more than 18 digits", "结果超过 18 位数字"});
  }
  return Decimal(static_cast<std::int64_t>(mantissa), static_cast<std::uint8_t>(scale));
}

}  // namespace

Result<Decimal> Decimal::Parse(std::string_view text) {
  const auto refuse = [&](std::string why) {
    return Fail(ErrorCode::kInvalidArgument, "'" + std::string(text) + "' is no decimal number: " + std::move(why),
                "write digits with at most one point, such as 1842.36");
  };
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);
  std::int64_t mantissa = 0;
  int scale = -1;
  int digits = 0;
  int significant = 0;
  for (char c : rest) {
    if (c == '.') {
      if (scale >= 0) return refuse("two points");
      scale = 0;
      continue;
    }
    if (c < '0' || c > '9') return refuse("'" + std::string(1, c) + "' is no digit");
    ++digits;
    if (significant > 0 || c != '0') ++significant;
    if (significant > 18 || (scale >= 0 && ++scale > kMaxScale)) return refuse("more than 18 digits");
    mantissa = mantissa * 10 + (c - '0');
  }
  if (digits == 0) return refuse("no digits");
  return Decimal(negative ? -mantissa : mantissa, static_cast<std::uint8_t>(std::max(scale, 0)));
}

std::string Decimal::ToString() const {
  // From the last digit to the first: a year by hours is some fifty thousand of these.
  char text[48];
  char* const end = text + sizeof text;
  char* at = end;
  std::uint64_t left =
      mantissa_ < 0 ? 0 - static_cast<std::uint64_t>(mantissa_) : static_cast<std::uint64_t>(mantissa_);
  for (int digits = 0; left > 0 || digits <= scale_; ++digits) {
    if (digits == scale_ && scale_ > 0) *--at = '.';
    *--at = static_cast<char>('0' + left % 10);
    left /= 10;
  }
  if (mantissa_ < 0) *--at = '-';
  return {at, end};
}

double Decimal::ToDouble() const {
  return static_cast<double>(mantissa_) / std::pow(10.0, scale_);
}

Result<Decimal> Decimal::Plus(Decimal other) const {
  const int scale = std::max(scale_, other.scale_);
  if (scale_ == other.scale_) {
    const std::int64_t sum = mantissa_ + other.mantissa_;  // 18 digits each: a 64-bit integer holds it
    if (sum <= kMostMantissa && sum >= -kMostMantissa) return Decimal(sum, scale_);
  }
  return Fit(Wide{mantissa_} * PowerOfTen(scale - scale_) + Wide{other.mantissa_} * PowerOfTen(scale - other.scale_),
             scale);
}

Result<Decimal> Decimal::Minus(Decimal other) const {
  return Plus(Decimal(-other.mantissa_, other.scale_));
}

Result<Decimal> Decimal::Times(Decimal other) const {
  return Fit(Wide{mantissa_} * other.mantissa_, scale_ + other.scale_);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.scale_ == b.scale_) return a.mantissa_ <=> b.mantissa_;
  const int scale = std::max(a.scale_, b.scale_);
  const Wide left = Wide{a.mantissa_} * PowerOfTen(scale - a.scale_);
  const Wide right = Wide{b.mantissa_} * PowerOfTen(scale - b.scale_);
  if (left < right) return std::strong_ordering::less;
  return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

}  // namespace yb::base
