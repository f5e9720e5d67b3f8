#include "tools/ctl/ledger_file.hpp"

#include <filesystem>

#include "core/security/private_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"

namespace yb::ctl {
namespace {

base::Result<std::filesystem::path> FileIn(const std::string& data_dir) {
  if (std::filesystem::is_directory(data_dir)) return std::filesystem::path(data_dir) / "ledger.db";
  return base::Fail(base::ErrorCode::kNotFound, "there is no folder " + data_dir,
                    "it is data_dir of edge.toml or central.toml");
}

base::Result<std::unique_ptr<ledger::LedgerStore>> Open(const std::filesystem::path& file, bool only_existing,
                                                        const base::Clock& clock) {
  const auto opener = storage::MakeSqliteOpener({.file = file});
  ledger::LedgerOptions options;
  options.only_existing = only_existing;
  auto store = ledger::LedgerStore::Open(*opener, std::move(options),
                                         calendar::WorkingCalendar(calendar::PublishedNotices()), clock);
  if (store) return store;
  base::Error error = store.error();
  if (error.context.empty()) error.context = file.string();
  return base::Fail(std::move(error));
}

}  // namespace

base::Result<std::unique_ptr<ledger::LedgerStore>> OpenLedgerFile(const std::string& data_dir,
                                                                  const base::Clock& clock) {
  YB_ASSIGN(const std::filesystem::path file, FileIn(data_dir));
  if (!std::filesystem::exists(file)) {
    return base::Fail(base::ErrorCode::kNotFound, "there is no ledger.db in " + data_dir,
                      "a program makes it when it starts for the first time");
  }
  return Open(file, true, clock);
}

base::Result<std::unique_ptr<ledger::LedgerStore>> CreateLedgerFile(const std::string& data_dir,
                                                                    const base::Clock& clock) {
  YB_ASSIGN(const std::filesystem::path file, FileIn(data_dir));
  YB_TRY(security::MakePrivateFile(file));
  return Open(file, false, clock);
}

}  // namespace yb::ctl
