#include "edge/field/line/line_scheduler.hpp"

#include <algorithm>
#include <utility>

namespace yb::field::line {
namespace {

// However long a line babbles without an answer, a request is given up this long after its reply time-out.
constexpr base::Duration kMostBabble = std::chrono::seconds(5);
// A line without meters, or one whose meters are due in days, still wakes up.
constexpr base::Duration kLongestSleep = std::chrono::hours(1);

}  // namespace

LineScheduler::LineScheduler(const LineTiming& timing, std::vector<ScheduledMeter> meters, Instant now)
    : timing_(timing) {
  for (ScheduledMeter& meter : meters) {
    meters_.push_back({.setup = std::move(meter), .due = now.steady, .silent = false});
  }
}

Actions LineScheduler::OnConnected(Instant now) {
  connected_ = true;
  silences_in_a_row_ = 0;
  state_ = State::kIdle;
  for (Meter& meter : meters_) {
    if (meter.silent) meter.due = std::min(meter.due, now.steady);
  }
  return Advance({}, now);
}

Actions LineScheduler::OnDisconnected(const std::string& why, Instant now) {
  Actions actions;
  connected_ = false;
  why_disconnected_ = why;
  state_ = State::kIdle;
  if (poll_) {
    poll_->Abandon(now);
    FinishPoll(now, actions);
  }
  return Advance(std::move(actions), now);
}

Actions LineScheduler::OnBytes(base::ByteView bytes, Instant now) {
  if (state_ == State::kIdle) return Advance({}, now);
  if (state_ == State::kResting) {
    // Nothing is asked: an answer given twice. It lengthens the rest, so that the next answer is not mistaken; but what
    // never ends, such as quick heartbeats, does not keep the line from asking.
    until_ = std::min(std::max(until_, now.steady + timing_.pause), patience_ends_);
    return Advance({}, now);
  }
  poll_heard_ = true;
  Actions actions;
  const Progress progress = poll_->OnBytes(bytes, now);
  if (progress == Progress::kWaiting) {
    until_ = std::min(std::max(until_, now.steady + timing_.idle_timeout), patience_ends_);
  } else {
    OnAnswer(progress, now, actions);
  }
  return Advance(std::move(actions), now);
}

Actions LineScheduler::OnTick(Instant now) {
  return Advance({}, now);
}

Actions LineScheduler::Resume(Instant now) {
  paused_ = false;
  return Advance({}, now);
}

Actions LineScheduler::Advance(Actions actions, Instant now) {
  while (true) {
    if (state_ == State::kAwaiting && now.steady >= until_) OnReplyTimeout(now);
    if (state_ == State::kLate && now.steady >= until_) OnLateWindowOver(now, actions);
    if (state_ == State::kResting && now.steady >= until_) state_ = State::kIdle;
    if (state_ != State::kIdle || actions.reconnect) break;
    if (!poll_) {
      if (paused_) break;
      const std::optional<std::size_t> meter = NextDue(now.steady);
      if (!meter) break;
      BeginPoll(*meter, now);
      if (!connected_) poll_->Abandon(now);
    }
    std::optional<base::Bytes> frame = connected_ ? poll_->NextRequest() : std::nullopt;
    if (frame) {
      tries_left_ = meters_[polled_meter_].silent && !poll_answered_ ? 0 : timing_.extra_tries;
      was_repeated_ = false;
      first_sent_at_ = now.steady;
      Send(std::move(*frame), now, actions);
      break;
    }
    FinishPoll(now, actions);
  }
  actions.wake_at = now.steady + kLongestSleep;
  if (state_ != State::kIdle) {
    actions.wake_at = until_;
  } else if (!paused_) {
    for (const Meter& meter : meters_) actions.wake_at = std::min(actions.wake_at, meter.due);
  }
  return actions;
}

void LineScheduler::Send(base::Bytes frame, Instant now, Actions& actions) {
  ++counters_.requests;
  outstanding_ = frame;
  bad_before_ = poll_->Counters().bad_checksum;
  sent_at_ = now.steady;
  until_ = now.steady + timing_.reply_timeout;
  patience_ends_ = until_ + kMostBabble;
  state_ = State::kAwaiting;
  actions.send = std::move(frame);
}

void LineScheduler::OnAnswer(Progress progress, Instant now, Actions& actions) {
  ++counters_.answers;
  if (progress == Progress::kRefused) ++counters_.error_replies;
  counters_.latency_last = now.steady - sent_at_;
  counters_.latency.Add(counters_.latency_last);
  silences_in_a_row_ = 0;
  poll_answered_ = true;
  // At once: the rest of the poll may take seconds.
  std::vector<PointValue> values = poll_->TakeValues();
  if (!values.empty()) actions.steps.push_back({.meter = polled_meter_, .values = std::move(values)});
  Rest(SilenceAfterAnswer(), now);
}

base::Duration LineScheduler::SilenceAfterAnswer() const {
  if (!was_repeated_) return timing_.pause;
  // The answers to the other tries may still come. If this one was the first try's, the last try's comes as much later
  // as it was sent later.
  const base::Duration behind = poll_->AnswersAreAlike() ? sent_at_ - first_sent_at_ : base::Duration(0);
  return std::max(timing_.pause, timing_.late_window + behind);
}

void LineScheduler::OnReplyTimeout(Instant now) {
  if (poll_->Counters().bad_checksum == bad_before_) ++counters_.timeouts;
  state_ = State::kLate;
  until_ = now.steady + timing_.late_window;
  patience_ends_ = std::max(patience_ends_, until_);
}

void LineScheduler::OnLateWindowOver(Instant now, Actions& actions) {
  if (tries_left_ > 0) {
    --tries_left_;
    was_repeated_ = true;
    poll_->OnRetry();
    Send(outstanding_, now, actions);
    return;
  }
  state_ = State::kIdle;
  ++counters_.given_up;
  ++silences_in_a_row_;
  poll_->OnSilence(now);
  // A meter that has not answered at all in this poll will not answer its other questions either; and where its answers
  // are alike, one that comes later still must not meet another question.
  if (!poll_answered_ || poll_->AnswersAreAlike()) poll_->Abandon(now);
  if (silences_in_a_row_ >= timing_.reconnect_after_silences) {
    silences_in_a_row_ = 0;
    actions.reconnect = true;
  }
}

void LineScheduler::Rest(base::Duration length, Instant now) {
  state_ = State::kResting;
  until_ = now.steady + length;
  patience_ends_ = until_ + timing_.late_window;
}

std::optional<std::size_t> LineScheduler::NextDue(base::Monotonic now) const {
  const auto first =
      std::min_element(meters_.begin(), meters_.end(), [](const Meter& a, const Meter& b) { return a.due < b.due; });
  if (first == meters_.end() || first->due > now) return std::nullopt;
  return static_cast<std::size_t>(first - meters_.begin());
}

void LineScheduler::BeginPoll(std::size_t meter, Instant now) {
  Meter& due = meters_[meter];
  const base::Duration behind = now.steady - due.due;
  if (behind > due.setup.interval) ++counters_.overruns;
  due.due = NextOnGrid(due, now);
  polled_meter_ = meter;
  poll_answered_ = false;
  poll_heard_ = false;
  poll_ = due.setup.driver->BeginPoll(now);
}

void LineScheduler::FinishPoll(Instant now, Actions& actions) {
  CountPoll();
  meters_[polled_meter_].silent = !poll_answered_;
  PollOutcome outcome{.answered = poll_answered_, .error = poll_->LastError(), .finished = now};
  if (!poll_answered_) SayWhyNoAnswer(outcome);
  actions.steps.push_back({.meter = polled_meter_, .values = poll_->TakeValues(), .outcome = std::move(outcome)});
  poll_.reset();
}

void LineScheduler::SayWhyNoAnswer(PollOutcome& outcome) const {
  std::string why = "no answer";
  outcome.fault = metering::MeterFault::kSilent;
  if (!connected_) {
    why = why_disconnected_;
  } else if (poll_->Counters().bad_checksum > 0) {
    why = "no answer with a right checksum";
    outcome.fault = metering::MeterFault::kWrongChecksum;
  } else if (poll_heard_) {
    why = "no answer in what came back: noise, a collision, an echo or another speed";
    outcome.fault = metering::MeterFault::kNoise;
  }
  if (outcome.error.empty()) outcome.error = std::move(why);
}

void LineScheduler::CountPoll() {
  const PollCounters counters = poll_->Counters();
  counters_.bad_checksum += counters.bad_checksum;
  counters_.stray += counters.stray;
}

base::Monotonic LineScheduler::NextOnGrid(const Meter& meter, Instant now) const {
  const std::int64_t interval = meter.setup.interval.count();
  const std::int64_t since_grid = (now.utc.micros - meter.setup.phase.count()) % interval;
  std::int64_t wait = interval - (since_grid < 0 ? since_grid + interval : since_grid);
  // Too near to be another poll: the monotonic clock woke us a little before the grid of the wall clock.
  if (wait < interval / 4) wait += interval;
  return now.steady + base::Duration(wait);
}

}  // namespace yb::field::line
