#include "edge/field/line/line_runner.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include "core/base/log.hpp"
#include "edge/field/line/descriptor_io.hpp"

namespace yb::field::line {
namespace {

constexpr base::Duration kConnectLimit = std::chrono::seconds(5);
// Who dials in decides when; the pause only keeps a port that cannot be opened from being tried without end.
constexpr base::Duration kPauseForPeer = std::chrono::milliseconds(200);
constexpr base::Duration kFirstBackoff = std::chrono::milliseconds(500);
constexpr base::Duration kMostBackoff = std::chrono::seconds(30);
const base::Logger kLog("field");

metering::LineFault FaultOf(base::ErrorCode code) {
  using metering::LineFault;
  switch (code) {
    case base::ErrorCode::kRefused: return LineFault::kRefused;
    case base::ErrorCode::kTimeout: return LineFault::kNoAnswer;
    case base::ErrorCode::kNotFound: return LineFault::kNotFound;
    case base::ErrorCode::kUnavailable: return LineFault::kUnreachable;
    default: return LineFault::kOther;
  }
}

}  // namespace

LineRunner::LineRunner(std::string key, std::unique_ptr<ByteChannel> channel, const LineTiming& timing,
                       std::vector<ScheduledMeter> meters, const base::Clock& clock, OnStep on_step)
    : key_(std::move(key)),
      clock_(clock),
      on_step_(std::move(on_step)),
      timing_(timing),
      meters_(std::move(meters)),
      channel_(std::make_unique<TapChannel>(std::move(channel), tap_, clock)),
      backoff_(kFirstBackoff, kMostBackoff) {
  status_.With([&](LineStatus& status) { status.since = clock_.Now(); });
}

base::Status LineRunner::Start() {
  wake_event_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_event_.is_open()) return base::Fail(base::ErrorCode::kUnavailable, ErrnoText(errno));
  try {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  } catch (const std::system_error& error) {
    return base::Fail(base::ErrorCode::kUnavailable, std::string("no thread for line ") + key_ + ": " + error.what());
  }
  return {};
}

void LineRunner::RequestStop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  Wake();
}

void LineRunner::Wake() {
  (void)WriteAll(wake_event_.number(), base::Bytes{1, 0, 0, 0, 0, 0, 0, 0});
}

base::Status LineRunner::Lend(Loan loan) {
  if (!thread_.joinable() || thread_.get_stop_token().stop_requested()) {
    return base::Fail(base::ErrorCode::kUnavailable,
                      base::Words{"line " + key_ + " is not running", "线路 " + key_ + " 没有在运行"});
  }
  const bool taken = loan_.With([&](Loan& waiting) {
    if (waiting) return false;
    waiting = std::move(loan);
    status_.With([](LineStatus& status) { status.lent = true; });
    return true;
  });
  if (!taken) {
    return base::Fail(base::ErrorCode::kAlreadyExists,
                      base::Words{"line " + key_ + " is being commissioned by somebody", "线路 " + key_ + " 正在调试"},
                      base::Words{"wait until it is over, or stop it", "等它结束，或先停止它"});
  }
  Wake();
  return {};
}

bool LineRunner::IsWanted() const {
  return loan_.With([](const Loan& loan) { return static_cast<bool>(loan); });
}

void LineRunner::RunLoan(base::Result<ByteChannel*> channel, const std::stop_token& stop) {
  const Loan loan = loan_.With([](const Loan& waiting) { return waiting; });
  if (!loan) return;
  loan(std::move(channel), stop);
  status_.With([](LineStatus& status) { status.lent = false; });
  loan_.With([](Loan& done) { done = nullptr; });
}

void LineRunner::Stop() {
  RequestStop();
  if (thread_.joinable()) thread_.join();
}

LineStatus LineRunner::Status() const {
  return status_.With([](const LineStatus& status) { return status; });
}

void LineRunner::Run(const std::stop_token& stop) {
  LineScheduler scheduler(timing_, std::move(meters_), Now());
  while (!stop.stop_requested()) {
    ForgetWakes();
    const base::Status connected = Connect(scheduler);
    if (!connected) {
      // Interrupted by whoever wants the line, or by the end: that is no failure.
      if (WaitReadable(-1, wake_event_.number(), base::Duration(0)) == Ready::kStop) continue;
      RunLoan(base::Fail(connected.error()), stop);
      WaitOutBackoff(scheduler);
      continue;
    }
    Serve(stop, scheduler, scheduler.OnConnected(Now()));
    channel_->Close();
    if (!stop.stop_requested()) WaitOutBackoff(scheduler);
  }
  RunLoan(base::Fail(base::ErrorCode::kUnavailable, "the line has been stopped"), stop);
}

