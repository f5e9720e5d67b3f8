// Database: the seam to the embedded SQL store. One object is one connection: used by one thread at a time.
// A committed write transaction has been synced to disk when Commit returns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace yb::storage {

/// SQLite's integers are signed: sequences stay far below 2^63, and epochs are seconds.
[[nodiscard]] constexpr std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
[[nodiscard]] constexpr std::uint64_t Unsigned(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

/// A prepared statement. Parameters and columns count from 1 and 0 as in SQL's own interfaces. Views returned by the
/// column readers live until the next Step or Reset. Must not outlive its Database.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual Statement& Bind(int index, std::int64_t value) = 0;
  virtual Statement& Bind(int index, std::string_view text) = 0;
  virtual Statement& Bind(int index, base::ByteView blob) = 0;
  virtual Statement& BindNull(int index) = 0;

  /// True: a row is there; false: done. kDiskFull leaves the transaction to be rolled back.
  [[nodiscard]] virtual base::Result<bool> Step() = 0;
  /// Makes it ready to run again; parameters stay bound.
  virtual void Reset() = 0;

  /// Runs it to its end and resets it.
  [[nodiscard]] base::Status Run();

  [[nodiscard]] virtual std::int64_t Int(int column) const = 0;
  [[nodiscard]] virtual std::string_view Text(int column) const = 0;
  [[nodiscard]] virtual base::ByteView Blob(int column) const = 0;
  [[nodiscard]] virtual bool IsNull(int column) const = 0;
};

/// Resets a statement when its rows have been read.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(statement) {}
  ~Rows() { statement_.Reset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

 private:
  Statement& statement_;
};

class Database {
 public:
  virtual ~Database() = default;
  [[nodiscard]] virtual base::Result<std::unique_ptr<Statement>> Prepare(std::string_view sql) = 0;
  /// One or more statements without parameters.
  [[nodiscard]] virtual base::Status Execute(std::string_view sql) = 0;
  [[nodiscard]] virtual bool InTransaction() const = 0;
};

/// Opens one connection to the file a store lives in; stores take this so that they can open one per thread.
class DatabaseOpener {
 public:
  virtual ~DatabaseOpener() = default;
  [[nodiscard]] virtual base::Result<std::unique_ptr<Database>> Open() = 0;
};

/// Rolls back unless committed.
class Transaction {
 public:
  /// Takes the write lock at once.
  [[nodiscard]] static base::Result<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Returns once all of it is synced. On failure nothing of it is kept.
  [[nodiscard]] base::Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  // null once committed or moved from
};

/// Several reads of one state of the file. Within a transaction it is that transaction's.
class Snapshot {
 public:
  [[nodiscard]] static base::Result<Snapshot> Begin(Database& database);
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

 private:
  explicit Snapshot(Database* database) : database_(database) {}
  Database* database_;  // null within a transaction, or moved from
};

/// Brings the schema from its stored version (PRAGMA user_version) to `migrations.size()`, each step in a transaction.
/// kUnsupported when the file is newer than this program.
[[nodiscard]] base::Status Migrate(Database& database, std::span<const std::string_view> migrations);

/// Changes nothing. kUnsupported where the schema's stored version is not this one.
[[nodiscard]] base::Status ExpectVersion(Database& database, std::size_t version);

}  // namespace yb::storage
