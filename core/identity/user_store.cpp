#include "core/identity/user_rows.hpp"

#include <algorithm>
#include <array>

namespace yb::identity {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using storage::Rows;
using storage::Statement;
using storage::Transaction;

// Times are UTC microseconds.
//   user       password is Argon2id's text form; roles "administrator,leader"; department of an approver
//   user_site  the sites a user may see; none: all
//   session    token_hash is SHA-256 of the token, which only the browser holds
//   audit      acts, never changed and never deleted
//   directory  of a box that the city sends users to: one row
//   extension  each extension of log-in there, with its identity in the ledger and its line among the acts
constexpr std::array<std::string_view, 4> kMigrations = {R"(
  CREATE TABLE user (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    display_name TEXT    NOT NULL,
    password     TEXT    NOT NULL,
    roles        TEXT    NOT NULL,
    disabled     INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    last_login   INTEGER
  ) STRICT;
  CREATE TABLE user_site (
    user INTEGER NOT NULL REFERENCES user (id),
    site TEXT    NOT NULL,
    PRIMARY KEY (user, site)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB    NOT NULL UNIQUE,
    user       INTEGER NOT NULL REFERENCES user (id),
    created    INTEGER NOT NULL,
    used       INTEGER NOT NULL,
    remote     TEXT    NOT NULL,
    agent      TEXT    NOT NULL
  ) STRICT;
  CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    time    INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    what    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    remote  TEXT    NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit lines stay'); END;
  CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit lines stay'); END;
)",
                                                         // Until then an administrator did what three do now.
                                                         R"(
  ALTER TABLE user ADD COLUMN department TEXT NOT NULL DEFAULT '';
  UPDATE user SET roles = roles || ',security_administrator,auditor'
    WHERE ',' || roles || ',' LIKE '%,administrator,%';
)",
                                                         // Since 0.3: users whom the city sends to a box.
                                                         R"(
  ALTER TABLE user ADD COLUMN from_city INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE directory (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    synced   INTEGER NOT NULL,  -- when central last said that the directory here is the newest
    extended INTEGER NOT NULL   -- when an administrator of the box last extended log-in; 0: never
  ) STRICT;
)",
                                                         // Extensions are events of the ledger, earlier ones too; each
                                                         // gets the UUIDv7 that it would have been given.
                                                         R"(
  CREATE TABLE extension (
    line INTEGER PRIMARY KEY REFERENCES audit (id),
    uid  TEXT NOT NULL UNIQUE
  ) STRICT;
  INSERT INTO extension (line, uid)
    SELECT id, printf('%08x-%04x-7%03x-%04x-%012x', (time / 1000) >> 16, (time / 1000) & 65535, random() & 4095,
                      32768 | (random() & 16383), random() & 281474976710655)
    FROM audit WHERE what = 'directory.extend';
)"};

constexpr base::UtcTime kEarliest{std::numeric_limits<std::int64_t>::min()};
constexpr base::UtcTime kLatest{std::numeric_limits<std::int64_t>::max()};
constexpr std::string_view kUserColumns =
    "id, name, display_name, roles, disabled, created, last_login, department, from_city";

std::optional<base::UtcTime> MaybeTime(const Statement& statement, int column) {
  return statement.IsNull(column) ? std::nullopt : std::optional(base::UtcTime{statement.Int(column)});
}

Result<User> ReadUser(const Statement& row, int first = 0) {
  YB_ASSIGN(const http::RoleSet roles, ParseRoles(row.Text(first + 3)));
  return User{row.Int(first),
              std::string(row.Text(first + 1)),
              std::string(row.Text(first + 2)),
              roles,
              {},
              row.Int(first + 4) != 0,
              {row.Int(first + 5)},
              MaybeTime(row, first + 6),
              std::string(row.Text(first + 7)),
              row.Int(first + 8) != 0};
}

Session ReadSession(const Statement& row) {
  return {row.Int(0),
          row.Int(1),
          std::string(row.Text(2)),
          {row.Int(3)},
          {row.Int(4)},
          std::string(row.Text(5)),
          std::string(row.Text(6))};
}

