#include "core/config/toml_table.hpp"

#include <algorithm>
#include <sstream>

#include "core/config/fault_words.hpp"

namespace yb::config {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;
using Kind = TomlNode::Kind;

Words QuotedText() {
  return {"a text in quotes", "带引号的文本"};
}

Words Found(const TomlNode& node) {
  switch (node.kind) {
    case Kind::kText: return {"found the text \"" + node.text + "\"", "写的是文本“" + node.text + "”"};
    case Kind::kWhole:
    case Kind::kFraction: return {"found the number " + node.text, "写的是数字 " + node.text};
    case Kind::kFlag: return {"found " + node.text, "写的是 " + node.text};
    case Kind::kList: return {"found a list", "写的是列表"};
    case Kind::kTable: return {"found a table", "写的是表"};
    case Kind::kOther: break;
  }
  return {"found a date or time", "写的是日期或时间"};
}

Words Range(std::int64_t least, std::int64_t most) {
  const std::string from = std::to_string(least), to = std::to_string(most);
  return {"a whole number from " + from + " to " + to, " " + from + " 至 " + to + " 的整数"};
}

Words TableWords(std::string_view key) {
  const std::string form = "[" + std::string(key) + "]";
  return {"a table written as " + form, "写成 " + form + " 的表"};
}

}  // namespace

const TomlNode* TomlTable::Peek(std::string_view key) const {
  for (const auto& [name, value] : node_->entries) {
    if (name == key) return &value;
  }
  return nullptr;
}

const TomlNode* TomlTable::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return Peek(key);
}

int TomlTable::LineOf(std::string_view key) const {
  const TomlNode* node = Peek(key);
  return node == nullptr ? node_->line : node->line;
}

std::string TomlTable::Place() const {
  return file_ + ":" + std::to_string(node_->line);
}

std::vector<std::string> TomlTable::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [name, value] : node_->entries) keys.push_back(name);
  return keys;
}

base::Error TomlTable::Fault(std::string_view key, Words what, Words expected) const {
  return {ErrorCode::kInvalidArgument,
          std::move(what.en),
          file_ + ":" + std::to_string(LineOf(key)) + ": " + (where_.empty() ? "" : where_ + ": ") + std::string(key),
          std::move(expected.en),
          std::move(what.zh),
          std::move(expected.zh)};
}

base::Error TomlTable::Fault(std::string_view key, const base::Error& refusal) const {
  return Fault(key, {refusal.message, refusal.message_zh}, {refusal.hint, refusal.hint_zh});
}

base::Error TomlTable::WrongKind(std::string_view key, const TomlNode& found, const Words& expected) const {
  return Fault(key, Found(found), Expected(expected));
}

base::Error TomlTable::Missing(std::string_view key, const Words& expected) const {
  return Fault(key, IsMissing(), Expected(expected));
}

base::Result<std::string> TomlTable::Text(std::string_view key) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return Fail(Missing(key, QuotedText()));
  if (node->kind != Kind::kText) return Fail(WrongKind(key, *node, QuotedText()));
  if (node->text.empty()) return Fail(WrongKind(key, *node, {"a text that is not empty", "非空文本"}));
  return node->text;
}

base::Result<std::string> TomlTable::TextOr(std::string_view key, std::string otherwise) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind != Kind::kText) return Fail(WrongKind(key, *node, QuotedText()));
  return node->text;
}

base::Result<std::int64_t> TomlTable::Whole(std::string_view key, std::int64_t least, std::int64_t most) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return Fail(Missing(key, Range(least, most)));
  if (node->kind != Kind::kWhole || node->whole < least || node->whole > most) {
    return Fail(WrongKind(key, *node, Range(least, most)));
  }
  return node->whole;
}

base::Result<std::int64_t> TomlTable::WholeOr(std::string_view key, std::int64_t least, std::int64_t most,
                                              std::int64_t otherwise) {
  if (Find(key) == nullptr) return otherwise;
  return Whole(key, least, most);
}

