#include "core/domain/alarms/alarm.hpp"

#include <algorithm>
#include <array>

#include "core/base/digest.hpp"

namespace yb::alarms {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;

constexpr base::Duration kChatterWindow = std::chrono::minutes(1);
constexpr base::Duration kStaleAfter = std::chrono::hours(24);
constexpr base::Duration kLongestShelf = std::chrono::hours(24);
constexpr std::size_t kMostText = 500;  // bytes of what a person writes

/// What a transition does in a state; rows that are not here have no effect.
struct Row {
  AlarmState from;
  Step step;
  AlarmState to;
  int counts;
};
constexpr std::array<Row, 3> kRows{{
    {AlarmState::kActive, Step::kReturned, AlarmState::kReturned, 0},
    {AlarmState::kReturned, Step::kRaised, AlarmState::kActive, 1},
    {AlarmState::kReturned, Step::kClosed, AlarmState::kClosed, 0},
}};

std::string ClockOf(base::UtcTime time) {
  // Parks keep the time of the country, 8 hours ahead of UTC.
  return base::ToIso(time + std::chrono::hours(8)).substr(11, 5);
}

tl::unexpected<base::Error> AlreadyDone(const Act& earlier, const char* english, const char* chinese) {
  const std::string at = ClockOf(earlier.time);
  return Fail(ErrorCode::kAlreadyExists,
              Words{std::string(english) + " by " + earlier.name + " at " + at, at + " 已由" + earlier.name + chinese});
}

base::Status CheckShelf(const Act& act, base::UtcTime now) {
  if (act.reason.empty()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"a shelf needs a reason", "搁置要写理由"},
                Words{"say why nobody has to look at it until then", "写明这段时间为什么不用处理"});
  }
  if (!act.until) return {};
  if (*act.until <= now) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the end of the shelf is past", "搁置的结束时间已过"});
  }
  if (*act.until - now > kLongestShelf) {
    return Fail(ErrorCode::kInvalidArgument, Words{"a shelf ends within 24 hours", "搁置最长 24 小时"},
                Words{"or choose: until it has returned to normal", "或者选择“直到恢复”"});
  }
  return {};
}

}  // namespace

std::string_view ToString(Step step) {
  switch (step) {
    case Step::kUnknown: break;
    case Step::kRaised: return "raised";
    case Step::kReturned: return "returned";
    case Step::kClosed: return "closed";
  }
  return "unknown";
}

std::string_view ToString(ActKind act) {
  switch (act) {
    case ActKind::kUnknown: break;
    case ActKind::kAcknowledge: return "acknowledge";
    case ActKind::kAssign: return "assign";
    case ActKind::kShelve: return "shelve";
    case ActKind::kUnshelve: return "unshelve";
  }
  return "unknown";
}

std::string_view ToString(Side side) {
  switch (side) {
    case Side::kUnknown: break;
    case Side::kBox: return "box";
    case Side::kCentral: return "central";
  }
  return "unknown";
}

std::string_view ToString(AlarmState state) {
  switch (state) {
    case AlarmState::kActive: return "active";
    case AlarmState::kReturned: return "returned";
    case AlarmState::kClosed: break;
  }
  return "closed";
}

std::optional<ActKind> ParseActKind(std::string_view text) {
  for (const ActKind act : {ActKind::kAcknowledge, ActKind::kAssign, ActKind::kShelve, ActKind::kUnshelve}) {
    if (text == ToString(act)) return act;
  }
  return std::nullopt;
}

base::UtcTime TimeOf(const Event& event) {
  return std::visit([](const auto& one) { return one.time; }, event);
}

std::string KeyOf(const Transition& transition) {
  return transition.rule + "/" + transition.subject;
}

std::optional<Alarm> Begin(const Transition& transition) {
  if (transition.step != Step::kRaised) return std::nullopt;
  const base::Digest digest =
      base::Sha256(base::AsBytes(KeyOf(transition) + "@" + std::to_string(transition.time.micros)));
  Alarm alarm;
  alarm.id = base::ToHex(base::ByteView(digest).first(12));
  alarm.first = alarm.last = transition;
  return alarm;
}

