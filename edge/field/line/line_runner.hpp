// LineRunner gives one line its thread: it keeps the connection, moves bytes between it and the LineScheduler, hands
// on what answers and polls bring, and shows the state of the line. Owned by FieldSide; started once, stopped once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/base/backoff.hpp"
#include "core/base/guarded.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/file_descriptor.hpp"
#include "edge/field/line/frame_tap.hpp"
#include "edge/field/line/line_scheduler.hpp"

namespace yb::field::line {

struct LineStatus {
  bool connected = false;
  base::UtcTime since;     // of `connected`
  std::string last_error;  // the last reason of a lost or refused connection; kept after it is back
  metering::LineFault fault = metering::LineFault::kNone;  // that of last_error; kNone while connected
  bool lent = false;                                       // somebody asks by hand: polls wait
  std::uint64_t connects = 0;
  LineCounters counters;
};

class LineRunner {
 public:
  /// Called on the line's thread with each step of each poll.
  using OnStep = std::function<void(const PollStep&)>;
  /// Uses the line's open channel on the line's thread, or is told why it is not open. Must end soon after `stop` says
  /// so.
  using Loan = std::function<void(base::Result<ByteChannel*> channel, const std::stop_token& stop)>;

  /// `clock` outlives the runner.
  LineRunner(std::string key, std::unique_ptr<ByteChannel> channel, const LineTiming& timing,
             std::vector<ScheduledMeter> meters, const base::Clock& clock, OnStep on_step);
  ~LineRunner() { Stop(); }
  LineRunner(const LineRunner&) = delete;
  LineRunner& operator=(const LineRunner&) = delete;

  /// kUnavailable when the system gives no thread or descriptor.
  [[nodiscard]] base::Status Start();

  /// Asks the thread to end; returns at once. Any thread.
  void RequestStop();
  /// Ends the thread and waits for it.
  void Stop();

  /// Lends the line once: the running poll ends, `loan` runs, and polls go on whatever came of it. kAlreadyExists while
  /// it is lent; kUnavailable where the line has not been started or has been stopped.
  [[nodiscard]] base::Status Lend(Loan loan);

  [[nodiscard]] LineStatus Status() const;
  [[nodiscard]] const FrameTap& tap() const { return tap_; }

 private:
  void Run(const std::stop_token& stop);
  [[nodiscard]] base::Status Connect(LineScheduler& scheduler);
  void Wake();
  void ForgetWakes();
  [[nodiscard]] bool IsWanted() const;
  void RunLoan(base::Result<ByteChannel*> channel, const std::stop_token& stop);
  void Serve(const std::stop_token& stop, LineScheduler& scheduler, Actions actions);
  void WaitOutBackoff(LineScheduler& scheduler);
  /// Performs what the scheduler wants; why the connection is to be closed, or nothing.
  [[nodiscard]] std::optional<std::string> Perform(const Actions& actions, const LineScheduler& scheduler);
  void ShowDisconnected(const std::string& why, metering::LineFault fault);
  [[nodiscard]] Instant Now() const { return {clock_.Steady(), clock_.Now()}; }

  const std::string key_;
  const base::Clock& clock_;
  const OnStep on_step_;
  const LineTiming timing_;
  std::vector<ScheduledMeter> meters_;  // until the thread takes them
  FrameTap tap_;

  // The line's thread only.
  std::unique_ptr<ByteChannel> channel_;
  base::Backoff backoff_;

  FileDescriptor wake_event_;  // readable when the thread is to stop or a loan waits
  base::Guarded<Loan> loan_;   // empty while nobody wants the line
  base::Guarded<LineStatus> status_;
  std::jthread thread_;
};

}  // namespace yb::field::line
