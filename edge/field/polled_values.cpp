#include "edge/field/polled_values.hpp"

namespace yb::field {

using metering::Quality;

void PolledValues::Settle(std::size_t point, PointValue value) {
  values_[point] = value;
  settled_[point] = true;
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
  for (std::size_t point = 0; point < settled_.size(); ++point) {
    if (!settled_[point]) MarkUnreachable(point, time);
  }
}

}  // namespace yb::field
