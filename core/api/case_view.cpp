#include "core/api/case_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/case_json.hpp"
#include "core/api/case_words.hpp"
#include "core/casework/act_probe.hpp"
#include "core/domain/cases/transition_table.hpp"

namespace yb::api {
namespace {

using base::Result;
using base::Words;
using cases::CaseState;
using cases::Side;
using casework::PersonView;
using ledger::CaseFile;
using nlohmann::json;

const std::string& In(bool chinese, const Words& words) {
  return chinese ? words.zh : words.en;
}

std::string_view NameOf(PersonView::State state) {
  switch (state) {
    case PersonView::State::kHere: return "here";
    case PersonView::State::kAwaited: return "awaited";
    case PersonView::State::kErased: return "erased";
  }
  return "";
}

}  // namespace

std::pair<int, int> CaseViewer::FilesOf(const CaseState& state, bool erased) const {
  int here = 0;
  for (const auto& [key, material] : state.materials) {
    const auto sha = files::ParseHex(material.file);
    here += sha && desk_.files().Has(*sha) ? 1 : 0;
  }
  return {here, erased ? here : static_cast<int>(state.materials.size())};
}

bool CaseViewer::ParkDecides(const base::SiteId& site, const CaseState& state) const {
  return casework::ParkDecides(site, state, *desk_.reference().Now(), desk_.Today());
}

json CaseViewer::Row(const base::SiteId& site, const CaseFile& file) const {
  const CaseState& state = file.state;
  const PersonView person = desk_.PersonOf(site, state);
  const auto clocks = cases::ReadClocks(state, *desk_.calendar(), desk_.Today());
  const auto [here, all] = FilesOf(state, person.state == PersonView::State::kErased);
  base::UtcTime updated{};
  for (const cases::CaseEvent& event : file.events) updated = std::max(updated, event.time);
  const auto tasks = std::ranges::count(state.ineffective, false, &cases::Ineffective::settled);
  return {{"site", site.text()},
          {"site_name", sources_.name_of(site)},
          {"case", state.case_id},
          {"receipt_no", state.receipt_no},
          {"number", case_json::OrNull(state.number)},
          {"item_name", state.terms.name},
          {"applicant", person.state == PersonView::State::kHere ? case_json::MaskedName(person.applicant) : ""},
          {"phase", cases::ToString(state.phase)},
          {"holder", ToString(state.holder)},
          {"turn", case_json::Turn(state)},
          {"park_decides", ParkDecides(site, state)},
          {"handler", state.handler},
          {"received_by", case_json::ReceivedBy(file)},
          {"finished", case_json::OrNull(case_json::FinishedOn(file))},
          {"promised", clocks ? case_json::Brief(clocks->promised) : json(nullptr)},
          {"statutory", clocks ? case_json::Brief(clocks->statutory) : json(nullptr)},
          {"suspended", state.paused()},
          {"correction", case_json::Correction(file)},
          {"supervised", state.supervisions != 0},
          {"reminders", state.reminders},
          {"requests", state.finished() ? 0 : state.requests.size()},
          {"tasks", tasks},
          {"files_here", here},
          {"files_all", all},
          {"updated_us", updated.micros}};
}

std::string CaseViewer::NameOfFile(const base::SiteId& site, const CaseState& state, base::ByteView sealed) const {
  const auto name = desk_.Unsealed(site, state, sealed);
  return name ? std::string(base::AsText(*name)) : "";
}

json CaseViewer::MaterialsOf(const base::SiteId& site, const CaseFile& file) const {
  const CaseState& state = file.state;
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
    json stored = nullptr;
    json same_as = json::array();
    for (const auto& [other, other_name] : here ? wanted : decltype(wanted)()) {
      const auto found = state.materials.find(other);
      const bool same = other != key && found != state.materials.end() && found->second.file == material->second.file;
      if (same) same_as.push_back(other_name);
    }
    if (here) {
      const auto sha = files::ParseHex(material->second.file);
      const bool arrived = sha && desk_.files().Has(*sha);
      stored = {{"file", material->second.file},
                {"name", NameOfFile(site, state, material->second.name)},
                {"bytes", material->second.bytes},
                {"arrived_bytes", arrived ? material->second.bytes : 0},
                {"after_correction", case_json::GivenAfterCorrection(file, key)}};
    }
    out.push_back({{"key", key},
                   {"name", name},
                   {"required", contains(state.terms.materials, key)},
                   {"state", how},
                   {"same_as", std::move(same_as)},
                   {"file", std::move(stored)}});
  }
  return out;
}

json CaseViewer::ScansOf(const CaseFile& file) const {
  json out = json::array();
  for (const auto& [paper, name] : case_json::ScansOf(file)) {
    const auto sha = files::ParseHex(name);
    const auto kept = sha ? desk_.files().Find(*sha) : std::nullopt;
    const bool here = kept && *kept;
    out.push_back({{"paper", paper}, {"file", name}, {"bytes", here ? json((*kept)->size) : json(nullptr)}});
  }
  return out;
}

