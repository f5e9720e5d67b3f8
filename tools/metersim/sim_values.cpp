#include "tools/metersim/sim_values.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace yb::metersim {

tl::unexpected<base::Error> Refuse(const config::TomlTable& table, std::string_view key, std::string_view found,
                                   std::string_view expected) {
  return base::Fail(table.Fault(key, {"found " + std::string(found), {}}, {"expected " + std::string(expected), {}}));
}

base::Result<base::UtcTime> ReadTime(config::TomlTable& table, std::string_view key, base::UtcTime start) {
  YB_ASSIGN(const std::string text, table.Text(key));
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
  return Refuse(table, key, "\"" + text + "\"", "a time such as \"2026-03-02T06:08:00Z\" or \"+90s\" from the start");
}

base::Result<std::optional<base::UtcTime>> ReadTimeIfAny(config::TomlTable& table, std::string_view key,
                                                         base::UtcTime start) {
  if (!table.Has(key)) return std::optional<base::UtcTime>();
  YB_ASSIGN(const base::UtcTime time, ReadTime(table, key, start));
  return std::optional(time);
}

base::Result<std::size_t> ReadChoice(config::TomlTable& table, std::string_view key,
                                     const std::vector<std::string_view>& names, std::optional<std::size_t> otherwise) {
  if (otherwise && !table.Has(key)) return *otherwise;
  YB_ASSIGN(const std::string text, table.Text(key));
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string expected = "one of";
  for (const std::string_view name : names) expected += " \"" + std::string(name) + "\"";
  return Refuse(table, key, "\"" + text + "\"", expected);
}

}  // namespace yb::metersim
