#include "core/telemetry/series_block.hpp"

#include <algorithm>
#include <array>

#include "core/telemetry/integer_column.hpp"
#include "core/telemetry/packed_stream.hpp"

namespace yb::telemetry {
namespace {

using base::Bytes;
using base::ByteView;
using base::Decimal;
using base::ErrorCode;
using base::Fail;

constexpr std::array<std::uint8_t, 2> kMagic = {'Y', 'S'};
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kMinReader = 1;
constexpr std::array<std::int64_t, 3> kTimeUnits = {1, 1000, 1'000'000};  // microseconds

/// The four streams of a block, in stored order.
struct Streams {
  Bytes head, times, values, wide;
};

tl::unexpected<base::Error> Corrupt(const char* what) {
  return Fail(ErrorCode::kCorrupt, std::string("a series block is unreadable: ") + what);
}

// ---- writing ----

std::uint8_t UnitOf(std::span<const SeriesReading> readings) {
  for (std::uint8_t unit = kTimeUnits.size() - 1; unit > 0; --unit) {
    const auto divides = [&](const SeriesReading& r) { return r.reading.time.micros % kTimeUnits[unit] == 0; };
    if (std::ranges::all_of(readings, divides)) return unit;
  }
  return 0;
}

void PutPoint(std::span<const SeriesReading> readings, std::vector<std::int64_t>& reference, Streams& out) {
  PutVarint(out.head, readings.size());
  const std::uint8_t unit = UnitOf(readings);
  out.head.push_back(unit);
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> mantissas;
  for (const SeriesReading& r : readings) {
    times.push_back(r.reading.time.micros / kTimeUnits[unit]);
    if (r.reading.value) mantissas.push_back(r.reading.value->mantissa());
  }
  const bool alike = reference.size() == times.size();
  PutColumn(times, alike ? std::span<const std::int64_t>(reference) : std::span<const std::int64_t>(), out.head,
            out.times, out.wide);
  PutRuns(out.head, readings.size(), [&](std::size_t i) -> std::uint64_t {
    return readings[i].reading.value ? readings[i].reading.value->scale() + 1U : 0U;
  });
  PutColumn(mantissas, {}, out.head, out.values, out.wide);
  PutRuns(out.head, readings.size(),
          [&](std::size_t i) { return static_cast<std::uint64_t>(readings[i].reading.quality); });
  PutRuns(out.head, readings.size(), [&](std::size_t i) { return std::uint64_t{readings[i].context}; });
  reference = std::move(times);
}

// ---- reading ----

base::Result<SeriesBlockInfo> TakeInfo(ByteReader& in) {
  const ByteView magic = in.Take(kMagic.size());
  if (!std::ranges::equal(magic, kMagic)) return Corrupt("it does not begin with YS");
  (void)in.Byte();  // version of the writer
  const std::uint8_t min_reader = in.Byte();
  if (in.ok() && min_reader > kVersion) {
    return Fail(ErrorCode::kUnsupported, "a series block needs reader version " + std::to_string(min_reader),
                "update this program");
  }
  SeriesBlockInfo info;
  const std::uint64_t first = in.Varint();
  const std::uint64_t span = in.Varint();
  const std::uint64_t readings = in.Varint();
  info.first.micros = in.Signed();
  info.last.micros = static_cast<std::int64_t>(static_cast<std::uint64_t>(info.first.micros) + in.Varint());
  constexpr std::uint64_t kMostPoint = UINT32_MAX;
  if (!in.ok() || first == 0 || first > kMostPoint || span > kMostPoint - first || readings == 0 ||
      readings > kMostBlockReadings)
    return Corrupt("its head is impossible");
  info.first_point = static_cast<metering::PointNo>(first);
  info.last_point = static_cast<metering::PointNo>(first + span);
  info.readings = readings;
  return info;
}

/// Reads the points of a block one after the other.
class PointReader {
 public:
  PointReader(const Streams& streams, const SeriesBlockInfo& info)
      : head_(streams.head),
        times_(streams.times),
        values_(streams.values),
        wide_(streams.wide),
        point_(info.first_point),
        left_(info.readings) {}

