// Reading (读数): one measurement of one point, exactly as the meter said it. Telemetry is measurement, not opinion:
// no value is not 0, and nothing is rounded.
//
// Values; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/decimal.hpp"
#include "core/base/time.hpp"

namespace yb::metering {

/// Number of a point within its site: given once by the box, never reused. 0 is no point.
using PointNo = std::uint32_t;

/// What a reading is worth. The numbers are stored and sent: they never change meaning, retired ones stay listed.
enum class Quality : std::uint8_t {
  kGood = 0,
  kSuspect = 1,        // 可疑: answered, but fails plausibility
  kInvalid = 2,        // 无效: answered with what is no value (bad BCD, FF fill); the value is absent
  kUnreachable = 3,    // 读不到: no valid answer in time; the value is absent
  kClockDoubtful = 4,  // 时钟存疑: a good value under a clock that was not trusted
  kImported = 5,       // 导入: brought in from a file with its own times
  kLate = 6,           // 迟到
};

/// "good", "suspect", … as the API and the log write them.
[[nodiscard]] std::string_view ToString(Quality quality);

struct Reading {
  PointNo point = 0;
  base::UtcTime time;                  // when the answer was complete at the box
  std::optional<base::Decimal> value;  // absent is not zero
  Quality quality = Quality::kGood;
  std::uint32_t configuration = 0;  // version it was read under, ratios included (参数版本); 0: none, as of imports
};

/// Utility (水电气暖网络) a point belongs to; stored and sent, see Quality.
enum class Utility : std::uint8_t { kOther = 0, kWater = 1, kPower = 2, kGas = 3, kHeat = 4, kNetwork = 5 };

[[nodiscard]] std::string_view ToString(Utility utility);

/// Kind decides what may be done with a point's values: registers are differenced, gauges are averaged.
enum class PointKind : std::uint8_t { kGauge = 0, kRegister = 1 };

[[nodiscard]] std::string_view ToString(PointKind kind);

/// Point (点位): one quantity of one meter. `key` is "<meter>/<quantity>", unique within the site and stable over
/// restarts: "feeder-1/fwd_active_energy".
struct Point {
  PointNo no = 0;
  std::string key;
  std::string meter;       // key of the meter: "feeder-1"
  std::string meter_name;  // as people call it: "进线一段"
  std::string quantity;    // "fwd_active_energy"
  std::string unit;        // "kWh", "m3", "" where none
  Utility utility = Utility::kOther;
  PointKind kind = PointKind::kGauge;
  std::string line;  // key of the line the meter hangs on

  friend bool operator==(const Point&, const Point&) = default;
};

}  // namespace yb::metering
