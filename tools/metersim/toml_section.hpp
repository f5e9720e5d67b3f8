// TomlSection: one table of a TOML file, read key by key, with messages that name file, line, key, what was found and
// what was expected. Keys nobody asked for are errors too, so that a misspelt one does not go unnoticed.
// Borrows the parsed document; one owner, one thread.
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::metersim {

class TomlSection {
 public:
  /// `title` is how messages call the table: "line.meter". Table and file name outlive the section.
  TomlSection(const toml::table& table, std::string_view file, std::string title)
      : table_(table), file_(file), title_(std::move(title)) {}

  [[nodiscard]] bool Has(std::string_view key) const { return table_.contains(key); }

  /// kInvalidArgument where the key is missing or of another type or outside its range. Without a fallback the key has
  /// to be there.
  [[nodiscard]] base::Result<std::string> Text(std::string_view key, std::optional<std::string> fallback = {});
  [[nodiscard]] base::Result<std::int64_t> Integer(std::string_view key, std::int64_t low, std::int64_t high,
                                                   std::optional<std::int64_t> fallback = {});
  [[nodiscard]] base::Result<double> Number(std::string_view key, double low, double high, double fallback);
  /// A text such as "2026-03-02T06:08:00Z", or "+90s" and "-90s" for seconds after and before `start`.
  [[nodiscard]] base::Result<base::UtcTime> Time(std::string_view key, base::UtcTime start);
  [[nodiscard]] base::Result<std::optional<base::UtcTime>> OptionalTime(std::string_view key, base::UtcTime start);
  [[nodiscard]] base::Result<bool> Flag(std::string_view key, bool fallback);
  /// One of `names`, as its position.
  [[nodiscard]] base::Result<std::size_t> Choice(std::string_view key, const std::vector<std::string_view>& names,
                                                 std::optional<std::size_t> fallback = {});
  /// The tables of `[[key]]`, none where it is absent.
  [[nodiscard]] base::Result<std::vector<TomlSection>> Tables(std::string_view key);

  /// To be called last: kInvalidArgument names a key that nobody asked for.
  [[nodiscard]] base::Status RefuseOtherKeys() const;

  /// "sim.toml:12".
  [[nodiscard]] std::string Where() const;
  /// An error about `key` of this table.
  [[nodiscard]] tl::unexpected<base::Error> Refuse(std::string_view key, std::string_view found,
                                                   std::string_view expected) const;

 private:
  [[nodiscard]] const toml::node* Find(std::string_view key);
  [[nodiscard]] std::string PlaceOf(std::string_view key) const;
  [[nodiscard]] tl::unexpected<base::Error> RefuseType(std::string_view key, std::string_view expected) const;

  const toml::table& table_;
  std::string_view file_;
  std::string title_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace yb::metersim
