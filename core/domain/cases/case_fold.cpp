#include "core/domain/cases/case_fold.hpp"

#include <algorithm>

#include "core/domain/cases/transition_table.hpp"

namespace yb::cases {
namespace {

void EndPause(CaseState& state, calendar::CivilDate day) {
  if (state.paused()) state.pauses.back().to = std::max(day, state.pauses.back().from);
}

void BeginPause(CaseState& state, PauseGround ground, const std::string& document, calendar::CivilDate day) {
  state.pauses.push_back({ground, document, day, std::nullopt});
}

/// What an act writes into the case beside phase, holder and clock.
class Effect {
 public:
  Effect(CaseState& state, const CaseEvent& event) : state_(state), event_(event) {}

  void operator()(const Receive& act) {
    state_.case_id = event_.case_id;
    state_.receipt_no = act.receipt_no;
    state_.terms = act.terms;
    state_.signers = act.terms.signers;
    state_.person = act.person;
    state_.applicant = act.applicant;
    state_.area_m2 = act.area_m2;
    state_.urgent = act.urgent;
    state_.received = event_.day;
  }
  void operator()(const PutMaterial& act) {
    state_.materials.insert_or_assign(act.material, Material{act.file, act.name, act.bytes});
    std::erase(state_.following, act.material);
    std::erase(state_.missing, act.material);
  }
  void operator()(const Accept& act) {
    state_.following = act.following;
    state_.following_until = act.until;
    state_.missing.clear();
  }
  void operator()(const DeclineToAccept& act) { state_.decision_ground = act.ground; }
  void operator()(const CorrectionNotice& act) {
    state_.missing = act.materials;
    if (event_.id.writer == Side::kPark) {
      state_.corrected_once = event_.day;
    } else {
      BeginPause(state_, PauseGround::kCorrection, act.text, event_.day);
      state_.notice_unprinted = true;
    }
  }
  void operator()(const Supplement& /*act*/) { state_.missing.clear(); }
  void operator()(const HandOver& /*act*/) {}
  void operator()(const Return& /*act*/) { state_.handler.clear(); }
  void operator()(const Assign& act) { state_.handler = act.name; }
  void operator()(const ChangeSigners& act) {
    for (const std::string& department : act.remove) std::erase(state_.signers, department);
    for (const std::string& department : act.add) {
      if (std::ranges::find(state_.signers, department) == state_.signers.end()) state_.signers.push_back(department);
    }
  }
  void operator()(const Sign& act) {
    state_.signatures[event_.actor.department] = {act.agrees, act.opinion, event_.actor, event_.id};
  }
  void operator()(const Pause& act) { BeginPause(state_, act.ground, act.document, event_.day); }
  void operator()(const Resume& /*act*/) {}
  void operator()(const Extend& act) { state_.extended_days += act.days; }
  void operator()(const Decide& act) {
    state_.granted = act.granted;
    state_.decided_by = event_.id.writer;
    state_.decision_text = act.text;
    state_.decision_ground = act.ground;
  }
  void operator()(const CorrectDecision& act) { state_.decision_text = act.text; }
  void operator()(const Certify& act) { state_.certificate_no = act.number; }
  void operator()(const CorrectCertificate& act) {
    if (act.number != state_.certificate_no) state_.waybill.clear();  // what is under way is the void sheet
    state_.certificate_no = act.number;
  }
  void operator()(const Dispatch& act) { state_.waybill = act.courier + " " + act.waybill; }
  void operator()(const Deliver& act) { state_.delivered = act.signed_on.value_or(event_.day); }
  void operator()(const Close& /*act*/) {}
  void operator()(const Rate& act) { state_.stars = act.stars; }
  void operator()(const Archive& /*act*/) {}
  void operator()(const Withdraw& /*act*/) {}
  void operator()(const Request& act) { state_.requests.push_back({event_.id, act.kind, act.text}); }
  void operator()(const Answer& act) {
    const auto found = std::ranges::find(state_.requests, act.request, &OpenRequest::event);
    const Request::Kind kind = found->kind;
    state_.requests.erase(found);
    if (!act.confirmed) return;
    if (kind == Request::Kind::kSupplement) {
      state_.missing.clear();
      EndPause(state_, event_.day);
    }
    if (kind == Request::Kind::kWithdrawal) {
      EndPause(state_, event_.day);
      state_.phase = Phase::kWithdrawn;
    }
  }
  void operator()(const Remind& /*act*/) { ++state_.reminders; }
  void operator()(const Supervise& /*act*/) { ++state_.supervisions; }
  void operator()(const BindNumber& act) { state_.number = act.number; }
  void operator()(const Merge& act) { state_.merged_into = act.into; }
  void operator()(const Unmask& /*act*/) {}
  void operator()(const Print& act) {
    if (act.paper == kCorrectionPaper && event_.id.writer == Side::kPark) state_.notice_unprinted = false;
  }
  void operator()(const Settle& act) {
    std::ranges::find(state_.ineffective, act.event, &Ineffective::event)->settled = true;
  }
  void operator()(const UnknownAct& /*act*/) {}

