// Files written so that a power cut leaves either the old or the new content, never half of it.
#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

/// Writes beside the file, syncs, renames over it, syncs the folder. `mode` is that of the new file, such as 0600.
[[nodiscard]] Status WriteFile(const std::filesystem::path& file, std::string_view content, unsigned mode = 0644);

/// The folder and those above it, where they are missing.
[[nodiscard]] Status MakeFolder(const std::filesystem::path& folder);

}  // namespace yb::base
