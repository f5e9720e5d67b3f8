// Whether a paper can be printed.
#include <algorithm>

#include "core/papers/paper_fields.hpp"

namespace yb::papers {
namespace {

using base::Error;
using base::ErrorCode;
using base::Words;

constexpr CivilDate kFirstDay = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
constexpr CivilDate kLastDay = std::chrono::sys_days(std::chrono::year(2199) / 12 / 31);
constexpr std::size_t kNumberLength = 43;

struct Range {
  char32_t first;
  char32_t last;
};
/// Characters that nobody sees on paper, that turn the direction of what follows, or that stand for something lost.
constexpr Range kUnprintable[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x061C, 0x061C}, {0x180E, 0x180E},
    {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF},
};
/// Characters that old systems made up for themselves: each font shows another glyph, or none.
constexpr Range kPrivate[] = {{0xE000, 0xF8FF}, {0xF0000, 0x10FFFF}};

template <std::size_t n>
bool In(const Range (&ranges)[n], char32_t character) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](Range range) { return character >= range.first && character <= range.last; });
}

std::string CodeOf(char32_t character) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string hex;
  for (int shift = 20; shift >= 0; shift -= 4) {
    const unsigned digit = (character >> shift) & 0xF;
    if (digit != 0 || !hex.empty() || shift < 16) hex += kDigits[digit];
  }
  return "U+" + hex;
}

/// The next character, and the bytes it takes; 0 bytes where the text is no UTF-8 (RFC 3629).
std::size_t Next(std::string_view text, char32_t& character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    character = lead;
    return 1;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  character = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    character = (character << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  return overlong || surrogate || character > 0x10FFFF ? 0 : length;
}

class Checker {
 public:
  void Text(const char* name, const std::string& text, TextLimit limit) {
    std::size_t characters = 0;
    bool blank = true;
    for (std::string_view rest = text; !rest.empty(); ++characters) {
      char32_t character = 0;
      const std::size_t bytes = Next(rest, character);
      if (bytes == 0) return Refuse(name, {"is not UTF-8", "不是 UTF-8 文本"});
      if (In(kUnprintable, character)) {
        return Refuse(name, {"has a character that cannot be printed: " + CodeOf(character),
                             "含有无法打印的字符 " + CodeOf(character)});
      }
      if (In(kPrivate, character)) {
        return Refuse(name, {"has a character of a private code, " + CodeOf(character) + "; type it by its Unicode one",
                             "含有自造编码的字 " + CodeOf(character) + "，请改用该字的 Unicode 编码"});
      }
      blank = blank && (character == U' ' || character == U'\u3000');
      rest.remove_prefix(bytes);
    }
    if (blank && !limit.may_be_empty) return Refuse(name, {"is empty", "没有填写"});
    if (characters > limit.most) {
      return Refuse(
          name, {"has " + std::to_string(characters) + " characters; " + std::to_string(limit.most) + " are the most",
                 "有 " + std::to_string(characters) + " 个字，最多 " + std::to_string(limit.most) + " 个"});
    }
  }

  void Day(const char* name, CivilDate day) {
    if (day < kFirstDay || day > kLastDay) {
      Refuse(name, {"is no day from 2000 to 2199: " + calendar::ToString(day),
                    "不是 2000 年至 2199 年之间的日期：" + calendar::ToString(day)});
    }
  }
  void OptionalDay(const char* name, const std::optional<CivilDate>& day) {
    if (day) Day(name, *day);
  }
  void AddedText(const char* name, const std::string& text, TextLimit limit) { Text(name, text, limit); }
  void AddedDay(const char* name, const std::optional<CivilDate>& day) { OptionalDay(name, day); }

  void Whole(const char* name, int value, int least, int most) {
    if (value >= least && value <= most) return;
    const std::string range = std::to_string(least) + " – " + std::to_string(most);
    Refuse(name, {"is " + std::to_string(value) + "; it has to be in " + range,
                  "是 " + std::to_string(value) + "，应在 " + range + " 之间"});
  }
  void Flag(const char* /*name*/, bool /*value*/) {}

  void Texts(const char* name, const std::vector<std::string>& texts, ListLimit limit, TextLimit each) {
    Count(name, texts.size(), limit);
    for (std::size_t i = 0; i < texts.size(); ++i) Text(Place(name, i).c_str(), texts[i], each);
  }

  template <class Record>
  void Group(const std::string& name, const Record& record) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    Walk(*this, record);
    prefix_ = outer;
  }

  template <class Record>
  void List(const char* name, const std::vector<Record>& records, ListLimit limit) {
    Count(name, records.size(), limit);
    for (std::size_t i = 0; i < records.size(); ++i) Group(Place(name, i), records[i]);
  }

  void Refuse(const std::string& name, const Words& words) {
    if (status_) status_ = base::Fail(Error{ErrorCode::kInvalidArgument, words.en, prefix_ + name, {}, words.zh, {}});
  }

  [[nodiscard]] base::Status TakeStatus() { return std::move(status_); }

 private:
  static std::string Place(const std::string& name, std::size_t index) {
    return name + "[" + std::to_string(index) + "]";
  }
  void Count(const char* name, std::size_t count, ListLimit limit) {
    if (count >= limit.least && count <= limit.most) return;
    const std::string range = std::to_string(limit.least) + " – " + std::to_string(limit.most);
    Refuse(name, {"has " + std::to_string(count) + " entries; it has to have " + range,
                  "有 " + std::to_string(count) + " 项，应为 " + range + " 项"});
  }

  std::string prefix_;
  base::Status status_;
};

}  // namespace

base::Status Check(const Paper& paper) {
  Checker checker;
  Walk(checker, paper);
  if (!paper.number.empty() && paper.number.size() != kNumberLength) {
    checker.Refuse("number", {"has " + std::to_string(paper.number.size()) + " characters in place of 43",
                              "应为 43 位，现在是 " + std::to_string(paper.number.size()) + " 位"});
  }
  std::visit([&](const auto& body) { checker.Group("body", body); }, paper.body);
  return checker.TakeStatus();
}

}  // namespace yb::papers
