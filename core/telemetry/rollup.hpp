// Roll-ups (汇总): what the readings of one point were in each quarter of an hour of a civil day, and from these each
// hour and day. What a register moved (core/domain/metering) counts where the later reading of the step lies.
// Pure functions; any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/metering/consumption.hpp"

namespace yb::telemetry {

enum class Resolution : std::uint8_t { kRaw, kQuarterHour, kHour, kDay };
/// "raw", "15m", "hour", "day".
[[nodiscard]] std::string_view ToString(Resolution resolution);
[[nodiscard]] std::optional<Resolution> ParseResolution(std::string_view text);
/// 0 for raw.
[[nodiscard]] base::Duration LengthOf(Resolution resolution);

constexpr base::Duration kQuarterHour = std::chrono::minutes(15);

struct Bucket {
  base::UtcTime start{};
  std::uint64_t count = 0;        // readings with a value; a bucket without any is not there
  base::Decimal first{}, last{};  // by time
  base::Decimal min{}, max{};
  std::optional<base::Decimal> sum{};          // exact; absent where it has more than 18 digits
  std::optional<base::Decimal> consumption{};  // of a register; absent where it has more than 18 digits
};

/// sum / count with two digits more than the values have; absent with the sum.
[[nodiscard]] std::optional<base::Decimal> MeanOf(const Bucket& bucket);

/// How a register is followed.
struct RegisterHistory {
  metering::RegisterRules rules;
  std::vector<metering::MeterEvent> events;  // of its meter, during the day
  std::vector<metering::Reading> lead;       // its last readings before the day, ascending
};

struct DayRollup {
  std::vector<Bucket> quarters;           // with values, ascending
  std::vector<metering::Reading> tail{};  // of a register: its last readings by the day's end, the next day's lead
};

/// `readings` of one point and one day, in any order; `history` for a register.
[[nodiscard]] DayRollup RollUp(std::vector<metering::Reading> readings, const RegisterHistory* history);

/// Ascending quarters put together; `resolution` is not raw.
[[nodiscard]] std::vector<Bucket> Aggregate(std::span<const Bucket> quarters, Resolution resolution);

/// As they are stored (series-format.md, "Roll-ups"); `day` is its beginning.
[[nodiscard]] base::Bytes EncodeRollup(const DayRollup& rollup, base::UtcTime day);
/// Readings of the tail come back without point and quality. kCorrupt for bytes that are no roll-up.
[[nodiscard]] base::Result<DayRollup> DecodeRollup(base::ByteView bytes, base::UtcTime day);

}  // namespace yb::telemetry
