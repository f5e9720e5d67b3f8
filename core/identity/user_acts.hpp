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
};

/// What is not named stays.
struct UserChange {
  std::optional<std::string> display_name;
  std::optional<std::string> password;
  std::optional<http::RoleSet> roles;
  std::optional<std::vector<base::SiteId>> sites;
  std::optional<bool> disabled;
};

/// An administrator sees all sites, since whoever makes users could make one who does. kInvalidArgument,
/// kAlreadyExists. `only_as_first`: kRefused where there is a user.
[[nodiscard]] base::Result<User> AddUser(UserStore& store, PasswordHasher& hasher, const NewUser& wish,
                                         const Actor& actor, bool only_as_first = false);

/// kNotFound, kInvalidArgument; kRefused for the last administrator. Sessions of the user end with a new password and
/// when the user is disabled, but for the session `keep`.
[[nodiscard]] base::Result<User> ChangeUser(UserStore& store, PasswordHasher& hasher, std::int64_t id,
                                            const UserChange& change, const Actor& actor, std::int64_t keep = 0);

}  // namespace yb::identity
