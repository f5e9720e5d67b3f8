#include "core/domain/codes/identity_codes.hpp"

#include <algorithm>
#include <array>

namespace yb::codes {
namespace {

constexpr std::size_t kLength = 18;
constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kIdentityChecks = "10X98765432";
constexpr std::array<int, 17> kIdentityWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// Characters, not bytes: what was typed may be Chinese.
std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

Finding Wrong(std::string en, std::string zh) {
  return {Verdict::kWrong, {std::move(en), std::move(zh)}};
}

Finding WrongLength(std::string_view code) {
  const std::string count = std::to_string(Characters(code));
  return Wrong("18 characters are expected, these are " + count, "应为 18 位，实为 " + count + " 位");
}

Finding WrongCharacter(std::size_t index, std::string_view expected_en, std::string_view expected_zh) {
  const std::string place = std::to_string(index + 1);
  return Wrong("character " + place + " is not " + std::string(expected_en),
               "第 " + place + " 位应为" + std::string(expected_zh));
}

}  // namespace

Finding CheckCreditCode(std::string_view code) {
  if (Characters(code) != kLength) return WrongLength(code);
  int sum = 0;
  int weight = 1;
  for (std::size_t i = 0; i < kLength; ++i) {
    const std::size_t value = kCreditAlphabet.find(code[i]);
    if (value == std::string_view::npos) {
      return WrongCharacter(i, "a digit or a capital letter other than I, O, S, V and Z",
                            "数字或大写字母（I、O、S、V、Z 除外）");
    }
    if (i + 1 == kLength) break;
    sum += static_cast<int>(value) * weight;
    weight = weight * 3 % 31;
  }
  const char expected = kCreditAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
  if (code.back() == expected) {
    return {Verdict::kGood, {"a unified social credit code, its check character fits", "统一社会信用代码，校验通过"}};
  }
  const std::string wanted(1, expected);
  return {Verdict::kWarning,
          {"the check character would be " + wanted + "; a few early codes in use fail it, compare with the licence",
           "校验位应为 " + wanted + "；少数早期代码校验不符，请核对营业执照"}};
}

Finding CheckIdentityNumber(std::string_view number, calendar::CivilDate today) {
  if (Characters(number) != kLength) return WrongLength(number);
  int sum = 0;
  for (std::size_t i = 0; i + 1 < kLength; ++i) {
    if (!IsDigit(number[i])) return WrongCharacter(i, "a digit", "数字");
    sum += (number[i] - '0') * kIdentityWeights[i];
  }
  if (!IsDigit(number.back()) && number.back() != 'X') return WrongCharacter(kLength - 1, "a digit or X", "数字或 X");
  std::string birth(number.substr(6, 8));
  birth.insert(6, "-").insert(4, "-");
  const auto date = calendar::ParseDate(birth);
  if (!date) return Wrong("there is no day " + birth + " to be born on", "出生日期 " + birth + " 不存在");
  if (*date > today) return Wrong("the birth date " + birth + " is in the future", "出生日期 " + birth + " 晚于今天");
  const char expected = kIdentityChecks[static_cast<std::size_t>(sum % 11)];
  if (number.back() == expected) {
    return {Verdict::kGood, {"an identity number, its check character fits", "公民身份号码，校验通过"}};
  }
  const std::string wanted(1, expected);
  return Wrong("the check character does not fit, " + wanted + " would", "校验位不符，应为 " + wanted);
}

}  // namespace yb::codes