  /// The next point's readings; empty at the end.
  base::Result<std::vector<SeriesReading>> Next() {
    if (left_ == 0) {
      if (!head_.done() || !times_.done() || !values_.done() || !wide_.done()) return Corrupt("bytes are left over");
      return std::vector<SeriesReading>{};
    }
    const std::uint64_t step = head_.Varint();
    const std::uint64_t count = head_.Varint();
    const std::uint8_t unit = head_.Byte();
    if (!head_.ok() || step > UINT32_MAX - point_ || count == 0 || count > left_ || unit >= kTimeUnits.size())
      return Corrupt("a point's head is impossible");
    point_ += static_cast<metering::PointNo>(step);
    left_ -= count;
    YB_ASSIGN(reference_, TakeColumn(count, reference_, head_, times_, wide_));
    std::vector<SeriesReading> readings(count);
    for (std::size_t i = 0; i < count; ++i) {
      readings[i].reading.point = point_;
      readings[i].reading.time.micros = static_cast<std::int64_t>(static_cast<std::uint64_t>(reference_[i]) *
                                                                  static_cast<std::uint64_t>(kTimeUnits[unit]));
    }
    YB_TRY(TakeValues(readings));
    const bool runs = TakeRuns(head_, count, 0xFF,
                               [&](std::size_t i, std::uint64_t value) {
                                 readings[i].reading.quality = static_cast<metering::Quality>(value);
                               }) &&
                      TakeRuns(head_, count, UINT32_MAX, [&](std::size_t i, std::uint64_t value) {
                        readings[i].context = static_cast<std::uint32_t>(value);
                      });
    if (!runs) return Corrupt("its runs are impossible");
    return readings;
  }

 private:
  base::Status TakeValues(std::vector<SeriesReading>& readings) {
    std::size_t with_value = 0;
    std::vector<std::uint8_t> scales(readings.size());
    const bool runs = TakeRuns(head_, readings.size(), Decimal::kMaxScale + 1, [&](std::size_t i, std::uint64_t scale) {
      scales[i] = static_cast<std::uint8_t>(scale);
      with_value += scale > 0 ? 1 : 0;
    });
    if (!runs) return Corrupt("its scales are impossible");
    YB_ASSIGN(const std::vector<std::int64_t> mantissas, TakeColumn(with_value, {}, head_, values_, wide_));
    auto next = mantissas.begin();
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (scales[i] == 0) continue;
      const std::int64_t mantissa = *next++;
      if (mantissa > Decimal::kMostMantissa || mantissa < -Decimal::kMostMantissa)
        return Corrupt("a value has more than 18 digits");
      readings[i].reading.value = Decimal(mantissa, static_cast<std::uint8_t>(scales[i] - 1));
    }
    return {};
  }

  ByteReader head_, times_, values_, wide_;
  metering::PointNo point_;
  std::size_t left_;
  std::vector<std::int64_t> reference_;
};

}  // namespace

Bytes EncodeSeriesBlock(std::span<const SeriesReading> readings) {
  YB_CHECK(!readings.empty() && readings.size() <= kMostBlockReadings, "a series block has a reading and not too many");
  const auto by_time = [](const SeriesReading& r) { return r.reading.time.micros; };
  const auto [first, last] = std::ranges::minmax_element(readings, {}, by_time);
  const metering::PointNo first_point = readings.front().reading.point;

  Streams streams;
  std::vector<std::int64_t> reference;
  metering::PointNo before = first_point;
  for (auto begin = readings.begin(); begin != readings.end();) {
    const metering::PointNo point = begin->reading.point;
    const auto end = std::find_if(begin, readings.end(), [&](const auto& r) { return r.reading.point != point; });
    YB_CHECK(point != 0 && point >= before, "the readings of a series block are ordered by point");
    PutVarint(streams.head, point - before);
    PutPoint({begin, end}, reference, streams);
    before = point;
    begin = end;
  }

  Bytes block(kMagic.begin(), kMagic.end());
  block.push_back(kVersion);
  block.push_back(kMinReader);
  PutVarint(block, first_point);
  PutVarint(block, before - first_point);
  PutVarint(block, readings.size());
  PutSigned(block, by_time(*first));
  PutVarint(block, static_cast<std::uint64_t>(by_time(*last)) - static_cast<std::uint64_t>(by_time(*first)));
  const std::array packed = {PackStream(streams.head), PackStream(streams.times), PackStream(streams.values),
                             PackStream(streams.wide)};
  for (const Bytes& stream : packed) PutVarint(block, stream.size());
  for (const Bytes& stream : packed) block.insert(block.end(), stream.begin(), stream.end());
  return block;
}

base::Result<SeriesBlockInfo> ReadSeriesBlockInfo(ByteView block) {
  ByteReader in(block);
  return TakeInfo(in);
}

base::Status DecodeSeriesBlock(ByteView block, const std::function<void(const SeriesReading&)>& use) {
  ByteReader in(block);
  YB_ASSIGN(const SeriesBlockInfo info, TakeInfo(in));
  std::array<std::uint64_t, 4> sizes{};
  for (std::uint64_t& size : sizes) size = in.Varint();
  Streams streams;
  for (std::size_t i = 0; Bytes * stream : {&streams.head, &streams.times, &streams.values, &streams.wide}) {
    YB_ASSIGN(*stream, UnpackStream(in.Take(sizes[i++])));
  }
  if (!in.done()) return Corrupt("its streams are not as long as it says");
  PointReader points(streams, info);
  while (true) {
    YB_ASSIGN(const std::vector<SeriesReading> readings, points.Next());
    if (readings.empty()) return {};
    for (const SeriesReading& reading : readings) use(reading);
  }
}

}  // namespace yb::telemetry
