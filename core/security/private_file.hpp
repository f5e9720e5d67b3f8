// Reading keys and certificates, and folders for them. They are written with base::WriteFile.
// Functions block on the disk; safe from any thread.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"

namespace yb::security {

/// kNotFound, kPermission or kIo name the file. More than 1 MiB is kInvalidArgument: none of our files is so long.
[[nodiscard]] base::Result<std::string> ReadSmallFile(const std::filesystem::path& file);

/// Makes the folder and its parents where they are missing; a new folder is for its owner only (0700).
[[nodiscard]] base::Status MakePrivateFolder(const std::filesystem::path& folder);

/// Makes an empty file for its owner only (0600) where there is none: what is written into it later, by a library that
/// sets no access of its own, is private from its first byte.
[[nodiscard]] base::Status MakePrivateFile(const std::filesystem::path& file);

}  // namespace yb::security
