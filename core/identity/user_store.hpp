// UserStore: users (用户), their sessions (会话) and the record of acts (审计), in `users.db` of a program's data
// folder.
//
// A box holds its own users only. The file is for its owner only (0600); the tables are described in user_store.cpp.
// Another process may use the file beside the program (yuanbanctl user): what it changes is in force with the next
// request. Safe from any thread.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/time.hpp"
#include "core/http/access.hpp"
#include "core/storage/database.hpp"

namespace yb::identity {

struct User {
  std::int64_t id = 0;
  std::string name;          // "zhangsan": see CheckUserName
  std::string display_name;  // 张三
  http::RoleSet roles;
  std::vector<base::SiteId> sites;  // those the user may see; empty: all
  bool disabled = false;
  base::UtcTime created;
  std::optional<base::UtcTime> last_login;
  std::string department = {};  // (部门) of an approver; else empty
  bool from_city = false;       // at a box: sent by the city, changed there only
};

/// A user as the city sends one to a box.
struct DirectoryUser {
  std::string name;
  std::string display_name;
  http::RoleSet roles;
  std::string password_hash;  // Argon2id's text form
  bool disabled = false;
  friend bool operator==(const DirectoryUser&, const DirectoryUser&) = default;
};

/// Until when the users whom the city sent may log in at a box.
struct DirectoryTerm {
  base::UtcTime synced;                   // central said that the directory is the newest
  std::optional<base::UtcTime> extended;  // by an administrator of the box
  [[nodiscard]] base::UtcTime ends() const;
};
/// Of a synchronisation and of an extension (invariant 18).
inline constexpr base::Duration kDirectoryLife = std::chrono::hours(24 * 30);

/// An extension of that term (延期) by an administrator of the box. It belongs into the box's ledger, too.
struct DirectoryExtension {
  std::string uid;  // UUIDv7, drawn with it
  base::UtcTime time;
  std::string who;
  std::string name;  // as shown: 张三
  [[nodiscard]] base::UtcTime until() const { return time + kDirectoryLife; }
};

struct Session {
  std::int64_t id = 0;
  std::int64_t user = 0;
  std::string user_name;
  base::UtcTime created;
  base::UtcTime used;
  std::string remote;  // address
  std::string agent;   // what the browser calls itself
};

struct AuditLine {
  std::int64_t id = 0;
  base::UtcTime time;
  std::string who;      // name of the user or of the program
  std::string what;     // "session.begin", "user.change", "POST /api/v1/…"
  std::string subject;  // whom or what it concerns
  std::string detail;
  std::string remote;  // address; empty: from a shell on this machine
};

/// Which lines of the record of acts; what is left out selects all.
struct AuditQuery {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  // only smaller ids
  int most = 100;
  std::string who = {};
  std::string what = {};  // a part of `what` or of `subject`
  std::optional<base::UtcTime> from = {};
  std::optional<base::UtcTime> to = {};  // exclusive
};

/// 2 to 32 characters of a-z, 0-9, '.', '_' and '-', beginning with a letter.
[[nodiscard]] base::Status CheckUserName(std::string_view name);

/// "administrator,leader"; kInvalidArgument for a word that is no role, and for none.
[[nodiscard]] base::Result<http::RoleSet> ParseRoles(std::string_view text);
[[nodiscard]] std::string ToText(http::RoleSet roles);

class UserStore {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<UserStore>> Open(storage::DatabaseOpener& opener);
  ~UserStore();

  /// Whether there is no user of the program's own.
  [[nodiscard]] base::Result<bool> IsEmpty();
  /// By name.
  [[nodiscard]] base::Result<std::vector<User>> Users();
  /// kNotFound.
  [[nodiscard]] base::Result<User> Find(std::int64_t id);
  [[nodiscard]] base::Result<User> Find(const std::string& name);
  [[nodiscard]] base::Result<std::string> PasswordHashOf(std::int64_t id);

  /// Both write the line in the same transaction. kAlreadyExists for a name that is taken. `only_as_first`: kRefused
  /// where there is a user.
  [[nodiscard]] base::Result<std::int64_t> Add(const User& user, const std::string& password_hash,
                                               const AuditLine& line, bool only_as_first = false);
  /// Everything but name and creation. An empty hash leaves the password. Sessions of a user who is disabled or gets a
  /// password end, but for `keep`. kRefused for the last administrator, and for the last security administrator, who
  /// could let others in.
  [[nodiscard]] base::Status Change(const User& user, const std::string& password_hash, const AuditLine& line,
                                    std::int64_t keep = 0);

  /// Gives the session's number, and notes when the user logged in.
  [[nodiscard]] base::Result<std::int64_t> BeginSession(const base::Digest& token_hash, const Session& session,
                                                        const AuditLine& line);
  struct Found {
    Session session;
    User user;
  };
  /// The session of a token and its user, disabled or not. Nullopt: there is none.
  [[nodiscard]] base::Result<std::optional<Found>> FindSession(const base::Digest& token_hash);
  [[nodiscard]] base::Status TouchSession(std::int64_t id, base::UtcTime now);
  [[nodiscard]] base::Status EndSession(std::int64_t id, const AuditLine& line);
  /// Those used last before `used` or begun before `created` are over.
  [[nodiscard]] base::Status ForgetSessions(base::UtcTime used, base::UtcTime created);
  /// Of one user, or of all; newest first.
  [[nodiscard]] base::Result<std::vector<Session>> Sessions(std::optional<std::int64_t> user);

  /// All users whom the city sends, whole or not at all, with an audit line: new ones are added, those that are not
  /// named any more are disabled, sessions of those who are disabled or got another password end. A user of the box's
  /// own keeps the name: the city's is left out, and named in the answer. Counts as synchronised.
  [[nodiscard]] base::Result<std::vector<std::string>> ApplyDirectory(const std::vector<DirectoryUser>& users,
                                                                      base::UtcTime now);
  /// Central says that the directory here is the newest.
  [[nodiscard]] base::Status NoteDirectory(base::UtcTime now);
  /// Log-in of the city's users for another kDirectoryLife from the line's time. `uid` is the extension's. kNotFound:
  /// the city never sent any.
  [[nodiscard]] base::Status ExtendDirectory(const std::string& uid, const AuditLine& line);
  /// All, oldest first.
  [[nodiscard]] base::Result<std::vector<DirectoryExtension>> Extensions();
  /// Nullopt: the city never sent any users.
  [[nodiscard]] base::Result<std::optional<DirectoryTerm>> Directory();

  [[nodiscard]] base::Status Record(const AuditLine& line);
  /// Newest first.
  [[nodiscard]] base::Result<std::vector<AuditLine>> Audit(const AuditQuery& query);

 private:
  struct State;
  explicit UserStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace yb::identity
