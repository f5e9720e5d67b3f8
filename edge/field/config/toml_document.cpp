#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "edge/field/config/toml_table.hpp"

namespace yb::field::config {
namespace {

TomlNode Convert(const toml::node& node) {
  TomlNode result;
  result.line = static_cast<int>(node.source().begin.line);
  if (const auto* table = node.as_table()) {
    result.kind = TomlNode::Kind::kTable;
    for (const auto& [key, value] : *table) {
      result.entries.push_back({std::string(key.str()), Convert(value)});
      // A value's line is where its key stands, also for sub-tables.
      result.entries.back().value.line = static_cast<int>(key.source().begin.line);
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

}  // namespace

base::Result<TomlNode> ParseToml(std::string_view text, const std::string& file) {
  try {
    return Convert(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    return base::Fail(base::Error{base::ErrorCode::kInvalidArgument, std::string(error.description()),
                                  file + ":" + std::to_string(error.source().begin.line), "the file is no TOML there"});
  }
}

}  // namespace yb::field::config
