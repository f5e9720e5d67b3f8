#include "tools/metersim/bcd.hpp"

namespace yb::metersim {

bool AppendBcd(base::Bytes& out, std::int64_t value, std::size_t width, Sign sign) {
  const bool negative = value < 0;
  std::uint64_t rest = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  base::Bytes digits;
  for (std::size_t i = 0; i < width; ++i) {
    digits.push_back(static_cast<std::uint8_t>((rest / 10 % 10) << 4 | rest % 10));
    rest /= 100;
  }
  const bool sign_bit_taken = sign == Sign::kSigned && (digits.back() & 0x80) != 0;
  if (rest != 0 || sign_bit_taken || (negative && sign == Sign::kUnsigned)) {
    out.insert(out.end(), width, 0xFF);
    return false;
  }
  if (negative) digits.back() |= 0x80;
  out.insert(out.end(), digits.begin(), digits.end());
  return true;
}

void AppendDigitsLowFirst(base::Bytes& out, std::string_view digits) {
  YB_CHECK(digits.size() % 2 == 0, "a BCD field needs an even number of digits");
  for (std::size_t i = digits.size(); i > 0; i -= 2) {
    out.push_back(static_cast<std::uint8_t>((digits[i - 2] - '0') << 4 | (digits[i - 1] - '0')));
  }
}

}  // namespace yb::metersim
