#include "core/ledger/act_codec.hpp"

#include "core/contract/ledger.pb.h"
#include "core/ledger/proto_values.hpp"

namespace yb::ledger {
namespace {

using base::ErrorCode;
using base::Fail;
using cases::EventId;
using contract::LedgerEvent;
using ledger::Put;
using ledger::Take;

void Put(const cases::Delegation& delegation, contract::Delegation& out) {
  out.set_instrument(delegation.instrument);
  out.set_mode(static_cast<std::uint32_t>(delegation.mode));
  out.set_most_area_m2(ToText(delegation.most_area_m2));
  out.set_valid_from_day(DayNumber(delegation.valid_from));
  out.set_valid_to_day(DayNumber(delegation.valid_to));
}

base::Result<cases::Delegation> Take(const contract::Delegation& in) {
  if (in.mode() < 1 || in.mode() > 3) return Fail(ErrorCode::kCorrupt, "a delegation of no known mode");
  cases::Delegation out;
  out.instrument = in.instrument();
  out.mode = static_cast<cases::DelegationMode>(in.mode());
  YB_ASSIGN(out.most_area_m2, ToDecimal(in.most_area_m2()));
  YB_ASSIGN(out.valid_from, ToDay(in.valid_from_day()));
  YB_ASSIGN(out.valid_to, ToDay(in.valid_to_day()));
  return out;
}

/// Writes an act into the event's oneof. One overload per act.
class ActWriter {
 public:
  explicit ActWriter(LedgerEvent& out) : out_(out) {}

  void operator()(const cases::Receive& act) {
    contract::ReceiveAct& out = *out_.mutable_receive();
    out.set_receipt_no(act.receipt_no);
    out.set_person(act.person);
    out.set_applicant(act.applicant.data(), act.applicant.size());
    out.set_area_m2(ToText(act.area_m2));
    out.set_urgent(act.urgent);
    Put(act.terms, *out.mutable_terms());
  }
  void operator()(const cases::PutMaterial& act) {
    contract::PutMaterialAct& out = *out_.mutable_put_material();
    out.set_material(act.material);
    out.set_file(act.file);
    out.set_name(act.name.data(), act.name.size());
    out.set_bytes(act.bytes);
  }
  void operator()(const cases::Accept& act) {
    Put(act.following, *out_.mutable_accept()->mutable_following());
    if (act.until) out_.mutable_accept()->set_until_day(DayNumber(*act.until));
  }
  void operator()(const cases::DeclineToAccept& act) { out_.mutable_decline()->set_text(act.ground); }
  void operator()(const cases::CorrectionNotice& act) {
    Put(act.materials, *out_.mutable_correction_notice()->mutable_material());
    out_.mutable_correction_notice()->set_text(act.text);
    if (act.until) out_.mutable_correction_notice()->set_until_day(DayNumber(*act.until));
  }
  void operator()(const cases::Supplement& /*act*/) { out_.mutable_supplement(); }
  void operator()(const cases::HandOver& /*act*/) { out_.mutable_hand_over(); }
  void operator()(const cases::Return& act) { out_.mutable_return_()->set_text(act.reason); }
  void operator()(const cases::Assign& act) {
    out_.mutable_assign()->set_user(act.user);
    out_.mutable_assign()->set_name(act.name);
  }
  void operator()(const cases::ChangeSigners& act) {
    Put(act.add, *out_.mutable_change_signers()->mutable_add());
    Put(act.remove, *out_.mutable_change_signers()->mutable_remove());
  }
  void operator()(const cases::Sign& act) {
    out_.mutable_sign()->set_agrees(act.agrees);
    out_.mutable_sign()->set_opinion(act.opinion);
  }
  void operator()(const cases::Pause& act) {
    out_.mutable_pause()->set_ground(static_cast<std::uint32_t>(act.ground));
    out_.mutable_pause()->set_document(act.document);
  }
  void operator()(const cases::Resume& /*act*/) { out_.mutable_resume(); }
  void operator()(const cases::Extend& act) {
    out_.mutable_extend()->set_days(act.days);
    out_.mutable_extend()->set_reason(act.reason);
  }
  void operator()(const cases::Decide& act) {
    contract::DecideAct& out = *out_.mutable_decide();
    out.set_granted(act.granted);
    out.set_ground(act.ground);
    out.set_text(act.text);
    if (act.delegation) Put(*act.delegation, *out.mutable_delegation());
  }
  void operator()(const cases::CorrectDecision& act) { out_.mutable_correct_decision()->set_text(act.text); }
  void operator()(const cases::Certify& act) {
    out_.mutable_certify()->set_number(act.number);
    out_.mutable_certify()->set_file(act.file);
  }
  void operator()(const cases::Dispatch& act) {
    out_.mutable_dispatch()->set_courier(act.courier);
    out_.mutable_dispatch()->set_waybill(act.waybill);
  }
  void operator()(const cases::Deliver& act) {
    out_.mutable_deliver()->set_receiver(act.receiver.data(), act.receiver.size());
    out_.mutable_deliver()->set_file(act.file);
    if (act.signed_on) out_.mutable_deliver()->set_signed_day(DayNumber(*act.signed_on));
  }
  void operator()(const cases::Close& /*act*/) { out_.mutable_close(); }
  void operator()(const cases::Rate& act) {
    out_.mutable_rate()->set_stars(act.stars);
    out_.mutable_rate()->set_text(act.text);
  }
  void operator()(const cases::Archive& /*act*/) { out_.mutable_archive(); }
  void operator()(const cases::Withdraw& act) { out_.mutable_withdraw()->set_text(act.reason); }
  void operator()(const cases::Request& act) {
    out_.mutable_request()->set_kind(static_cast<std::uint32_t>(act.kind));
    out_.mutable_request()->set_text(act.text);
  }
  void operator()(const cases::Answer& act) {
    Put(act.request, *out_.mutable_answer()->mutable_request());
    out_.mutable_answer()->set_confirmed(act.confirmed);
    out_.mutable_answer()->set_text(act.text);
  }
  void operator()(const cases::Remind& act) { out_.mutable_remind()->set_text(act.text); }
  void operator()(const cases::Supervise& act) { out_.mutable_supervise()->set_text(act.text); }
  void operator()(const cases::BindNumber& act) { out_.mutable_bind_number()->set_text(act.number); }
  void operator()(const cases::Merge& act) { out_.mutable_merge()->set_text(act.into); }
  void operator()(const cases::Unmask& act) {
    out_.mutable_unmask()->set_text(act.reason);
    out_.set_ignorable(true);
  }
  void operator()(const cases::Print& act) {
    out_.mutable_print()->set_paper(act.paper);
    out_.mutable_print()->set_again(act.again);
    out_.set_ignorable(true);
  }
  void operator()(const cases::Settle& act) {
    Put(act.event, *out_.mutable_settle()->mutable_event());
    out_.mutable_settle()->set_text(act.text);
    out_.set_ignorable(true);
  }
  void operator()(const cases::CorrectCertificate& act) {
    contract::CorrectCertificateAct& out = *out_.mutable_correct_certificate();
    out.set_number(act.number);
    out.set_file(act.file);
    out.set_reason(act.reason);
  }
  void operator()(const cases::UnknownAct& act) { out_.set_ignorable(!act.critical); }