bool Apply(Alarm& alarm, const Transition& transition) {
  const auto* row = std::ranges::find_if(
      kRows, [&](const Row& one) { return one.from == alarm.state && one.step == transition.step; });
  if (row == kRows.end()) return false;
  alarm.state = row->to;
  alarm.count += row->counts;
  if (row->to != AlarmState::kClosed) {
    alarm.third_last = alarm.before_last;
    alarm.before_last = alarm.last.time;
    const base::Duration apart = transition.time - alarm.third_last;
    if (alarm.third_last.micros != 0 && apart <= kChatterWindow) alarm.chattering = true;
  }
  alarm.last = transition;
  return true;
}

bool Apply(Alarm& alarm, const Act& act) {
  if (!act.refused.empty() || alarm.state == AlarmState::kClosed) return false;
  switch (act.act) {
    case ActKind::kUnknown: return false;
    case ActKind::kAcknowledge:
      if (alarm.acknowledged) return false;
      alarm.acknowledged = act;
      return true;
    case ActKind::kAssign: alarm.assigned = act; return true;
    case ActKind::kShelve: alarm.shelved = act; return true;
    case ActKind::kUnshelve:
      if (!alarm.shelved) return false;
      alarm.shelved.reset();
      return true;
  }
  return false;
}

base::Status Allows(const Alarm& alarm, const Act& act, base::UtcTime now) {
  for (const std::string* text : {&act.reason, &act.assignee, &act.name}) {
    if (text->size() > kMostText) {
      return Fail(ErrorCode::kInvalidArgument, Words{"a text is longer than 500 bytes", "文字超过 500 字节"});
    }
  }
  if (alarm.state == AlarmState::kClosed) {
    const std::string at = ClockOf(alarm.last.time);
    return Fail(ErrorCode::kAlreadyExists, Words{"the alarm was closed at " + at, "报警已于 " + at + " 关闭"});
  }
  switch (act.act) {
    case ActKind::kUnknown: break;
    case ActKind::kAcknowledge:
      if (alarm.acknowledged) return AlreadyDone(*alarm.acknowledged, "already acknowledged", "确认");
      return {};
    case ActKind::kAssign:
      if (!act.assignee.empty()) return {};
      return Fail(ErrorCode::kInvalidArgument, Words{"it is not said to whom", "没有写指派给谁"});
    case ActKind::kShelve:
      if (alarm.shelved) return AlreadyDone(*alarm.shelved, "already shelved", "搁置");
      return CheckShelf(act, now);
    case ActKind::kUnshelve:
      if (alarm.shelved) return {};
      return Fail(ErrorCode::kInvalidArgument, Words{"the alarm is not shelved", "报警没有搁置"});
  }
  return Fail(ErrorCode::kUnsupported, Words{"this act is not known here", "这一版不认识这个操作"});
}

std::optional<Event> DueAt(const Alarm& alarm, base::Duration close_after, base::UtcTime now) {
  if (alarm.state == AlarmState::kClosed) return std::nullopt;
  if (alarm.shelved && alarm.shelved->until) {
    if (now < *alarm.shelved->until) return std::nullopt;
    return Act{.time = *alarm.shelved->until, .act = ActKind::kUnshelve, .alarm = alarm.id, .user = {}, .name = {}};
  }
  // A clock that was set back does not keep an alarm open for ever: it waits once more.
  const base::Duration quiet = now - alarm.last.time;
  if (alarm.state != AlarmState::kReturned || (quiet < close_after && quiet > -close_after)) return std::nullopt;
  Transition closed = alarm.last;
  closed.time = now;
  closed.step = Step::kClosed;
  closed.value.reset();
  closed.detail.clear();
  return closed;
}

bool IsStale(const Alarm& alarm, base::UtcTime now) {
  return alarm.state != AlarmState::kClosed && now - alarm.first.time > kStaleAfter;
}

}  // namespace yb::alarms
