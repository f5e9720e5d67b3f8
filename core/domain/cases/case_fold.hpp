// CaseFold makes a case of its events. The state is a function of the set of events: they are folded in the order
// (Lamport, stream, sequence), never by wall time. What arrives late is put into its place and the case is folded
// again. Nothing is discarded: an event whose guard fails becomes ineffective, with the reason.
//
// Owned by one projection; one thread.
#pragma once

#include "core/domain/cases/case_state.hpp"

namespace yb::cases {

/// Below 1,000. To be raised with every change of what the same events come to (case_fold.cpp, transition_table.cpp):
/// what was kept of a fold by earlier rules is then folded anew.
inline constexpr std::uint32_t kFoldRules = 4;

/// Applies one event. It does not fail: what the table refuses is noted as ineffective.
void Apply(CaseState& state, const CaseEvent& event);

/// Folds events of one case, given in any order.
[[nodiscard]] CaseState Fold(std::vector<CaseEvent> events);

/// Of one case's events in fold order the one since which `wanted` cannot be done any more, such as the same act of
/// somebody else; null where it never could.
[[nodiscard]] const CaseEvent* EventThatForbade(const std::vector<CaseEvent>& events, const CaseEvent& wanted);

class CaseFold {
 public:
  /// `event`'s causes are there (CausalGate). One that is there already changes nothing. Returns how many events were
  /// folded again: 0 where it was simply the next one.
  std::size_t Add(CaseEvent event);

  [[nodiscard]] const CaseState& state() const { return state_; }
  [[nodiscard]] const std::vector<CaseEvent>& events() const { return events_; }  // in fold order

 private:
  std::vector<CaseEvent> events_;
  CaseState state_;
};

}  // namespace yb::cases
