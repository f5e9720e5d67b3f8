#include "core/base/bytes.hpp"

namespace yb::base {
namespace {

int Nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::string ToHex(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0F];
  }
  return text;
}

Result<Bytes> FromHex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i < text.size();) {
    if (IsSpace(text[i])) {
      ++i;
      continue;
    }
    const int high = Nibble(text[i]);
    if (high < 0) {
      return Fail(ErrorCode::kInvalidArgument,
                  Words{"'" + std::string(1, text[i]) + "' at character " + std::to_string(i + 1) + " is no hex digit",
                        "第 " + std::to_string(i + 1) + " 个字符“" + std::string(1, text[i]) + "”不是十六进制数字"});
    }
    const int low = i + 1 < text.size() ? Nibble(text[i + 1]) : -1;
    if (low < 0) {
      return Fail(ErrorCode::kInvalidArgument,
                  Words{"the byte at character " + std::to_string(i + 1) + " has one hex digit only",
                        "第 " + std::to_string(i + 1) + " 个字符处的字节只有一位十六进制数字"},
                  Words{"write two digits for each byte", "每个字节写两位"});
    }
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    i += 2;
  }
  return bytes;
}

}  // namespace yb::base
