#include "core/api/case_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/case_steps.hpp"
#include "core/api/case_words.hpp"
#include "core/domain/cases/act_file.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/domain/codes/masking.hpp"

namespace yb::api::case_json {
namespace {

using base::Words;
using calendar::CivilDate;
using cases::CaseState;
using cases::Side;
using ledger::Applicant;
using ledger::CaseFile;
using nlohmann::json;

constexpr std::size_t kShownOfAddress = 9;  // bytes: 包头市

const std::string& In(bool chinese, const Words& words) {
  return chinese ? words.zh : words.en;
}

std::string MaskedAddress(const std::string& address) {
  if (address.empty()) return {};
  std::size_t end = std::min(kShownOfAddress, address.size());
  while (end > 0 && end < address.size() && (static_cast<unsigned char>(address[end]) & 0xC0U) == 0x80U) --end;
  return (end < address.size() ? address.substr(0, end) : std::string()) + "****";
}

const cases::CaseEvent* FindEvent(const CaseFile& file, const cases::EventId& id) {
  const auto found = std::ranges::find(file.events, id, &cases::CaseEvent::id);
  return found == file.events.end() ? nullptr : &*found;
}

}  // namespace

Words NameOf(const CaseFile& file, const cases::CaseEvent& event) {
  const cases::CaseEvent* decided = ledger::LastOf<cases::Decide>(file);
  const bool after = decided != nullptr && cases::FoldsBefore(*decided, event);
  return cases::NameOf(cases::KindOf(event.act), after ? file.state.granted : std::nullopt);
}

json OrNull(const std::optional<CivilDate>& day) {
  return day ? json(calendar::ToString(*day)) : json(nullptr);
}
json OrNull(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json Event(const cases::EventId& id) {
  return {{"writer", ToString(id.writer)}, {"epoch", id.at.epoch}, {"seq", id.at.seq}};
}

json Brief(const cases::ClockReading& clock) {
  return {{"deadline", calendar::ToString(clock.deadline)},
          {"provisional", clock.provisional},
          {"moving", clock.moving},
          {"left_days", clock.left_days},
          {"lamp", ToString(clock.lamp)}};
}

json Full(const cases::ClockReading& clock, const CaseState& state) {
  json out = Brief(clock);
  out["limit_days"] = clock.limit_days;
  out["without_pauses"] = calendar::ToString(clock.without_pauses);
  out["used_days"] = clock.used_days;
  out["paused_days"] = clock.paused_days;
  out["why"] = Lines(clock.why, state);
  return out;
}

std::string MaskedName(const Applicant& applicant) {
  return applicant.kind == Applicant::Kind::kCompany ? applicant.name : codes::MaskName(applicant.name);
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

json Turn(const CaseState& state) {
  json turn = json::array();
  for (const std::string& who : ledger::TurnOf(state)) turn.push_back(who);
  return turn;
}

json Signers(const CaseFile& file) {
  json out = json::array();
  for (const std::string& department : file.state.signers) {
    json one = {{"department", department}, {"signed", false}, {"agrees", false}, {"opinion", ""}, {"by", ""},
                {"time_us", nullptr}};
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

json Requests(const CaseFile& file, Side own) {
  json out = json::array();
  for (const cases::OpenRequest& request : file.state.requests) {
    const cases::CaseEvent* event = FindEvent(file, request.event);
    out.push_back({{"event", Event(request.event)},
                   {"kind", ToString(request.kind)},
                   {"text", request.text},
                   {"time_us", event != nullptr ? event->time.micros : 0},
                   {"by", event != nullptr ? event->actor.name : ""},
                   {"mine", request.event.writer == own}});
  }
  return out;
}

json Ineffective(const CaseFile& file, bool chinese) {
  json out = json::array();
  for (const cases::Ineffective& one : file.state.ineffective) {
    const cases::CaseEvent* event = FindEvent(file, one.event);
    const Words name = event != nullptr ? NameOf(file, *event) : Words{};
    out.push_back({{"event", Event(one.event)},
                   {"name", In(chinese, name)},
                   {"reason", chinese ? one.reason_zh : one.reason_en},
                   {"settled", one.settled}});
  }
  return out;
}

json Pauses(const CaseState& state) {
  json out = json::array();
  for (const cases::PauseSpan& pause : state.pauses) {
    out.push_back({{"ground", ToString(pause.ground)},
                   {"document", pause.document},
                   {"from", calendar::ToString(pause.from)},
                   {"to", OrNull(pause.to)}});
  }
  return out;
}

json Steps(const CaseState& state, bool park_decides, bool chinese) {
  json out = json::array();
  for (const CaseStep& step : StepsOf(state, park_decides)) {
    out.push_back({{"step", step.step},
                   {"name", In(chinese, step.name)},
                   {"state", ToString(step.state)},
                   {"note", In(chinese, step.note)}});
  }
  return out;
}

json Lines(const std::vector<cases::ClockLine>& lines, const CaseState& state) {
  json out = json::array();
  for (const cases::ClockLine& line : lines) {
    json one = {
        {"what", ToString(line.what)}, {"from", calendar::ToString(line.from)}, {"to", calendar::ToString(line.to)}};
    if (line.first != 0) {
      one["first"] = line.first;
      one["last"] = line.last;
    }
    using What = cases::ClockLine::What;
    if (line.what == What::kResumed || line.what == What::kIfResumed) one["days"] = line.last;
    if (line.what == What::kPaused) {
      one["ground"] = ToString(line.ground);
      for (const cases::PauseSpan& pause : state.pauses) {
        const bool covers =
            pause.ground == line.ground && pause.from <= line.from && (!pause.to || line.from <= *pause.to);
        if (covers && !pause.document.empty()) one["document"] = pause.document;
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

json InFull(const Applicant& applicant) {
  return {{"kind", applicant.kind == Applicant::Kind::kCompany ? "company" : "person"},
          {"name", applicant.name},
          {"code", applicant.code},
          {"agent", applicant.agent},
          {"phone", applicant.phone},
          {"address", applicant.address}};
}

json Correction(const CaseFile& file) {
  const cases::CaseEvent* told = ledger::LastOf<cases::CorrectionNotice>(file);
  if (!file.state.awaits_applicant() || told == nullptr) return nullptr;
  const auto& notice = std::get<cases::CorrectionNotice>(told->act);
  return {{"department", told->actor.department},
          {"told", calendar::ToString(told->day)},
          {"until", OrNull(notice.until)},
          {"text", notice.text},
          {"hand_out", file.state.awaits_hand_out()}};
}

std::string ReceivedBy(const CaseFile& file) {
  const cases::CaseEvent* received = ledger::LastOf<cases::Receive>(file);
  return received != nullptr ? received->actor.name : "";
}

std::optional<CivilDate> FinishedOn(const CaseFile& file) {
  if (!file.state.finished()) return std::nullopt;
  // Answer: a withdrawal that the other side has agreed to.
  const cases::CaseEvent* last =
      ledger::LastOf<cases::Close, cases::DeclineToAccept, cases::Withdraw, cases::Merge, cases::Answer>(file);
  return last != nullptr ? std::optional(last->day) : std::nullopt;
}

bool GivenAfterCorrection(const CaseFile& file, const std::string& material) {
  bool told = false, given = false;
  for (const cases::CaseEvent& event : file.events) {
    if (!file.HasEffect(event)) continue;
    if (std::holds_alternative<cases::CorrectionNotice>(event.act)) {
      told = true;
      given = false;
    }
    const auto* put = std::get_if<cases::PutMaterial>(&event.act);
    if (put != nullptr && put->material == material) given = told;
  }
  return given;
}

json Decision(const CaseFile& file, const std::optional<ledger::Receiver>& receiver) {
  const CaseState& state = file.state;
  if (!state.granted || !state.decided_by) return nullptr;
  return {{"granted", *state.granted},
          {"text", state.decision_text},
          {"ground", state.decision_ground},
          {"side", ToString(*state.decided_by)},
          {"certificate_no", state.certificate_no},
          {"waybill", state.waybill},
          {"receiver", receiver ? codes::MaskName(receiver->name) : ""},
          {"relation", receiver ? receiver->relation : ""}};
}

std::map<std::string, std::string> ScansOf(const CaseFile& file) {
  std::map<std::string, std::string> scans;
  for (const cases::CaseEvent& event : file.events) {
    const bool material = std::holds_alternative<cases::PutMaterial>(event.act);
    std::string scan = material || !file.HasEffect(event) ? "" : cases::FileOf(event.act);
    if (scan.empty()) continue;  // a number that is corrected keeps the scan
    scans[std::holds_alternative<cases::Deliver>(event.act) ? "delivery" : "certificate"] = std::move(scan);
  }
  return scans;
}

}  // namespace yb::api::case_json