 private:
  LedgerEvent& out_;
};

base::Result<cases::Act> TakeReceive(const contract::ReceiveAct& in) {
  cases::Receive act;
  act.receipt_no = in.receipt_no();
  act.person = in.person();
  act.applicant.assign(in.applicant().begin(), in.applicant().end());
  YB_ASSIGN(act.area_m2, ToDecimal(in.area_m2()));
  act.urgent = in.urgent();
  act.terms = Take(in.terms());
  return act;
}

base::Result<cases::Act> TakeAccept(const contract::AcceptAct& in) {
  cases::Accept act{Take(in.following()), std::nullopt};
  if (in.has_until_day()) {
    YB_ASSIGN(act.until, ToDay(in.until_day()));
  }
  return act;
}

base::Result<cases::Act> TakeCorrectionNotice(const contract::CorrectionNoticeAct& in) {
  cases::CorrectionNotice act{Take(in.material()), in.text(), std::nullopt};
  if (in.has_until_day()) {
    YB_ASSIGN(act.until, ToDay(in.until_day()));
  }
  return act;
}

base::Result<cases::Act> TakeDeliver(const contract::DeliverAct& in) {
  cases::Deliver act{{in.receiver().begin(), in.receiver().end()}, in.file(), std::nullopt};
  if (in.has_signed_day()) {
    YB_ASSIGN(act.signed_on, ToDay(in.signed_day()));
  }
  return act;
}

base::Result<cases::Act> TakePause(const contract::PauseAct& in) {
  if (in.ground() < 1 || in.ground() > 10) return Fail(ErrorCode::kCorrupt, "a pause has no known ground");
  return cases::Pause{static_cast<cases::PauseGround>(in.ground()), in.document()};
}

base::Result<cases::Act> TakeDecide(const contract::DecideAct& in) {
  cases::Decide act{in.granted(), in.ground(), in.text(), std::nullopt};
  if (in.has_delegation()) {
    YB_ASSIGN(act.delegation, Take(in.delegation()));
  }
  return act;
}

base::Result<cases::Act> TakeRate(const contract::RateAct& in) {
  if (in.stars() > 5) return Fail(ErrorCode::kCorrupt, "a rating has more than five stars");
  return cases::Rate{static_cast<std::uint8_t>(in.stars()), in.text()};
}

base::Result<cases::Act> TakeRequest(const contract::RequestAct& in) {
  if (in.kind() < 1 || in.kind() > 3) return Fail(ErrorCode::kCorrupt, "a request of no known kind");
  return cases::Request{static_cast<cases::Request::Kind>(in.kind()), in.text()};
}

base::Result<cases::Act> TakeAnswer(const contract::AnswerAct& in) {
  YB_ASSIGN(const EventId request, Take(in.request()));
  return cases::Answer{request, in.confirmed(), in.text()};
}

base::Result<cases::Act> TakeSettle(const contract::SettleAct& in) {
  YB_ASSIGN(const EventId event, Take(in.event()));
  return cases::Settle{event, in.text()};
}

}  // namespace

void PutAct(const cases::Act& act, LedgerEvent& out) {
  std::visit(ActWriter(out), act);
}

base::Result<cases::Act> TakeAct(const LedgerEvent& in) {
  switch (in.act_case()) {
    case LedgerEvent::kReceive: return TakeReceive(in.receive());
    case LedgerEvent::kPutMaterial: {
      const contract::PutMaterialAct& act = in.put_material();
      return cases::PutMaterial{act.material(), act.file(), {act.name().begin(), act.name().end()}, act.bytes()};
    }
    case LedgerEvent::kAccept: return TakeAccept(in.accept());
    case LedgerEvent::kDecline: return cases::DeclineToAccept{in.decline().text()};
    case LedgerEvent::kCorrectionNotice: return TakeCorrectionNotice(in.correction_notice());
    case LedgerEvent::kSupplement: return cases::Supplement{};
    case LedgerEvent::kHandOver: return cases::HandOver{};
    case LedgerEvent::kReturn: return cases::Return{in.return_().text()};
    case LedgerEvent::kAssign: return cases::Assign{in.assign().user(), in.assign().name()};
    case LedgerEvent::kChangeSigners:
      return cases::ChangeSigners{Take(in.change_signers().add()), Take(in.change_signers().remove())};
    case LedgerEvent::kSign: return cases::Sign{in.sign().agrees(), in.sign().opinion()};
    case LedgerEvent::kPause: return TakePause(in.pause());
    case LedgerEvent::kResume: return cases::Resume{};
    case LedgerEvent::kExtend: return cases::Extend{in.extend().days(), in.extend().reason()};
    case LedgerEvent::kDecide: return TakeDecide(in.decide());
    case LedgerEvent::kCorrectDecision: return cases::CorrectDecision{in.correct_decision().text()};
    case LedgerEvent::kCertify: return cases::Certify{in.certify().number(), in.certify().file()};
    case LedgerEvent::kDispatch: return cases::Dispatch{in.dispatch().courier(), in.dispatch().waybill()};
    case LedgerEvent::kDeliver: return TakeDeliver(in.deliver());
    case LedgerEvent::kClose: return cases::Close{};
    case LedgerEvent::kRate: return TakeRate(in.rate());
    case LedgerEvent::kArchive: return cases::Archive{};
    case LedgerEvent::kWithdraw: return cases::Withdraw{in.withdraw().text()};
    case LedgerEvent::kRequest: return TakeRequest(in.request());
    case LedgerEvent::kAnswer: return TakeAnswer(in.answer());
    case LedgerEvent::kRemind: return cases::Remind{in.remind().text()};
    case LedgerEvent::kSupervise: return cases::Supervise{in.supervise().text()};
    case LedgerEvent::kBindNumber: return cases::BindNumber{in.bind_number().text()};
    case LedgerEvent::kMerge: return cases::Merge{in.merge().text()};
    case LedgerEvent::kUnmask: return cases::Unmask{in.unmask().text()};
    case LedgerEvent::kPrint: return cases::Print{in.print().paper(), in.print().again()};
    case LedgerEvent::kSettle: return TakeSettle(in.settle());
    case LedgerEvent::kCorrectCertificate: {
      const contract::CorrectCertificateAct& act = in.correct_certificate();
      return cases::CorrectCertificate{act.number(), act.file(), act.reason()};
    }
    case LedgerEvent::kExtendLogIn: return Fail(ErrorCode::kCorrupt, "an act of the site stands under a case");
    case LedgerEvent::ACT_NOT_SET: return cases::UnknownAct{!in.ignorable()};
  }
  return cases::UnknownAct{!in.ignorable()};
}

}  // namespace yb::ledger
