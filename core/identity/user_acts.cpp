#include "core/identity/user_acts.hpp"

#include "core/base/uuid.hpp"

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
  if (user.roles.Meets(http::kSeparateRoles) && !user.sites.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"an administrator cannot be limited to some sites", "系统、安全、审计管理员不能限定站点"},
                base::Words{"choose another role, or no sites", "请改选其他角色，或不限定站点"});
  }
  if (user.department.size() > kLongestDisplayName) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"a department's name has 128 bytes at most", "部门名称不能超过 128 字节"});
  }
  const bool approves = user.roles.Contains(http::Role::kApprover);
  if (approves && user.department.empty()) {
    return Fail(
        ErrorCode::kInvalidArgument, base::Words{"an approver belongs to a department", "部门审批人员须填写所属部门"},
        base::Words{"name it as the catalogue does: 市自然资源局", "部门名称须与事项目录一致，例如：市自然资源局"});
  }
  if (!approves && !user.department.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"only an approver has a department", "只有部门审批人员填写所属部门"});
  }
  return {};
}

/// 三员分立: `held` are those of the separate roles that the user has already.
Status CheckApart(http::RoleSet roles, http::RoleSet held) {
  const http::RoleSet wanted = roles.And(http::kSeparateRoles);
  if (wanted.size() < 2 || wanted.And(held) == wanted) return {};
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{"nobody holds two of administrator, security_administrator and auditor",
                          "系统管理员、安全管理员、审计管理员不能由一人兼任（三员分立）"},
              base::Words{"make a user for each of them", "请分别设立用户"});
}

std::string ToText(const std::vector<base::SiteId>& sites) {
  std::string text;
  for (const base::SiteId& site : sites) text.append(text.empty() ? "" : ",").append(site.text());
  return text.empty() ? "*" : text;
}

/// "roles park_it, sites lvye-01".
std::string Describe(const User& user) {
  return "roles " + identity::ToText(user.roles) + ", sites " + ToText(user.sites) +
         (user.department.empty() ? "" : ", department " + user.department) + (user.disabled ? ", disabled" : "");
}

}  // namespace

Result<User> AddUser(UserStore& store, PasswordHasher& hasher, const NewUser& wish, const Actor& actor,
                     bool only_as_first) {
  User user;
  user.name = wish.name;
  user.display_name = wish.display_name.empty() ? wish.name : wish.display_name;
  user.roles = wish.roles;
  user.sites = wish.sites;
  user.department = wish.department;
  user.created = actor.now;
  YB_TRY(CheckUserName(user.name));
  YB_TRY(Check(user));
  YB_ASSIGN(const bool first, store.IsEmpty());
  // One who comes as the first and is not is refused as such by the store.
  if (!first && !only_as_first) YB_TRY(CheckApart(user.roles, {}));
  YB_TRY(CheckNewPassword(wish.password, user.name));
  YB_ASSIGN(const std::string hash, hasher.Hash(wish.password));
  const AuditLine line{0, actor.now, actor.who, "user.add", user.name, Describe(user), actor.remote};
  YB_ASSIGN(user.id, store.Add(user, hash, line, only_as_first));
  return user;
}

Result<User> ChangeUser(UserStore& store, PasswordHasher& hasher, std::int64_t id, const UserChange& change,
                        const Actor& actor, std::int64_t keep) {
  YB_ASSIGN(User user, store.Find(id));
  if (user.from_city) {
    return Fail(ErrorCode::kRefused,
                base::Words{user.name + " is a user of the city", user.name + " 是市级平台下发的用户"},
                base::Words{"change it at central: it comes here by itself", "请在市级平台修改，修改会自动下发"});
  }
  const std::string before = Describe(user);
  const http::RoleSet held = user.roles;
  if (change.display_name) user.display_name = *change.display_name;
  if (change.roles) user.roles = *change.roles;
  if (change.sites) user.sites = *change.sites;
  if (change.department) user.department = *change.department;
  if (change.disabled) user.disabled = *change.disabled;
  // Who is no approver any more has no department either, whether that was said or not.
  if (change.roles && !user.roles.Contains(http::Role::kApprover) && !change.department) user.department.clear();
  YB_TRY(Check(user));
  YB_TRY(CheckApart(user.roles, held));
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

Status ExtendDirectory(UserStore& store, const Actor& actor) {
  return store.ExtendDirectory(base::DrawUuid7(actor.now),
                               {0, actor.now, actor.who, "directory.extend", "", "30 days", actor.remote});
}

base::Words NoticeOf(const User& user, const std::vector<User>& all) {
  const http::RoleSet held = user.roles.And(http::kSeparateRoles);
  if (user.disabled || held.size() < 2) return {};
  http::RoleSet others;
  for (const User& other : all) {
    if (other.id == user.id || other.disabled) continue;
    for (const http::Role role : http::kAllRoles) {
      if (held.Contains(role) && other.roles.Contains(role)) others.Insert(role);
    }
  }
  if (others.empty()) {
    return {"holds roles that ought to be apart: make users for security_administrator and auditor",
            "一人兼任多个管理员角色：请另设安全管理员和审计管理员（三员分立）"};
  }
  std::string zh;
  for (const http::Role role : http::kAllRoles) {
    if (others.Contains(role)) zh.append(zh.empty() ? "" : "、").append(http::InChinese(role));
  }
  return {"others hold " + ToText(others) + " now: take it away from this user",
          "已另设" + zh + "，请从此用户收回该角色（三员分立）"};
}

}  // namespace yb::identity