 private:
  CaseState& state_;
  const CaseEvent& event_;
};

void MoveClock(CaseState& state, ClockEffect effect, calendar::CivilDate day) {
  switch (effect) {
    case ClockEffect::kStart: state.accepted = day; break;
    case ClockEffect::kResume: EndPause(state, day); break;
    case ClockEffect::kStop:
      EndPause(state, day);
      state.decided = day;
      break;
    case ClockEffect::kNone:
    case ClockEffect::kPause: break;  // a pause is written with its ground
  }
}

/// What the new holder had asked of the old one cannot be answered any more: it can do it itself.
void LapseRequests(CaseState& state) {
  std::erase_if(state.requests, [&](const OpenRequest& request) {
    if (request.event.writer != state.holder) return false;
    state.ineffective.push_back({request.event, "the case came back before the request was answered",
                                 "对方答复前办件已回到本方，仍需要时请直接办理"});
    return true;
  });
}

}  // namespace

void Apply(CaseState& state, const CaseEvent& event) {
  if (state.needs_upgrade) return;
  if (const auto* unknown = std::get_if<UnknownAct>(&event.act)) {
    state.needs_upgrade = unknown->critical;
    return;
  }
  const auto transition = FindTransition(state, event);
  if (!transition) {
    const base::Error& why = transition.error();
    state.ineffective.push_back({event.id, why.message, why.message_zh});
    return;
  }
  const Transition& row = **transition;
  std::visit(Effect(state, event), event.act);
  MoveClock(state, row.clock, event.day);
  if (row.to) state.phase = *row.to;
  if (row.holder && *row.holder != state.holder) {
    state.holder = *row.holder;
    LapseRequests(state);
  }
  if (state.finished() && !state.decided && !state.ended) state.ended = event.day;
}

CaseState Fold(std::vector<CaseEvent> events) {
  std::ranges::sort(events, FoldsBefore);
  CaseState state;
  for (const CaseEvent& event : events) Apply(state, event);
  return state;
}

const CaseEvent* EventThatForbade(const std::vector<CaseEvent>& events, const CaseEvent& wanted) {
  CaseState state;
  const CaseEvent* since = nullptr;
  bool could = false;
  for (const CaseEvent& event : events) {
    Apply(state, event);
    const bool can = FindTransition(state, wanted).has_value();
    if (could && !can) since = &event;
    could = can;
  }
  return could ? nullptr : since;
}

std::size_t CaseFold::Add(CaseEvent event) {
  const auto place = std::ranges::lower_bound(events_, event, FoldsBefore);
  if (place != events_.end() && place->id == event.id) return 0;
  if (place == events_.end()) {
    Apply(state_, event);
    events_.push_back(std::move(event));
    return 0;
  }
  events_.insert(place, std::move(event));
  state_ = Fold(events_);
  return events_.size();
}

}  // namespace yb::cases
