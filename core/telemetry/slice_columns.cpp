#include "core/telemetry/slice_columns.hpp"

#include <algorithm>
#include <array>

#include "core/telemetry/integer_column.hpp"
#include "core/telemetry/packed_stream.hpp"

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

namespace {

constexpr std::uint64_t kMostReadings = 1U << 20;
constexpr std::int64_t kMillisecond = 1000;

/// Head, planes and wide residuals, each with its length before it.
base::Bytes Join(const base::Bytes& head, const base::Bytes& planes, const base::Bytes& wide) {
  base::Bytes all;
  for (const base::Bytes* part : {&head, &planes, &wide}) PutVarint(all, part->size());
  for (const base::Bytes* part : {&head, &planes, &wide}) all.insert(all.end(), part->begin(), part->end());
  return all;
}

void SwapColumns(contract::Slice& a, contract::Slice& b) {
  a.mutable_point()->Swap(b.mutable_point());
  a.mutable_time_us()->Swap(b.mutable_time_us());
  a.mutable_scale()->Swap(b.mutable_scale());
  a.mutable_mantissa()->Swap(b.mutable_mantissa());
  a.mutable_quality()->Swap(b.mutable_quality());
}

}  // namespace

void PackColumns(contract::Slice& slice) {
  const auto count = static_cast<std::size_t>(slice.point_size());
  if (count == 0) return;
  const bool whole = std::ranges::all_of(slice.time_us(), [](std::int64_t t) { return t % kMillisecond == 0; });
  const std::int64_t unit = whole ? kMillisecond : 1;
  std::vector<std::int64_t> points(slice.point().begin(), slice.point().end());
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> mantissas;
  for (int i = 0; i < slice.point_size(); ++i) {
    times.push_back(slice.time_us(i) / unit);
    if (slice.scale(i) > 0) mantissas.push_back(slice.mantissa(i));
  }
  base::Bytes head, planes, wide;
  PutVarint(head, count);
  head.push_back(whole ? 1 : 0);
  const auto at = [](const auto& column) {
    return [&column](std::size_t i) -> std::uint64_t { return column[static_cast<int>(i)]; };
  };
  PutColumn(points, {}, head, planes, wide);
  PutColumn(times, {}, head, planes, wide);
  PutRuns(head, count, at(slice.scale()));
  PutColumn(mantissas, {}, head, planes, wide);
  PutRuns(head, count, at(slice.quality()));
  const base::Bytes packed = PackStream(Join(head, planes, wide));
  const std::size_t before = slice.ByteSizeLong();
  contract::Slice columns;
  SwapColumns(slice, columns);
  slice.set_packed(packed.data(), packed.size());
  if (slice.ByteSizeLong() < before) return;
  slice.clear_packed();
  SwapColumns(slice, columns);
}

base::Status UnpackColumns(contract::Slice& slice) {
  if (slice.packed().empty()) return {};
  YB_ASSIGN(const base::Bytes plain, UnpackStream(base::AsBytes(slice.packed())));
  ByteReader all(plain);
  std::array<std::uint64_t, 3> sizes{};
  for (std::uint64_t& size : sizes) size = all.Varint();
  ByteReader head(all.Take(sizes[0]));
  ByteReader planes(all.Take(sizes[1]));
  ByteReader wide(all.Take(sizes[2]));
  const std::uint64_t count = head.Varint();
  const std::uint8_t unit = head.Byte();
  const auto corrupt = [] { return base::Fail(base::ErrorCode::kCorrupt, "a packed slice is unreadable"); };
  if (!all.done() || !head.ok() || count == 0 || count > kMostReadings || unit > 1 || slice.point_size() != 0)
    return corrupt();
  YB_ASSIGN(const std::vector<std::int64_t> points, TakeColumn(count, {}, head, planes, wide));
  YB_ASSIGN(const std::vector<std::int64_t> times, TakeColumn(count, {}, head, planes, wide));
  std::size_t with_value = 0;
  if (!TakeRuns(head, count, UINT32_MAX, [&](std::size_t, std::uint64_t scale) {
        slice.add_scale(static_cast<std::uint32_t>(scale));
        with_value += scale > 0 ? 1 : 0;
      }))
    return corrupt();
  YB_ASSIGN(const std::vector<std::int64_t> mantissas, TakeColumn(with_value, {}, head, planes, wide));
  if (!TakeRuns(head, count, UINT32_MAX,
                [&](std::size_t, std::uint64_t quality) { slice.add_quality(static_cast<std::uint32_t>(quality)); }))
    return corrupt();
  if (!head.done() || !planes.done() || !wide.done()) return corrupt();
  auto mantissa = mantissas.begin();
  for (std::size_t i = 0; i < count; ++i) {
    if (points[i] < 0 || points[i] > UINT32_MAX) return corrupt();
    slice.add_point(static_cast<std::uint32_t>(points[i]));
    // Wraps, as ReadColumn does.
    slice.add_time_us(static_cast<std::int64_t>(static_cast<std::uint64_t>(times[i]) *
                                                static_cast<std::uint64_t>(unit == 1 ? kMillisecond : 1)));
    slice.add_mantissa(slice.scale(static_cast<int>(i)) > 0 ? *mantissa++ : 0);
  }
  slice.clear_packed();
  return {};
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
