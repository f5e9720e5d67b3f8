#include "core/identity/user_acts.hpp"

namespace yb::identity {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::size_t kLongestDisplayName = 128;  // bytes

Status Check(const User& user) {
  if (user.display_name.size() > kLongestDisplayName) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"a display name has 128 bytes at most", "姓名不能超过 128 字节"});
  }
  if (user.roles.empty()) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"a user has at least one role", "用户至少要有一个角色"});
  }
  if (user.roles.Contains(http::Role::kAdministrator) && !user.sites.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"an administrator cannot be limited to some sites", "系统管理员不能限定站点"},
                base::Words{"choose another role, or no sites", "请改选其他角色，或不限定站点"});
  }
  return {};
}

std::string ToText(const std::vector<base::SiteId>& sites) {
  std::string text;
  for (const base::SiteId& site : sites) text.append(text.empty() ? "" : ",").append(site.text());
  return text.empty() ? "*" : text;
}

/// "roles park_it, sites lvye-01".
std::string Describe(const User& user) {
  return "roles " + identity::ToText(user.roles) + ", sites " + ToText(user.sites) +
         (user.disabled ? ", disabled" : "");
}

}  // namespace

Result<User> AddUser(UserStore& store, PasswordHasher& hasher, const NewUser& wish, const Actor& actor,
                     bool only_as_first) {
  User user;
  user.name = wish.name;
  user.display_name = wish.display_name.empty() ? wish.name : wish.display_name;
  user.roles = wish.roles;
  user.sites = wish.sites;
  user.created = actor.now;
  YB_TRY(CheckUserName(user.name));
  YB_TRY(Check(user));
  YB_TRY(CheckNewPassword(wish.password, user.name));
  YB_ASSIGN(const std::string hash, hasher.Hash(wish.password));
  const AuditLine line{0, actor.now, actor.who, "user.add", user.name, Describe(user), actor.remote};
  YB_ASSIGN(user.id, store.Add(user, hash, line, only_as_first));
  return user;
}

Result<User> ChangeUser(UserStore& store, PasswordHasher& hasher, std::int64_t id, const UserChange& change,
                        const Actor& actor, std::int64_t keep) {
  YB_ASSIGN(User user, store.Find(id));
  const std::string before = Describe(user);
  if (change.display_name) user.display_name = *change.display_name;
  if (change.roles) user.roles = *change.roles;
  if (change.sites) user.sites = *change.sites;
  if (change.disabled) user.disabled = *change.disabled;
  YB_TRY(Check(user));
  std::string hash;
  if (change.password) {
    YB_TRY(CheckNewPassword(*change.password, user.name));
    YB_ASSIGN(hash, hasher.Hash(*change.password));
  }
  std::string detail = before;
  if (Describe(user) != before) detail += " → " + Describe(user);
  if (change.password) detail += ", new password";
  YB_TRY(store.Change(user, hash, {0, actor.now, actor.who, "user.change", user.name, detail, actor.remote}, keep));
  return user;
}

}  // namespace yb::identity
