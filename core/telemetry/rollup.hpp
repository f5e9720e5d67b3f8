// Roll-ups (汇总): what the readings of one point were in each quarter of an hour, and from these each hour and civil
// day. A quarter is made from its own readings alone, so that late ones only make their own day anew; what a register
// moved between two buckets is added when buckets are put in a row. Pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

enum class Resolution : std::uint8_t { kRaw, kQuarterHour, kHour, kDay };
/// "raw", "quarter_hour", "hour", "day".
[[nodiscard]] std::string_view ToString(Resolution resolution);
[[nodiscard]] std::optional<Resolution> ParseResolution(std::string_view text);
[[nodiscard]] base::Duration LengthOf(Resolution resolution);

constexpr base::Duration kQuarterHour = std::chrono::minutes(15);

struct Bucket {
  base::UtcTime start{};
  std::uint64_t count = 0;    // readings with a value; a bucket without any is not there
  base::Decimal first, last;  // by time
  base::Decimal min, max;
  std::optional<base::Decimal> sum;  // exact; absent where it has more than 18 digits
  // Of a register: what it went up by from first to last, steps backwards left out; in a row of buckets (Aggregate)
  // from the last of the bucket before. Absent where it has more than 18 digits.
  std::optional<base::Decimal> consumption;
};

/// sum / count with two digits more than the values have; absent with the sum.
[[nodiscard]] std::optional<base::Decimal> MeanOf(const Bucket& bucket);

/// Quarters with values, ascending. `readings` of one point, in any order.
[[nodiscard]] std::vector<Bucket> RollUp(std::vector<metering::Reading> readings);

/// Ascending quarters put together; `resolution` is not raw. Consumption then reaches from bucket to bucket.
[[nodiscard]] std::vector<Bucket> Aggregate(std::span<const Bucket> quarters, Resolution resolution);

/// One day's quarters as they are stored (series-format.md, "Roll-ups").
[[nodiscard]] base::Bytes EncodeRollup(std::span<const Bucket> quarters, base::UtcTime day);
[[nodiscard]] base::Result<std::vector<Bucket>> DecodeRollup(base::ByteView bytes, base::UtcTime day);

}  // namespace yb::telemetry
