// The table of transitions of a case: which act may be done by which side, when, who must hold the case, and what it
// leads to. One row per act and starting point; the fold and the commands of both programs ask the same table.
// A change of it raises kFoldRules (case_fold.hpp). Pure functions.
#pragma once

#include <span>

#include "core/domain/cases/case_state.hpp"

namespace yb::cases {

/// Who may write an act.
enum class Writer : std::uint8_t {
  kPark,
  kCity,
  kHolder,     // the side that holds the case
  kNotHolder,  // the other one
  kAny,
};

/// What an act does to the clocks.
enum class ClockEffect : std::uint8_t {
  kNone,
  kStart,  // both clocks count from the next working day
  kPause,
  kResume,
  kStop,
};

/// Sets of phases, one bit each.
using PhaseSet = std::uint32_t;
[[nodiscard]] constexpr PhaseSet Bit(Phase phase) {
  return PhaseSet{1} << static_cast<unsigned>(phase);
}

/// A condition beyond writer and phase; nullopt where it holds, else why not.
using Guard = std::optional<base::Words> (*)(const CaseState& state, const CaseEvent& event);

struct Transition {
  ActKind act;
  Writer writer;
  PhaseSet from;
  std::optional<Phase> to;     // none: stays
  std::optional<Side> holder;  // afterwards; none: stays
  ClockEffect clock;
  Guard guard;  // may be null
  base::Words name;
};

[[nodiscard]] std::span<const Transition> Transitions();

/// The row that lets `event` happen in `state`, or why none does.
[[nodiscard]] base::Result<const Transition*> FindTransition(const CaseState& state, const CaseEvent& event);

/// Why an instrument does not let the park decide on this case on this day (委托 and its scope, R13); nullopt where it
/// does.
[[nodiscard]] std::optional<base::Words> BeyondDelegation(const CaseState& state,
                                                          const std::optional<Delegation>& delegation,
                                                          calendar::CivilDate day);

/// "accept" / "受理".
[[nodiscard]] base::Words NameOf(ActKind act);
/// The same of an act on a case that was `granted` or refused before, or neither: after a decision 退回 is 转园区制证.
[[nodiscard]] base::Words NameOf(ActKind act, std::optional<bool> granted);

}  // namespace yb::cases
