#include "edge/field/cjt188/cjt188_poll.hpp"

#include <algorithm>

#include "edge/field/cjt188/unit_conversion.hpp"
#include "edge/field/meter_clock.hpp"

namespace yb::field::cjt188 {
namespace {

constexpr std::uint8_t kReadData = 0x01;

}  // namespace

std::optional<base::Bytes> Cjt188Poll::NextRequest() {
  if (asked_) return std::nullopt;
  asked_ = true;
  scanner_.Clear();
  const Habits& habits = driver_.habits_;
  return EncodeReadCounter(habits.type, driver_.address_, habits.di_order, ++driver_.serial_);
}

Progress Cjt188Poll::OnBytes(base::ByteView bytes, Instant now) {
  scanner_.Push(bytes);
  while (const std::optional<base::Bytes> whole = scanner_.Next()) {
    const Frame frame = ParseFrame(*whole);
    if (!frame.IsReply()) continue;  // our own echo
    const bool mine = (frame.control & 0x1F) == kReadData && driver_.address_.Covers(frame.address);
    if (!mine) {
      ++stray_;
      continue;
    }
    if (frame.IsError()) {
      OnError(frame, now);
      return Progress::kRefused;
    }
    const base::Result<std::uint16_t> di = DiOf(frame.data);
    if (!di || *di != 0x901F) {
      ++stray_;
      continue;
    }
    OnCounter(frame, now);  // the serial is not looked at: meters that answer with another one are in use
    return Progress::kAnswered;
  }
  return Progress::kWaiting;
}

void Cjt188Poll::OnCounter(const Frame& frame, Instant now) {
  const base::Result<CounterAnswer> answer = DecodeCounter(frame.type, frame.data, driver_.habits_.unit_place);
  if (!answer) values_.NoteError(answer.error().Describe());
  for (std::size_t point = 0; point < driver_.rules_.size(); ++point) {
    values_.MarkInvalid(point, now.utc);
    if (!answer) continue;
    const auto found = std::find_if(answer->values.begin(), answer->values.end(),
                                    [&](const WireValue& value) { return value.key == driver_.rules_[point].source; });
    if (found != answer->values.end()) Accept(point, *found, now);
  }
}

void Cjt188Poll::Accept(std::size_t point, WireValue value, Instant now) {
  const PointRule& rule = driver_.rules_[point];
  if (rule.source == kClockField) return values_.Accept(point, ClockOffset(std::move(value), now.utc), now.utc);
  const bool no_unit = value.unit == "unit00" || (value.unit.empty() && value.key == "current_volume");
  if (no_unit && !driver_.habits_.unit_of_none.empty()) value.unit = driver_.habits_.unit_of_none;
  if (value.unit == "L" && driver_.habits_.litres_are_whole && value.number) {
    value.number = base::Decimal(value.number->mantissa(), 0);
  }
  const std::optional<base::Decimal> factor = FactorBetween(value.unit, rule.unit);
  if (!factor) {
    values_.NoteError(rule.quantity + " was sent in '" + value.unit + "', which does not convert to '" + rule.unit +
                      "' exactly");
    values_.MarkInvalid(point, now.utc);
    return;
  }
  if (value.number) {
    const base::Result<base::Decimal> converted = value.number->Times(*factor);
    if (converted) {
      value.number = *converted;
    } else {
      value.state = WireValue::State::kInvalid;
    }
  }
  values_.Accept(point, value, now.utc);
}

void Cjt188Poll::OnError(const Frame& frame, Instant now) {
  values_.NoteError("901F was refused: status " +
                    base::ToHex(base::ByteView(frame.data).subspan(frame.data.empty() ? 0 : 1)));
  for (std::size_t point = 0; point < driver_.rules_.size(); ++point) values_.MarkInvalid(point, now.utc);
}

void Cjt188Poll::Abandon(Instant now) {
  asked_ = true;
  values_.MarkRestUnreachable(now.utc);
}

}  // namespace yb::field::cjt188
