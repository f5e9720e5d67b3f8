#include "core/storage/sqlite/sqlite_database.hpp"

#include <sqlite3.h>

namespace yb::storage {
namespace {

constexpr char kEmpty[] = "";  // a null pointer would bind NULL

using base::ErrorCode;
using base::Fail;

ErrorCode ToCode(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return ErrorCode::kDiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::kCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::kUnavailable;
    case SQLITE_CONSTRAINT: return ErrorCode::kAlreadyExists;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return ErrorCode::kPermission;
    default: return ErrorCode::kIo;
  }
}

tl::unexpected<base::Error> FailWith(sqlite3* connection, int code) {
  return Fail(ToCode(code), connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection));
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  Statement& Bind(int index, std::int64_t value) override {
    return Bound(sqlite3_bind_int64(statement_, index, value));
  }
  Statement& Bind(int index, std::string_view text) override {
    const char* data = text.empty() ? kEmpty : text.data();
    return Bound(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  Statement& Bind(int index, base::ByteView blob) override {
    const void* data = blob.empty() ? static_cast<const void*>(kEmpty) : blob.data();
    return Bound(sqlite3_bind_blob64(statement_, index, data, blob.size(), SQLITE_TRANSIENT));
  }
  Statement& BindNull(int index) override { return Bound(sqlite3_bind_null(statement_, index)); }

  base::Result<bool> Step() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return FailWith(connection_, code);
  }
  void Reset() override { sqlite3_reset(statement_); }

  std::int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string_view Text(int column) const override { return base::AsText(Bytes(column)); }
  base::ByteView Blob(int column) const override { return Bytes(column); }
  bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  Statement& Bound(int code) {
    YB_CHECK(code == SQLITE_OK, "a parameter was bound that the statement does not have");
    return *this;
  }
  base::ByteView Bytes(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

  sqlite3* connection_;
  sqlite3_stmt* statement_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(sqlite3* connection) : connection_(connection) {}
  ~SqliteDatabase() override { sqlite3_close_v2(connection_); }
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  base::Result<std::unique_ptr<Statement>> Prepare(std::string_view sql) override {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return FailWith(connection_, code);
    return std::make_unique<SqliteStatement>(connection_, statement);
  }

  base::Status Execute(std::string_view sql) override {
    const int code = sqlite3_exec(connection_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return FailWith(connection_, code);
    return {};
  }

  bool InTransaction() const override { return sqlite3_get_autocommit(connection_) == 0; }

 private:
  sqlite3* connection_;
};

class SqliteOpener final : public DatabaseOpener {
 public:
  explicit SqliteOpener(SqliteOptions options) : options_(std::move(options)) {}
  base::Result<std::unique_ptr<Database>> Open() override { return OpenSqlite(options_); }

 private:
  SqliteOptions options_;
};

}  // namespace

base::Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  const std::string file = options.file.string();
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  auto database = std::make_unique<SqliteDatabase>(connection);
  if (code != SQLITE_OK) return Fail(FailWith(connection, code).value().At(file));
  sqlite3_busy_timeout(connection, static_cast<int>(options.busy_timeout.count()));
  // Debian's SQLite overwrites what is deleted with zeros; telemetry is not secret enough to wear flash for it.
  const std::string settings =
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF;"
      "PRAGMA cache_size = -" +
      std::to_string(options.cache_kib);
  const base::Status set = database->Execute(settings);
  if (!set) return Fail(set.error().At(file));
  return database;
}

std::unique_ptr<DatabaseOpener> MakeSqliteOpener(SqliteOptions options) {
  return std::make_unique<SqliteOpener>(std::move(options));
}

}  // namespace yb::storage
