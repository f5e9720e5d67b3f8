// Bodies of the alarm lane (sync.proto, AlarmRecord): what an operator must see now. Conditions of the box itself, what
// its alarm rules found, what people did about it, and the rules. The same bytes are kept at the box, sent, and kept at
// central. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/domain/alarms/alarm.hpp"

namespace yb::telemetry {

/// The numbers are on the wire; one of a later version is kept and shown as "unknown".
enum class OperationKind : std::uint8_t {
  kUnknown = 0,
  kLineDown = 1,              // (线路中断) no connection to the line `subject`
  kClockBad = 2,              // (时钟异常) the box's wall clock cannot be right
  kStoreFailing = 3,          // (存储故障) readings wait in memory
  kConfigurationRefused = 4,  // (配置被拒) the file `subject` was not applied
  kBoxDown = 5,               // (盒子停机) nothing was recorded between the last record and a start of the box
  kSiteOffline = 6,           // (盒子离线) central does not hear the box of site `subject`; central's own
};

/// "line_down", "clock_bad", "store_failing", "configuration_refused", "box_down", "site_offline", "unknown".
[[nodiscard]] std::string_view ToString(OperationKind what);

/// A condition begins, or ends where `cleared`.
struct Alarm {
  base::UtcTime time{};
  OperationKind what = OperationKind::kUnknown;
  bool cleared = false;
  std::string subject;
  std::string detail;
  std::uint64_t boot = 0;
  std::string detail_zh = {};  // empty: the detail is the same in both languages
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

[[nodiscard]] base::Bytes EncodeAlarm(const Alarm& alarm);
/// kCorrupt for what is no record of the alarm lane, kUnsupported for one of a kind this version does not know.
[[nodiscard]] base::Result<Alarm> DecodeAlarm(base::ByteView body);

/// An operation as a step of its alarm's life.
[[nodiscard]] alarms::Transition ToTransition(const Alarm& operation);

/// 报警规则版本: what alarms mean when they name a rule by its id.
struct AlarmRuleSet {
  std::uint32_t version = 0;  // seconds since 1970 when they were first applied, above all before
  base::UtcTime applied{};
  std::vector<alarms::AlarmRule> rules;
  friend bool operator==(const AlarmRuleSet&, const AlarmRuleSet&) = default;
};

using AlarmBody = std::variant<Alarm, alarms::Transition, alarms::Act, AlarmRuleSet>;

[[nodiscard]] base::Bytes EncodeAlarm(const alarms::Transition& transition);
[[nodiscard]] base::Bytes EncodeAlarm(const alarms::Act& act);
[[nodiscard]] base::Bytes EncodeAlarm(const AlarmRuleSet& rules);
/// Any kind this version knows; errors as DecodeAlarm.
[[nodiscard]] base::Result<AlarmBody> DecodeAlarmBody(base::ByteView body);

/// An act on its way down to a box (sync.proto, Down.alarm_act).
[[nodiscard]] base::Bytes EncodeDownAct(const alarms::Act& act);
/// Nullopt for a message of another kind; kCorrupt for one that cannot be.
[[nodiscard]] base::Result<std::optional<alarms::Act>> DecodeDownAct(base::ByteView message);

}  // namespace yb::telemetry
