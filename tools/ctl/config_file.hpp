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

enum class ConfigKind : std::uint8_t {
  kEdge,
  kField,
  kProfile,
  kAlarms,
  kCentral,
  kCatalogue,
  kDelegations,
  kCalendar,
};

/// "edge", "field", "profile", "alarms", "central", "catalogue", "delegations", "calendar".
[[nodiscard]] const std::vector<std::string>& ConfigKindNames();
[[nodiscard]] std::optional<ConfigKind> ConfigKindNamed(std::string_view name);

/// By what stands in the file: [[line]] is a field.toml, [[point]] a profile, [[rule]] an alarms.toml, [broker] a
/// central.toml, [field] an edge.toml, [[item]] a catalogue, [[delegation]] delegations, [[year]] a calendar.
/// kInvalidArgument where none of them does; the faults of TOML itself as the reader tells them.
[[nodiscard]] base::Result<ConfigKind> RecogniseConfig(const std::filesystem::path& file);

/// Reads the file by the same strict reader as the program itself: "2 lines, 5 meters, 44 points". A field.toml needs
/// the folder of its meter profiles; an edge.toml brings the names of both, of alarms.toml and of the documents that
/// cases rest on, and has them read too, as has a central.toml its documents. kInvalidArgument names file, line, key,
/// what was found and what was expected.
[[nodiscard]] base::Result<std::string> CheckConfig(const std::filesystem::path& file, ConfigKind kind,
                                                    const std::filesystem::path& profiles);

}  // namespace yb::ctl
