#include "core/api/case_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/api/case_steps.hpp"
#include "core/api/case_words.hpp"
#include "core/files/file_store.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/domain/codes/masking.hpp"

namespace yb::api {
namespace {

using base::Result;
using base::Words;
using calendar::CivilDate;
using cases::CaseState;
using cases::Side;
using casework::PersonView;
using ledger::Applicant;
using ledger::CaseFile;
using nlohmann::json;

constexpr std::size_t kShownOfAddress = 9;  // bytes: 包头市

const std::string& In(bool chinese, const Words& words) {
  return chinese ? words.zh : words.en;
}

json OrNull(const std::optional<CivilDate>& day) {
  return day ? json(calendar::ToString(*day)) : json(nullptr);
}
json TextOrNull(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json ToJson(const cases::EventId& id) {
  return {{"writer", ToString(id.writer)}, {"epoch", id.at.epoch}, {"seq", id.at.seq}};
}

json Brief(const cases::ClockReading& clock) {
  return {{"deadline", calendar::ToString(clock.deadline)},
          {"provisional", clock.provisional},
          {"left_days", clock.left_days},
          {"lamp", ToString(clock.lamp)}};
}

json Full(const cases::ClockReading& clock, const CaseState& state) {
  json out = Brief(clock);
  out["limit_days"] = clock.limit_days;
  out["without_pauses"] = calendar::ToString(clock.without_pauses);
  out["used_days"] = clock.used_days;
  out["paused_days"] = clock.paused_days;
  out["why"] = LinesToJson(clock.why, state);
  return out;
}

std::string MaskedName(const Applicant& applicant) {
  return applicant.kind == Applicant::Kind::kCompany ? applicant.name : codes::MaskName(applicant.name);
}

std::string MaskedAddress(const std::string& address) {
  if (address.empty()) return {};
  std::size_t end = std::min(kShownOfAddress, address.size());
  while (end > 0 && end < address.size() && (static_cast<unsigned char>(address[end]) & 0xC0U) == 0x80U) --end;
  return (end < address.size() ? address.substr(0, end) : std::string()) + "****";
}

json Masked(const Applicant& applicant) {
  const bool company = applicant.kind == Applicant::Kind::kCompany;
  return {{"kind", company ? "company" : "person"},
          {"name", MaskedName(applicant)},
          {"code", company ? applicant.code : codes::MaskIdentityNumber(applicant.code)},
          {"agent", codes::MaskName(applicant.agent)},
          {"phone", codes::MaskPhone(applicant.phone)},
          {"address", MaskedAddress(applicant.address)}};
}

std::string_view NameOf(PersonView::State state) {
  switch (state) {
    case PersonView::State::kHere: return "here";
    case PersonView::State::kAwaited: return "awaited";
    case PersonView::State::kErased: return "erased";
  }
  return "";
}

/// Whose turn it is, as the tables of the ledger reckon it (ledger::TurnOf).
json TurnOf(const CaseState& state) {
  json turn = json::array();
  for (const std::string& who : ledger::TurnOf(state)) turn.push_back(who);
  return turn;
}

const cases::CaseEvent* FindEvent(const CaseFile& file, const cases::EventId& id) {
  const auto found = std::ranges::find(file.events, id, &cases::CaseEvent::id);
  return found == file.events.end() ? nullptr : &*found;
}

json SignersOf(const CaseFile& file) {
  json out = json::array();
  for (const std::string& department : file.state.signers) {
    json one = {{"department", department}, {"signed", false}, {"agrees", false},
                {"opinion", ""},            {"by", ""},        {"time_us", nullptr}};
    const auto signature = file.state.signatures.find(department);
    if (signature != file.state.signatures.end()) {
      const cases::CaseEvent* event = FindEvent(file, signature->second.event);
      one["signed"] = true;
      one["agrees"] = signature->second.agrees;
      one["opinion"] = signature->second.opinion;
      one["by"] = signature->second.by.name;
      if (event != nullptr) one["time_us"] = event->time.micros;
    }
    out.push_back(std::move(one));
  }
  return out;
}

json RequestsOf(const CaseFile& file, Side own) {
  json out = json::array();
  for (const cases::OpenRequest& request : file.state.requests) {
    const cases::CaseEvent* event = FindEvent(file, request.event);
    out.push_back({{"event", ToJson(request.event)},
                   {"kind", ToString(request.kind)},
                   {"text", request.text},
                   {"time_us", event != nullptr ? event->time.micros : 0},
                   {"by", event != nullptr ? event->actor.name : ""},
                   {"mine", request.event.writer == own}});
  }
  return out;
}

json IneffectiveOf(const CaseFile& file, bool chinese) {
  json out = json::array();
  for (const cases::Ineffective& one : file.state.ineffective) {
    const cases::CaseEvent* event = FindEvent(file, one.event);
    const Words name = event != nullptr ? cases::NameOf(cases::KindOf(event->act)) : Words{};
    out.push_back({{"event", ToJson(one.event)},
                   {"name", In(chinese, name)},
                   {"reason", chinese ? one.reason_zh : one.reason_en},
                   {"settled", one.settled}});
  }
  return out;
}

json PausesOf(const CaseState& state) {
  json out = json::array();
  for (const cases::PauseSpan& pause : state.pauses) {
    out.push_back({{"ground", ToString(pause.ground)},
                   {"document", pause.document},
                   {"from", calendar::ToString(pause.from)},
                   {"to", OrNull(pause.to)}});
  }
  return out;
}

json StepsToJson(const CaseState& state, bool chinese) {
  json out = json::array();
  for (const CaseStep& step : StepsOf(state)) {
    out.push_back({{"step", step.step},
                   {"name", In(chinese, step.name)},
                   {"state", ToString(step.state)},
                   {"note", step.note}});
  }
  return out;
}

}  // namespace

json LinesToJson(const std::vector<cases::ClockLine>& lines, const CaseState& state) {
  json out = json::array();
  for (const cases::ClockLine& line : lines) {
    json one = {{"what", ToString(line.what)},
                {"from", calendar::ToString(line.from)},
                {"to", calendar::ToString(line.to)}};
    if (line.first != 0) {
      one["first"] = line.first;
      one["last"] = line.last;
    }
    if (line.what == cases::ClockLine::What::kPaused) {
      one["ground"] = ToString(line.ground);
      for (const cases::PauseSpan& pause : state.pauses) {
        const bool covers = pause.ground == line.ground && pause.from <= line.from &&
                            (!pause.to || line.from <= *pause.to);
        if (covers && !pause.document.empty()) one["document"] = pause.document;
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

json CaseViewer::InFull(const Applicant& applicant) {
  return {{"kind", applicant.kind == Applicant::Kind::kCompany ? "company" : "person"},
          {"name", applicant.name},
          {"code", applicant.code},
          {"agent", applicant.agent},
          {"phone", applicant.phone},
          {"address", applicant.address}};
}

std::pair<int, int> CaseViewer::FilesOf(const CaseState& state) const {
  std::set<std::string> names;
  for (const auto& [key, material] : state.materials) names.insert(material.file);
  int here = 0;
  for (const std::string& name : names) {
    const auto sha = files::ParseHex(name);
    here += sha && desk_.files().Has(*sha) ? 1 : 0;
  }
  return {here, static_cast<int>(names.size())};
}

json CaseViewer::Row(const base::SiteId& site, const CaseFile& file) const {
  const CaseState& state = file.state;
  const PersonView person = desk_.PersonOf(site, state);
  const auto clocks = cases::ReadClocks(state, *desk_.calendar(), desk_.Today());
  const auto [here, all] = FilesOf(state);
  base::UtcTime updated{};
  for (const cases::CaseEvent& event : file.events) updated = std::max(updated, event.time);
  const auto tasks = std::ranges::count(state.ineffective, false, &cases::Ineffective::settled);
  return {{"site", site.text()},
          {"site_name", sources_.name_of(site)},
          {"case", state.case_id},
          {"receipt_no", state.receipt_no},
          {"number", TextOrNull(state.number)},
          {"item_name", state.terms.name},
          {"applicant", person.state == PersonView::State::kHere ? MaskedName(person.applicant) : ""},
          {"phase", cases::ToString(state.phase)},
          {"holder", ToString(state.holder)},
          {"turn", TurnOf(state)},
          {"handler", state.handler},
          {"promised", clocks ? Brief(clocks->promised) : json(nullptr)},
          {"statutory", clocks ? Brief(clocks->statutory) : json(nullptr)},
          {"suspended", state.paused()},
          {"supervised", state.supervisions != 0},
          {"reminders", state.reminders},
          {"requests", state.requests.size()},
          {"tasks", tasks},
          {"files_here", here},
          {"files_all", all},
          {"updated_us", updated.micros}};
}

json CaseViewer::MaterialsOf(const CaseState& state) const {
  const auto reference = desk_.reference().Now();
  const casework::Item* item = reference->catalogue.Find(state.terms.item);
  const auto contains = [](const std::vector<std::string>& all, const std::string& one) {
    return std::ranges::find(all, one) != all.end();
  };
  std::vector<std::pair<std::string, std::string>> wanted;  // key, name
  if (item != nullptr) {
    for (const casework::MaterialRule& rule : item->materials) wanted.emplace_back(rule.key, rule.name);
  }
  const auto listed = [&](const std::string& key) {
    return std::ranges::find(wanted, key, [](const auto& one) { return one.first; }) != wanted.end();
  };
  for (const std::string& key : state.terms.materials) {
    if (!listed(key)) wanted.emplace_back(key, key);
  }
  for (const std::string& key : state.missing) {
    if (!listed(key)) wanted.emplace_back(key, key);
  }
  for (const auto& [key, material] : state.materials) {
    if (!listed(key)) wanted.emplace_back(key, key);
  }
  json out = json::array();
  for (const auto& [key, name] : wanted) {
    const auto material = state.materials.find(key);
    const bool here = material != state.materials.end();
    std::string_view how = here ? "here" : "missing";
    if (contains(state.following, key)) how = "follows";
    if (contains(state.missing, key)) how = "asked_for";
    json file = nullptr;
    if (here) {
      const auto sha = files::ParseHex(material->second.file);
      const bool arrived = sha && desk_.files().Has(*sha);
      file = {{"file", material->second.file},
              {"name", material->second.name},
              {"bytes", material->second.bytes},
              {"arrived_bytes", arrived ? material->second.bytes : 0}};
    }
    out.push_back({{"key", key},
                   {"name", name},
                   {"required", contains(state.terms.materials, key)},
                   {"state", how},
                   {"file", std::move(file)}});
  }
  return out;
}

json CaseViewer::DecisionOf(const CaseFile& file) const {
  const CaseState& state = file.state;
  if (!state.granted || !state.decided_by) return nullptr;
  json out = {{"granted", *state.granted},
              {"text", state.decision_text},
              {"ground", state.decision_ground},
              {"side", ToString(*state.decided_by)},
              {"certificate_no", state.certificate_no},
              {"certificate_file", ""},
              {"waybill", state.waybill},
              {"delivery_file", ""}};
  for (const cases::CaseEvent& event : file.events) {
    if (std::ranges::find(state.ineffective, event.id, &cases::Ineffective::event) != state.ineffective.end()) continue;
    if (const auto* certify = std::get_if<cases::Certify>(&event.act)) out["certificate_file"] = certify->file;
    if (const auto* deliver = std::get_if<cases::Deliver>(&event.act)) out["delivery_file"] = deliver->file;
  }
  return out;
}

Result<json> CaseViewer::HistoryOf(const base::SiteId& site, const CaseFile& file, bool chinese) const {
  const Side own = desk_.side();
  YB_ASSIGN(const auto heads,
            desk_.ledger().Read([&](ledger::StreamLog& log, ledger::CaseTables&) -> Result<std::vector<ledger::StreamHead>> {
              YB_ASSIGN(const auto no, log.FindSite(site));
              if (!no) return std::vector<ledger::StreamHead>();
              return log.Heads({*no, own});
            }));
  json out = json::array();
  for (auto event = file.events.rbegin(); event != file.events.rend(); ++event) {
    bool known = event->id.writer != own;
    for (const ledger::StreamHead& head : heads) {
      known = known || (head.epoch == event->id.at.epoch && event->id.at.seq <= head.acked);
    }
    const auto ineffective = std::ranges::find(file.state.ineffective, event->id, &cases::Ineffective::event);
    const bool effective = ineffective == file.state.ineffective.end();
    out.push_back({{"event", ToJson(event->id)},
                   {"act", ToString(cases::KindOf(event->act))},
                   {"name", In(chinese, cases::NameOf(cases::KindOf(event->act)))},
                   {"time_us", event->time.micros},
                   {"actor",
                    {{"user", event->actor.user},
                     {"name", event->actor.name},
                     {"department", event->actor.department}}},
                   {"details", In(chinese, DetailsOf(event->act))},
                   {"here", event->id.writer == own},
                   {"other_knows", known},
                   {"ineffective", effective ? json(nullptr)
                                             : json(chinese ? ineffective->reason_zh : ineffective->reason_en)}});
  }
  return out;
}

json CaseViewer::MayOf(const casework::Worker& worker, const base::SiteId& site, const CaseFile& file,
                       bool chinese) const {
  json out = json::array();
  for (const cases::ActKind act : casework::ActsOf(worker.roles, desk_.side())) {
    const base::Status may = desk_.May(worker, site, file, act);
    json why = nullptr;
    if (!may) why = chinese && !may.error().message_zh.empty() ? may.error().message_zh : may.error().message;
    out.push_back({{"act", ToString(act)},
                   {"name", In(chinese, cases::NameOf(act))},
                   {"allowed", may.has_value()},
                   {"why_not", std::move(why)}});
  }
  return out;
}

Result<json> CaseViewer::View(const casework::Worker& worker, const base::SiteId& site, const CaseFile& file,
                              bool chinese) const {
  const CaseState& state = file.state;
  json out = Row(site, file);
  const PersonView person = desk_.PersonOf(site, state);
  out["item"] = state.terms.item;
  out["area_m2"] = state.area_m2 ? json(state.area_m2->ToString()) : json(nullptr);
  out["urgent"] = state.urgent;
  out["received"] = OrNull(state.received);
  out["accepted"] = OrNull(state.accepted);
  out["decided"] = OrNull(state.decided);
  out["delivered"] = OrNull(state.delivered);
  out["applicant_fields"] = person.state == PersonView::State::kHere ? Masked(person.applicant) : json(nullptr);
  out["masked"] = true;
  out["person_state"] = NameOf(person.state);
  const auto clocks = cases::ReadClocks(state, *desk_.calendar(), desk_.Today());
  out["clocks"] = clocks ? json{{"promised", Full(clocks->promised, state)}, {"statutory", Full(clocks->statutory, state)}}
                         : json(nullptr);
  out["tell_by"] = nullptr;
  if (state.phase == cases::Phase::kReceived && !state.corrected_once) {
    const auto tell = cases::LastDayToTell(state, *desk_.calendar());
    if (tell) out["tell_by"] = calendar::ToString(tell->date);
  }
  out["materials"] = MaterialsOf(state);
  out["following_until"] = OrNull(state.following_until);
  out["signers"] = SignersOf(file);
  out["decision"] = DecisionOf(file);
  out["pauses"] = PausesOf(state);
  out["extended_days"] = state.extended_days;
  out["open_requests"] = RequestsOf(file, desk_.side());
  out["ineffective_events"] = IneffectiveOf(file, chinese);
  out["needs_upgrade"] = state.needs_upgrade;
  out["merged_into"] = TextOrNull(state.merged_into);
  out["duplicates"] = json::array();
  if (!state.finished()) {
    YB_ASSIGN(const auto places, desk_.DuplicatesOf(site, file));
    for (const casework::CaseDesk::Place& place : places) {
      YB_ASSIGN(const CaseFile other, desk_.ledger().Find(place.site, place.case_id));
      out["duplicates"].push_back(Row(place.site, other));
    }
  }
  out["steps"] = StepsToJson(state, chinese);
  YB_ASSIGN(out["history"], HistoryOf(site, file, chinese));
  out["may"] = MayOf(worker, site, file, chinese);
  const ledger::LedgerSession session = sources_.session_of(site);
  out["other_side"] = {{"open", session.open},
                       {"last_word_us", session.last_word ? json(session.last_word->micros) : json(nullptr)}};
  return out;
}

}  // namespace yb::api