/// In the order of the item's form; behind it what the catalogue does not ask for any more.
json CaseViewer::FormOf(const CaseState& state, const PersonView& person) const {
  json out = json::array();
  if (person.state != PersonView::State::kHere) return out;
  const auto reference = desk_.reference().Now();
  const casework::Item* item = reference->catalogue.Find(state.terms.item);
  auto answers = person.applicant.form;
  for (const casework::FormField& field : item != nullptr ? item->fields : std::vector<casework::FormField>()) {
    const auto answer = answers.extract(field.key);
    if (answer) out.push_back({{"key", field.key}, {"name", field.name}, {"text", answer.mapped()}});
  }
  for (const auto& [key, text] : answers) out.push_back({{"key", key}, {"name", key}, {"text", text}});
  return out;
}

Result<json> CaseViewer::HistoryOf(const base::SiteId& site, const CaseFile& file, bool chinese) const {
  const Side own = desk_.side();
  YB_ASSIGN(const auto heads, desk_.ledger().Read([&](ledger::StreamLog& log,
                                                      ledger::CaseTables&) -> Result<std::vector<ledger::StreamHead>> {
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
    std::string details = In(chinese, DetailsOf(event->act));
    if (const auto* put = std::get_if<cases::PutMaterial>(&event->act)) {
      const std::string name = NameOfFile(site, file.state, put->name);
      if (!name.empty()) details = name;
    }
    out.push_back(
        {{"event", case_json::Event(event->id)},
         {"act", ToString(cases::KindOf(event->act))},
         {"name", In(chinese, case_json::NameOf(file, *event))},
         {"time_us", event->time.micros},
         {"actor", {{"user", event->actor.user}, {"name", event->actor.name}, {"department", event->actor.department}}},
         {"details", std::move(details)},
         {"here", event->id.writer == own},
         {"other_knows", known},
         {"ineffective", effective ? json(nullptr) : json(chinese ? ineffective->reason_zh : ineffective->reason_en)}});
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
                   {"name", In(chinese, cases::NameOf(act, file.state.granted))},
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
  out["form"] = FormOf(state, person);
  out["urgent"] = state.urgent;
  out["received"] = case_json::OrNull(state.received);
  out["accepted"] = case_json::OrNull(state.accepted);
  out["decided"] = case_json::OrNull(state.decided);
  out["delivered"] = case_json::OrNull(state.delivered);
  out["applicant_fields"] =
      person.state == PersonView::State::kHere ? case_json::Masked(person.applicant) : json(nullptr);
  out["masked"] = true;
  out["person_state"] = NameOf(person.state);
  const auto clocks = cases::ReadClocks(state, *desk_.calendar(), desk_.Today());
  out["clocks"] = clocks ? json{{"promised", case_json::Full(clocks->promised, state)},
                                {"statutory", case_json::Full(clocks->statutory, state)}}
                         : json(nullptr);
  out["tell_by"] = nullptr;
  if (state.phase == cases::Phase::kReceived && !state.corrected_once) {
    const auto tell = cases::LastDayToTell(state, *desk_.calendar());
    if (tell) out["tell_by"] = calendar::ToString(tell->date);
  }
  out["materials"] = MaterialsOf(site, file);
  out["following_until"] = case_json::OrNull(state.following_until);
  out["signers"] = case_json::Signers(file);
  out["decision"] = case_json::Decision(file, desk_.ReceiverOf(site, file));
  out["scans"] = ScansOf(file);
  out["pauses"] = case_json::Pauses(state);
  out["extended_days"] = state.extended_days;
  out["open_requests"] = case_json::Requests(file, desk_.side());
  out["ineffective_events"] = case_json::Ineffective(file, chinese);
  out["needs_upgrade"] = state.needs_upgrade;
  out["merged_into"] = case_json::OrNull(state.merged_into);
  out["duplicates"] = json::array();
  if (!state.finished()) {
    YB_ASSIGN(const auto places, desk_.DuplicatesOf(site, file));
    for (const casework::CaseDesk::Place& place : places) {
      YB_ASSIGN(const CaseFile other, desk_.ledger().Find(place.site, place.case_id));
      out["duplicates"].push_back(Row(place.site, other));
    }
  }
  out["steps"] = case_json::Steps(state, ParkDecides(site, state), chinese);
  YB_ASSIGN(out["history"], HistoryOf(site, file, chinese));
  out["history_coming"] = file.coming;
  out["may"] = MayOf(worker, site, file, chinese);
  const ledger::LedgerSession session = sources_.session_of(site);
  out["other_side"] = {{"open", session.open},
                       {"last_word_us", session.last_word ? json(session.last_word->micros) : json(nullptr)}};
  return out;
}

}  // namespace yb::api
