// The steps (步骤) of a case as a bar: 收件 受理 审查 决定 制证 送达, each with how it stands. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/domain/cases/case_state.hpp"

namespace yb::api {

struct CaseStep {
  enum class State : std::uint8_t { kDone, kCurrent, kTodo, kSkipped };
  std::string_view step;  // "receive", "accept", …
  base::Words name;
  State state = State::kTodo;
  base::Words note;  // who has signed: "市自然资源局 ✓ 市住房和城乡建设局 …"
};
[[nodiscard]] std::string_view ToString(CaseStep::State state);

/// `park_decides`: no department reviews it.
[[nodiscard]] std::vector<CaseStep> StepsOf(const cases::CaseState& state, bool park_decides);

}  // namespace yb::api
