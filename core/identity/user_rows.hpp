// What the sources of UserStore share: its state, and statements with their parameters. Not for others.
#pragma once

#include <mutex>

#include "core/identity/user_store.hpp"

namespace yb::identity {

inline void BindAt(storage::Statement& statement, int index, std::int64_t value) {
  statement.Bind(index, value);
}
inline void BindAt(storage::Statement& statement, int index, base::UtcTime value) {
  statement.Bind(index, value.micros);
}
inline void BindAt(storage::Statement& statement, int index, std::string_view value) {
  statement.Bind(index, value);
}
inline void BindAt(storage::Statement& statement, int index, const base::Digest& value) {
  statement.Bind(index, base::ByteView(value));
}

/// A statement with its parameters bound in order.
template <class... Values>
base::Result<std::unique_ptr<storage::Statement>> Prepare(storage::Database& database, std::string_view sql,
                                                          const Values&... values) {
  YB_ASSIGN(auto statement, database.Prepare(sql));
  int index = 0;
  (BindAt(*statement, ++index, values), ...);
  return statement;
}

template <class... Values>
base::Status Run(storage::Database& database, std::string_view sql, const Values&... values) {
  YB_ASSIGN(const auto statement, Prepare(database, sql, values...));
  return statement->Run();
}

inline base::Status WriteLine(storage::Database& database, const AuditLine& line) {
  return Run(database, "INSERT INTO audit (time, who, what, subject, detail, remote) VALUES (?, ?, ?, ?, ?, ?)",
             line.time, line.who, line.what, line.subject, line.detail, line.remote);
}

struct UserStore::State {
  std::mutex mutex;
  std::unique_ptr<storage::Database> database;       // under the mutex
  std::unique_ptr<storage::Statement> find_session;  // asked with every request
};

}  // namespace yb::identity
