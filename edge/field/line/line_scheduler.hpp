// LineScheduler decides what happens on one serial line (总线): which meter is asked when, how long an answer is waited
// for, what is tried again. It does no I/O and reads no clock: its driver calls it when bytes come or time passes and
// does what the returned Actions say.
//
// One request is outstanding per line, whatever the number of meters and protocols on it. Owned by a LineRunner; used
// on the line's thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/domain/metering/line_state.hpp"
#include "edge/field/field_driver.hpp"
#include "edge/field/line/latency_spread.hpp"
#include "edge/field/line/line_timing.hpp"

namespace yb::field::line {

struct ScheduledMeter {
  std::unique_ptr<FieldDriver> driver;
  base::Duration interval;  // between polls, on the grid of UTC: 15 min is at :00, :15, :30 and :45
  base::Duration phase;     // behind the grid
};

/// How a poll ended.
struct PollOutcome {
  bool answered = false;                                     // at least one request was
  std::string error;                                         // the last thing that went wrong; empty when nothing did
  metering::MeterFault fault = metering::MeterFault::kNone;  // kNone where it answered
  Instant finished;
};

/// What an answer, or the end of a poll, brought. The steps of a poll bring each point of its meter once.
struct PollStep {
  std::size_t meter = 0;  // index as given to the scheduler
  std::vector<PointValue> values;
  std::optional<PollOutcome> outcome = {};  // where it is the last step
};

struct Actions {
  std::optional<base::Bytes> send;  // what came in before belongs to nothing any more
  std::vector<PollStep> steps;      // in order
  bool reconnect = false;           // nobody answers any more: close the connection and open it again
  base::Monotonic wake_at;          // call OnTick then, or when bytes come before
};

/// Of this line since its start.
struct LineCounters {
  std::uint64_t requests = 0;  // sent, repeats included
  std::uint64_t answers = 0;
  std::uint64_t timeouts = 0;  // waits that ended without an answer
  std::uint64_t bad_checksum = 0;
  std::uint64_t error_replies = 0;
  std::uint64_t stray = 0;     // whole frames that answered nothing asked
  std::uint64_t given_up = 0;  // requests without an answer after all tries
  std::uint64_t overruns = 0;  // polls that were skipped because the line was too slow for them
  LatencySpread latency;       // request sent to answer complete, of all answers
  base::Duration latency_last{0};
};

class LineScheduler {
 public:
  /// Every meter is due at once, in the given order.
  LineScheduler(const LineTiming& timing, std::vector<ScheduledMeter> meters, Instant now);

  /// The connection is open. Meters that could not be asked meanwhile are due now.
  [[nodiscard]] Actions OnConnected(Instant now);
  /// The connection is gone; `why` is for people. Due polls end as unreachable until it is back.
  [[nodiscard]] Actions OnDisconnected(const std::string& why, Instant now);
  [[nodiscard]] Actions OnBytes(base::ByteView bytes, Instant now);
  [[nodiscard]] Actions OnTick(Instant now);

  /// The running poll goes to its end, and none begins after it until Resume: somebody else wants the line.
  void Pause() { paused_ = true; }
  /// Paused, and nothing is outstanding: the line is free.
  [[nodiscard]] bool IsAtRest() const { return paused_ && state_ == State::kIdle && !poll_; }
  /// Meters that became due meanwhile are asked now.
  [[nodiscard]] Actions Resume(Instant now);

  [[nodiscard]] const LineCounters& counters() const { return counters_; }

 private:
  enum class State : std::uint8_t {
    kIdle,      // nothing outstanding: the next request or the next poll may begin
    kAwaiting,  // a request is out
    kLate,      // its time is over, but its answer is still taken: it must not meet the next request
    kResting,   // silence between an answer and the next request
  };

  struct Meter {
    ScheduledMeter setup;
    base::Monotonic due;
    bool silent = false;  // its last poll had no answer: it is not asked twice until it answers again
  };

  [[nodiscard]] Actions Advance(Actions actions, Instant now);
  void Send(base::Bytes frame, Instant now, Actions& actions);
  void OnAnswer(Progress progress, Instant now, Actions& actions);
  void OnReplyTimeout(Instant now);
  void OnLateWindowOver(Instant now, Actions& actions);
  [[nodiscard]] base::Duration SilenceAfterAnswer() const;
  void Rest(base::Duration length, Instant now);
  [[nodiscard]] std::optional<std::size_t> NextDue(base::Monotonic now) const;
  void BeginPoll(std::size_t meter, Instant now);
  void FinishPoll(Instant now, Actions& actions);
  [[nodiscard]] base::Monotonic NextOnGrid(const Meter& meter, Instant now) const;
  void SayWhyNoAnswer(PollOutcome& outcome) const;
  void CountPoll();

  const LineTiming timing_;
  std::vector<Meter> meters_;
  LineCounters counters_;

  bool connected_ = false;
  bool paused_ = false;
  std::string why_disconnected_ = "not connected yet";
  State state_ = State::kIdle;
  base::Monotonic until_;  // of kAwaiting, kLate and kResting

  std::unique_ptr<Poll> poll_;
  std::size_t polled_meter_ = 0;
  bool poll_answered_ = false;
  bool poll_heard_ = false;        // bytes came while an answer was waited for
  base::Bytes outstanding_;        // the frame that waits for its answer
  base::Monotonic first_sent_at_;  // of its tries
  base::Monotonic sent_at_;        // the last one
  base::Monotonic patience_ends_;  // a babbling line is given up, or its rest is over, then
  int tries_left_ = 0;
  bool was_repeated_ = false;     // the outstanding request was sent more than once: so may its answer be
  std::uint64_t bad_before_ = 0;  // the poll's bad checksums when the request was sent
  int silences_in_a_row_ = 0;     // requests given up, over all meters
};

}  // namespace yb::field::line
