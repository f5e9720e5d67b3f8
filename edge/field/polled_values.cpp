#include "edge/field/polled_values.hpp"

namespace yb::field {

using metering::Quality;

void PolledValues::Settle(std::size_t point, PointValue value) {
  if (states_[point] == State::kTaken) return;
  value.point = point;
  values_[point] = value;
  states_[point] = State::kSettled;
}

std::vector<PointValue> PolledValues::Take() {
  std::vector<PointValue> taken;
  for (std::size_t point = 0; point < states_.size(); ++point) {
    if (states_[point] != State::kSettled) continue;
    taken.push_back(values_[point]);
    states_[point] = State::kTaken;
  }
  return taken;
}

void PolledValues::Accept(std::size_t point, const WireValue& value, base::UtcTime time) {
  if (value.state != WireValue::State::kGood || !value.number) {
    if (value.state == WireValue::State::kInvalid) {
      NoteError(rules_[point].quantity + ": " + base::ToHex(value.raw) + " is no value");
    }
    MarkInvalid(point, time);
    return;
  }
  const base::Result<base::Decimal> scaled = value.number->Times(rules_[point].factor);
  if (!scaled) {
    NoteError(scaled.error().At(rules_[point].quantity).Describe());
    MarkInvalid(point, time);
    return;
  }
  Settle(point, {time, *scaled, Quality::kGood});
}

void PolledValues::MarkInvalid(std::size_t point, base::UtcTime time) {
  Settle(point, {time, std::nullopt, Quality::kInvalid});
}

void PolledValues::MarkUnreachable(std::size_t point, base::UtcTime time) {
  Settle(point, {time, std::nullopt, Quality::kUnreachable});
}

void PolledValues::MarkRestUnreachable(base::UtcTime time) {
  for (std::size_t point = 0; point < states_.size(); ++point) {
    if (states_[point] == State::kOpen) MarkUnreachable(point, time);
  }
}

}  // namespace yb::field
