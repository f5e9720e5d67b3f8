// LineProbe asks one question at a time on a line that an integrator stands beside, and shows every byte of it. For
// commissioning only: a box in service asks through its LineScheduler.
//
// Owned by one command; blocks until the answer is there or its time is over. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "edge/field/field_driver.hpp"
#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/line_timing.hpp"

namespace yb::field::commission {

/// One question and everything that came back, echoes and noise included.
struct Exchange {
  base::Bytes sent;
  base::Bytes received;
};

/// One poll of one meter.
struct OnceRead {
  std::vector<PointValue> values;
  bool answered = false;
  std::string error;  // the last thing that went wrong; empty when nothing did
};

class LineProbe {
 public:
  using OnExchange = std::function<void(const Exchange&)>;
  /// Whether to give up: then the question that is asked ends with kRefused.
  using IsStopped = std::function<bool()>;

  /// `channel` is open and, with `clock`, outlives this. `on_exchange` sees each question; it may be empty.
  LineProbe(line::ByteChannel& channel, const line::LineTiming& timing, const base::Clock& clock,
            OnExchange on_exchange = {}, IsStopped is_stopped = {})
      : channel_(channel),
        timing_(timing),
        clock_(clock),
        on_exchange_(std::move(on_exchange)),
        is_stopped_(std::move(is_stopped)) {}

  /// Sends `request` once and listens until `is_answered` says so of a received portion, or until silence. What came
  /// back, nothing included; kUnavailable where the line itself has failed, kRefused where somebody has stopped it.
  [[nodiscard]] base::Result<base::Bytes> Ask(base::ByteView request,
                                              const std::function<bool(base::ByteView)>& is_answered);
  /// The same, listening to the end: whoever may answer a wildcard shall be heard.
  [[nodiscard]] base::Result<base::Bytes> AskAll(base::ByteView request);

  /// All points of a driver, with the line's repeats.
  [[nodiscard]] base::Result<OnceRead> Read(FieldDriver& driver);

 private:
  [[nodiscard]] Instant Now() const { return {clock_.Steady(), clock_.Now()}; }
  [[nodiscard]] base::Result<bool> AskPoll(Poll& poll, const base::Bytes& request);

  line::ByteChannel& channel_;
  const line::LineTiming timing_;
  const base::Clock& clock_;
  const OnExchange on_exchange_;
  const IsStopped is_stopped_;
};

}  // namespace yb::field::commission
