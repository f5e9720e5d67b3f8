#include "core/config/fault_words.hpp"

#include "core/config/nearest_word.hpp"

namespace yb::config {

using base::Words;

Words FoundText(std::string_view text) {
  return {"found \"" + std::string(text) + "\"", "写的是“" + std::string(text) + "”"};
}

Words Found(std::string_view number) {
  return {"found " + std::string(number), "写的是 " + std::string(number)};
}

Words IsMissing() {
  return {"is missing", "缺少这一项"};
}

Words IsThereTwice(std::string_view text) {
  return {"\"" + std::string(text) + "\" is there twice", "“" + std::string(text) + "”出现了两次"};
}

Words UsedInLine(int line) {
  return {"it is already used in line " + std::to_string(line), "第 " + std::to_string(line) + " 行已经用过"};
}

Words Expected(const Words& what) {
  return {"expected " + what.en, "应为" + what.zh};
}

Words ExpectedTexts(const std::vector<std::string>& texts) {
  Words listed;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool last = i + 1 == texts.size();
    listed.en += (i == 0 ? "" : last ? " or " : ", ") + ("\"" + texts[i] + "\"");
    listed.zh += (i == 0 ? "" : last ? "或" : "、") + ("“" + texts[i] + "”");
  }
  return Expected(listed);
}

Words NearestOf(std::string_view found, const std::vector<std::string>& known, char quote) {
  if (const auto nearest = NearestWord(found, known)) {
    return {"did you mean " + (quote + *nearest + quote) + "?", "是不是想写“" + *nearest + "”？"};
  }
  Words listed;
  for (const std::string& one : known) {
    listed.en += (listed.en.empty() ? "" : ", ") + one;
    listed.zh += (listed.zh.empty() ? "" : "、") + one;
  }
  return {"expected one of " + listed.en, "应为其中之一：" + listed.zh};
}

Words Described(const base::Error& error) {
  std::string zh;
  if (!error.context.empty()) zh = error.context + "：";
  zh += error.message_zh.empty() ? error.message : error.message_zh;
  const std::string& hint = error.hint_zh.empty() ? error.hint : error.hint_zh;
  if (!hint.empty()) zh += "（" + hint + "）";
  return {error.Describe(), zh};
}

}  // namespace yb::config
