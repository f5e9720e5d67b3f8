#include "edge/field/config/toml_table.hpp"

#include <algorithm>
#include <numeric>

namespace yb::field::config {
namespace {

using base::ErrorCode;
using base::Fail;
using Kind = TomlNode::Kind;

std::string Found(const TomlNode& node) {
  switch (node.kind) {
    case Kind::kText: return "the text \"" + node.text + "\"";
    case Kind::kWhole:
    case Kind::kFraction: return "the number " + node.text;
    case Kind::kFlag: return node.text;
    case Kind::kList: return "a list";
    case Kind::kTable: return "a table";
    case Kind::kOther: return node.text;
  }
  return "something else";
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string Range(std::int64_t least, std::int64_t most) {
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> nearest;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

const TomlNode* TomlTable::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  for (const auto& [name, value] : node_.entries) {
    if (name == key) return &value;
  }
  return nullptr;
}

int TomlTable::LineOf(std::string_view key) const {
  for (const auto& [name, value] : node_.entries) {
    if (name == key) return value.line;
  }
  return node_.line;
}

std::vector<std::string> TomlTable::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [name, value] : node_.entries) keys.push_back(name);
  return keys;
}

base::Error TomlTable::Fault(std::string_view key, const std::string& what, const std::string& expected) const {
  return {ErrorCode::kInvalidArgument, what,
          file_ + ":" + std::to_string(LineOf(key)) + ": " + (where_.empty() ? "" : where_ + ": ") + std::string(key),
          expected};
}

base::Error TomlTable::WrongKind(std::string_view key, const TomlNode& found, const std::string& expected) const {
  return Fault(key, "found " + Found(found), "expected " + expected);
}

base::Error TomlTable::Missing(std::string_view key, const std::string& expected) const {
  return Fault(key, "is missing", "expected " + expected);
}

base::Result<std::string> TomlTable::Text(std::string_view key) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return Fail(Missing(key, "a text in quotes"));
  if (node->kind != Kind::kText || node->text.empty()) return Fail(WrongKind(key, *node, "a text in quotes"));
  return node->text;
}

base::Result<std::string> TomlTable::TextOr(std::string_view key, std::string otherwise) {
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind != Kind::kText) return Fail(WrongKind(key, *node, "a text in quotes"));
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
  if (node->kind != Kind::kFlag) return Fail(WrongKind(key, *node, "true or false"));
  return node->flag;
}

base::Result<base::Decimal> TomlTable::DecimalOr(std::string_view key, base::Decimal otherwise) {
  static constexpr std::string_view kExpected = "a whole number, or an exact decimal in quotes such as \"0.01\"";
  const TomlNode* node = Find(key);
  if (node == nullptr) return otherwise;
  if (node->kind == Kind::kWhole) return base::Decimal(node->whole, 0);
  if (node->kind != Kind::kText) return Fail(WrongKind(key, *node, std::string(kExpected)));
  const base::Result<base::Decimal> number = base::Decimal::Parse(node->text);
  if (!number) return Fail(WrongKind(key, *node, std::string(kExpected)));
  return *number;
}

base::Result<std::vector<std::string>> TomlTable::TextsOr(std::string_view key) {
  const TomlNode* node = Find(key);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  if (node->kind != Kind::kList) return Fail(WrongKind(key, *node, "a list of texts"));
  for (const TomlNode& item : node->list) {
    if (item.kind != Kind::kText) return Fail(WrongKind(key, item, "a list of texts"));
    texts.push_back(item.text);
  }
  return texts;
}

base::Result<std::vector<const TomlNode*>> TomlTable::Tables(std::string_view key) {
  const TomlNode* node = Find(key);
  std::vector<const TomlNode*> tables;
  if (node == nullptr) return tables;
  const std::string expected = "tables written as [[…" + std::string(key) + "]]";
  if (node->kind != Kind::kList) return Fail(WrongKind(key, *node, expected));
  for (const TomlNode& item : node->list) {
    if (item.kind != Kind::kTable) return Fail(WrongKind(key, item, expected));
    tables.push_back(&item);
  }
  return tables;
}

base::Result<const TomlNode*> TomlTable::Table(std::string_view key) {
  const TomlNode* node = Find(key);
  if (node != nullptr && node->kind != Kind::kTable) {
    return Fail(WrongKind(key, *node, "a table written as [" + std::string(key) + "]"));
  }
  return node;
}

base::Status TomlTable::RefuseUnknownKeys() const {
  for (const auto& [name, value] : node_.entries) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::string expected;
    if (const std::optional<std::string> nearest = NearestWord(name, known_)) {
      expected = "did you mean '" + *nearest + "'?";
    } else {
      for (const std::string& known : known_) expected += (expected.empty() ? "expected one of " : ", ") + known;
    }
    return Fail(Fault(name, "is no known key", expected));
  }
  return {};
}

}  // namespace yb::field::config
