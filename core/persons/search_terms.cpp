#include "core/persons/search_terms.hpp"

#include <algorithm>

namespace yb::persons {
namespace {

constexpr std::size_t kCodeLength = 18;
constexpr std::size_t kTailLength = 4;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsCodeCharacter(char c) {
  return IsDigit(c) || (c >= 'A' && c <= 'Z');
}

void AddPhone(const std::string& phone, std::vector<std::string>& terms) {
  terms.push_back("phone:" + phone);
  if (phone.size() > kTailLength) terms.push_back("tail:" + phone.substr(phone.size() - kTailLength));
}

}  // namespace

std::string HalfWidth(std::string_view text) {
  std::string half;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t offset) { return static_cast<unsigned char>(text[i + offset]); };
    if (i + 2 < text.size()) {
      if (at(0) == 0xE3 && at(1) == 0x80 && at(2) == 0x80) {
        half += ' ';
        i += 2;
        continue;
      }
      if (at(0) == 0xEF && (at(1) == 0xBC || at(1) == 0xBD)) {
        const int code = (at(1) - 0xBC) * 64 + (at(2) - 0x80);  // beyond U+FF00
        if (code >= 1 && code <= 0x5E) {
          half += static_cast<char>(code + 0x20);
          i += 2;
          continue;
        }
      }
    }
    half += text[i];
  }
  return half;
}

std::string Normalised(std::string_view text) {
  std::string plain;
  for (const char c : HalfWidth(text)) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-') continue;
    plain += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  return plain;
}

std::vector<std::string> TermsOf(const Searchable& fields) {
  std::vector<std::string> terms;
  for (const std::string* name : {&fields.name, &fields.agent}) {
    if (const std::string plain = Normalised(*name); !plain.empty()) terms.push_back("name:" + plain);
  }
  if (const std::string plain = Normalised(fields.code); !plain.empty()) terms.push_back("code:" + plain);
  if (const std::string plain = Normalised(fields.phone); !plain.empty()) AddPhone(plain, terms);
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::vector<std::string> TermsIn(std::string_view typed) {
  const std::string plain = Normalised(typed);
  if (plain.empty()) return {};
  std::vector<std::string> terms;
  const bool digits = std::ranges::all_of(plain, IsDigit);
  if (plain.size() == kCodeLength && std::ranges::all_of(plain, IsCodeCharacter)) terms.push_back("code:" + plain);
  if (digits && plain.size() == kTailLength) terms.push_back("tail:" + plain);
  if (digits) terms.push_back("phone:" + plain);
  if (!digits) terms.push_back("name:" + plain);
  return terms;
}

}  // namespace yb::persons
