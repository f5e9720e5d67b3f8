#include "core/domain/cases/transition_table.hpp"

#include <algorithm>
#include <array>

namespace yb::cases {
namespace {

using base::Words;
using Refusal = std::optional<Words>;

constexpr PhaseSet kNew = Bit(Phase::kNone);
constexpr PhaseSet kUnfinished = Bit(Phase::kReceived) | Bit(Phase::kAwaitingCorrection) | Bit(Phase::kAccepted) |
                                 Bit(Phase::kInReview) | Bit(Phase::kDecided) | Bit(Phase::kPreparing) |
                                 Bit(Phase::kAwaitingDelivery) | Bit(Phase::kDelivered);
constexpr PhaseSet kBeforeDecision =
    Bit(Phase::kReceived) | Bit(Phase::kAwaitingCorrection) | Bit(Phase::kAccepted) | Bit(Phase::kInReview);
constexpr PhaseSet kUnderWay = Bit(Phase::kAccepted) | Bit(Phase::kInReview);
constexpr std::size_t kNumberLength = 43;  // 31 + 8 + 4
const Words kForCertificate = {"return for the certificate", "转园区制证"};
const Words kForDelivery = {"return for delivery", "转园区送达"};  // of a refusal

std::string Joined(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : std::string(between)) + name;
  return text;
}

template <class T>
bool Contains(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}

// ---- Guards ----

Refusal MaterialsAreThere(const CaseState& state, const CaseEvent& event) {
  const auto& act = std::get<Accept>(event.act);
  std::vector<std::string> missing;
  for (const std::string& material : state.terms.materials) {
    if (!state.materials.contains(material) && !Contains(act.following, material)) missing.push_back(material);
  }
  if (!missing.empty()) {
    return Words{"materials are missing: " + Joined(missing, ", "), "还缺材料：" + Joined(missing, "、")};
  }
  if (!act.following.empty() && (!act.until || *act.until <= event.day)) {
    return Words{"materials that follow need a day until which they are here", "容缺材料须写明补齐日期"};
  }
  return {};
}

Refusal NotToldBefore(const CaseState& state, const CaseEvent& event) {
  if (state.corrected_once)
    return Words{"what is missing is told once only (§32)", "补正只能一次性告知（行政许可法 §32）"};
  if (std::get<CorrectionNotice>(event.act).materials.empty()) {
    return Words{"a notice names what is missing", "须写明需要补正的内容"};
  }
  return {};
}

Refusal NotPaused(const CaseState& state, const CaseEvent& /*event*/) {
  if (state.paused()) return Words{"the case is suspended", "办件处于挂起状态"};
  return {};
}

Refusal IsPaused(const CaseState& state, const CaseEvent& /*event*/) {
  if (!state.paused()) return Words{"the case is not suspended", "办件没有挂起"};
  return {};
}

Refusal HasGroundToPause(const CaseState& state, const CaseEvent& event) {
  if (Refusal paused = NotPaused(state, event)) return paused;
  if (std::get<Pause>(event.act).ground == PauseGround::kCorrection) {
    return Words{"a correction is told by its notice", "补正须用一次性补正告知"};
  }
  return {};
}

Refusal NamesOthersThanSigned(const CaseState& state, const CaseEvent& event) {
  const auto& act = std::get<ChangeSigners>(event.act);
  for (const std::string& department : act.remove) {
    if (state.signatures.contains(department)) {
      return Words{department + " has signed already", department + " 已签署意见，不能减签"};
    }
  }
  const bool one_stays = !act.add.empty() || std::ranges::any_of(state.signers, [&](const std::string& department) {
    return !Contains(act.remove, department);
  });
  if (!one_stays) return Words{"one department has to decide", "至少保留一个部门"};
  return {};
}

Refusal MaySign(const CaseState& state, const CaseEvent& event) {
  if (Refusal paused = NotPaused(state, event)) return paused;
  const std::string& department = event.actor.department;
  if (!Contains(state.signers, department)) {
    return Words{"'" + department + "' is not asked to sign", "「" + department + "」不在会签部门中"};
  }
  if (state.signatures.contains(department))
    return Words{department + " has signed already", department + " 已签署意见"};
  return {};
}

Refusal MayExtend(const CaseState& state, const CaseEvent& event) {
  const auto& act = std::get<Extend>(event.act);
  if (state.extended_days != 0) return Words{"a case is extended once only (§42)", "只能延期一次（行政许可法 §42）"};
  if (act.days < 1 || act.days > state.terms.extension_days) {
    const std::string most = std::to_string(state.terms.extension_days);
    return Words{"an extension is 1 to " + most + " working days", "延期须为 1 至 " + most + " 个工作日"};
  }
  if (act.reason.empty()) return Words{"an extension has a reason", "延期须写明理由"};
  return {};
}

Refusal DepartmentMayDecide(const CaseState& state, const CaseEvent& event) {
  if (Refusal paused = NotPaused(state, event)) return paused;
  const auto& act = std::get<Decide>(event.act);
  if (!state.signers.empty() && event.actor.department != state.signers.front()) {
    return Words{state.signers.front() + " decides", "由「" + state.signers.front() + "」作出决定"};
  }
  std::vector<std::string> awaited;
  bool all_agree = true;
  for (const std::string& department : state.signers) {
    const auto signature = state.signatures.find(department);
    if (signature == state.signatures.end()) {
      awaited.push_back(department);
    } else {
      all_agree = all_agree && signature->second.agrees;
    }
  }
  if (!awaited.empty()) {
    return Words{"not signed yet: " + Joined(awaited, ", "), "尚未会签：" + Joined(awaited, "、")};
  }
  if (act.granted && !all_agree) return Words{"a department does not agree", "有部门不同意，不能准予"};
  if (!act.granted && act.ground.empty()) return Words{"a refusal names its ground", "不予许可须写明依据"};
  return {};
}

Refusal ParkMayDecide(const CaseState& state, const CaseEvent& event) {
  if (Refusal paused = NotPaused(state, event)) return paused;
  const auto& act = std::get<Decide>(event.act);
  if (Refusal beyond = BeyondDelegation(state, act.delegation, event.day)) return beyond;
  if (!act.granted && act.ground.empty()) return Words{"a refusal names its ground", "不予许可须写明依据"};
  return {};
}

Refusal DecidedHere(const CaseState& state, const CaseEvent& event) {
  if (state.decided_by != event.id.writer) return Words{"the side that decided corrects", "由作出决定的一方更正"};
  return {};
}

Refusal WasGranted(const CaseState& state, const CaseEvent& event) {
  if (state.granted != true) return Words{"it was not granted", "未准予许可，不制发证件"};
  if (std::get<Certify>(event.act).number.empty()) return Words{"a certificate has a number", "须填写证号"};
  return {};
}

Refusal CorrectsTheCertificate(const CaseState& state, const CaseEvent& event) {
  const auto& act = std::get<CorrectCertificate>(event.act);
  if (state.certificate_no.empty()) return Words{"there is no certificate yet", "证件尚未制作"};
  if (act.number.empty()) return Words{"a certificate has a number", "须填写证号"};
  if (act.number == state.certificate_no && act.file.empty()) {
    return Words{"the certificate has this number already", "证号与原来相同，没有需要更正的内容"};
  }
  if (act.reason.empty()) return Words{"a correction has a reason", "更正须写明理由"};
  return {};
}

Refusal IsSignedInTime(const CaseState& state, const CaseEvent& event) {
  const auto& signed_on = std::get<Deliver>(event.act).signed_on;
  if (!signed_on) return {};
  if (*signed_on > event.day) return Words{"the day of signing lies after today", "签收日期不能晚于今天"};
  if (state.decided && *signed_on < *state.decided) {
    const std::string day = calendar::ToString(*state.decided);
    return Words{"the day of signing lies before the decision of " + day, "签收日期不能早于决定日期 " + day};
  }
  return {};
}

Refusal DeliversARefusal(const CaseState& state, const CaseEvent& event) {
  if (state.granted == true) return Words{"the certificate is not made yet", "证件尚未制作"};
  return IsSignedInTime(state, event);
}

Refusal HasStars(const CaseState& state, const CaseEvent& event) {
  const auto stars = std::get<Rate>(event.act).stars;
  if (stars < 1 || stars > 5) return Words{"a rating is 1 to 5 stars", "评价为 1 至 5 星"};
  if (state.stars != 0) return Words{"it has been rated", "已经评价过"};
  return {};
}

Refusal NotAskedYet(const CaseState& state, const CaseEvent& event) {
  const auto kind = std::get<Request>(event.act).kind;
  const bool asked = std::ranges::any_of(state.requests, [&](const OpenRequest& open) {
    return open.kind == kind && open.event.writer == event.id.writer;
  });
  if (asked) return Words{"the same request is not answered yet", "同样的申请还在等对方确认"};
  if (kind == Request::Kind::kSupplement && !state.paused()) {
    return Words{"nothing is missing", "没有等待补正的内容"};
  }
  return {};
}

Refusal AnswersAnOpenRequest(const CaseState& state, const CaseEvent& event) {
  const auto& act = std::get<Answer>(event.act);
  const auto found = std::ranges::find(state.requests, act.request, &OpenRequest::event);
  if (found == state.requests.end()) return Words{"there is no such open request", "没有待答复的申请"};
  const bool too_late = act.confirmed && found->kind == Request::Kind::kWithdrawal && state.decided.has_value();
  if (too_late) return Words{"it has been decided", "已作出决定，不能撤回"};
  return {};
}

Refusal NumberFits(const CaseState& state, const CaseEvent& event) {
  const std::string& number = std::get<BindNumber>(event.act).number;
  if (number.size() != kNumberLength) return Words{"a case number has 43 characters", "办件编号应为 43 位"};
  if (!state.number.empty() && state.number != number) {
    return Words{"another number is bound: " + state.number, "已绑定另一编号 " + state.number};
  }
  return {};
}

Refusal IntoAnother(const CaseState& state, const CaseEvent& event) {
  const std::string& into = std::get<Merge>(event.act).into;
  if (into.empty() || into == state.case_id) return Words{"it is merged into another case", "须合并到另一办件"};
  return {};
}

Refusal HasReason(const CaseState& /*state*/, const CaseEvent& event) {
  if (std::get<Unmask>(event.act).reason.empty()) return Words{"looking needs a reason", "查看原文须写明理由"};
  return {};
}

Refusal IsATask(const CaseState& state, const CaseEvent& event) {
  const auto found = std::ranges::find(state.ineffective, std::get<Settle>(event.act).event, &Ineffective::event);
  if (found == state.ineffective.end() || found->settled) return Words{"there is no such task", "没有这项待处理"};
  return {};
}

// ---- The table ----
// clang-format off
const std::array kTransitions = {
    //         act                        writer              from                                    to                         holder      clock                guard                  name
    Transition{ActKind::kReceive,         Writer::kPark,      kNew,                                   Phase::kReceived,          Side::kPark, ClockEffect::kNone,   nullptr,               {"receive", "收件"}},
    Transition{ActKind::kPutMaterial,     Writer::kPark,      kBeforeDecision,                        {},                        {},          ClockEffect::kNone,   nullptr,               {"add material", "收材料"}},
    // A department adds what it found out: an expert's opinion, a plan with its marks.
    Transition{ActKind::kPutMaterial,     Writer::kCity,      Bit(Phase::kInReview) | Bit(Phase::kDecided),   {},                        {},          ClockEffect::kNone,   nullptr,               {"add material", "收材料"}},
    Transition{ActKind::kAccept,          Writer::kPark,      Bit(Phase::kReceived),                  Phase::kAccepted,          {},          ClockEffect::kStart,  &MaterialsAreThere,    {"accept", "受理"}},
    Transition{ActKind::kDeclineToAccept, Writer::kPark,      Bit(Phase::kReceived),                  Phase::kDeclined,          {},          ClockEffect::kNone,   nullptr,               {"decline to accept", "不予受理"}},
    Transition{ActKind::kCorrectionNotice,Writer::kPark,      Bit(Phase::kReceived),                  Phase::kAwaitingCorrection,{},          ClockEffect::kNone,   &NotToldBefore,        {"one-time correction notice", "一次性补正告知"}},
    // A department tells what is missing while it holds the case: the clocks stand still, the phase stays.
    Transition{ActKind::kCorrectionNotice,Writer::kCity,      Bit(Phase::kInReview),                  {},                        {},          ClockEffect::kPause,  &NotPaused,            {"one-time correction notice", "一次性补正告知"}},
    Transition{ActKind::kSupplement,      Writer::kPark,      Bit(Phase::kAwaitingCorrection),        Phase::kReceived,          {},          ClockEffect::kNone,   nullptr,               {"supplement", "补正"}},
    Transition{ActKind::kHandOver,        Writer::kPark,      Bit(Phase::kAccepted),                  Phase::kInReview,          Side::kCity, ClockEffect::kNone,   &NotPaused,            {"hand over", "移交"}},
    Transition{ActKind::kReturn,          Writer::kCity,      Bit(Phase::kInReview),                  Phase::kAccepted,          Side::kPark, ClockEffect::kResume, nullptr,               {"return", "退回"}},
    Transition{ActKind::kReturn,          Writer::kCity,      Bit(Phase::kDecided),                   Phase::kPreparing,         Side::kPark, ClockEffect::kNone,   nullptr,               kForCertificate},
    Transition{ActKind::kAssign,          Writer::kHolder,    kUnfinished,                            {},                        {},          ClockEffect::kNone,   nullptr,               {"assign to a handler", "委派"}},
    Transition{ActKind::kChangeSigners,   Writer::kCity,      Bit(Phase::kInReview),                  {},                        {},          ClockEffect::kNone,   &NamesOthersThanSigned,{"change signers", "加签减签"}},
    Transition{ActKind::kSign,            Writer::kCity,      Bit(Phase::kInReview),                  {},                        {},          ClockEffect::kNone,   &MaySign,              {"sign", "会签"}},
    Transition{ActKind::kPause,           Writer::kHolder,    kUnderWay,                              {},                        {},          ClockEffect::kPause,  &HasGroundToPause,     {"suspend", "挂起"}},
    Transition{ActKind::kResume,          Writer::kHolder,    kUnderWay,                              {},                        {},          ClockEffect::kResume, &IsPaused,             {"resume", "恢复"}},
    Transition{ActKind::kExtend,          Writer::kHolder,    kUnderWay,                              {},                        {},          ClockEffect::kNone,   &MayExtend,            {"extend", "延期"}},
    Transition{ActKind::kDecide,          Writer::kCity,      Bit(Phase::kInReview),                  Phase::kDecided,           {},          ClockEffect::kStop,   &DepartmentMayDecide,  {"decide", "决定"}},
    Transition{ActKind::kDecide,          Writer::kPark,      Bit(Phase::kAccepted),                  Phase::kPreparing,         {},          ClockEffect::kStop,   &ParkMayDecide,        {"decide", "决定"}},
    Transition{ActKind::kCorrectDecision, Writer::kAny,       Bit(Phase::kDecided) | Bit(Phase::kPreparing) | Bit(Phase::kAwaitingDelivery) | Bit(Phase::kDelivered),
                                                                                                      {},                        {},          ClockEffect::kNone,   &DecidedHere,          {"correct", "更正"}},
    Transition{ActKind::kCertify,         Writer::kPark,      Bit(Phase::kPreparing),                 Phase::kAwaitingDelivery,  {},          ClockEffect::kNone,   &WasGranted,           {"prepare certificate", "制证"}},
    // The sheet with the wrong number is void, so what was sent is to be sent anew.
    Transition{ActKind::kCorrectCertificate,Writer::kPark,    Bit(Phase::kAwaitingDelivery),          {},                        {},          ClockEffect::kNone,   &CorrectsTheCertificate,{"correct the certificate", "更正证件"}},
    Transition{ActKind::kDispatch,        Writer::kPark,      Bit(Phase::kAwaitingDelivery),          {},                        {},          ClockEffect::kNone,   nullptr,               {"send by courier", "寄出"}},
    Transition{ActKind::kDeliver,         Writer::kPark,      Bit(Phase::kAwaitingDelivery),          Phase::kDelivered,         {},          ClockEffect::kNone,   &IsSignedInTime,       {"deliver", "送达"}},
    // A refusal is delivered without a certificate.
    Transition{ActKind::kDeliver,         Writer::kPark,      Bit(Phase::kPreparing),                 Phase::kDelivered,         {},          ClockEffect::kNone,   &DeliversARefusal,     {"deliver", "送达"}},
    Transition{ActKind::kClose,           Writer::kPark,      Bit(Phase::kDelivered),                 Phase::kClosed,            {},          ClockEffect::kNone,   nullptr,               {"close", "办结"}},
    Transition{ActKind::kRate,            Writer::kPark,      Bit(Phase::kDelivered) | Bit(Phase::kClosed) | Bit(Phase::kDeclined),
                                                                                                      {},                        {},          ClockEffect::kNone,   &HasStars,             {"rate", "评价"}},
    Transition{ActKind::kArchive,         Writer::kPark,      Bit(Phase::kClosed) | Bit(Phase::kDeclined) | Bit(Phase::kWithdrawn),
                                                                                                      Phase::kArchived,          {},          ClockEffect::kNone,   nullptr,               {"archive", "归档"}},
    Transition{ActKind::kWithdraw,        Writer::kHolder,    kBeforeDecision,                        Phase::kWithdrawn,         {},          ClockEffect::kResume, nullptr,               {"withdraw", "撤回"}},
    Transition{ActKind::kRequest,         Writer::kNotHolder, Bit(Phase::kInReview) | Bit(Phase::kDecided) | Bit(Phase::kAccepted) | Bit(Phase::kPreparing),
                                                                                                      {},                        {},          ClockEffect::kNone,   &NotAskedYet,          {"ask the other side", "提出申请"}},
    Transition{ActKind::kAnswer,          Writer::kHolder,    kUnfinished,                            {},                        {},          ClockEffect::kNone,   &AnswersAnOpenRequest, {"answer a request", "答复申请"}},
    Transition{ActKind::kRemind,          Writer::kAny,       kUnfinished,                            {},                        {},          ClockEffect::kNone,   nullptr,               {"remind", "催办"}},
    Transition{ActKind::kSupervise,       Writer::kCity,      kUnfinished,                            {},                        {},          ClockEffect::kNone,   nullptr,               {"supervise", "督办"}},
    Transition{ActKind::kBindNumber,      Writer::kAny,       ~kNew,                                  {},                        {},          ClockEffect::kNone,   &NumberFits,           {"bind the case number", "绑定办件编号"}},
    Transition{ActKind::kMerge,           Writer::kHolder,    Bit(Phase::kReceived) | Bit(Phase::kAwaitingCorrection) | Bit(Phase::kAccepted),
                                                                                                      Phase::kMerged,            {},          ClockEffect::kResume, &IntoAnother,          {"merge", "合并"}},
    Transition{ActKind::kUnmask,          Writer::kAny,       ~kNew,                                  {},                        {},          ClockEffect::kNone,   &HasReason,            {"unmask", "查看原文"}},
    Transition{ActKind::kPrint,           Writer::kAny,       ~kNew,                                  {},                        {},          ClockEffect::kNone,   nullptr,               {"print", "打印"}},
    Transition{ActKind::kSettle,          Writer::kAny,       ~kNew,                                  {},                        {},          ClockEffect::kNone,   &IsATask,              {"settle", "处理"}},
};
// clang-format on

bool MayWrite(Writer writer, Side side, Side holder) {
  switch (writer) {
    case Writer::kPark: return side == Side::kPark;
    case Writer::kCity: return side == Side::kCity;
    case Writer::kHolder: return side == holder;
    case Writer::kNotHolder: return side != holder;
    case Writer::kAny: return true;
  }
  return false;
}

tl::unexpected<base::Error> Refuse(Words why) {
  return base::Fail(base::ErrorCode::kRefused, std::move(why));
}

}  // namespace

