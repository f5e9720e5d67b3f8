#include "core/casework/paper_of_case.hpp"

#include <algorithm>

#include "core/domain/cases/case_clock.hpp"
#include "core/domain/codes/masking.hpp"
#include "core/papers/clock_words.hpp"

namespace yb::casework {
namespace {

using base::Fail;
using base::Result;
using base::Words;
using cases::CaseState;
using ledger::LastOf;
using papers::PaperKind;

std::string MaterialName(const PaperRequest& request, const std::string& key) {
  const Item* item = request.catalogue.Find(request.file.state.terms.item);
  const MaterialRule* rule = item != nullptr ? item->FindMaterial(key) : nullptr;
  return rule != nullptr ? rule->name : key;
}

/// Materials that are here or follow, as the window's list has them; behind them what the item does not list any more.
std::vector<std::string> InOrderOfTheItem(const PaperRequest& request) {
  const CaseState& state = request.file.state;
  std::vector<std::string> keys;
  const auto add = [&](const std::string& key) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  };
  const auto follows = [&](const std::string& key) {
    return std::ranges::find(state.following, key) != state.following.end();
  };
  const Item* item = request.catalogue.Find(state.terms.item);
  for (const MaterialRule& rule : item != nullptr ? item->materials : std::vector<MaterialRule>()) {
    if (state.materials.contains(rule.key) || follows(rule.key)) add(rule.key);
  }
  for (const auto& [key, material] : state.materials) add(key);
  for (const std::string& key : state.following) add(key);
  return keys;
}

papers::PaperDeadline DeadlineOf(const cases::ClockReading& clock) {
  return {static_cast<int>(clock.limit_days), clock.deadline, clock.provisional};
}

/// The clocks as they stood on the day of acceptance: the paper says what was promised then.
Result<papers::AcceptanceNotice> Acceptance(const PaperRequest& request) {
  const CaseState& state = request.file.state;
  CaseState fresh = state;
  fresh.pauses.clear();
  fresh.extended_days = 0;
  fresh.decided.reset();
  const auto clocks = cases::ReadClocks(fresh, request.calendar, *state.accepted);
  YB_CHECK(clocks.has_value(), "an accepted case has clocks");
  papers::AcceptanceNotice notice;
  notice.received = state.received.value_or(*state.accepted);
  for (const std::string& key : InOrderOfTheItem(request)) {
    papers::PaperMaterial one;
    one.name = MaterialName(request, key);
    if (state.materials.contains(key)) {
      one.form = "电子件";
    } else {
      one.follows_until = state.following_until;
    }
    notice.materials.push_back(std::move(one));
  }
  notice.promised = DeadlineOf(clocks->promised);
  notice.statutory = DeadlineOf(clocks->statutory);
  notice.why = papers::WhyInWords(clocks->promised);
  if (!state.following.empty()) notice.next_steps.push_back("请在约定日期前补齐容缺材料。");
  return notice;
}

papers::CorrectionNotice Correction(const PaperRequest& request, const cases::CaseEvent& event) {
  const auto& act = std::get<cases::CorrectionNotice>(event.act);
  papers::CorrectionNotice notice;
  notice.received = request.file.state.received.value_or(event.day);
  for (const std::string& key : act.materials) {
    notice.missing.push_back({MaterialName(request, key), act.text.empty() ? "请补交" : act.text});
  }
  notice.until = act.until;
  notice.next_steps = {"请将补正材料一次交齐到受理窗口。"};
  if (event.id.writer == cases::Side::kCity && !event.actor.department.empty()) {
    notice.department = event.actor.department;
    notice.accepted = request.file.state.accepted;
    notice.clause = papers::kReviewClause;
  }
  return notice;
}

papers::DeclineNotice Declining(const PaperRequest& request) {
  papers::DeclineNotice notice;
  notice.received = request.file.state.received.value_or(request.today);
  notice.ground = request.file.state.decision_ground;
  notice.review_authority = request.letterhead.review_authority;
  notice.court = request.letterhead.court;
  return notice;
}

papers::DeliveryReceipt Delivery(const PaperRequest& request) {
  const CaseState& state = request.file.state;
  papers::DeliveryReceipt receipt;
  const Item* item = request.catalogue.Find(state.terms.item);
  const bool granted = state.granted.value_or(false);
  const std::string document = item != nullptr ? item->document : state.terms.name;
  receipt.documents.push_back({granted ? document : "不予行政许可决定书", state.certificate_no, 1});
  const auto* dispatched = LastOf<cases::Dispatch>(request.file);
  if (dispatched != nullptr) {
    const auto& act = std::get<cases::Dispatch>(dispatched->act);
    receipt.courier = act.courier;
    receipt.waybill = act.waybill;
  }
  receipt.method = dispatched != nullptr ? "邮寄送达" : "直接送达";
  receipt.place = dispatched != nullptr && !request.applicant.address.empty() ? request.applicant.address
                                                                              : request.letterhead.organisation;
  receipt.delivered = state.delivered;
  if (request.receiver) {
    receipt.receiver = request.receiver->name;
    receipt.relation = request.receiver->relation;
  }
  return receipt;
}

papers::PlanningPermit Certificate(const PaperRequest& request) {
  const CaseState& state = request.file.state;
  papers::PlanningPermit permit;
  permit.number = state.certificate_no;
  const auto& form = request.applicant.form;
  const auto project = form.find(kProjectField);
  const auto place = form.find(kPlaceField);
  // Cases that were received before the form asked for them have neither.
  permit.project = project != form.end() ? project->second : request.applicant.name + "建设项目";
  permit.place = place != form.end() ? place->second : "详见附图";
  permit.scale = state.area_m2 ? "总建筑面积 " + state.area_m2->ToString() + " 平方米" : "详见附图";
  permit.attachments = {"建设工程设计方案总平面图"};
  permit.issuer = state.signers.empty() ? request.letterhead.organisation : state.signers.front();
  if (const auto* decided = LastOf<cases::Decide>(request.file)) {
    const auto& delegation = std::get<cases::Decide>(decided->act).delegation;
    if (delegation) permit.instrument = delegation->instrument;
  }
  return permit;
}

}  // namespace

