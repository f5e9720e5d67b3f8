#include <algorithm>
#include <map>

#include "core/identity/user_rows.hpp"

namespace yb::identity {
namespace {

using base::Result;
using base::Status;

struct Row {
  std::int64_t id = 0;
  bool from_city = false;
  DirectoryUser user;
};

Result<std::map<std::string, Row>> ReadAll(storage::Database& database) {
  YB_ASSIGN(const auto rows,
            Prepare(database, "SELECT id, from_city, name, display_name, roles, password, disabled FROM user"));
  std::map<std::string, Row> all;
  for (;;) {
    YB_ASSIGN(const bool row, rows->Step());
    if (!row) return all;
    YB_ASSIGN(const http::RoleSet roles, ParseRoles(rows->Text(4)));
    std::string name(rows->Text(2));
    all[name] = {rows->Int(0),
                 rows->Int(1) != 0,
                 {name, std::string(rows->Text(3)), roles, std::string(rows->Text(5)), rows->Int(6) != 0}};
  }
}

Status Put(storage::Database& database, const Row* before, const DirectoryUser& user, base::UtcTime now) {
  const std::int64_t disabled = user.disabled ? 1 : 0;
  if (before == nullptr) {
    return Run(database,
               "INSERT INTO user (name, display_name, password, roles, disabled, created, from_city)"
               " VALUES (?, ?, ?, ?, ?, ?, 1)",
               user.name, user.display_name, user.password_hash, ToText(user.roles), disabled, now);
  }
  YB_TRY(Run(database, "UPDATE user SET display_name = ?, password = ?, roles = ?, disabled = ? WHERE id = ?",
             user.display_name, user.password_hash, ToText(user.roles), disabled, before->id));
  if (!user.disabled && user.password_hash == before->user.password_hash) return {};
  return Run(database, "DELETE FROM session WHERE user = ?", before->id);
}

Status Note(storage::Database& database, base::UtcTime now) {
  return Run(database,
             "INSERT INTO directory (id, synced, extended) VALUES (1, ?, 0)"
             " ON CONFLICT (id) DO UPDATE SET synced = excluded.synced",
             now);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

}  // namespace

base::UtcTime DirectoryTerm::ends() const {
  return (extended ? std::max(*extended, synced) : synced) + kDirectoryLife;
}

Result<std::vector<std::string>> UserStore::ApplyDirectory(const std::vector<DirectoryUser>& users, base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  storage::Database& database = *state_->database;
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(database));
  YB_ASSIGN(auto there, ReadAll(database));
  std::vector<std::string> changed, left_out;
  for (const DirectoryUser& user : users) {
    const auto found = there.find(user.name);
    const Row* const before = found == there.end() ? nullptr : &found->second;
    if (before != nullptr && !before->from_city) {
      left_out.push_back(user.name);
    } else if (before == nullptr || before->user != user) {
      YB_TRY(CheckUserName(user.name));
      YB_TRY(Put(database, before, user, now));
      changed.push_back(user.name + (user.disabled ? " (disabled)" : ""));
    }
    there.erase(user.name);
  }
  for (const auto& [name, row] : there) {
    if (!row.from_city || row.user.disabled) continue;
    DirectoryUser gone = row.user;
    gone.disabled = true;
    YB_TRY(Put(database, &row, gone, now));
    changed.push_back(name + " (no longer of this site)");
  }
  std::string detail = std::to_string(users.size()) + " users";
  if (!changed.empty()) detail += ", changed: " + Joined(changed);
  if (!left_out.empty()) detail += ", left out for users of the box: " + Joined(left_out);
  YB_TRY(WriteLine(database, {0, now, "central", "directory.apply", "", detail, ""}));
  YB_TRY(Note(database, now));
  YB_TRY(transaction.Commit());
  return left_out;
}

Status UserStore::NoteDirectory(base::UtcTime now) {
  const std::scoped_lock lock(state_->mutex);
  return Note(*state_->database, now);
}

Status UserStore::ExtendDirectory(const std::string& uid, const AuditLine& line) {
  const std::scoped_lock lock(state_->mutex);
  storage::Database& database = *state_->database;
  YB_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(database));
  {
    YB_ASSIGN(const auto row, Prepare(database, "SELECT 1 FROM directory"));
    YB_ASSIGN(const bool there, row->Step());
    if (!there) {
      return base::Fail(base::ErrorCode::kNotFound,
                        base::Words{"the city has sent no users here", "市级平台尚未下发用户"});
    }
  }
  YB_TRY(Run(database, "UPDATE directory SET extended = ?", line.time));
  YB_TRY(WriteLine(database, line));
  YB_TRY(Run(database, "INSERT INTO extension (uid, line) VALUES (?, last_insert_rowid())", uid));
  return transaction.Commit();
}

Result<std::vector<DirectoryExtension>> UserStore::Extensions() {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto row,
            Prepare(*state_->database,
                    "SELECT e.uid, a.time, a.who, coalesce(u.display_name, a.who) FROM extension e"
                    " JOIN audit a ON a.id = e.line LEFT JOIN user u ON u.name = a.who ORDER BY e.line"));
  std::vector<DirectoryExtension> all;
  for (;;) {
    YB_ASSIGN(const bool there, row->Step());
    if (!there) return all;
    all.push_back({std::string(row->Text(0)), {row->Int(1)}, std::string(row->Text(2)), std::string(row->Text(3))});
  }
}

Result<std::optional<DirectoryTerm>> UserStore::Directory() {
  const std::scoped_lock lock(state_->mutex);
  YB_ASSIGN(const auto row, Prepare(*state_->database, "SELECT synced, extended FROM directory"));
  YB_ASSIGN(const bool there, row->Step());
  if (!there) return std::nullopt;
  DirectoryTerm term{{row->Int(0)}, std::nullopt};
  if (row->Int(1) != 0) term.extended = base::UtcTime{row->Int(1)};
  return term;
}

}  // namespace yb::identity
