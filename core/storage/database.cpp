#include "core/storage/database.hpp"

#include <utility>

namespace yb::storage {

base::Status Statement::Run() {
  while (true) {
    const base::Result<bool> row = Step();
    if (!row) {
      Reset();
      return base::Fail(row.error());
    }
    if (!*row) break;
  }
  Reset();
  return {};
}

base::Result<Transaction> Transaction::Begin(Database& database) {
  YB_TRY(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A failed statement may already have rolled back; then this says so and nothing is lost by ignoring it.
  if (database_ != nullptr) (void)database_->Execute("ROLLBACK");
}

base::Status Transaction::Commit() {
  YB_TRY(database_->Execute("COMMIT"));
  database_ = nullptr;
  return {};
}

base::Result<Snapshot> Snapshot::Begin(Database& database) {
  if (database.InTransaction()) return Snapshot(nullptr);
  YB_TRY(database.Execute("BEGIN"));
  return Snapshot(&database);
}

Snapshot::Snapshot(Snapshot&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Snapshot::~Snapshot() {
  if (database_ != nullptr) (void)database_->Execute("COMMIT");  // nothing was written
}

namespace {

base::Result<std::int64_t> VersionOf(Database& database, std::int64_t newest) {
  YB_ASSIGN(const auto statement, database.Prepare("PRAGMA user_version"));
  YB_ASSIGN(const bool row, statement->Step());
  const std::int64_t version = row ? statement->Int(0) : 0;
  if (version <= newest) return version;
  return base::Fail(
      base::ErrorCode::kUnsupported,
      "the file has schema " + std::to_string(version) + ", this program knows up to " + std::to_string(newest),
      "start the newer program that wrote it");
}

}  // namespace

base::Status ExpectVersion(Database& database, std::size_t version) {
  YB_ASSIGN(const std::int64_t found, VersionOf(database, static_cast<std::int64_t>(version)));
  if (found == static_cast<std::int64_t>(version)) return {};
  return base::Fail(base::ErrorCode::kUnsupported, "the file is of an older version",
                    "start the program once, it is brought up to date then");
}

base::Status Migrate(Database& database, std::span<const std::string_view> migrations) {
  const auto target = static_cast<std::int64_t>(migrations.size());
  YB_ASSIGN(const std::int64_t version, VersionOf(database, target));
  for (std::int64_t step = version; step < target; ++step) {
    YB_ASSIGN(Transaction transaction, Transaction::Begin(database));
    YB_TRY(database.Execute(migrations[static_cast<std::size_t>(step)]));
    YB_TRY(database.Execute("PRAGMA user_version = " + std::to_string(step + 1)));
    YB_TRY(transaction.Commit());
  }
  return {};
}

}  // namespace yb::storage
