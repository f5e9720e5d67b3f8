#include "core/telemetry/slice_columns.hpp"

#include <algorithm>

namespace yb::telemetry {

using base::Decimal;

void WriteColumns(std::span<const metering::Reading> readings, contract::Slice& slice) {
  if (readings.empty()) return;
  const std::int64_t base_time = std::ranges::min_element(readings, {}, &metering::Reading::time)->time.micros;
  slice.set_base_time_us(base_time);
  for (const metering::Reading& reading : readings) {
    slice.add_point(reading.point);
    slice.add_time_us(reading.time.micros - base_time);
    slice.add_scale(reading.value ? reading.value->scale() + 1U : 0U);
    slice.add_mantissa(reading.value ? reading.value->mantissa() : 0);
    slice.add_quality(static_cast<std::uint32_t>(reading.quality));
  }
}

base::Status CheckColumns(const contract::Slice& slice) {
  const int count = slice.point_size();
  if (slice.time_us_size() != count || slice.scale_size() != count || slice.mantissa_size() != count ||
      slice.quality_size() != count) {
    return base::Fail(base::ErrorCode::kCorrupt, "the columns of a slice differ in length");
  }
  if (std::ranges::any_of(slice.scale(), [](std::uint32_t scale) { return scale > Decimal::kMaxScale + 1; })) {
    return base::Fail(base::ErrorCode::kCorrupt, "a slice has a scale above 18");
  }
  const auto too_long = [](std::int64_t mantissa) {
    return mantissa > Decimal::kMostMantissa || mantissa < -Decimal::kMostMantissa;
  };
  if (std::ranges::any_of(slice.mantissa(), too_long)) {
    return base::Fail(base::ErrorCode::kCorrupt, "a slice has a value of more than 18 digits");
  }
  if (std::ranges::any_of(slice.quality(), [](std::uint32_t quality) { return quality > 0xFF; })) {
    return base::Fail(base::ErrorCode::kCorrupt, "a slice has a quality above 255");
  }
  return {};
}

metering::Reading ReadColumn(const contract::Slice& slice, int i) {
  metering::Reading reading;
  reading.point = slice.point(i);
  // Wraps instead of overflowing on a hostile offset; the time is then odd, never undefined.
  reading.time.micros = static_cast<std::int64_t>(static_cast<std::uint64_t>(slice.base_time_us()) +
                                                  static_cast<std::uint64_t>(slice.time_us(i)));
  if (slice.scale(i) > 0) reading.value = Decimal(slice.mantissa(i), static_cast<std::uint8_t>(slice.scale(i) - 1));
  reading.quality = static_cast<metering::Quality>(slice.quality(i));
  reading.configuration = slice.configuration();
  return reading;
}

base::Result<std::vector<metering::Reading>> ReadColumns(const contract::Slice& slice) {
  YB_TRY(CheckColumns(slice));
  std::vector<metering::Reading> readings;
  readings.reserve(static_cast<std::size_t>(slice.point_size()));
  for (int i = 0; i < slice.point_size(); ++i) readings.push_back(ReadColumn(slice, i));
  return readings;
}

}  // namespace yb::telemetry
