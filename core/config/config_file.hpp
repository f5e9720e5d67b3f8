// ConfigFile: a strict reader of TOML configuration. Every refusal names file, line and key, what was found and what
// was expected; a key that nobody asked for is refused too, with the nearest known one as a hint.
//
// Values that share the parsed document (immutable); one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::config {

/// One table of the file.
class ConfigTable {
 public:
  ConfigTable(const ConfigTable&);
  ConfigTable(ConfigTable&&) noexcept;
  ConfigTable& operator=(ConfigTable&&) noexcept;
  ~ConfigTable();

  /// Each getter fails for a value of another kind or outside its limits, and for an absent one without a default.
  [[nodiscard]] base::Result<std::string> Text(std::string_view key, std::optional<std::string> absent = std::nullopt);
  [[nodiscard]] base::Result<std::int64_t> Integer(std::string_view key, std::int64_t least, std::int64_t most,
                                                   std::optional<std::int64_t> absent = std::nullopt);
  [[nodiscard]] base::Result<bool> Flag(std::string_view key, std::optional<bool> absent = std::nullopt);
  /// A path relative to the file's own folder.
  [[nodiscard]] base::Result<std::filesystem::path> Path(std::string_view key,
                                                         std::optional<std::filesystem::path> absent = std::nullopt);

  /// `[key]`; nullopt where it is absent.
  [[nodiscard]] base::Result<std::optional<ConfigTable>> Table(std::string_view key);
  /// `[[key]]`; empty where it is absent.
  [[nodiscard]] base::Result<std::vector<ConfigTable>> Tables(std::string_view key);

  /// To be called when all wanted keys were read: fails for the first key that nobody asked for.
  [[nodiscard]] base::Status Done() const;

  /// An error about `key` of this table: "file:line: table.key: message (hint)".
  [[nodiscard]] base::Error Wrong(std::string_view key, std::string message, std::string hint = {}) const;

  [[nodiscard]] bool Has(std::string_view key) const;

 private:
  struct State;
  friend base::Result<ConfigTable> LoadConfig(const std::filesystem::path& file);
  explicit ConfigTable(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// The file's top table. kNotFound, kPermission or kInvalidArgument (a syntax error with its line).
[[nodiscard]] base::Result<ConfigTable> LoadConfig(const std::filesystem::path& file);

/// The candidate that is at most two edits from `word`, or "".
[[nodiscard]] std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace yb::config
