// How the API spells what cases are made of, and how a page reads it. Pure functions; any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/domain/cases/case_clock.hpp"
#include "core/domain/cases/case_event.hpp"
#include "core/domain/cases/case_state.hpp"

namespace yb::api {

/// "receive", "put_material", …, "unknown".
[[nodiscard]] std::string_view ToString(cases::ActKind act);
[[nodiscard]] std::optional<cases::ActKind> ParseActKind(std::string_view text);
[[nodiscard]] const std::vector<std::string_view>& ActWords();

[[nodiscard]] std::string_view ToString(cases::PauseGround ground);
[[nodiscard]] const std::vector<std::string_view>& PauseGroundWords();
[[nodiscard]] std::optional<cases::PauseGround> ParsePauseGround(std::string_view text);

[[nodiscard]] std::string_view ToString(cases::Request::Kind kind);
[[nodiscard]] const std::vector<std::string_view>& RequestWords();
[[nodiscard]] std::optional<cases::Request::Kind> ParseRequestKind(std::string_view text);

[[nodiscard]] std::string_view ToString(cases::Side side);
[[nodiscard]] std::string_view ToString(cases::Lamp lamp);
[[nodiscard]] std::string_view ToString(cases::ClockLine::What what);

/// One line of what an act says: its reason, opinion, number, days.
[[nodiscard]] base::Words DetailsOf(const cases::Act& act);

}  // namespace yb::api
