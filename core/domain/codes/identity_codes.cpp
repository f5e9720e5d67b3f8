#include "core/domain/codes/identity_codes.hpp"

#include <algorithm>
#include <array>

namespace yb::codes {
namespace {

constexpr std::size_t kLength = 18;
/// Identity numbers of the first generation of cards, out of use since 2013 (居民身份证法 §23).
constexpr std::size_t kOldLength = 15;
constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Offices that register, the first character of a credit code (GB 32100-2015 with its amendment).
constexpr std::string_view kRegistrars = "123456789ANY";
constexpr std::string_view kIdentityChecks = "10X98765432";
constexpr std::array<int, 17> kIdentityWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
/// First two digits of a division code (行政区划代码, GB/T 2260): provinces and their like, Taiwan, Hong Kong, Macao;
/// 83 is on residence cards (居住证) of people from Taiwan.
constexpr std::array<std::string_view, 35> kProvinces = {
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
    "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"};
/// Where the country's own offices register: division 100000.
constexpr std::string_view kCountry = "10";

bool IsProvince(std::string_view digits) {
  return std::ranges::find(kProvinces, digits) != kProvinces.end();
}

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

/// The standards have capitals only; who types a small letter means the capital.
std::string InCapitals(std::string_view typed) {
  std::string code(typed);
  for (char& c : code) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return code;
}

/// Why a code is odd though it may be one.
class Doubts {
 public:
  void Add(const std::string& en, const std::string& zh) {
    words_.en += (words_.en.empty() ? "" : "; ") + en;
    words_.zh += (words_.zh.empty() ? "" : "；") + zh;
  }
  [[nodiscard]] Finding Or(base::Words good) const {
    if (words_.en.empty()) return {Verdict::kGood, std::move(good)};
    return {Verdict::kWarning, words_};
  }

 private:
  base::Words words_;
};

void DoubtSmallLetters(bool small, Doubts& doubts) {
  if (small)
    doubts.Add("the code is written in capitals, small letters are read as such", "应为大写字母，小写已按大写读取");
}

}  // namespace

Finding CheckCreditCode(std::string_view typed) {
  if (Characters(typed) != kLength) return WrongLength(typed);
  const std::string code = InCapitals(typed);
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
  Doubts doubts;
  const char expected = kCreditAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
  if (code.back() != expected) {
    const std::string wanted(1, expected);
    doubts.Add(
        "the check character would be " + wanted + "; a few early codes in use fail it, compare with the licence",
        "校验位应为 " + wanted + "；少数早期代码校验不符，请核对营业执照");
  }
  const std::string first(1, code.front());
  if (kRegistrars.find(code.front()) == std::string_view::npos) {
    doubts.Add("no office registers under " + first + " (the first character), compare with the licence",
               "首位 " + first + " 不是登记管理部门代码，请核对营业执照");
  }
  const std::string region = code.substr(2, 2);
  if (!IsProvince(region) && region != kCountry) {
    doubts.Add("there is no province " + region + " (characters 3 and 4), compare with the licence",
               "第 3、4 位 " + region + " 不是省级行政区划代码，请核对营业执照");
  }
  DoubtSmallLetters(code != typed, doubts);
  return doubts.Or({"a unified social credit code, its check character fits", "统一社会信用代码，校验通过"});
}

Finding CheckIdentityNumber(std::string_view typed, calendar::CivilDate today) {
  if (typed.size() == kOldLength && std::ranges::all_of(typed, IsDigit)) {
    return Wrong(
        "this is a number of the old 15-digit form, out of use since 2013: take the 18 characters from the card",
        "这是旧的 15 位号码，2013 年起停用：请按现行身份证填写 18 位号码");
  }
  if (Characters(typed) != kLength) return WrongLength(typed);
  const std::string number = InCapitals(typed);
  int sum = 0;
  for (std::size_t i = 0; i + 1 < kLength; ++i) {
    if (!IsDigit(number[i])) return WrongCharacter(i, "a digit", "数字");
    sum += (number[i] - '0') * kIdentityWeights[i];
  }
  if (!IsDigit(number.back()) && number.back() != 'X') return WrongCharacter(kLength - 1, "a digit or X", "数字或 X");
  std::string birth = number.substr(6, 8);
  birth.insert(6, "-").insert(4, "-");
  const auto date = calendar::ParseDate(birth);
  if (!date) return Wrong("there is no day " + birth + " to be born on", "出生日期 " + birth + " 不存在");
  if (*date > today) return Wrong("the birth date " + birth + " is in the future", "出生日期 " + birth + " 晚于今天");
  const char expected = kIdentityChecks[static_cast<std::size_t>(sum % 11)];
  if (number.back() != expected) {
    const std::string wanted(1, expected);
    return Wrong("the check character does not fit, " + wanted + " would", "校验位不符，应为 " + wanted);
  }
  Doubts doubts;
  // Of foreigners with permanent residence: 9, the province that granted it, the number of their country.
  const bool foreign = number.front() == '9';
  const std::string region = number.substr(foreign ? 1 : 0, 2);
  if (!IsProvince(region)) {
    doubts.Add(
        "there is no province " + region + (foreign ? " behind the 9 of a foreigner's number" : "") +
            ", compare with the card",
        (foreign ? "9 开头为外国人永久居留身份证，其后的省级代码 " : "省级代码 ") + region + " 不存在，请核对证件");
  }
  DoubtSmallLetters(number != typed, doubts);
  return doubts.Or({"an identity number, its check character fits", "公民身份号码，校验通过"});
}

}  // namespace yb::codes
