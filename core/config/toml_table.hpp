// TomlTable: one table of a TOML file, read strictly. Every fault names file, line, key, what was found and what was
// expected, in both languages; a key nobody asked for is a fault too, with the nearest known key as the hint.
//
// Borrows the tree; used by one thread while a configuration is loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/decimal.hpp"
#include "core/base/result.hpp"
#include "core/config/toml_document.hpp"

namespace yb::config {

class TomlTable {
 public:
  /// `root` is the tree of `file` and outlives this and the tables below it.
  TomlTable(const TomlNode& root, std::string file) : TomlTable(root, std::move(file), {}) {}

  /// The getters fail with kInvalidArgument for a value of another kind or outside its limits; those without an
  /// `otherwise` also for a key that is absent, and for an empty text.
  [[nodiscard]] base::Result<std::string> Text(std::string_view key);
  [[nodiscard]] base::Result<std::string> TextOr(std::string_view key, std::string otherwise);
  [[nodiscard]] base::Result<std::int64_t> Whole(std::string_view key, std::int64_t least, std::int64_t most);
  [[nodiscard]] base::Result<std::int64_t> WholeOr(std::string_view key, std::int64_t least, std::int64_t most,
                                                   std::int64_t otherwise);
  [[nodiscard]] base::Result<bool> FlagOr(std::string_view key, bool otherwise);
  /// A whole number, or an exact decimal in quotes: a bare 0.1 is refused, because it is no exact number.
  [[nodiscard]] base::Result<base::Decimal> DecimalOr(std::string_view key, base::Decimal otherwise);
  [[nodiscard]] base::Result<std::optional<base::Decimal>> DecimalIfAny(std::string_view key);
  /// For what need not be exact, such as a probability.
  [[nodiscard]] base::Result<double> NumberOr(std::string_view key, double least, double most, double otherwise);
  [[nodiscard]] base::Result<std::vector<std::string>> TextsOr(std::string_view key);
  /// A path in the file is relative to the file's own folder; an empty text is an empty path.
  [[nodiscard]] base::Result<std::filesystem::path> Path(std::string_view key);
  [[nodiscard]] base::Result<std::filesystem::path> PathOr(std::string_view key, std::filesystem::path otherwise);

  /// The table of `[key]`; nullopt where the key is absent.
  [[nodiscard]] base::Result<std::optional<TomlTable>> TableIfAny(std::string_view key);
  /// The table of `[key]`, which has to be there.
  [[nodiscard]] base::Result<TomlTable> Table(std::string_view key);
  /// The tables of `[[key]]`; none where the key is absent.
  [[nodiscard]] base::Result<std::vector<TomlTable>> Tables(std::string_view key);

  /// Every key of the table that was not asked for is a fault; call it last.
  [[nodiscard]] base::Status RefuseUnknownKeys() const;

  /// A fault at `key` of this table, or at the table where the key is absent.
  [[nodiscard]] base::Error Fault(std::string_view key, base::Words what, base::Words expected) const;
  /// The same of a value that somebody else refused.
  [[nodiscard]] base::Error Fault(std::string_view key, const base::Error& refusal) const;

  /// Messages call a table by its key, "line", until it has a better name: "line 'line-1'".
  void Rename(std::string where) { where_ = std::move(where); }
  /// Whether the key is there; that makes it a known one.
  [[nodiscard]] bool Has(std::string_view key) { return Find(key) != nullptr; }
  [[nodiscard]] int LineOf(std::string_view key) const;
  /// "field.toml:12", where the table begins.
  [[nodiscard]] std::string Place() const;
  /// All keys, for tables whose keys are the user's own.
  [[nodiscard]] std::vector<std::string> Keys() const;

 private:
  TomlTable(const TomlNode& node, std::string file, std::string where)
      : node_(&node), file_(std::move(file)), where_(std::move(where)) {}
  [[nodiscard]] const TomlNode* Peek(std::string_view key) const;
  [[nodiscard]] const TomlNode* Find(std::string_view key);
  [[nodiscard]] base::Error WrongKind(std::string_view key, const TomlNode& found, const base::Words& expected) const;
  [[nodiscard]] base::Error Missing(std::string_view key, const base::Words& expected) const;

  const TomlNode* node_;
  std::string file_;
  std::string where_;
  std::vector<std::string> known_;  // what was asked for
};

}  // namespace yb::config