std::span<const Transition> Transitions() {
  return kTransitions;
}

std::optional<Words> BeyondDelegation(const CaseState& state, const std::optional<Delegation>& delegation,
                                      calendar::CivilDate day) {
  if (!delegation || delegation->mode != DelegationMode::kEntrusted || delegation->instrument.empty()) {
    return Words{"the park may not decide without an instrument of delegation", "没有委托文书，园区不能作出决定"};
  }
  if (day < delegation->valid_from || day > delegation->valid_to) {
    return Words{delegation->instrument + " does not hold on this day", delegation->instrument + " 不在有效期内"};
  }
  if (delegation->most_area_m2 && (!state.area_m2 || *delegation->most_area_m2 < *state.area_m2)) {
    const std::string most = delegation->most_area_m2->ToString();
    return Words{"beyond the delegation (up to " + most + " m²)", "此件超出委托范围（限 " + most + " m² 以下）"};
  }
  return {};
}

base::Words NameOf(ActKind act) {
  const auto found = std::ranges::find(kTransitions, act, &Transition::act);
  return found == kTransitions.end() ? Words{"unknown", "未知"} : found->name;
}

base::Words NameOf(ActKind act, std::optional<bool> granted) {
  if (act != ActKind::kReturn || !granted) return NameOf(act);
  return *granted ? kForCertificate : kForDelivery;
}

