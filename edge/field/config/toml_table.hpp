// TomlTable: one table of a TOML file, read strictly. Every fault names file, line, key, what was found and what was
// expected; a key nobody asked for is a fault too, with the nearest known key as the hint.
//
// A value tree without library headers; used by one thread while a configuration is loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/decimal.hpp"
#include "core/base/result.hpp"

namespace yb::field::config {

struct TomlEntry;

/// One value as it stands in the file.
struct TomlNode {
  enum class Kind : std::uint8_t { kText, kWhole, kFraction, kFlag, kList, kTable, kOther };
  Kind kind = Kind::kOther;
  int line = 0;
  std::string text;                // kText; of the others a form for messages
  std::int64_t whole = 0;          // kWhole
  bool flag = false;               // kFlag
  std::vector<TomlNode> list;      // kList
  std::vector<TomlEntry> entries;  // kTable, in the file's order
};

struct TomlEntry {
  std::string key;
  TomlNode value;
};

/// Parses a whole file; kInvalidArgument names the line that is no TOML.
[[nodiscard]] base::Result<TomlNode> ParseToml(std::string_view text, const std::string& file);

class TomlTable {
 public:
  /// `node` is a table and outlives this. `where` names it in messages: "line 'line-1'".
  TomlTable(const TomlNode& node, std::string file, std::string where)
      : node_(node), file_(std::move(file)), where_(std::move(where)) {}

  [[nodiscard]] base::Result<std::string> Text(std::string_view key);
  [[nodiscard]] base::Result<std::string> TextOr(std::string_view key, std::string otherwise);
  [[nodiscard]] base::Result<std::int64_t> Whole(std::string_view key, std::int64_t least, std::int64_t most);
  [[nodiscard]] base::Result<std::int64_t> WholeOr(std::string_view key, std::int64_t least, std::int64_t most,
                                                   std::int64_t otherwise);
  [[nodiscard]] base::Result<bool> FlagOr(std::string_view key, bool otherwise);
  /// A whole number, or an exact decimal in quotes: a bare 0.1 is refused, because it is no exact number.
  [[nodiscard]] base::Result<base::Decimal> DecimalOr(std::string_view key, base::Decimal otherwise);
  [[nodiscard]] base::Result<std::vector<std::string>> TextsOr(std::string_view key);
  /// The tables of `[[key]]`; none where the key is absent.
  [[nodiscard]] base::Result<std::vector<const TomlNode*>> Tables(std::string_view key);
  /// The table of `[key]`; nullptr where the key is absent.
  [[nodiscard]] base::Result<const TomlNode*> Table(std::string_view key);

  /// Every key of the table that was not asked for is a fault; call it last.
  [[nodiscard]] base::Status RefuseUnknownKeys() const;

  /// A fault at `key` of this table, or at the table where the key is absent.
  [[nodiscard]] base::Error Fault(std::string_view key, const std::string& what, const std::string& expected) const;

  void Rename(std::string where) { where_ = std::move(where); }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] int LineOf(std::string_view key) const;
  /// All keys, for tables whose keys are the user's own.
  [[nodiscard]] std::vector<std::string> Keys() const;

 private:
  [[nodiscard]] const TomlNode* Find(std::string_view key);
  [[nodiscard]] base::Error WrongKind(std::string_view key, const TomlNode& found, const std::string& expected) const;
  [[nodiscard]] base::Error Missing(std::string_view key, const std::string& expected) const;

  const TomlNode& node_;
  std::string file_;
  std::string where_;
  std::vector<std::string> known_;
};

/// The entry of `known` nearest to `word` by edit distance, if it is near enough to be meant.
[[nodiscard]] std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace yb::field::config
