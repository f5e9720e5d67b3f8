// Who asks, and who may: roles (角色), the person or program behind a request, and the access rule of a route.
// Values; pure functions.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace yb::http {

enum class Role : std::uint8_t {
  kAdministrator,          // 系统管理员: the program itself: lines, configuration, re-sending, alarms
  kSecurityAdministrator,  // 安全管理员: users, sessions, erasure of a person
  kAuditor,                // 审计管理员: the record of acts
  kParkIt,                 // 园区信息员: lines, scanning, configuration, re-sending, alarms
  kCoordinator,            // 公用事业协调员: alarms
  kLeader,                 // 领导: reads only
  kClerk,                  // 综窗人员: the window of a park, at a box
  kApprover,               // 部门审批人员: decides for a department, at central
  kSupervisor,             // 督办人员: reminds and supervises, at central
};

inline constexpr std::array kAllRoles = {Role::kAdministrator, Role::kSecurityAdministrator,
                                         Role::kAuditor,       Role::kParkIt,
                                         Role::kCoordinator,   Role::kLeader,
                                         Role::kClerk,         Role::kApprover,
                                         Role::kSupervisor};

/// "administrator", "park_it", "clerk", …: the spelling of the API.
[[nodiscard]] std::string_view ToString(Role role);
[[nodiscard]] std::string_view InChinese(Role role);
[[nodiscard]] std::optional<Role> ParseRole(std::string_view text);

/// A set of roles; one who has several may do what any of them may.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) Insert(role);
  }
  constexpr void Insert(Role role) { bits_ |= Bit(role); }
  [[nodiscard]] constexpr bool Contains(Role role) const { return (bits_ & Bit(role)) != 0; }
  [[nodiscard]] constexpr bool Meets(RoleSet other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  /// Those that are in both.
  [[nodiscard]] constexpr RoleSet And(RoleSet other) const {
    RoleSet both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }
  [[nodiscard]] constexpr int size() const { return std::popcount(bits_); }
  friend bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr unsigned Bit(Role role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

/// 三员分立: nobody holds two of these, but for the first one of a program until there are others (docs/security.md).
inline constexpr RoleSet kSeparateRoles = {Role::kAdministrator, Role::kSecurityAdministrator, Role::kAuditor};

/// Every role: programs of this machine.
[[nodiscard]] constexpr RoleSet EveryRole() {
  RoleSet all;
  for (const Role role : kAllRoles) all.Insert(role);
  return all;
}

/// The person or program that a request comes from, once that is proven.
struct Principal {
  std::int64_t user = 0;            // number of the user in the program's own store; 0: a program with a token
  std::string name;                 // what records of acts say: "zhangsan", "yuanbanctl"
  RoleSet roles;                    // empty: may read metrics only
  std::vector<base::SiteId> sites;  // those it may see; empty: all that the program serves
  std::string display_name = {};    // 张三; empty: the name
  std::string department = {};      // (部门) of an approver

  [[nodiscard]] bool Sees(std::string_view site) const;
};

/// Who may call a route.
class Access {
 public:
  /// Anybody, without log-in.
  [[nodiscard]] static constexpr Access Public() { return {Kind::kPublic, {}}; }
  /// Whoever has one of the roles.
  [[nodiscard]] static constexpr Access Only(RoleSet roles) { return {Kind::kRoles, roles}; }
  /// Monitoring: a program on this machine, one with the scrape token, or an administrator of all sites.
  [[nodiscard]] static constexpr Access Monitoring() { return {Kind::kMonitoring, {Role::kAdministrator}}; }

  [[nodiscard]] constexpr bool is_public() const { return kind_ == Kind::kPublic; }
  [[nodiscard]] constexpr bool is_monitoring() const { return kind_ == Kind::kMonitoring; }
  [[nodiscard]] constexpr RoleSet roles() const { return roles_; }

  [[nodiscard]] bool Allows(const Principal& principal) const;
  /// "administrator, park_it" and "系统管理员、园区信息员": who may, for the refusal.
  [[nodiscard]] base::Words Who() const;

 private:
  enum class Kind : std::uint8_t { kPublic, kRoles, kMonitoring };
  constexpr Access(Kind kind, RoleSet roles) : kind_(kind), roles_(roles) {}

  Kind kind_;
  RoleSet roles_;
};

/// Reading data.
inline constexpr Access kSignedIn = Access::Only(EveryRole());
/// Acts on alarms.
inline constexpr Access kOperators = Access::Only({Role::kAdministrator, Role::kParkIt, Role::kCoordinator});
/// Lines, scanning, configuration, re-sending.
inline constexpr Access kEngineers = Access::Only({Role::kAdministrator, Role::kParkIt});
/// Reference documents.
inline constexpr Access kAdministrators = Access::Only({Role::kAdministrator});
/// Users, and erasing a person.
inline constexpr Access kSecurityAdministrators = Access::Only({Role::kSecurityAdministrator});
/// The record of acts.
inline constexpr Access kAuditors = Access::Only({Role::kAuditor});
/// Reading cases (办件), personal fields masked.
inline constexpr Access kCaseReaders = Access::Only(
    {Role::kSecurityAdministrator, Role::kAuditor, Role::kLeader, Role::kClerk, Role::kApprover, Role::kSupervisor});
/// Acts on cases, each as far as its role goes; the files of a case.
inline constexpr Access kCaseWorkers = Access::Only({Role::kClerk, Role::kApprover, Role::kSupervisor});
/// What only those need who handle a case: its unmasked fields, its papers, files for it.
inline constexpr Access kCaseHandlers = Access::Only({Role::kClerk, Role::kApprover});
/// The window: receiving, drafts, scans.
inline constexpr Access kClerks = Access::Only({Role::kClerk});

}  // namespace yb::http
