#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/api/case_json.hpp"
#include "core/api/case_routes.hpp"
#include "core/api/form.hpp"
#include "core/api/uncached.hpp"
#include "core/domain/cases/case_clock.hpp"
#include "core/domain/codes/identity_codes.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Words;
using http::Request;
using nlohmann::json;

json ToJson(const casework::DelegationRule& rule) {
  const cases::Delegation& delegation = rule.delegation;
  return {{"instrument", delegation.instrument},
          {"mode", casework::ToString(delegation.mode)},
          {"most_area_m2", delegation.most_area_m2 ? json(delegation.most_area_m2->ToString()) : json(nullptr)},
          {"valid_from", calendar::ToString(delegation.valid_from)},
          {"valid_to", calendar::ToString(delegation.valid_to)},
          {"grantor", rule.grantor}};
}

json ToJson(const casework::Item& item, const casework::DelegationRule* delegation) {
  json materials = json::array();
  for (const casework::MaterialRule& material : item.materials) {
    json one = {{"key", material.key},
                {"name", material.name},
                {"required", material.required},
                {"may_follow", material.may_follow}};
    if (!material.note.empty()) one["note"] = material.note;
    materials.push_back(std::move(one));
  }
  json fields = json::array();
  for (const casework::FormField& field : item.fields) {
    json one = {{"key", field.key},
                {"name", field.name},
                {"kind", casework::ToString(field.kind)},
                {"required", field.required}};
    if (!field.unit.empty()) one["unit"] = field.unit;
    if (!field.note.empty()) one["note"] = field.note;
    fields.push_back(std::move(one));
  }
  return {{"item", item.key},
          {"name", item.name},
          {"promised_days", item.promised_days},
          {"statutory_days", item.statutory_days},
          {"extension_days", item.extension_days},
          {"signers", item.signers},
          {"materials", std::move(materials)},
          {"fields", std::move(fields)},
          {"delegation", delegation != nullptr ? ToJson(*delegation) : json(nullptr)}};
}

http::Response Catalogue(const Request& request, casework::CaseDesk& desk, const base::Clock& clock) {
  const auto reference = desk.reference().Now();
  json items = json::array();
  for (const casework::Item& item : reference->catalogue.items) {
    const casework::DelegationRule* delegation =
        desk.own_site() ? reference->delegations.Find(*desk.own_site(), item.key, desk.Today()) : nullptr;
    items.push_back(ToJson(item, delegation));
  }
  json body = {{"version", reference->catalogue.version}, {"items", std::move(items)}};
  const std::string tagged = body.dump();
  body["now_us"] = clock.Now().micros;
  return AnswerTagged(request, body.dump(), tagged);
}

std::string_view ToString(codes::Verdict verdict) {
  switch (verdict) {
    case codes::Verdict::kGood: return "good";
    case codes::Verdict::kWarning: return "warning";
    case codes::Verdict::kWrong: return "wrong";
  }
  return "";
}

Result<json> CheckCode(const Request& request, calendar::CivilDate today) {
  YB_ASSIGN(Form form, Form::Parse(request.body));
  const std::string kind = form.Word("kind", {"credit_code", "identity_number"});
  const std::string text = form.Text("text", 128);
  YB_TRY(form.Finish());
  const codes::Finding finding =
      kind == "credit_code" ? codes::CheckCreditCode(text) : codes::CheckIdentityNumber(text, today);
  const Words why = finding.verdict == codes::Verdict::kGood ? Words{"it can be one", "校验通过"} : finding.why;
  return json{{"verdict", ToString(finding.verdict)}, {"message", http::PrefersChinese(request) ? why.zh : why.en}};
}

Result<json> Deadline(const Request& request, const calendar::WorkingCalendar& calendar, base::UtcTime now) {
  const auto from_text = request.query.find("from");
  const auto from = calendar::ParseDate(from_text != request.query.end() ? from_text->second : "");
  if (!from) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"from is no day such as 2026-01-31", "from 应为日期，例如 2026-01-31"});
  }
  YB_ASSIGN(const std::int64_t days,
            ReadWhole(request, "working_days", 0, calendar::WorkingCalendar::kMostDays, std::nullopt));
  YB_ASSIGN(const calendar::Deadline deadline, calendar.Add(*from, days));
  cases::CaseState counted;
  counted.accepted = *from;
  counted.terms.promised_days = days;
  counted.terms.statutory_days = days;
  const auto clocks = cases::ReadClocks(counted, calendar, *from);
  return json{{"now_us", now.micros},
              {"deadline", calendar::ToString(deadline.date)},
              {"provisional", deadline.provisional},
              {"why", case_json::Lines(clocks->promised.why, counted)}};
}

}  // namespace

void AddReferenceRoutes(http::Router& router, casework::CaseDesk& desk, const base::Clock& clock) {
  router.Add("GET", "/api/v1/catalogue", http::kSignedIn,
             [&desk, &clock](const Request& request) { return Catalogue(request, desk, clock); });
  router.Add("POST", "/api/v1/codes/check", http::kSignedIn,
             [&desk](const Request& request) { return AnswerUncached(CheckCode(request, desk.Today())); });
  router.Add("GET", "/api/v1/calendar/deadline", http::kSignedIn, [&desk, &clock](const Request& request) {
    return AnswerUncached(Deadline(request, *desk.calendar(), clock.Now()));
  });
}

}  // namespace yb::api
