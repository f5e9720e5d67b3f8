#include "core/config/toml_document.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace yb::config {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fail;

int LineOf(const toml::source_region& region) {
  return std::max(1, static_cast<int>(region.begin.line));
}

TomlNode Convert(const toml::node& node) {
  TomlNode result;
  result.line = LineOf(node.source());
  if (const auto* table = node.as_table()) {
    result.kind = TomlNode::Kind::kTable;
    for (const auto& [key, value] : *table) {
      result.entries.push_back({std::string(key.str()), Convert(value)});
      // A value's line is where its key stands, also for sub-tables.
      result.entries.back().value.line = LineOf(key.source());
    }
    // The library sorts by name; people read from the top.
    std::stable_sort(result.entries.begin(), result.entries.end(),
                     [](const auto& a, const auto& b) { return a.value.line < b.value.line; });
  } else if (const auto* array = node.as_array()) {
    result.kind = TomlNode::Kind::kList;
    for (const toml::node& item : *array) result.list.push_back(Convert(item));
  } else if (const auto* text = node.as_string()) {
    result.kind = TomlNode::Kind::kText;
    result.text = text->get();
  } else if (const auto* whole = node.as_integer()) {
    result.kind = TomlNode::Kind::kWhole;
    result.whole = whole->get();
    result.text = std::to_string(whole->get());
  } else if (const auto* fraction = node.as_floating_point()) {
    result.kind = TomlNode::Kind::kFraction;
    result.fraction = fraction->get();
    std::ostringstream form;
    form << fraction->get();
    result.text = form.str();
  } else if (const auto* flag = node.as_boolean()) {
    result.kind = TomlNode::Kind::kFlag;
    result.flag = flag->get();
    result.text = flag->get() ? "true" : "false";
  } else {
    result.text = "a date or time";
  }
  return result;
}

Error Unreadable(const std::filesystem::path& file, int reason) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::kNotFound, "there is no such file", file.string(),
              "check the path",     "没有这个文件",          "检查路径"};
    case EACCES:
    case EPERM:
      return {ErrorCode::kPermission,     "the file may not be read", file.string(),
              "check its owner and mode", "没有读这个文件的权限",     "检查属主和权限"};
    default: break;
  }
  const std::string why = std::generic_category().message(reason);
  return {ErrorCode::kIo, "the file cannot be read: " + why, file.string(), {}, "读不了这个文件：" + why, {}};
}

}  // namespace

base::Result<TomlNode> ParseToml(std::string_view text, const std::string& file) {
  try {
    return Convert(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    const std::string why(error.description());
    return Fail(Error{ErrorCode::kInvalidArgument, why, file + ":" + std::to_string(LineOf(error.source())),
                      "the file is no TOML there", "不合 TOML 格式：" + why, "检查这一行的引号、括号和等号"});
  }
}

base::Result<std::string> ReadTextFile(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Fail(Unreadable(file, errno));
  std::string text;
  std::array<char, 4096> part{};
  do {
    stream.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  if (stream.bad()) return Fail(Unreadable(file, errno));
  return text;
}

base::Result<TomlNode> LoadToml(const std::filesystem::path& file) {
  YB_ASSIGN(const std::string text, ReadTextFile(file));
  return ParseToml(text, file.string());
}

std::string QuotedToml(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      quoted += "\\u00";
      quoted += kDigits[byte >> 4];
      quoted += kDigits[byte & 0x0F];
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace yb::config
