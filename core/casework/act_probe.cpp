#include "core/casework/act_probe.hpp"

#include <algorithm>

#include "core/domain/cases/transition_table.hpp"

namespace yb::casework {
namespace {

using base::Words;
using cases::ActKind;

constexpr const char* kAnything = "-";

/// With what may still follow; what may not is named by the refusal.
cases::Accept ProbeAccept(const cases::CaseState& state, const ReferenceData& reference, calendar::CivilDate today) {
  const Item* item = reference.catalogue.Find(state.terms.item);
  cases::Accept accept;
  for (const std::string& key : state.terms.materials) {
    const MaterialRule* material = item != nullptr ? item->FindMaterial(key) : nullptr;
    if (!state.materials.contains(key) && material != nullptr && material->may_follow) accept.following.push_back(key);
  }
  if (!accept.following.empty()) accept.until = today + std::chrono::days(1);
  return accept;
}

cases::Act ProbeRequest(const cases::CaseState& state, cases::Side side) {
  using Kind = cases::Request::Kind;
  for (const Kind kind : {Kind::kWithdrawal, Kind::kCorrection, Kind::kSupplement}) {
    const bool open = std::ranges::any_of(state.requests, [&](const cases::OpenRequest& request) {
      return request.kind == kind && request.event.writer == side;
    });
    if (!open) return cases::Request{kind, kAnything};
  }
  return cases::Request{Kind::kWithdrawal, kAnything};
}

std::optional<cases::Delegation> DelegationFor(const base::SiteId& site, const cases::CaseState& state,
                                               const ReferenceData& reference, calendar::CivilDate today) {
  const DelegationRule* rule = reference.delegations.Find(site, state.terms.item, today);
  return rule != nullptr ? std::optional(rule->delegation) : std::nullopt;
}

cases::Act ProbeDecide(const base::SiteId& site, const cases::CaseState& state, cases::Side side,
                       const ReferenceData& reference, calendar::CivilDate today) {
  cases::Decide decide;
  decide.ground = kAnything;
  if (side == cases::Side::kPark) decide.delegation = DelegationFor(site, state, reference, today);
  return decide;
}

}  // namespace

bool ParkDecides(const base::SiteId& site, const cases::CaseState& state, const ReferenceData& reference,
                 calendar::CivilDate today) {
  if (state.decided_by) return *state.decided_by == cases::Side::kPark;
  return state.holder == cases::Side::kPark &&
         !cases::BeyondDelegation(state, DelegationFor(site, state, reference, today), today);
}

base::Status CheckRole(const Worker& worker, cases::Side side, const cases::CaseState& state, ActKind act) {
  const Words name = cases::NameOf(act, state.granted);
  if (!RoleMay(worker.roles, side, act)) {
    return base::Fail(base::ErrorCode::kPermission,
                      Words{"your role does not " + name.en + " here", "您的角色在此处不能" + name.zh});
  }
  const std::string& department = worker.actor.department;
  const bool has_part = department.empty() || act == ActKind::kRemind ||
                        std::ranges::find(state.signers, department) != state.signers.end();
  if (!has_part) {
    return base::Fail(base::ErrorCode::kPermission, Words{"'" + department + "' has no part in this case",
                                                          "「" + department + "」不是此件的办理部门"});
  }
  return {};
}

cases::Act Probe(ActKind act, const base::SiteId& site, const cases::CaseState& state, cases::Side side,
                 const ReferenceData& reference, calendar::CivilDate today) {
  constexpr std::size_t kNumberLength = 43;
  switch (act) {
    case ActKind::kReceive: return cases::Receive{};
    case ActKind::kPutMaterial: return cases::PutMaterial{};
    case ActKind::kAccept: return ProbeAccept(state, reference, today);
    case ActKind::kDeclineToAccept: return cases::DeclineToAccept{};
    case ActKind::kCorrectionNotice: return cases::CorrectionNotice{{kAnything}, "", std::nullopt};
    case ActKind::kSupplement: return cases::Supplement{};
    case ActKind::kHandOver: return cases::HandOver{};
    case ActKind::kReturn: return cases::Return{};
    case ActKind::kAssign: return cases::Assign{};
    case ActKind::kChangeSigners: return cases::ChangeSigners{{kAnything}, {}};
    case ActKind::kSign: return cases::Sign{};
    case ActKind::kPause: return cases::Pause{};
    case ActKind::kResume: return cases::Resume{};
    case ActKind::kExtend: return cases::Extend{1, kAnything};
    case ActKind::kDecide: return ProbeDecide(site, state, side, reference, today);
    case ActKind::kCorrectDecision: return cases::CorrectDecision{};
    case ActKind::kCertify: return cases::Certify{kAnything, ""};
    case ActKind::kCorrectCertificate: return cases::CorrectCertificate{kAnything, "", kAnything};
    case ActKind::kDispatch: return cases::Dispatch{};
    case ActKind::kDeliver: return cases::Deliver{};
    case ActKind::kClose: return cases::Close{};
    case ActKind::kRate: return cases::Rate{5, ""};
    case ActKind::kArchive: return cases::Archive{};
    case ActKind::kWithdraw: return cases::Withdraw{};
    case ActKind::kRequest: return ProbeRequest(state, side);
    case ActKind::kAnswer: {
      const auto found = std::ranges::find_if(
          state.requests, [&](const cases::OpenRequest& request) { return request.event.writer != side; });
      return found == state.requests.end() ? cases::Answer{} : cases::Answer{found->event, false, ""};
    }
    case ActKind::kRemind: return cases::Remind{};
    case ActKind::kSupervise: return cases::Supervise{};
    case ActKind::kBindNumber:
      return cases::BindNumber{state.number.empty() ? std::string(kNumberLength, '0') : state.number};
    case ActKind::kMerge: return cases::Merge{kAnything};
    case ActKind::kUnmask: return cases::Unmask{kAnything};
    case ActKind::kPrint: return cases::Print{};
    case ActKind::kSettle: {
      const auto found = std::ranges::find(state.ineffective, false, &cases::Ineffective::settled);
      return found == state.ineffective.end() ? cases::Settle{} : cases::Settle{found->event, ""};
    }
    case ActKind::kUnknown: break;
  }
  return cases::UnknownAct{};
}

}  // namespace yb::casework
