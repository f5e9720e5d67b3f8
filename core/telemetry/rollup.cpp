#include "core/telemetry/rollup.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/telemetry/integer_column.hpp"
#include "core/telemetry/packed_stream.hpp"

namespace yb::telemetry {
namespace {

using base::Decimal;
using metering::Reading;

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kQuartersOfADay = 96;
/// A register that fell is judged by what comes next: the day before tells the last few readings.
constexpr std::size_t kTailReadings = 4;

constexpr std::array<std::pair<Resolution, std::string_view>, 4> kNames = {{{Resolution::kRaw, "raw"},
                                                                            {Resolution::kQuarterHour, "15m"},
                                                                            {Resolution::kHour, "hour"},
                                                                            {Resolution::kDay, "day"}}};

std::optional<Decimal> Sum(const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
  if (!a || !b) return std::nullopt;
  const base::Result<Decimal> sum = a->Plus(*b);
  return sum ? std::optional(*sum) : std::nullopt;
}

base::UtcTime StartOfBucket(base::UtcTime time, Resolution resolution) {
  if (resolution == Resolution::kDay) return calendar::StartOf(calendar::DayOf(time));
  const base::UtcTime day = calendar::StartOf(calendar::DayOf(time));
  const std::int64_t length = LengthOf(resolution).count();
  return {day.micros + (time.micros - day.micros) / length * length};
}

void Fold(Bucket& bucket, const Reading& reading) {
  const Decimal& value = *reading.value;
  if (bucket.count++ == 0) {
    bucket.first = bucket.last = bucket.min = bucket.max = value;
    bucket.sum = value;
    return;
  }
  bucket.last = value;
  bucket.min = std::min(bucket.min, value);
  bucket.max = std::max(bucket.max, value);
  bucket.sum = Sum(bucket.sum, value);
}

void Join(Bucket& bucket, const Bucket& later) {
  bucket.count += later.count;
  bucket.last = later.last;
  bucket.min = std::min(bucket.min, later.min);
  bucket.max = std::max(bucket.max, later.max);
  bucket.sum = Sum(bucket.sum, later.sum);
  bucket.consumption = Sum(bucket.consumption, later.consumption);
}

/// One column of decimals: runs of scales (0: absent, n + 1), then the mantissas of those that are there. A column
/// like `reference` costs next to nothing.
std::vector<std::int64_t> PutDecimals(const std::vector<std::optional<Decimal>>& values,
                                      std::span<const std::int64_t> reference, base::Bytes& head, base::Bytes& planes,
                                      base::Bytes& wide) {
  PutRuns(head, values.size(),
          [&](std::size_t i) -> std::uint64_t { return values[i] ? values[i]->scale() + 1U : 0U; });
  std::vector<std::int64_t> mantissas;
  for (const auto& value : values) {
    if (value) mantissas.push_back(value->mantissa());
  }
  PutColumn(mantissas, reference.size() == mantissas.size() ? reference : std::span<const std::int64_t>(), head, planes,
            wide);
  return mantissas;
}

tl::unexpected<base::Error> Corrupt() {
  return base::Fail(base::ErrorCode::kCorrupt, "a stored roll-up is unreadable");
}

base::Result<std::vector<std::optional<Decimal>>> TakeDecimals(std::size_t count, std::vector<std::int64_t>& reference,
                                                               ByteReader& head, ByteReader& planes, ByteReader& wide) {
  std::vector<std::uint8_t> scales(count);
  std::size_t present = 0;
  if (!TakeRuns(head, count, Decimal::kMaxScale + 1, [&](std::size_t i, std::uint64_t scale) {
        scales[i] = static_cast<std::uint8_t>(scale);
        present += scale > 0 ? 1 : 0;
      }))
    return Corrupt();
  YB_ASSIGN(std::vector<std::int64_t> mantissas, TakeColumn(present, reference, head, planes, wide));
  std::vector<std::optional<Decimal>> values(count);
  auto next = mantissas.begin();
  for (std::size_t i = 0; i < count; ++i) {
    if (scales[i] == 0) continue;
    if (std::abs(*next / 2) > Decimal::kMostMantissa / 2) return Corrupt();
    values[i] = Decimal(*next++, static_cast<std::uint8_t>(scales[i] - 1));
  }
  reference = std::move(mantissas);
  return values;
}

}  // namespace

std::string_view ToString(Resolution resolution) {
  return std::ranges::find(kNames, resolution, &std::pair<Resolution, std::string_view>::first)->second;
}

std::optional<Resolution> ParseResolution(std::string_view text) {
  const auto found = std::ranges::find(kNames, text, &std::pair<Resolution, std::string_view>::second);
  return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

base::Duration LengthOf(Resolution resolution) {
  switch (resolution) {
    case Resolution::kRaw: return {};
    case Resolution::kQuarterHour: return kQuarterHour;
    case Resolution::kHour: return std::chrono::hours(1);
    case Resolution::kDay: return std::chrono::hours(24);
  }
  return {};
}

std::optional<Decimal> MeanOf(const Bucket& bucket) {
  constexpr int kMoreDigits = 2;
  if (!bucket.sum || bucket.count == 0 || bucket.sum->scale() + kMoreDigits > Decimal::kMaxScale ||
      bucket.count > 1'000'000'000)
    return std::nullopt;
  // Quotient and remainder apart, so that nothing overflows; half is rounded away from zero.
  const auto count = static_cast<std::int64_t>(bucket.count);
  const std::int64_t whole = bucket.sum->mantissa() / count;
  const std::int64_t rest = bucket.sum->mantissa() % count * 100;
  if (std::abs(whole) > Decimal::kMostMantissa / 100 - 1) return std::nullopt;
  const std::int64_t half = rest < 0 ? -count : count;
  return Decimal(whole * 100 + (2 * rest + half) / (2 * count),
                 static_cast<std::uint8_t>(bucket.sum->scale() + kMoreDigits));
}

DayRollup RollUp(std::vector<Reading> readings, const RegisterHistory* history) {
  std::erase_if(readings, [](const Reading& reading) { return !reading.value; });
  std::ranges::stable_sort(readings, {}, &Reading::time);
  DayRollup rollup;
  std::vector<Bucket>& buckets = rollup.quarters;
  for (const Reading& reading : readings) {
    const base::UtcTime start = StartOfBucket(reading.time, Resolution::kQuarterHour);
    if (buckets.empty() || buckets.back().start != start) buckets.push_back({.start = start});
    Fold(buckets.back(), reading);
  }
  if (history == nullptr || readings.empty()) return rollup;
  for (Bucket& bucket : buckets) bucket.consumption = Decimal();
  const base::UtcTime begin = readings.front().time;
  readings.insert(readings.begin(), history->lead.begin(), history->lead.end());
  auto bucket = buckets.begin();
  const base::Status walked = metering::ForEachStep(
      history->rules, readings, history->events,
      [&](const metering::RegisterStep& step, const Reading& reading) -> base::Status {
        if (reading.time < begin) return {};
        const base::UtcTime start = StartOfBucket(reading.time, Resolution::kQuarterHour);
        bucket = std::find_if(bucket, buckets.end(), [&](const Bucket& b) { return b.start == start; });
        bucket->consumption = Sum(bucket->consumption, step.consumption);
        return {};
      });
  if (!walked) {
    for (Bucket& one : buckets) one.consumption.reset();
  }
  rollup.tail.assign(readings.end() - static_cast<std::ptrdiff_t>(std::min(readings.size(), kTailReadings)),
                     readings.end());
  return rollup;
}

std::vector<Bucket> Aggregate(std::span<const Bucket> quarters, Resolution resolution) {
  std::vector<Bucket> buckets;
  for (const Bucket& quarter : quarters) {
    const base::UtcTime start = StartOfBucket(quarter.start, resolution);
    if (!buckets.empty() && buckets.back().start == start) {
      Join(buckets.back(), quarter);
    } else {
      buckets.push_back(quarter);
      buckets.back().start = start;
    }
  }
  return buckets;
}

base::Bytes EncodeRollup(const DayRollup& rollup, base::UtcTime day) {
  const std::vector<Bucket>& quarters = rollup.quarters;
  base::Bytes head, planes, wide;
  PutVarint(head, quarters.size());
  std::vector<std::int64_t> places;
  std::vector<std::int64_t> counts;
  std::array<std::vector<std::optional<Decimal>>, 6> columns;
  for (const Bucket& quarter : quarters) {
    places.push_back((quarter.start - day) / kQuarterHour);
    counts.push_back(static_cast<std::int64_t>(quarter.count));
    const std::array<std::optional<Decimal>, 6> values = {quarter.first, quarter.last, quarter.min,
                                                          quarter.max,   quarter.sum,  quarter.consumption};
    for (std::size_t i = 0; i < values.size(); ++i) columns[i].push_back(values[i]);
  }
  PutColumn(places, {}, head, planes, wide);
  PutColumn(counts, {}, head, planes, wide);
  std::vector<std::int64_t> reference;
  for (const auto& column : columns) reference = PutDecimals(column, reference, head, planes, wide);
  PutVarint(head, rollup.tail.size());
  for (const Reading& reading : rollup.tail) {
    PutSigned(head, (reading.time - day).count());
    head.push_back(reading.value->scale());
    PutSigned(head, reading.value->mantissa());
  }
  base::Bytes all;
  for (const base::Bytes* part : {&head, &planes, &wide}) PutVarint(all, part->size());
  for (const base::Bytes* part : {&head, &planes, &wide}) all.insert(all.end(), part->begin(), part->end());
  base::Bytes bytes = PackStream(all);
  bytes.insert(bytes.begin(), kVersion);
  return bytes;
}

base::Result<DayRollup> DecodeRollup(base::ByteView bytes, base::UtcTime day) {
  if (bytes.empty() || bytes.front() != kVersion) return Corrupt();
  YB_ASSIGN(const base::Bytes plain, UnpackStream(bytes.subspan(1)));
  ByteReader all(plain);
  std::array<std::uint64_t, 3> sizes{};
  for (std::uint64_t& size : sizes) size = all.Varint();
  ByteReader head(all.Take(sizes[0]));
  ByteReader planes(all.Take(sizes[1]));
  ByteReader wide(all.Take(sizes[2]));
  const std::uint64_t count = head.Varint();
  if (!all.done() || count > kQuartersOfADay) return Corrupt();
  YB_ASSIGN(const std::vector<std::int64_t> places, TakeColumn(count, {}, head, planes, wide));
  YB_ASSIGN(const std::vector<std::int64_t> counts, TakeColumn(count, {}, head, planes, wide));
  std::vector<std::int64_t> reference;
  std::array<std::vector<std::optional<Decimal>>, 6> columns;
  for (auto& column : columns) {
    YB_ASSIGN(column, TakeDecimals(count, reference, head, planes, wide));
  }
  DayRollup rollup;
  for (std::size_t i = 0; i < count; ++i) {
    if (places[i] < 0 || places[i] >= static_cast<std::int64_t>(kQuartersOfADay) || !columns[0][i] || !columns[1][i] ||
        !columns[2][i] || !columns[3][i])
      return Corrupt();
    rollup.quarters.push_back({day + kQuarterHour * places[i], static_cast<std::uint64_t>(counts[i]), *columns[0][i],
                               *columns[1][i], *columns[2][i], *columns[3][i], columns[4][i], columns[5][i]});
  }
  const std::uint64_t tail = head.Varint();
  for (std::uint64_t i = 0; i < tail && i < kTailReadings; ++i) {
    const base::UtcTime time = day + base::Duration(head.Signed());
    const std::uint8_t scale = head.Byte();
    const std::int64_t mantissa = head.Signed();
    if (scale > Decimal::kMaxScale || std::abs(mantissa / 2) > Decimal::kMostMantissa / 2) return Corrupt();
    rollup.tail.push_back({0, time, Decimal(mantissa, scale), metering::Quality::kGood});
  }
  if (!head.done()) return Corrupt();
  return rollup;
}

}  // namespace yb::telemetry