std::optional<PaperKind> ParsePaper(std::string_view name) {
  const auto found = std::ranges::find(kPaperNames, name);
  if (found == kPaperNames.end()) return std::nullopt;
  return static_cast<PaperKind>(found - kPaperNames.begin());
}

std::string_view NameOf(PaperKind kind) {
  return kPaperNames.at(static_cast<std::size_t>(kind));
}

base::Status HasPaper(PaperKind kind, const ledger::CaseFile& file) {
  const CaseState& state = file.state;
  const auto refuse = [](Words words) { return Fail(base::ErrorCode::kRefused, std::move(words)); };
  if (file.coming != 0) {
    return refuse({"earlier entries of the case are still being fetched: papers can be made once they are here",
                   "正在取回此办件较早的记录，取回后才能制作文书"});
  }
  switch (kind) {
    case PaperKind::kAcceptance:
      if (!state.accepted) return refuse({"the case was not accepted", "办件尚未受理"});
      return {};
    case PaperKind::kCorrection:
      if (LastOf<cases::CorrectionNotice>(file) == nullptr) return refuse({"no correction was told", "没有告知过补正"});
      return {};
    case PaperKind::kDecline:
      if (state.phase != cases::Phase::kDeclined) return refuse({"the case was not declined", "办件未作不予受理"});
      return {};
    case PaperKind::kDelivery:
      if (!state.decided) return refuse({"nothing was decided yet", "尚未作出决定"});
      return {};
    case PaperKind::kPlanningPermit:
      if (state.certificate_no.empty()) return refuse({"there is no certificate yet", "证件尚未制作"});
      return {};
  }
  return {};
}

bool WasPrinted(PaperKind kind, const ledger::CaseFile& file) {
  return std::ranges::any_of(file.events, [&](const cases::CaseEvent& event) {
    const auto* print = std::get_if<cases::Print>(&event.act);
    return print != nullptr && print->paper == NameOf(kind);
  });
}

Result<papers::Paper> PaperOf(const PaperRequest& request) {
  const CaseState& state = request.file.state;
  YB_TRY(HasPaper(request.kind, request.file));
  papers::Paper paper;
  paper.organisation = request.letterhead.organisation;
  paper.receipt_no = state.receipt_no;
  paper.number = state.number;
  paper.applicant = request.applicant.name;
  const bool company = request.applicant.kind == ledger::Applicant::Kind::kCompany;
  paper.applicant_code = company ? request.applicant.code : codes::MaskIdentityNumber(request.applicant.code);
  paper.item = state.terms.name;
  paper.clerk = request.clerk;
  paper.contact = request.letterhead.contact;
  paper.date = request.today;
  switch (request.kind) {
    case PaperKind::kAcceptance: {
      paper.date = *state.accepted;
      YB_ASSIGN(paper.body, Acceptance(request));
      break;
    }
    case PaperKind::kCorrection: {
      const auto* event = LastOf<cases::CorrectionNotice>(request.file);
      YB_CHECK(event != nullptr, "what is missing was told by a notice");
      paper.date = event->day;
      paper.body = Correction(request, *event);
      break;
    }
    case PaperKind::kDecline: paper.body = Declining(request); break;
    case PaperKind::kDelivery: paper.body = Delivery(request); break;
    case PaperKind::kPlanningPermit: {
      const auto* event = LastOf<cases::Certify>(request.file);
      if (event != nullptr) paper.date = event->day;
      paper.body = Certificate(request);
      break;
    }
  }
  return paper;
}

}  // namespace yb::casework
