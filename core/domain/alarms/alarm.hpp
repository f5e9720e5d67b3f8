// Alarm (报警): one condition that demands an act, from its beginning to its end. It is a function of its events: the
// transitions that its one owner (the box, or central for what only central sees) records, and the acts of people.
//
//   raised 已发生 → returned 已恢复 → closed 已关闭 by itself when it was quiet for a while; raised again before that
//   it stays the same alarm with one more count. Acknowledged 已确认, assigned 已指派 and shelved 已搁置 stand beside
//   this.
//
// Values and pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/domain/alarms/alarm_rule.hpp"

namespace yb::alarms {

/// What the owner says of a condition. The numbers of these enumerations are stored and sent; 0 is of a later version.
enum class Step : std::uint8_t { kUnknown = 0, kRaised = 1, kReturned = 2, kClosed = 3 };
enum class ActKind : std::uint8_t { kUnknown = 0, kAcknowledge = 1, kAssign = 2, kShelve = 3, kUnshelve = 4 };
/// Where a person acted.
enum class Side : std::uint8_t { kUnknown = 0, kBox = 1, kCentral = 2 };

/// "raised", "acknowledge", "box", …, "unknown".
[[nodiscard]] std::string_view ToString(Step step);
[[nodiscard]] std::string_view ToString(ActKind act);
[[nodiscard]] std::string_view ToString(Side side);
[[nodiscard]] std::optional<ActKind> ParseActKind(std::string_view text);

struct Transition {
  base::UtcTime time{};  // when the condition began or ended
  Step step = Step::kUnknown;
  std::string rule;                      // AlarmRule::id, or the name of an operation
  std::uint32_t rules = 0;               // version of the rules; 0: built in
  std::string subject;                   // key of the point, meter or line it is about
  metering::PointNo point = 0;           // 0: not one point
  std::optional<base::Decimal> value{};  // that showed it
  std::string detail{};                  // for people, may be empty
  std::uint64_t boot = 0;                // drawn at each start of the owner
  std::string detail_zh{};               // empty: the detail is the same in both languages
  friend bool operator==(const Transition&, const Transition&) = default;
};

struct Act {
  base::UtcTime time{};
  ActKind act = ActKind::kUnknown;
  std::string alarm;  // Alarm::id
  std::string user;   // empty: the program itself, such as at the end of a shelf
  std::string name;   // 李四
  Side side = Side::kUnknown;
  std::string reason{};
  std::optional<base::UtcTime> until{};  // kShelve; absent: until the alarm is closed (直到恢复)
  std::string assignee{};                // kAssign
  std::string command{};                 // UUIDv7 of the command of central that this answers; empty: acted here
  std::string refused{};                 // why it had no effect; empty: it had
  std::string refused_zh{};
  friend bool operator==(const Act&, const Act&) = default;
};

using Event = std::variant<Transition, Act>;
[[nodiscard]] base::UtcTime TimeOf(const Event& event);

enum class AlarmState : std::uint8_t { kActive = 1, kReturned = 2, kClosed = 3 };
/// "active", "returned", "closed".
[[nodiscard]] std::string_view ToString(AlarmState state);

struct Alarm {
  std::string id;    // unique within the owner: time and key of the first beginning
  Transition first;  // that raised it
  Transition last;   // the newest that had an effect
  AlarmState state = AlarmState::kActive;
  std::int64_t count = 1;       // how often it was raised
  base::UtcTime before_last{};  // of the change before `last`; zero: none
  base::UtcTime third_last{};   // and before that
  bool chattering = false;      // 抖动: three changes within a minute, at some time
  std::optional<Act> acknowledged{};
  std::optional<Act> assigned{};
  std::optional<Act> shelved{};
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

/// Alarms of one key follow each other: at most one of them is not closed.
[[nodiscard]] std::string KeyOf(const Transition& transition);

/// The alarm that a transition begins; nullopt for one that begins none.
[[nodiscard]] std::optional<Alarm> Begin(const Transition& transition);
/// False where the event has no effect on the alarm in its state; then nothing has changed.
bool Apply(Alarm& alarm, const Transition& transition);
bool Apply(Alarm& alarm, const Act& act);

/// Whether a person may do this now. kInvalidArgument for what is incomplete, kAlreadyExists, which says who was
/// earlier, for what is done or closed.
[[nodiscard]] base::Status Allows(const Alarm& alarm, const Act& act, base::UtcTime now);

/// What its owner does about an alarm by itself at `now`: end a shelf, close it. Nullopt: nothing yet.
[[nodiscard]] std::optional<Event> DueAt(const Alarm& alarm, base::Duration close_after, base::UtcTime now);

/// 陈旧: open for more than a day.
[[nodiscard]] bool IsStale(const Alarm& alarm, base::UtcTime now);

}  // namespace yb::alarms
