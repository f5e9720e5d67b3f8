#include "core/http/access.hpp"

#include <algorithm>

namespace yb::http {
namespace {

struct RoleName {
  Role role;
  std::string_view wire;
  std::string_view zh;
};
constexpr std::array kRoleNames = {
    RoleName{Role::kAdministrator, "administrator", "系统管理员"},
    RoleName{Role::kSecurityAdministrator, "security_administrator", "安全管理员"},
    RoleName{Role::kAuditor, "auditor", "审计管理员"},
    RoleName{Role::kParkIt, "park_it", "园区信息员"},
    RoleName{Role::kCoordinator, "coordinator", "公用事业协调员"},
    RoleName{Role::kLeader, "leader", "领导"},
    RoleName{Role::kClerk, "clerk", "综窗人员"},
    RoleName{Role::kApprover, "approver", "部门审批人员"},
    RoleName{Role::kSupervisor, "supervisor", "督办人员"},
};
static_assert(kRoleNames.size() == kAllRoles.size());

const RoleName& NameOf(Role role) {
  return *std::ranges::find(kRoleNames, role, &RoleName::role);
}

}  // namespace

std::string_view ToString(Role role) {
  return NameOf(role).wire;
}

std::string_view InChinese(Role role) {
  return NameOf(role).zh;
}

std::optional<Role> ParseRole(std::string_view text) {
  const auto found = std::ranges::find(kRoleNames, text, &RoleName::wire);
  return found != kRoleNames.end() ? std::optional(found->role) : std::nullopt;
}

bool Principal::Sees(std::string_view site) const {
  return sites.empty() || std::ranges::find(sites, site, &base::SiteId::text) != sites.end();
}

bool Access::Allows(const Principal& principal) const {
  switch (kind_) {
    case Kind::kPublic: return true;
    case Kind::kRoles: return principal.roles.Meets(roles_);
    case Kind::kMonitoring:
      return principal.roles.empty() || (principal.roles.Meets(roles_) && principal.sites.empty());
  }
  return false;
}

base::Words Access::Who() const {
  base::Words who;
  for (const Role role : kAllRoles) {
    if (!roles_.Contains(role)) continue;
    who.en.append(who.en.empty() ? "" : ", ").append(ToString(role));
    who.zh.append(who.zh.empty() ? "" : "、").append(InChinese(role));
  }
  return who;
}

}  // namespace yb::http
