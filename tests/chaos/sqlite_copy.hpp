// Copies of the databases of a program: as an administrator's backup makes them, and put back in the place of the
// present ones. Functions abort the run with a sentence where a copy cannot be made. Any thread.
#pragma once

#include <filesystem>

namespace yb::chaos {

/// Copies each `*.db` of `from` into the new folder `to` by SQLite's backup, while a program may use it.
void BackUpDatabases(const std::filesystem::path& from, const std::filesystem::path& to);

/// Copies each file of `from` itself as it lies there, folders below it left out. Nobody may use them.
void CopyFiles(const std::filesystem::path& from, const std::filesystem::path& to);

/// Takes all databases of `folder` away, their logs too, and puts the files of `copy` there. Nobody may use them.
void PutBack(const std::filesystem::path& copy, const std::filesystem::path& folder);

}  // namespace yb::chaos