Status ReadSites(storage::Database& database, User& user) {
  YB_ASSIGN(const auto rows, Prepare(database, "SELECT site FROM user_site WHERE user = ? ORDER BY site", user.id));
  for (;;) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return {};
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(rows->Text(0)));
    user.sites.push_back(std::move(site));
  }
}

Status WriteSites(storage::Database& database, std::int64_t id, const std::vector<base::SiteId>& sites) {
  YB_TRY(Run(database, "DELETE FROM user_site WHERE user = ?", id));
  for (const base::SiteId& site : sites) {
    YB_TRY(Run(database, "INSERT OR IGNORE INTO user_site (user, site) VALUES (?, ?)", id, site.text()));
  }
  return {};
}

Result<std::int64_t> LastId(storage::Database& database) {
  YB_ASSIGN(const auto row, Prepare(database, "SELECT last_insert_rowid()"));
  YB_TRY(row->Step());
  return row->Int(0);
}

Result<bool> HasRows(storage::Database& database, std::string_view sql) {
  YB_ASSIGN(const auto row, Prepare(database, sql));
  return row->Step();
}

Result<User> FindUser(storage::Database& database, Statement& rows) {
  YB_ASSIGN(const bool row, rows.Step());
  if (!row) return Fail(ErrorCode::kNotFound, base::Words{"there is no such user", "没有这个用户"});
  YB_ASSIGN(User user, ReadUser(rows));
  YB_TRY(ReadSites(database, user));
  return user;
}

/// Somebody who may log in and has the role.
Result<bool> HasOneWho(storage::Database& database, http::Role role) {
  YB_ASSIGN(const auto rows,
            Prepare(database, "SELECT 1 FROM user WHERE disabled = 0 AND instr(',' || roles || ',', ',' || ? || ',')",
                    http::ToString(role)));
  return rows->Step();
}

/// Without these nobody could be let in or helped any more.
constexpr std::array kNeverNone = {http::Role::kAdministrator, http::Role::kSecurityAdministrator};

}  // namespace

Status CheckUserName(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool fits =
      name.size() >= 2 && name.size() <= 32 && is_letter(name.front()) && std::ranges::all_of(name, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
      });
  if (fits) return {};
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{"a user's name has 2 to 32 characters of a-z, 0-9, '.', '_' and '-' and begins with a letter",
                          "用户名为 2 至 32 个字符：小写字母、数字、点、下划线或连字符，以字母开头"});
}

Result<http::RoleSet> ParseRoles(std::string_view text) {
  http::RoleSet roles;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, end);
    const auto role = http::ParseRole(word);
    if (!role) {
      return Fail(ErrorCode::kInvalidArgument,
                  base::Words{"'" + std::string(word) + "' is no role", "“" + std::string(word) + "”不是角色"},
                  base::Words{"there are: " + http::kSignedIn.Who().en, "可用：" + http::kSignedIn.Who().en});
    }
    roles.Insert(*role);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (roles.empty()) return Fail(ErrorCode::kInvalidArgument, base::Words{"a user has a role", "用户要有角色"});
  return roles;
}

std::string ToText(http::RoleSet roles) {
  std::string text;
  for (const http::Role role : http::kAllRoles) {
    if (roles.Contains(role)) text.append(text.empty() ? "" : ",").append(http::ToString(role));
  }
  return text;
}

UserStore::UserStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
UserStore::~UserStore() = default;

Result<std::unique_ptr<UserStore>> UserStore::Open(storage::DatabaseOpener& opener) {
  auto state = std::make_unique<State>();
  YB_ASSIGN(state->database, opener.Open());
  YB_TRY(storage::Migrate(*state->database, kMigrations));
  YB_ASSIGN(state->find_session,
            state->database->Prepare("SELECT s.id, s.user, u.name, s.created, s.used, s.remote, s.agent, u.id, u.name, "
                                     "u.display_name, u.roles, u.disabled, u.created, u.last_login, u.department, "
                                     "u.from_city "
                                     "FROM session s JOIN user u ON u.id = s.user WHERE s.token_hash = ?"));
  return std::unique_ptr<UserStore>(new UserStore(std::move(state)));
}

Result<bool> UserStore::IsEmpty() {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const bool found, HasRows(*state_->database, "SELECT 1 FROM user WHERE from_city = 0"));
  return !found;
}

