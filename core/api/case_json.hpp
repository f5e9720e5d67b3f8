// Pieces of the JSON of a case, each from what the case's events say. Pure functions; any thread.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>

#include "core/domain/cases/case_clock.hpp"
#include "core/ledger/case_tables.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::api::case_json {

[[nodiscard]] nlohmann::json OrNull(const std::optional<calendar::CivilDate>& day);
[[nodiscard]] nlohmann::json OrNull(const std::string& text);
[[nodiscard]] nlohmann::json Event(const cases::EventId& id);

/// What an event's act is called, as the case stood then.
[[nodiscard]] base::Words NameOf(const ledger::CaseFile& file, const cases::CaseEvent& event);

/// ClockBrief, Clock.
[[nodiscard]] nlohmann::json Brief(const cases::ClockReading& clock);
[[nodiscard]] nlohmann::json Full(const cases::ClockReading& clock, const cases::CaseState& state);
/// Why a deadline is the day it is.
[[nodiscard]] nlohmann::json Lines(const std::vector<cases::ClockLine>& lines, const cases::CaseState& state);

/// Of an enterprise as it is.
[[nodiscard]] std::string MaskedName(const ledger::Applicant& applicant);
[[nodiscard]] nlohmann::json Masked(const ledger::Applicant& applicant);
[[nodiscard]] nlohmann::json InFull(const ledger::Applicant& applicant);

[[nodiscard]] nlohmann::json Turn(const cases::CaseState& state);
[[nodiscard]] nlohmann::json Signers(const ledger::CaseFile& file);
/// `own`: the side that asks.
[[nodiscard]] nlohmann::json Requests(const ledger::CaseFile& file, cases::Side own);
[[nodiscard]] nlohmann::json Ineffective(const ledger::CaseFile& file, bool chinese);
[[nodiscard]] nlohmann::json Pauses(const cases::CaseState& state);
[[nodiscard]] nlohmann::json Steps(const cases::CaseState& state, bool park_decides, bool chinese);
/// Who took the case in at the window.
[[nodiscard]] std::string ReceivedBy(const ledger::CaseFile& file);
/// The day on which it was closed, declined, withdrawn or merged; none while it goes on.
[[nodiscard]] std::optional<calendar::CivilDate> FinishedOn(const ledger::CaseFile& file);
/// Whether the material's file was put to the case after the last correction notice (一次性补正告知).
[[nodiscard]] bool GivenAfterCorrection(const ledger::CaseFile& file, const std::string& material);
[[nodiscard]] nlohmann::json Decision(const ledger::CaseFile& file, const std::optional<ledger::Receiver>& receiver);
/// Files that are no material: of the sealed "certificate" and of the signed receipt of its "delivery", as far as there
/// are any.
[[nodiscard]] std::map<std::string, std::string> ScansOf(const ledger::CaseFile& file);
/// What the applicant was asked for, by whom and by when; null unless it waits for that (待补正).
[[nodiscard]] nlohmann::json Correction(const ledger::CaseFile& file);

}  // namespace yb::api::case_json