base::Result<bool> TomlTable::FlagOr(std::string_view key, bool otherwise) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind != Kind::kFlag) return Fail(WrongKind(key, *node, {"true or false", " true 或 false"}));
  return node->flag;
}

base::Result<base::Decimal> TomlTable::DecimalOr(std::string_view key, base::Decimal otherwise) {
  static const Words kExpected = {"a whole number, or an exact decimal in quotes such as \"0.01\"",
                                  "整数，或带引号的精确小数，如 \"0.01\""};
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind == Kind::kWhole) return base::Decimal(node->whole, 0);
  if (node->kind != Kind::kText) return Fail(WrongKind(key, *node, kExpected));
  const base::Result<base::Decimal> number = base::Decimal::Parse(node->text);
  if (!number) return Fail(WrongKind(key, *node, kExpected));
  return *number;
}

base::Result<std::optional<base::Decimal>> TomlTable::DecimalIfAny(std::string_view key) {
  if (Find(key) == nullptr) return std::nullopt;
  return DecimalOr(key, base::Decimal());
}

base::Result<double> TomlTable::NumberOr(std::string_view key, double least, double most, double otherwise) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  const bool is_number = node->kind == Kind::kWhole || node->kind == Kind::kFraction;
  const double number = node->kind == Kind::kWhole ? static_cast<double>(node->whole) : node->fraction;
  if (!is_number || !(number >= least && number <= most)) {  // no comparison holds for nan
    std::ostringstream from, to;
    from << least;
    to << most;
    return Fail(WrongKind(
        key, *node,
        {"a number from " + from.str() + " to " + to.str(), " " + from.str() + " 至 " + to.str() + " 的数字"}));
  }
  return number;
}

base::Result<std::vector<std::string>> TomlTable::TextsOr(std::string_view key) {
  const TomlNode* node = Find(key);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  if (node->kind != Kind::kList) return Fail(WrongKind(key, *node, {"a list of texts", "文本列表"}));
  for (const TomlNode& item : node->list) {
    if (item.kind != Kind::kText) return Fail(WrongKind(key, item, {"a list of texts", "文本列表"}));
    texts.push_back(item.text);
  }
  return texts;
}

base::Result<std::filesystem::path> TomlTable::Path(std::string_view key) {
  YB_ASSIGN(const std::string text, Text(key));
  return (std::filesystem::path(file_).parent_path() / text).lexically_normal();
}

base::Result<std::filesystem::path> TomlTable::PathOr(std::string_view key, std::filesystem::path otherwise) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind == Kind::kText && node->text.empty()) return std::filesystem::path();
  return Path(key);
}

base::Result<std::optional<TomlTable>> TomlTable::TableIfAny(std::string_view key) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return std::optional<TomlTable>();
  if (node->kind != Kind::kTable) {
    return Fail(WrongKind(key, *node, TableWords(key)));
  }
  return std::optional(TomlTable(*node, file_, std::string(key)));
}

base::Result<TomlTable> TomlTable::Table(std::string_view key) {
  YB_ASSIGN(std::optional<TomlTable> table, TableIfAny(key));
  if (!table) return Fail(Missing(key, TableWords(key)));
  return std::move(*table);
}

base::Result<std::vector<TomlTable>> TomlTable::Tables(std::string_view key) {
  const TomlNode* node = Find(key);
  std::vector<TomlTable> tables;
  if (node == nullptr) return tables;
  const std::string form = "[[…" + std::string(key) + "]]";
  const Words expected = {"tables written as " + form, "写成 " + form + " 的表"};
  if (node->kind != Kind::kList) return Fail(WrongKind(key, *node, expected));
  for (const TomlNode& item : node->list) {
    if (item.kind != Kind::kTable) return Fail(WrongKind(key, item, expected));
    tables.push_back(TomlTable(item, file_, std::string(key)));
  }
  return tables;
}

base::Status TomlTable::RefuseUnknownKeys() const {
  for (const auto& [name, value] : node_->entries) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    return Fail(Fault(name, {"is no known key", "没有这个键"}, NearestOf(name, known_, '\'')));
  }
  return {};
}

}  // namespace yb::config