Result<std::vector<User>> UserStore::Users() {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows,
            Prepare(*state_->database, "SELECT " + std::string(kUserColumns) + " FROM user ORDER BY name"));
  std::vector<User> users;
  for (;;) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return users;
    YB_ASSIGN(User user, ReadUser(*rows));
    YB_TRY(ReadSites(*state_->database, user));
    users.push_back(std::move(user));
  }
}

Result<User> UserStore::Find(std::int64_t id) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows,
            Prepare(*state_->database, "SELECT " + std::string(kUserColumns) + " FROM user WHERE id = ?", id));
  return FindUser(*state_->database, *rows);
}

Result<User> UserStore::Find(const std::string& name) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows,
            Prepare(*state_->database, "SELECT " + std::string(kUserColumns) + " FROM user WHERE name = ?", name));
  return FindUser(*state_->database, *rows);
}

Result<std::string> UserStore::PasswordHashOf(std::int64_t id) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows, Prepare(*state_->database, "SELECT password FROM user WHERE id = ?", id));
  YB_ASSIGN(const bool row, rows->Step());
  if (!row) return Fail(ErrorCode::kNotFound, base::Words{"there is no such user", "没有这个用户"});
  return std::string(rows->Text(0));
}

Result<std::int64_t> UserStore::Add(const User& user, const std::string& password_hash, const AuditLine& line,
                                    bool only_as_first) {
  YB_TRY(CheckUserName(user.name));
  const std::scoped_lock lock(state_->mutex);
  storage::Database& database = *state_->database;
  YB_ASSIGN(Transaction transaction, Transaction::Begin(database));
  if (only_as_first) {
    YB_ASSIGN(const bool there_is_one, HasRows(database, "SELECT 1 FROM user WHERE from_city = 0"));
    if (there_is_one) {
      return Fail(ErrorCode::kRefused,
                  base::Words{"the first administrator has been made already", "首个管理员已经建立"},
                  base::Words{"log in", "请登录"});
    }
  }
  const Status added = Run(
      database,
      "INSERT INTO user (name, display_name, password, roles, disabled, created, department) VALUES (?, ?, ?, ?, ?, ?,"
      " ?)",
      user.name, user.display_name, password_hash, ToText(user.roles), std::int64_t{user.disabled ? 1 : 0},
      user.created, user.department);
  if (!added && added.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists,
                base::Words{"there is a user " + user.name + " already", "已有用户 " + user.name});
  }
  YB_TRY(added);
  YB_ASSIGN(const std::int64_t id, LastId(database));
  YB_TRY(WriteSites(database, id, user.sites));
  YB_TRY(WriteLine(database, line));
  YB_TRY(transaction.Commit());
  return id;
}

Status UserStore::Change(const User& user, const std::string& password_hash, const AuditLine& line, std::int64_t keep) {
  const std::scoped_lock lock(state_->mutex);
  storage::Database& database = *state_->database;
  YB_ASSIGN(Transaction transaction, Transaction::Begin(database));
  std::array<bool, kNeverNone.size()> had_one{};
  for (std::size_t i = 0; i < kNeverNone.size(); ++i) {
    YB_ASSIGN(had_one.at(i), HasOneWho(database, kNeverNone.at(i)));
  }
  YB_TRY(Run(database, "UPDATE user SET display_name = ?, roles = ?, disabled = ?, department = ? WHERE id = ?",
             user.display_name, ToText(user.roles), std::int64_t{user.disabled ? 1 : 0}, user.department, user.id));
  YB_TRY(WriteSites(database, user.id, user.sites));
  for (std::size_t i = 0; i < kNeverNone.size(); ++i) {
    const http::Role role = kNeverNone.at(i);
    YB_ASSIGN(const bool has_one, HasOneWho(database, role));
    if (!had_one.at(i) || has_one) continue;
    const std::string en(http::ToString(role)), zh(http::InChinese(role));
    return Fail(ErrorCode::kRefused, base::Words{"this is the last " + en, "这是最后一个" + zh},
                base::Words{"give another user this role first", "请先把另一个用户设为" + zh});
  }
  if (!password_hash.empty()) {
    YB_TRY(Run(database, "UPDATE user SET password = ? WHERE id = ?", password_hash, user.id));
  }
  if (user.disabled || !password_hash.empty()) {
    YB_TRY(Run(database, "DELETE FROM session WHERE user = ? AND id <> ?", user.id, keep));
  }
  YB_TRY(WriteLine(database, line));
  return transaction.Commit();
}

