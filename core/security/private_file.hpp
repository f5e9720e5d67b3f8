// Small files that must be whole or absent after a power cut: keys, certificates, lists of revoked certificates.
// Functions block on the disk; safe from any thread, the last of two writers of one file wins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::security {

enum class FileAccess : std::uint8_t {
  kOwnerOnly,  // 0600: private keys
  kReadable,   // 0644
};

/// Replaces the file in one step and returns once content and name are synced. kDiskFull or kIo leaves the old file.
[[nodiscard]] base::Status WriteFileDurably(const std::filesystem::path& file, std::string_view content,
                                            FileAccess access);

/// kNotFound, kPermission or kIo name the file. More than 1 MiB is kInvalidArgument: none of our files is so long.
[[nodiscard]] base::Result<std::string> ReadSmallFile(const std::filesystem::path& file);

/// Makes the folder and its parents where they are missing; a new folder is for its owner only (0700).
[[nodiscard]] base::Status MakePrivateFolder(const std::filesystem::path& folder);

}  // namespace yb::security
