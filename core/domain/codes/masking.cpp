#include "core/domain/codes/masking.hpp"

#include <vector>

namespace yb::codes {
namespace {

/// Characters of UTF-8. Bytes that are none count as one character each.
std::vector<std::string_view> Characters(std::string_view text) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    while (at + size < text.size() && (text[at + size] & 0xC0) == 0x80 && size < 4) ++size;
    characters.push_back(text.substr(at, size));
    at += size;
  }
  return characters;
}

/// The first and last of them stay, stars stand for the others.
std::string Covered(const std::vector<std::string_view>& characters, std::size_t first, std::size_t last) {
  std::string masked;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (i < first || i >= characters.size() - last) {
      masked += characters[i];
    } else {
      masked += '*';
    }
  }
  return masked;
}

}  // namespace

std::string MaskName(std::string_view name) {
  const auto characters = Characters(name);
  return Covered(characters, characters.size() > 1 ? 1 : 0, 0);
}

std::string MaskPhone(std::string_view phone) {
  const auto characters = Characters(phone);
  if (characters.size() > 10) return Covered(characters, 3, 4);
  return Covered(characters, 0, characters.size() >= 7 ? 2 : 0);
}

std::string MaskIdentityNumber(std::string_view number) {
  const auto characters = Characters(number);
  return characters.size() == 18 ? Covered(characters, 3, 4) : Covered(characters, 0, 0);
}

}  // namespace yb::codes
