// Values of sim.toml beyond those every TOML file of ours has: times, and one name of several.
// Pure functions; `kInvalidArgument` names file, line, key, what was found and what was expected.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/config/toml_table.hpp"

namespace yb::metersim {

/// An error about `key` of the table.
[[nodiscard]] tl::unexpected<base::Error> Refuse(const config::TomlTable& table, std::string_view key,
                                                 std::string_view found, std::string_view expected);

/// A text such as "2026-03-02T06:08:00Z", or "+90s" and "-90s" for seconds after and before `start`.
[[nodiscard]] base::Result<base::UtcTime> ReadTime(config::TomlTable& table, std::string_view key, base::UtcTime start);
/// The same; nullopt where the key is absent.
[[nodiscard]] base::Result<std::optional<base::UtcTime>> ReadTimeIfAny(config::TomlTable& table, std::string_view key,
                                                                       base::UtcTime start);

/// One of `names`, as its position. Without an `otherwise` the key has to be there.
[[nodiscard]] base::Result<std::size_t> ReadChoice(config::TomlTable& table, std::string_view key,
                                                   const std::vector<std::string_view>& names,
                                                   std::optional<std::size_t> otherwise = {});

}  // namespace yb::metersim
