// Bodies of the alarm lane (sync.proto, AlarmRecord): what an operator must see now. Today these are conditions of the
// box itself. The same bytes are kept at the box, sent, and kept at central. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace yb::telemetry {

/// The numbers are on the wire; one of a later version is kept and shown as "unknown".
enum class OperationKind : std::uint8_t {
  kUnknown = 0,
  kLineDown = 1,              // (线路中断) no connection to the line `subject`
  kClockBad = 2,              // (时钟异常) the box's wall clock cannot be right
  kStoreFailing = 3,          // (存储故障) readings wait in memory
  kConfigurationRefused = 4,  // (配置被拒) the file `subject` was not applied
  kBoxDown = 5,               // (盒子停机) nothing was recorded between the last record and a start of the box
};

/// "line_down", "clock_bad", "store_failing", "configuration_refused", "box_down", "unknown".
[[nodiscard]] std::string_view ToString(OperationKind what);

/// A condition begins, or ends where `cleared`.
struct Alarm {
  base::UtcTime time{};
  OperationKind what = OperationKind::kUnknown;
  bool cleared = false;
  std::string subject;
  std::string detail;
  std::uint64_t boot = 0;
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

[[nodiscard]] base::Bytes EncodeAlarm(const Alarm& alarm);
/// kCorrupt for what is no record of the alarm lane, kUnsupported for one of a kind this version does not know.
[[nodiscard]] base::Result<Alarm> DecodeAlarm(base::ByteView body);

}  // namespace yb::telemetry
