#include "core/domain/metering/register_walk.hpp"

#include <algorithm>
#include <utility>

namespace yb::metering {
namespace {

using base::Decimal;
using base::Duration;

constexpr Decimal kZero(0, 0);

/// Meters refresh their registers now and then: a limit per hour is applied to at least this long.
constexpr Duration kShortestSpan = std::chrono::minutes(15);
/// "Near 0" and "near the end" are this part of the register before, or of its range.
constexpr double kNear = 0.01;

bool IsNearZero(Decimal value, Decimal before) {
  return value >= kZero && value.ToDouble() <= before.ToDouble() * kNear;
}

}  // namespace

Duration GapAfter(Duration interval) {
  return interval + std::max<Duration>(interval / 2, std::chrono::seconds(30));
}

base::Result<RegisterWalk::Outcome> RegisterWalk::Take(base::UtcTime time, Decimal value) {
  Outcome outcome;
  if (last_time_ && time <= *last_time_) return outcome;
  const Mark now{time, value};
  if (believed_ && rules_.interval.count() > 0 && time - *last_time_ > GapAfter(rules_.interval)) {
    Emit(outcome, MeterEventKind::kGap, {*last_time_, doubted_ ? doubted_->value : believed_->value}, now, "");
  }
  last_time_ = time;
  const base::Status walked = Step(now, outcome);
  if (walked) return outcome;
  break_.reset();
  fallen_from_.reset();
  Believe(now);
  return base::Fail(walked.error());
}

void RegisterWalk::Break(MeterEventKind why, std::string detail, RegisterRules rules) {
  break_ = Pending{why, std::move(detail)};
  rules_ = rules;
}

base::Status RegisterWalk::Step(const Mark& now, Outcome& outcome) {
  if (break_) return StepOverBreak(now, outcome);
  if (doubted_) return Decide(now, outcome);
  if (!believed_) {
    Believe(now);
    return {};
  }
  YB_ASSIGN(const Decimal difference, now.value.Minus(believed_->value));
  const std::optional<MeterEventKind> oddity = Judge(*believed_, now, difference);
  if (oddity) Emit(outcome, *oddity, *believed_, now, "");
  if (oddity && *oddity != MeterEventKind::kRollover) {
    doubted_ = now;
    outcome.doubted = true;
    return {};
  }
  RegisterStep step{believed_->time, now.time, believed_->value, now.value, difference, kZero};
  if (oddity) {
    YB_ASSIGN(step.consumption, difference.Plus(*rules_.range));
    YB_ASSIGN(step.explained, kZero.Minus(*rules_.range));
    step.why = *oddity;
  }
  outcome.step = step;
  Believe(now);
  return {};
}

base::Status RegisterWalk::StepOverBreak(const Mark& now, Outcome& outcome) {
  const Pending pending = *std::exchange(break_, std::nullopt);
  const std::optional<Mark> before = believed_;
  fallen_from_.reset();
  Believe(now);
  Emit(outcome, pending.why, before.value_or(now), now, pending.detail);
  if (!before) {
    outcome.events.back().before.reset();
    return {};
  }
  YB_ASSIGN(const Decimal difference, now.value.Minus(before->value));
  outcome.step = RegisterStep{before->time, now.time, before->value, now.value, kZero, difference, pending.why};
  return {};
}

base::Status RegisterWalk::Decide(const Mark& now, Outcome& outcome) {
  const Mark doubted = *std::exchange(doubted_, std::nullopt);
  YB_ASSIGN(const Decimal since_believed, now.value.Minus(believed_->value));
  YB_ASSIGN(const Decimal since_doubted, now.value.Minus(doubted.value));
  YB_ASSIGN(const Decimal explained, doubted.value.Minus(believed_->value));
  const bool fits_doubted = !Judge(doubted, now, since_doubted);
  // After a rise whatever lies above it confirms it; after a fall what has risen above the old register refutes it.
  const bool refuted = explained < kZero && !Judge(*believed_, now, since_believed);
  if (!fits_doubted || refuted) return Step(now, outcome);
  const MeterEventKind why = Judge(*believed_, doubted, explained).value_or(MeterEventKind::kJump);
  outcome.step = RegisterStep{believed_->time, now.time, believed_->value, now.value, since_doubted, explained, why};
  if (why == MeterEventKind::kReset) fallen_from_ = believed_->value;
  Believe(now);
  return {};
}

std::optional<MeterEventKind> RegisterWalk::Judge(const Mark& from, const Mark& to, Decimal difference) const {
  const Duration elapsed = to.time - from.time;
  if (difference >= kZero) {
    if (CanFlow(difference, elapsed) && !IsReturn(from, to)) return std::nullopt;
    return MeterEventKind::kJump;
  }
  if (rules_.range) {
    const base::Result<Decimal> around = difference.Plus(*rules_.range);
    const double most = rules_.range->ToDouble() * kNear;
    if (around && from.value < *rules_.range && *around >= kZero && around->ToDouble() <= most &&
        CanFlow(*around, elapsed)) {
      return MeterEventKind::kRollover;
    }
  }
  return IsNearZero(to.value, from.value) ? MeterEventKind::kReset : MeterEventKind::kBackwardStep;
}

bool RegisterWalk::CanFlow(Decimal amount, Duration elapsed) const {
  if (!rules_.most_per_hour) return true;
  const double hours = static_cast<double>(std::max(elapsed, kShortestSpan).count()) / 3.6e9;
  return amount.ToDouble() <= rules_.most_per_hour->ToDouble() * hours;
}

bool RegisterWalk::IsReturn(const Mark& from, const Mark& to) const {
  return fallen_from_ && IsNearZero(from.value, *fallen_from_) && to.value >= *fallen_from_;
}

void RegisterWalk::Emit(Outcome& outcome, MeterEventKind kind, const Mark& before, const Mark& after,
                        std::string detail) const {
  outcome.events.push_back(
      {kind, meter_, point_, before.time, after.time, before.value, after.value, std::move(detail)});
}

void RegisterWalk::Believe(const Mark& now) {
  believed_ = now;
  doubted_.reset();
  if (fallen_from_ && !IsNearZero(now.value, *fallen_from_)) fallen_from_.reset();
}

}  // namespace yb::metering
