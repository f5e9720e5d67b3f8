#include "edge/field/packed_bcd.hpp"

#include <algorithm>

namespace yb::field {

using base::ErrorCode;
using base::Fail;

std::optional<std::uint64_t> BcdLowFirst(base::ByteView bytes) {
  if (bytes.size() > 9) return std::nullopt;
  std::uint64_t number = 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    const std::optional<unsigned> two = BcdByte(*byte);
    if (!two) return std::nullopt;
    number = number * 100 + *two;
  }
  return number;
}

std::optional<unsigned> BcdByte(std::uint8_t byte) {
  const unsigned high = byte >> 4;
  const unsigned low = byte & 0x0FU;
  if (high > 9 || low > 9) return std::nullopt;
  return high * 10 + low;
}

bool IsFilledWith(base::ByteView bytes, std::uint8_t fill) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [fill](std::uint8_t b) { return b == fill; });
}

std::string HexHighFirst(base::ByteView bytes) {
  const base::Bytes reversed(bytes.rbegin(), bytes.rend());
  return base::ToHex(reversed);
}

base::Result<base::Bytes> AddressLowFirst(std::string_view text, std::size_t digits) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > digits || !std::all_of(text.begin(), text.end(), is_digit)) {
    const std::string found(text), most = std::to_string(digits);
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"'" + found + "' is no meter address", "“" + found + "”不是表号"},
                base::Words{"write the number on the nameplate, 1 to " + most + " decimal digits",
                            "写铭牌上的号码，1 至 " + most + " 位数字"});
  }
  std::string padded(digits - text.size(), '0');
  padded += text;
  base::Bytes bytes;
  for (std::size_t i = digits; i >= 2; i -= 2) {
    bytes.push_back(static_cast<std::uint8_t>((padded[i - 2] - '0') * 16 + (padded[i - 1] - '0')));
  }
  return bytes;
}

}  // namespace yb::field
