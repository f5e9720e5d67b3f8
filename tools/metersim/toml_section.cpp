#include "tools/metersim/toml_section.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace yb::metersim {
namespace {

std::string At(std::string_view file, const toml::source_region& region) {
  return std::string(file) + ":" + std::to_string(region.begin.line);
}

std::string Shown(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_table<decltype(value)>) {
      out << "a table";
    } else if constexpr (toml::is_array<decltype(value)>) {
      out << "an array";
    } else if constexpr (toml::is_string<decltype(value)>) {
      out << '"' << value.get() << '"';
    } else {
      out << toml::node_view<const toml::node>(value);
    }
  });
  return out.str();
}

}  // namespace

const toml::node* TomlSection::Find(std::string_view key) {
  asked_.emplace(key);
  return table_.get(key);
}

std::string TomlSection::Where() const {
  return At(file_, table_.source());
}

std::string TomlSection::PlaceOf(std::string_view key) const {
  const toml::node* node = table_.get(key);
  const std::string path = title_.empty() ? std::string(key) : title_ + "." + std::string(key);
  return (node == nullptr ? Where() : At(file_, node->source())) + ": " + path;
}

tl::unexpected<base::Error> TomlSection::Refuse(std::string_view key, std::string_view found,
                                                std::string_view expected) const {
  return base::Fail(base::Error{base::ErrorCode::kInvalidArgument,
                                "found " + std::string(found) + ", expected " + std::string(expected),
                                PlaceOf(key),
                                {}});
}

tl::unexpected<base::Error> TomlSection::RefuseType(std::string_view key, std::string_view expected) const {
  const toml::node* node = table_.get(key);
  return Refuse(key, node == nullptr ? "nothing" : Shown(*node), expected);
}

base::Result<std::string> TomlSection::Text(std::string_view key, std::optional<std::string> fallback) {
  const toml::node* node = Find(key);
  if (node == nullptr && fallback) return *fallback;
  const auto* text = node == nullptr ? nullptr : node->as_string();
  if (text == nullptr) return RefuseType(key, "a text in quotes");
  return text->get();
}

base::Result<std::int64_t> TomlSection::Integer(std::string_view key, std::int64_t low, std::int64_t high,
                                                std::optional<std::int64_t> fallback) {
  const toml::node* node = Find(key);
  if (node == nullptr && fallback) return *fallback;
  const auto* number = node == nullptr ? nullptr : node->as_integer();
  if (number == nullptr || number->get() < low || number->get() > high) {
    return RefuseType(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return number->get();
}

base::Result<double> TomlSection::Number(std::string_view key, double low, double high, double fallback) {
  const toml::node* node = Find(key);
  if (node == nullptr) return fallback;
  const std::optional<double> number = node->is_number() ? node->value<double>() : std::nullopt;
  if (!number || !(*number >= low && *number <= high)) {
    std::ostringstream expected;
    expected << "a number from " << low << " to " << high;
    return RefuseType(key, expected.str());
  }
  return *number;
}

base::Result<base::UtcTime> TomlSection::Time(std::string_view key, base::UtcTime start) {
  YB_ASSIGN(const std::string text, Text(key));
  if (const base::Result<base::UtcTime> time = base::FromIso(text)) return *time;
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const bool is_relative = text.size() >= 3 && (text[0] == '+' || text[0] == '-') && text.back() == 's';
  if (is_relative) {
    const auto [stop, code] = std::from_chars(text.data() + 1, end - 1, seconds);
    if (code == std::errc() && stop == end - 1 && seconds >= 0 && seconds < 1'000'000'000) {
      return start + std::chrono::seconds(text[0] == '-' ? -seconds : seconds);
    }
  }
  return Refuse(key, "\"" + text + "\"", "a time such as \"2026-03-02T06:08:00Z\" or \"+90s\" from the start");
}

base::Result<std::optional<base::UtcTime>> TomlSection::OptionalTime(std::string_view key, base::UtcTime start) {
  if (!Has(key)) {
    asked_.emplace(key);
    return std::optional<base::UtcTime>();
  }
  YB_ASSIGN(const base::UtcTime time, Time(key, start));
  return std::optional(time);
}

base::Result<bool> TomlSection::Flag(std::string_view key, bool fallback) {
  const toml::node* node = Find(key);
  if (node == nullptr) return fallback;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) return RefuseType(key, "true or false");
  return flag->get();
}

base::Result<std::size_t> TomlSection::Choice(std::string_view key, const std::vector<std::string_view>& names,
                                              std::optional<std::size_t> fallback) {
  const toml::node* node = Find(key);
  if (node == nullptr && fallback) return *fallback;
  const auto* text = node == nullptr ? nullptr : node->as_string();
  const auto found = text == nullptr ? names.end() : std::find(names.begin(), names.end(), text->get());
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string expected = "one of";
  for (const std::string_view name : names) expected += " \"" + std::string(name) + "\"";
  return RefuseType(key, expected);
}

base::Result<std::vector<TomlSection>> TomlSection::Tables(std::string_view key) {
  std::vector<TomlSection> sections;
  const toml::node* node = Find(key);
  if (node == nullptr) return sections;
  const std::string title = title_.empty() ? std::string(key) : title_ + "." + std::string(key);
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous<toml::table>())
    return RefuseType(key, "tables, written [[" + title + "]]");
  for (const toml::node& element : *array) sections.emplace_back(*element.as_table(), file_, title);
  return sections;
}

base::Status TomlSection::RefuseOtherKeys() const {
  for (const auto& [key, node] : table_) {
    if (asked_.contains(std::string_view(key.str()))) continue;
    std::string expected = "one of the keys";
    for (const std::string& asked : asked_) expected += " " + asked;
    return base::Fail(base::Error{
        base::ErrorCode::kInvalidArgument, "found an unknown key, expected " + expected, PlaceOf(key.str()), {}});
  }
  return {};
}

}  // namespace yb::metersim
