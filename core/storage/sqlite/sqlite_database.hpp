// SQLite behind the Database seam: WAL, synchronous FULL (a commit is on disk when it returns), foreign keys on.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/storage/database.hpp"

namespace yb::storage {

/// Pages in the log before they are moved into the file. Slices live for an hour in pages that are used again and
/// again: a long log writes each of them into the file once instead of every few minutes.
constexpr int kLogPages = 4096;

struct SqliteOptions {
  std::filesystem::path file;
  int cache_kib = 2048;
  int checkpoint_pages = kLogPages;
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(10);
};

/// kIo, kPermission or kCorrupt name the file.
[[nodiscard]] base::Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

/// An opener of the same file, again and again.
[[nodiscard]] std::unique_ptr<DatabaseOpener> MakeSqliteOpener(SqliteOptions options);

}  // namespace yb::storage