base::Result<const Transition*> FindTransition(const CaseState& state, const CaseEvent& event) {
  const ActKind act = KindOf(event.act);
  const Words name = NameOf(act);
  const Transition* elsewhere = nullptr;  // a row of the right writer, for another phase
  for (const Transition& row : kTransitions) {
    if (row.act != act || !MayWrite(row.writer, event.id.writer, state.holder)) continue;
    elsewhere = &row;
    if ((row.from & Bit(state.phase)) == 0) continue;
    if (row.guard != nullptr) {
      if (Refusal why = row.guard(state, event)) return Refuse(std::move(*why));
    }
    return &row;
  }
  if (state.phase == Phase::kNone) return Refuse({"the case was not received", "办件尚未收件"});
  if (elsewhere != nullptr) {
    const Words phase = InWords(state.phase);
    return Refuse({"not possible while the case is " + phase.en, "「" + phase.zh + "」的办件不能这样办理"});
  }
  if (act == ActKind::kRequest) {
    return Refuse({"the case is on this side: act on it yourself", "办件在本侧，直接办理即可，不用向对方申请"});
  }
  return state.holder == Side::kCity
             ? Refuse({"the departments hold the case: ask them", "办件在市级部门，请向对方提出申请"})
             : Refuse({"the park holds the case: ask it", "办件在园区，请向对方提出申请"});
}

}  // namespace yb::cases
