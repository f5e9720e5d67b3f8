#include "tests/chaos/sqlite_copy.hpp"

#include <sqlite3.h>

#include "core/base/result.hpp"

namespace yb::chaos {
namespace {

namespace fs = std::filesystem;

void BackUp(const fs::path& from, const fs::path& to) {
  sqlite3* source = nullptr;
  sqlite3* target = nullptr;
  YB_CHECK(sqlite3_open_v2(from.c_str(), &source, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
               sqlite3_open(to.c_str(), &target) == SQLITE_OK,
           "a database cannot be opened to be copied");
  sqlite3_busy_timeout(source, 10'000);
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
  YB_CHECK(backup != nullptr && sqlite3_backup_step(backup, -1) == SQLITE_DONE, "a database cannot be copied");
  sqlite3_backup_finish(backup);
  sqlite3_close(source);
  sqlite3_close(target);
}

}  // namespace

void BackUpDatabases(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.path().extension() == ".db") BackUp(entry.path(), to / entry.path().filename());
  }
}

void CopyFiles(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.is_regular_file()) fs::copy_file(entry.path(), to / entry.path().filename());
  }
}

void PutBack(const fs::path& copy, const fs::path& folder) {
  std::vector<fs::path> present;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().find(".db") != std::string::npos) present.push_back(entry.path());
  }
  for (const fs::path& file : present) fs::remove(file);
  for (const auto& entry : fs::directory_iterator(copy)) {
    fs::copy_file(entry.path(), folder / entry.path().filename(), fs::copy_options::overwrite_existing);
  }
}

}  // namespace yb::chaos
