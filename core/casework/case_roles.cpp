#include "core/casework/case_roles.hpp"

#include <algorithm>
#include <array>

namespace yb::casework {
namespace {

using cases::ActKind;
using cases::Side;
using http::Role;

struct Rule {
  Role role;
  Side side;
  std::vector<ActKind> acts;
};

const std::array<Rule, 3>& Rules() {
  static const std::array<Rule, 3> rules = {
      Rule{Role::kClerk,
           Side::kPark,
           {ActKind::kPutMaterial,
            ActKind::kAccept,
            ActKind::kDeclineToAccept,
            ActKind::kCorrectionNotice,
            ActKind::kSupplement,
            ActKind::kHandOver,
            ActKind::kAssign,
            ActKind::kPause,
            ActKind::kResume,
            ActKind::kExtend,
            ActKind::kDecide,
            ActKind::kCorrectDecision,
            ActKind::kCertify,
            ActKind::kDispatch,
            ActKind::kDeliver,
            ActKind::kClose,
            ActKind::kRate,
            ActKind::kArchive,
            ActKind::kWithdraw,
            ActKind::kRequest,
            ActKind::kAnswer,
            ActKind::kRemind,
            ActKind::kBindNumber,
            ActKind::kMerge,
            ActKind::kSettle,
            ActKind::kCorrectCertificate}},
      Rule{Role::kApprover,
           Side::kCity,
           {ActKind::kPutMaterial, ActKind::kCorrectionNotice, ActKind::kReturn, ActKind::kAssign,
            ActKind::kChangeSigners, ActKind::kSign, ActKind::kPause, ActKind::kResume, ActKind::kExtend,
            ActKind::kDecide, ActKind::kCorrectDecision, ActKind::kWithdraw, ActKind::kRequest, ActKind::kAnswer,
            ActKind::kRemind, ActKind::kBindNumber, ActKind::kSettle}},
      Rule{Role::kSupervisor, Side::kCity, {ActKind::kRemind, ActKind::kSupervise}}};
  return rules;
}

}  // namespace

Worker WorkerOf(const http::Principal& principal, Side side) {
  Worker worker;
  worker.roles = principal.roles;
  worker.actor.user = principal.user == 0 ? principal.name : std::to_string(principal.user);
  worker.actor.name = principal.display_name.empty() ? principal.name : principal.display_name;
  if (side == Side::kCity) worker.actor.department = principal.department;
  return worker;
}

bool RoleMay(http::RoleSet roles, Side side, ActKind act) {
  return std::ranges::any_of(Rules(), [&](const Rule& rule) {
    return rule.side == side && roles.Contains(rule.role) && std::ranges::find(rule.acts, act) != rule.acts.end();
  });
}

std::vector<ActKind> ActsOf(http::RoleSet roles, Side side) {
  std::vector<ActKind> acts;
  for (int i = 0; i < static_cast<int>(ActKind::kUnknown); ++i) {
    const auto act = static_cast<ActKind>(i);
    if (RoleMay(roles, side, act)) acts.push_back(act);
  }
  return acts;
}

std::string TurnOf(const Worker& worker, Side side) {
  if (side == Side::kPark) return "park";
  return worker.actor.department.empty() ? "city" : worker.actor.department;
}

}  // namespace yb::casework
