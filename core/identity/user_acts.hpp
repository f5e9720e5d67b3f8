// What an administrator does with users (用户管理), from the pages or from a shell: checked, recorded, in force at
// once. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/identity/password.hpp"
#include "core/identity/user_store.hpp"

namespace yb::identity {

/// Who does it, from where, when.
struct Actor {
  std::string who;
  std::string remote;  // empty: from a shell on this machine
  base::UtcTime now;
};

struct NewUser {
  std::string name;
  std::string display_name;  // empty: the name
  std::string password;
  http::RoleSet roles;
  std::vector<base::SiteId> sites;
  std::string department = {};
};

/// What is not named stays.
struct UserChange {
  std::optional<std::string> display_name;
  std::optional<std::string> password;
  std::optional<http::RoleSet> roles;
  std::optional<std::vector<base::SiteId>> sites;
  std::optional<std::string> department = {};
  std::optional<bool> disabled;
};

/// 三员分立: the first user of a program may hold all of http::kSeparateRoles, later ones one of them at most. Who
/// holds one sees all sites. An approver, and nobody else, has a department. kInvalidArgument, kAlreadyExists.
/// `only_as_first`: kRefused where there is a user.
[[nodiscard]] base::Result<User> AddUser(UserStore& store, PasswordHasher& hasher, const NewUser& wish,
                                         const Actor& actor, bool only_as_first = false);

/// Of the separate roles one who holds several may lose some and gain none. kNotFound, kInvalidArgument; kRefused for
/// a user of the city at a box, for the last administrator and the last security administrator. Sessions of the user
/// end with a new password and when the user is disabled, but for the session `keep`.
[[nodiscard]] base::Result<User> ChangeUser(UserStore& store, PasswordHasher& hasher, std::int64_t id,
                                            const UserChange& change, const Actor& actor, std::int64_t keep = 0);

/// At a box: log-in of the city's users for another kDirectoryLife, recorded. kNotFound: the city never sent any. Into
/// the ledger it is brought by the box's program (edge/box/extension_writer.hpp).
[[nodiscard]] base::Status ExtendDirectory(UserStore& store, const Actor& actor);

/// What a person should know who looks at a user: that it holds roles which ought to be apart. Empty: nothing.
[[nodiscard]] base::Words NoticeOf(const User& user, const std::vector<User>& all);

}  // namespace yb::identity