Result<std::int64_t> UserStore::BeginSession(const base::Digest& token_hash, const Session& session,
                                             const AuditLine& line) {
  const std::scoped_lock lock(state_->mutex);
  storage::Database& database = *state_->database;
  YB_ASSIGN(Transaction transaction, Transaction::Begin(database));
  YB_TRY(Run(database, "INSERT INTO session (token_hash, user, created, used, remote, agent) VALUES (?, ?, ?, ?, ?, ?)",
             token_hash, session.user, session.created, session.used, session.remote, session.agent));
  YB_ASSIGN(const std::int64_t id, LastId(database));
  YB_TRY(Run(database, "UPDATE user SET last_login = ? WHERE id = ?", session.created, session.user));
  YB_TRY(WriteLine(database, line));
  YB_TRY(transaction.Commit());
  return id;
}

Result<std::optional<UserStore::Found>> UserStore::FindSession(const base::Digest& token_hash) {
  const std::scoped_lock lock(state_->mutex);
  Statement& rows = *state_->find_session;
  const Rows reset(rows);
  rows.Bind(1, base::ByteView(token_hash));
  YB_ASSIGN(const bool row, rows.Step());
  if (!row) return std::nullopt;
  Found found{ReadSession(rows), {}};
  YB_ASSIGN(found.user, ReadUser(rows, 7));
  YB_TRY(ReadSites(*state_->database, found.user));
  return found;
}

Status UserStore::TouchSession(std::int64_t id, base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  return Run(*state_->database, "UPDATE session SET used = ? WHERE id = ?", now, id);
}

Status UserStore::EndSession(std::int64_t id, const AuditLine& line) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(Transaction transaction, Transaction::Begin(*state_->database));
  YB_TRY(Run(*state_->database, "DELETE FROM session WHERE id = ?", id));
  YB_TRY(WriteLine(*state_->database, line));
  return transaction.Commit();
}

Status UserStore::ForgetSessions(base::UtcTime used, base::UtcTime created) {
  const std::scoped_lock lock(state_->mutex);
  return Run(*state_->database, "DELETE FROM session WHERE used < ? OR created < ?", used, created);
}

Result<std::vector<Session>> UserStore::Sessions(std::optional<std::int64_t> user) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows,
            Prepare(*state_->database,
                    "SELECT s.id, s.user, u.name, s.created, s.used, s.remote, s.agent FROM session s JOIN user u "
                    "ON u.id = s.user WHERE ?1 = 0 OR s.user = ?1 ORDER BY s.id DESC",
                    user.value_or(0)));
  std::vector<Session> sessions;
  for (;;) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return sessions;
    sessions.push_back(ReadSession(*rows));
  }
}

Status UserStore::Record(const AuditLine& line) {
  const std::scoped_lock lock(state_->mutex);
  return WriteLine(*state_->database, line);
}

Result<std::vector<AuditLine>> UserStore::Audit(const AuditQuery& query) {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto rows, Prepare(*state_->database,
                                     "SELECT id, time, who, what, subject, detail, remote FROM audit WHERE id < ?1 "
                                     "AND (?2 = '' OR who = ?2) "
                                     "AND (?3 = '' OR instr(what, ?3) > 0 OR instr(subject, ?3) > 0) "
                                     "AND time >= ?4 AND time < ?5 ORDER BY id DESC LIMIT ?6",
                                     query.before, query.who, query.what, query.from.value_or(kEarliest),
                                     query.to.value_or(kLatest), std::int64_t{query.most}));
  std::vector<AuditLine> lines;
  for (;;) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return lines;
    lines.push_back({rows->Int(0),
                     {rows->Int(1)},
                     std::string(rows->Text(2)),
                     std::string(rows->Text(3)),
                     std::string(rows->Text(4)),
                     std::string(rows->Text(5)),
                     std::string(rows->Text(6))});
  }
}

}  // namespace yb::identity
