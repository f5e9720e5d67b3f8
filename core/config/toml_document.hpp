// A TOML file as a tree of values that knows its lines, without the library's headers. TomlTable reads it.
// Values; no threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::config {

struct TomlEntry;

/// One value as it stands in the file.
struct TomlNode {
  enum class Kind : std::uint8_t { kText, kWhole, kFraction, kFlag, kList, kTable, kOther };
  Kind kind = Kind::kOther;
  int line = 1;
  std::string text;                // kText; of the others a form for messages
  std::int64_t whole = 0;          // kWhole
  double fraction = 0;             // kFraction
  bool flag = false;               // kFlag
  std::vector<TomlNode> list;      // kList
  std::vector<TomlEntry> entries;  // kTable, in the file's order
};

struct TomlEntry {
  std::string key;
  TomlNode value;
};

/// Parses a whole file; `file` is for messages. kInvalidArgument names the line that is no TOML, such as one with a key
/// that is there already.
[[nodiscard]] base::Result<TomlNode> ParseToml(std::string_view text, const std::string& file);

/// A whole file as it is. kNotFound, kPermission and kIo name the file.
[[nodiscard]] base::Result<std::string> ReadTextFile(const std::filesystem::path& file);

/// ParseToml of a file, with the errors of ReadTextFile.
[[nodiscard]] base::Result<TomlNode> LoadToml(const std::filesystem::path& file);

/// `text` in quotes, as a TOML file holds it.
[[nodiscard]] std::string QuotedToml(std::string_view text);

}  // namespace yb::config
