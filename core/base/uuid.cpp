#include "core/base/uuid.hpp"

#include <array>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"

namespace yb::base {

std::string MakeUuid7(UtcTime now, std::uint64_t random_high, std::uint64_t random_low) {
  std::array<std::uint8_t, 16> bytes{};
  const auto millis = static_cast<std::uint64_t>(now.micros / 1000);
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>(0x70 | (random_high >> 8 & 0x0F));
  bytes[7] = static_cast<std::uint8_t>(random_high);
  for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(random_low >> (56 - 8 * i));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3F));
  std::string hex = ToHex(bytes);
  for (char& c : hex) c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

std::string DrawUuid7(UtcTime now) {
  const std::uint64_t high = DrawNumber();
  return MakeUuid7(now, high, DrawNumber());
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace yb::base
