// ConfigFile: one configuration file of Yuanban as the programs would read it at start: which kind it is, whether it is
// right, and what it holds in a line.
// Pure but for reading the files; no threads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::ctl {

enum class ConfigKind : std::uint8_t { kEdge, kField, kProfile, kAlarms, kCentral };

/// "edge", "field", "profile", "alarms", "central".
[[nodiscard]] const std::vector<std::string>& ConfigKindNames();
[[nodiscard]] std::optional<ConfigKind> ConfigKindNamed(std::string_view name);

/// By what stands in the file: [[line]] is a field.toml, [[point]] a profile, [[rule]] an alarms.toml, [broker] a
/// central.toml, [field] an edge.toml. kInvalidArgument where none of them does; the faults of TOML itself as the
/// reader tells them.
[[nodiscard]] base::Result<ConfigKind> RecogniseConfig(const std::filesystem::path& file);

/// Reads the file by the same strict reader as the program itself: "2 lines, 5 meters, 44 points". A field.toml needs
/// the folder of its meter profiles; an edge.toml brings the names of both and of alarms.toml and has them read too.
/// kInvalidArgument names file, line, key, what was found and what was expected.
[[nodiscard]] base::Result<std::string> CheckConfig(const std::filesystem::path& file, ConfigKind kind,
                                                    const std::filesystem::path& profiles);

}  // namespace yb::ctl
