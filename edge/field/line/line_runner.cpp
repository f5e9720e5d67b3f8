#include "edge/field/line/line_runner.hpp"

#include <sys/eventfd.h>

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

}  // namespace

LineRunner::LineRunner(std::string key, std::unique_ptr<ByteChannel> channel, const LineTiming& timing,
                       std::vector<ScheduledMeter> meters, const base::Clock& clock, OnPoll on_poll)
    : key_(std::move(key)),
      clock_(clock),
      on_poll_(std::move(on_poll)),
      timing_(timing),
      meters_(std::move(meters)),
      channel_(std::move(channel)),
      backoff_(kFirstBackoff, kMostBackoff) {
  status_.With([&](LineStatus& status) { status.since = clock_.Now(); });
}

base::Status LineRunner::Start() {
  stop_event_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop_event_.is_open()) return base::Fail(base::ErrorCode::kUnavailable, ErrnoText(errno));
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
  (void)WriteAll(stop_event_.number(), base::Bytes{1, 0, 0, 0, 0, 0, 0, 0});
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
    if (!Connect(scheduler)) {
      WaitOutBackoff(scheduler);
      continue;
    }
    Serve(stop, scheduler, scheduler.OnConnected(Now()));
    channel_->Close();
    if (!stop.stop_requested()) WaitOutBackoff(scheduler);
  }
}

bool LineRunner::Connect(LineScheduler& scheduler) {
  const base::Status opened = channel_->Open(kConnectLimit, stop_event_.number());
  if (!opened) {
    ShowDisconnected(opened.error().Describe());
    if (WaitReadable(-1, stop_event_.number(), base::Duration(0)) == Ready::kStop) return false;
    (void)Perform(scheduler.OnDisconnected(opened.error().Describe(), Now()), scheduler);
    return false;
  }
  kLog.Info("line_connected", {{"line", key_}, {"to", channel_->Describe()}});
  status_.With([&](LineStatus& status) {
    status.connected = true;
    status.since = clock_.Now();
    ++status.connects;
  });
  return true;
}

void LineRunner::Serve(const std::stop_token& stop, LineScheduler& scheduler, Actions actions) {
  const std::uint64_t answers_before = scheduler.counters().answers;
  std::optional<std::string> why = Perform(actions, scheduler);
  while (!why && !stop.stop_requested()) {
    const base::Duration wait = actions.wake_at - clock_.Steady();
    switch (WaitReadable(channel_->descriptor(), stop_event_.number(), wait)) {
      case Ready::kStop: return;
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
    why = Perform(actions, scheduler);
    // Only an answer proves that there is something behind the connection.
    if (scheduler.counters().answers > answers_before) backoff_.Reset();
  }
  if (!why) return;
  kLog.Warn("line_lost", {{"line", key_}, {"to", channel_->Describe()}, {"why", *why}});
  ShowDisconnected(*why);
  (void)Perform(scheduler.OnDisconnected(*why, Now()), scheduler);
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
    if (WaitReadable(-1, stop_event_.number(), wake - now) == Ready::kStop) return;
  }
}

std::optional<std::string> LineRunner::Perform(const Actions& actions, const LineScheduler& scheduler) {
  status_.With([&](LineStatus& status) { status.counters = scheduler.counters(); });
  for (const PollOutcome& outcome : actions.finished) on_poll_(outcome);
  if (actions.reconnect) return "no meter answers any more";
  if (!actions.send) return std::nullopt;
  // What waits unread answers nothing that is about to be asked.
  while (WaitReadable(channel_->descriptor(), stop_event_.number(), base::Duration(0)) == Ready::kDescriptor) {
    const base::Result<base::Bytes> dropped = channel_->Read();
    if (!dropped) return dropped.error().Describe();
  }
  const base::Status sent = channel_->Write(*actions.send);
  if (!sent) return sent.error().Describe();
  return std::nullopt;
}

void LineRunner::ShowDisconnected(const std::string& why) {
  status_.With([&](LineStatus& status) {
    if (status.connected) status.since = clock_.Now();
    status.connected = false;
    status.last_error = why;
  });
}

}  // namespace yb::field::line
