#include "edge/field/commission/line_probe.hpp"

#include <algorithm>

#include "edge/field/line/descriptor_io.hpp"

namespace yb::field::commission {
namespace {

using line::Ready;

constexpr int kNoStop = -1;
// However long a line babbles, a question ends this long after its time.
constexpr base::Duration kMostBabble = std::chrono::seconds(5);
// A stop is noticed within this time.
constexpr base::Duration kLook = std::chrono::milliseconds(100);

}  // namespace

base::Result<base::Bytes> LineProbe::Ask(base::ByteView request,
                                         const std::function<bool(base::ByteView)>& is_answered) {
  // The silence that the bus needs; what comes in meanwhile is late and answers nothing any more.
  while (line::WaitReadable(channel_.descriptor(), kNoStop, timing_.pause) == Ready::kDescriptor) {
    YB_TRY(channel_.Read());
  }
  Exchange exchange{.sent = base::Bytes(request.begin(), request.end()), .received = {}};
  YB_TRY(channel_.Write(request));
  base::Monotonic until = clock_.Steady() + timing_.reply_timeout;
  const base::Monotonic patience_ends = until + kMostBabble;
  bool answered = false;
  while (!answered && clock_.Steady() < until) {
    if (is_stopped_ && is_stopped_()) return base::Fail(base::ErrorCode::kRefused, "stopped by hand");
    const base::Duration wait = std::min<base::Duration>(until - clock_.Steady(), kLook);
    if (line::WaitReadable(channel_.descriptor(), kNoStop, wait) != Ready::kDescriptor) continue;
    YB_ASSIGN(const base::Bytes bytes, channel_.Read());
    exchange.received.insert(exchange.received.end(), bytes.begin(), bytes.end());
    answered = is_answered(bytes);
    until = std::min(std::max(until, clock_.Steady() + timing_.idle_timeout), patience_ends);
  }
  if (on_exchange_) on_exchange_(exchange);
  return std::move(exchange.received);
}

base::Result<base::Bytes> LineProbe::AskAll(base::ByteView request) {
  return Ask(request, [](base::ByteView) { return false; });
}

base::Result<bool> LineProbe::AskPoll(Poll& poll, const base::Bytes& request) {
  for (int tries = 0; tries <= timing_.extra_tries; ++tries) {
    if (tries > 0) poll.OnRetry();
    Progress progress = Progress::kWaiting;
    YB_TRY(Ask(request, [&](base::ByteView bytes) {
      progress = poll.OnBytes(bytes, Now());
      return progress != Progress::kWaiting;
    }));
    if (progress != Progress::kWaiting) return true;
  }
  poll.OnSilence(Now());
  return false;
}

base::Result<OnceRead> LineProbe::Read(FieldDriver& driver) {
  const std::unique_ptr<Poll> poll = driver.BeginPoll(Now());
  OnceRead read;
  while (const std::optional<base::Bytes> request = poll->NextRequest()) {
    YB_ASSIGN(const bool answered, AskPoll(*poll, *request));
    read.answered = read.answered || answered;
    // A meter that says nothing to its first question says nothing to the others.
    if (!read.answered) poll->Abandon(Now());
  }
  read.values = poll->TakeValues();
  read.error = poll->LastError();
  if (!read.answered && read.error.empty()) read.error = "no answer";
  return read;
}

}  // namespace yb::field::commission
