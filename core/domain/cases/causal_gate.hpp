// CausalGate lets an event through once all is there that its writer had seen, and not before: the fold then never
// meets an answer before its question. Two streams, each arriving in its own order; between them any order.
//
// Owned by one projection; one thread. Deterministic: which events are through is a function of the two prefixes.
#pragma once

#include <deque>

#include "core/domain/cases/case_event.hpp"

namespace yb::cases {

/// How far each side's stream has come through, without holes.
struct Passed {
  StreamPosition park;
  StreamPosition city;
  [[nodiscard]] StreamPosition& of(Side side) { return side == Side::kPark ? park : city; }
  [[nodiscard]] const StreamPosition& of(Side side) const { return side == Side::kPark ? park : city; }
};

class CausalGate {
 public:
  explicit CausalGate(Passed passed = {}) : passed_(passed) {}

  /// The next event of its stream; what can go through now, in an order that respects causes. An event at or before
  /// what the stream has brought is a repetition and yields nothing.
  [[nodiscard]] std::vector<CaseEvent> Take(CaseEvent event);

  [[nodiscard]] const Passed& passed() const { return passed_; }
  [[nodiscard]] std::size_t waiting() const { return park_.size() + city_.size(); }

 private:
  [[nodiscard]] std::deque<CaseEvent>& Waiting(Side side) { return side == Side::kPark ? park_ : city_; }

  Passed passed_;
  std::deque<CaseEvent> park_, city_;  // in stream order
};

}  // namespace yb::cases