base::Status LineRunner::Connect(LineScheduler& scheduler) {
  base::Status opened = channel_->Open(kConnectLimit, wake_event_.number());
  if (!opened) {
    if (WaitReadable(-1, wake_event_.number(), base::Duration(0)) == Ready::kStop) return opened;
    ShowDisconnected(opened.error().Describe(), FaultOf(opened.error().code));
    (void)Perform(scheduler.OnDisconnected(opened.error().Describe(), Now()), scheduler);
    return opened;
  }
  kLog.Info("line_connected", {{"line", key_}, {"to", channel_->Describe()}});
  status_.With([&](LineStatus& status) {
    status.connected = true;
    status.since = clock_.Now();
    status.fault = metering::LineFault::kNone;
    ++status.connects;
  });
  return {};
}

void LineRunner::Serve(const std::stop_token& stop, LineScheduler& scheduler, Actions actions) {
  const std::uint64_t answers_before = scheduler.counters().answers;
  std::optional<std::string> why = Perform(actions, scheduler);
  metering::LineFault fault = metering::LineFault::kLost;
  while (!why && !stop.stop_requested()) {
    if (IsWanted()) scheduler.Pause();
    if (scheduler.IsAtRest()) {
      RunLoan(channel_.get(), stop);
      actions = scheduler.Resume(Now());
    } else {
      const base::Duration wait = actions.wake_at - clock_.Steady();
      switch (WaitReadable(channel_->descriptor(), wake_event_.number(), wait)) {
        case Ready::kStop:
          ForgetWakes();
          actions = scheduler.OnTick(Now());
          break;
        case Ready::kTimeout: actions = scheduler.OnTick(Now()); break;
        case Ready::kDescriptor: {
          const base::Result<base::Bytes> bytes = channel_->Read();
          if (!bytes) {
            why = bytes.error().Describe();
            continue;
          }
          actions = scheduler.OnBytes(*bytes, Now());
          break;
        }
      }
    }
    if (actions.reconnect) fault = metering::LineFault::kNobodyAnswers;
    why = Perform(actions, scheduler);
    // Only an answer proves that there is something behind the connection.
    if (scheduler.counters().answers > answers_before) backoff_.Reset();
  }
  if (!why) return;
  kLog.Warn("line_lost", {{"line", key_}, {"to", channel_->Describe()}, {"why", *why}});
  ShowDisconnected(*why, fault);
  (void)Perform(scheduler.OnDisconnected(*why, Now()), scheduler);
}

void LineRunner::ForgetWakes() {
  base::Bytes counter(8);
  (void)!::read(wake_event_.number(), counter.data(), counter.size());
}

void LineRunner::WaitOutBackoff(LineScheduler& scheduler) {
  std::random_device random;
  const base::Duration pause = channel_->WaitsForPeer() ? kPauseForPeer : backoff_.Next(random());
  const base::Monotonic again = clock_.Steady() + pause;
  while (true) {
    const Actions actions = scheduler.OnTick(Now());
    (void)Perform(actions, scheduler);
    const base::Monotonic wake = std::min(again, actions.wake_at);
    const base::Monotonic now = clock_.Steady();
    if (now >= again) return;
    if (WaitReadable(-1, wake_event_.number(), wake - now) == Ready::kStop) return;
  }
}

std::optional<std::string> LineRunner::Perform(const Actions& actions, const LineScheduler& scheduler) {
  status_.With([&](LineStatus& status) { status.counters = scheduler.counters(); });
  for (const PollStep& step : actions.steps) on_step_(step);
  if (actions.reconnect) return "no meter answers any more";
  if (!actions.send) return std::nullopt;
  // What waits unread answers nothing that is about to be asked.
  while (WaitReadable(channel_->descriptor(), wake_event_.number(), base::Duration(0)) == Ready::kDescriptor) {
    const base::Result<base::Bytes> dropped = channel_->Read();
    if (!dropped) return dropped.error().Describe();
  }
  const base::Status sent = channel_->Write(*actions.send);
  if (!sent) return sent.error().Describe();
  return std::nullopt;
}

void LineRunner::ShowDisconnected(const std::string& why, metering::LineFault fault) {
  status_.With([&](LineStatus& status) {
    if (status.connected) status.since = clock_.Now();
    status.connected = false;
    status.last_error = why;
    status.fault = fault;
  });
}

}  // namespace yb::field::line
