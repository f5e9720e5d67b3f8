// Files written so that a power cut leaves either the old or the new content, never half of it.
// Functions block on the disk; safe from any thread, the last of two writers of one file wins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::base {

enum class FileAccess : std::uint16_t {
  kOwnerOnly = 0600,  // private keys
  kReadable = 0644,
};

/// Writes beside the file, syncs, renames over it, syncs the folder. kDiskFull, kPermission or kIo names the file and
/// leaves the old one.
[[nodiscard]] Status WriteFile(const std::filesystem::path& file, std::string_view content,
                               FileAccess access = FileAccess::kReadable);

/// The folder and those above it, where they are missing.
[[nodiscard]] Status MakeFolder(const std::filesystem::path& folder);

}  // namespace yb::base
