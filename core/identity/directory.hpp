// Directory (用户名录): the city's users of one site as a reference document, made at central from its users and taken
// up at the box, so that they log in there with the password that they have at central (invariant 18). It holds hashes
// of passwords: it is in files for their owner only and on ways under TLS.
//
// Safe from any thread.
#pragma once

#include <map>
#include <set>

#include "core/identity/user_store.hpp"

namespace yb::identity {

/// What a directory gives: work at a box. Other roles of a user stay at central.
inline constexpr http::RoleSet kDirectoryRoles = {http::Role::kClerk, http::Role::kParkIt, http::Role::kCoordinator,
                                                  http::Role::kLeader};

/// TOML, by name; equal users give equal texts.
[[nodiscard]] std::string WriteDirectory(std::vector<DirectoryUser> users);
/// Strict: kInvalidArgument names what is wrong.
[[nodiscard]] base::Result<std::vector<DirectoryUser>> ParseDirectory(std::string_view text);

/// Of every site that a user with such a role is limited to, and of `also`, which may have none any more.
[[nodiscard]] base::Result<std::map<base::SiteId, std::string>> MakeDirectories(UserStore& store,
                                                                                const std::set<base::SiteId>& also);
/// At a box, see UserStore::ApplyDirectory; whom it left out is logged.
[[nodiscard]] base::Status ApplyDirectory(UserStore& store, std::string_view text, base::UtcTime now);

/// kRefused, saying what to do, for a user of the city whose time is over.
[[nodiscard]] base::Status CheckDirectoryTerm(UserStore& store, const User& user, base::UtcTime now);

}  // namespace yb::identity
