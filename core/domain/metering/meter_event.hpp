// MeterEvent (表计事件): something that happened to a meter or its registers besides consumption. Readings say what a
// register showed; events say why it does not simply go on.
//
// Values; no threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/domain/metering/reading.hpp"

namespace yb::metering {

/// The numbers are stored and sent: they never change meaning, retired ones stay listed.
enum class MeterEventKind : std::uint8_t {
  kUnknown = 0,       // of a later version; kept as it came
  kGap = 1,           // 缺数: no value for longer than one reading may be late
  kBackwardStep = 2,  // 倒走: the register fell, and neither to the beginning nor past its end
  kReset = 3,         // 清零: the register fell to near 0 while the meter is the same as far as we know
  kRollover = 4,      // 翻转: the register passed its last number and begins at 0 again
  kReplacement = 5,   // 换表: another meter in the same place; `before` and `after` carry the registers on
  kClockOff = 6,      // 表钟超差: the meter's clock is off by more than its limit; `after` is by how many seconds
  kConfigurationChanged = 7,  // 参数变更: ratio, scale or register were configured anew
  kJump = 8,                  // 突变: the register rose by more than can have flowed
};

/// "gap", "backward_step", … as the API and the log write them.
[[nodiscard]] std::string_view ToString(MeterEventKind kind);

struct MeterEvent {
  MeterEventKind kind = MeterEventKind::kUnknown;
  std::string meter;      // key of the meter
  PointNo point = 0;      // 0: the meter as a whole
  base::UtcTime since{};  // the last reading before
  base::UtcTime time{};   // the reading that showed it
  std::optional<base::Decimal> before{};
  std::optional<base::Decimal> after{};
  std::string detail{};  // what else a person wants to know: "ct 40 -> 60"; may be empty

  friend bool operator==(const MeterEvent&, const MeterEvent&) = default;
};

}  // namespace yb::metering
