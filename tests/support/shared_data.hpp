// Where the real readings lie that tests replay and that are no part of the project: ../shared/data beside it, or the
// folder that YB_SHARED names. A test without them is skipped, and says so.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace yb::test {

inline constexpr const char* kNoSharedData =
    "no ../shared/data beside the project, and YB_SHARED names no folder with data";

/// A file of the folder; nullopt where it is absent.
[[nodiscard]] inline std::optional<std::filesystem::path> SharedData(const char* file) {
  const char* named = std::getenv("YB_SHARED");
  const std::filesystem::path path = std::filesystem::path(named == nullptr ? "../shared" : named) / "data" / file;
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace yb::test
