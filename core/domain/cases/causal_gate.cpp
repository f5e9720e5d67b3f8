#include "core/domain/cases/causal_gate.hpp"

namespace yb::cases {

std::vector<CaseEvent> CausalGate::Take(CaseEvent event) {
  std::deque<CaseEvent>& own = Waiting(event.id.writer);
  const StreamPosition brought = own.empty() ? passed_.of(event.id.writer) : own.back().id.at;
  if (event.id.at <= brought) return {};
  own.push_back(std::move(event));

  std::vector<CaseEvent> through;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Side side : {Side::kPark, Side::kCity}) {
      std::deque<CaseEvent>& waiting = Waiting(side);
      while (!waiting.empty() && waiting.front().seen <= passed_.of(Other(side))) {
        passed_.of(side) = waiting.front().id.at;
        through.push_back(std::move(waiting.front()));
        waiting.pop_front();
        moved = true;
      }
    }
  }
  return through;
}

}  // namespace yb::cases
