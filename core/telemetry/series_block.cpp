#include "core/telemetry/series_block.hpp"

#include <algorithm>
#include <array>

#include "core/base/digest.hpp"
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
constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kMinReader = 2;
constexpr std::size_t kCheckBytes = 4;
constexpr std::array<std::int64_t, 3> kTimeUnits = {1, 1000, 1'000'000};  // microseconds

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

/// The first bytes of SHA-256.
Bytes CheckOf(ByteView block) {
  const base::Digest digest = base::Sha256(block);
  return {digest.begin(), digest.begin() + kCheckBytes};
}

struct Written {
  Bytes head;
  ResidualEncoder times, values;
};

void PutPoint(std::span<const SeriesReading> readings, std::vector<std::int64_t>& reference, Written& out) {
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
  PutCodedColumn(times, alike ? std::span<const std::int64_t>(reference) : std::span<const std::int64_t>(), out.head,
                 out.times);
  PutRuns(out.head, readings.size(), [&](std::size_t i) -> std::uint64_t {
    return readings[i].reading.value ? readings[i].reading.value->scale() + 1U : 0U;
  });
  PutCodedColumn(mantissas, {}, out.head, out.values);
  PutRuns(out.head, readings.size(),
          [&](std::size_t i) { return static_cast<std::uint64_t>(readings[i].reading.quality); });
  PutRuns(out.head, readings.size(), [&](std::size_t i) { return std::uint64_t{readings[i].context}; });
  reference = std::move(times);
}

// ---- reading ----

/// What stands before the streams' lengths.
struct Head {
  SeriesBlockInfo info;
  bool coded = true;  // false: byte planes, as version 1 wrote them
};

base::Result<Head> TakeHead(ByteReader& in) {
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
  return Head{info, min_reader >= 2};
}

/// A block's columns, in the order in which they were put there.
class Columns {
 public:
  using Values = base::Result<std::vector<std::int64_t>>;

  Columns() = default;
  virtual ~Columns() = default;
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  virtual Values Times(std::size_t count, std::span<const std::int64_t> reference, ByteReader& head) = 0;
  virtual Values Mantissas(std::size_t count, ByteReader& head) = 0;
  [[nodiscard]] virtual bool done() const = 0;
};

class PlaneColumns final : public Columns {
 public:
  PlaneColumns(ByteView times, ByteView values, ByteView wide) : times_(times), values_(values), wide_(wide) {}
  Values Times(std::size_t count, std::span<const std::int64_t> reference, ByteReader& head) override {
    return TakeColumn(count, reference, head, times_, wide_);
  }
  Values Mantissas(std::size_t count, ByteReader& head) override { return TakeColumn(count, {}, head, values_, wide_); }
  [[nodiscard]] bool done() const override { return times_.done() && values_.done() && wide_.done(); }

 private:
  ByteReader times_, values_, wide_;
};

class CodedColumns final : public Columns {
 public:
  CodedColumns(ByteView times, ByteView values) : times_(times), values_(values) {}
  Values Times(std::size_t count, std::span<const std::int64_t> reference, ByteReader& head) override {
    return TakeCodedColumn(count, reference, head, times_);
  }
  Values Mantissas(std::size_t count, ByteReader& head) override { return TakeCodedColumn(count, {}, head, values_); }
  [[nodiscard]] bool done() const override { return times_.done() && values_.done(); }

 private:
  ResidualDecoder times_, values_;
};

/// Reads the points of a block one after the other.
class PointReader {
 public:
  PointReader(ByteView head, Columns& columns, const SeriesBlockInfo& info)
      : head_(head), columns_(columns), point_(info.first_point), left_(info.readings) {}

  /// The next point's readings; empty at the end.
  base::Result<std::vector<SeriesReading>> Next() {
    if (left_ == 0) {
      if (!head_.done() || !columns_.done()) return Corrupt("bytes are left over");
      return std::vector<SeriesReading>{};
    }
    const std::uint64_t step = head_.Varint();
    const std::uint64_t count = head_.Varint();
    const std::uint8_t unit = head_.Byte();
    if (!head_.ok() || step > UINT32_MAX - point_ || count == 0 || count > left_ || unit >= kTimeUnits.size())
      return Corrupt("a point's head is impossible");
    point_ += static_cast<metering::PointNo>(step);
    left_ -= count;
    YB_ASSIGN(reference_, columns_.Times(count, reference_, head_));
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
    YB_ASSIGN(const std::vector<std::int64_t> mantissas, columns_.Mantissas(with_value, head_));
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

  ByteReader head_;
  Columns& columns_;
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

  Written streams;
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
  const std::array stored = {PackStream(streams.head), streams.times.Finish(), streams.values.Finish()};
  for (const Bytes& stream : stored) PutVarint(block, stream.size());
  for (const Bytes& stream : stored) block.insert(block.end(), stream.begin(), stream.end());
  const Bytes check = CheckOf(block);
  block.insert(block.end(), check.begin(), check.end());
  return block;
}

base::Result<SeriesBlockInfo> ReadSeriesBlockInfo(ByteView block) {
  ByteReader in(block);
  YB_ASSIGN(const Head head, TakeHead(in));
  return head.info;
}

namespace {

using UseReading = std::function<void(const SeriesReading&)>;

base::Status UsePoints(const Bytes& head, Columns& columns, const SeriesBlockInfo& info, const UseReading& use) {
  PointReader points(head, columns, info);
  while (true) {
    YB_ASSIGN(const std::vector<SeriesReading> readings, points.Next());
    if (readings.empty()) return {};
    for (const SeriesReading& reading : readings) use(reading);
  }
}

base::Status UsePlanes(ByteReader& in, const SeriesBlockInfo& info, const UseReading& use) {
  std::array<std::uint64_t, 4> sizes{};
  for (std::uint64_t& size : sizes) size = in.Varint();
  std::array<Bytes, 4> streams;  // head, times, values, wide
  for (std::size_t i = 0; i < streams.size(); ++i) {
    YB_ASSIGN(streams.at(i), UnpackStream(in.Take(sizes.at(i))));
  }
  if (!in.done()) return Corrupt("its streams are not as long as it says");
  PlaneColumns columns(streams[1], streams[2], streams[3]);
  return UsePoints(streams[0], columns, info, use);
}

base::Status UseCoded(ByteReader& in, ByteView block, const SeriesBlockInfo& info, const UseReading& use) {
  std::array<std::uint64_t, 3> sizes{};
  for (std::uint64_t& size : sizes) size = in.Varint();
  const ByteView packed_head = in.Take(sizes[0]);
  const ByteView times = in.Take(sizes[1]);
  const ByteView values = in.Take(sizes[2]);
  const ByteView check = in.Take(kCheckBytes);
  if (!in.done()) return Corrupt("its streams are not as long as it says");
  if (!std::ranges::equal(check, CheckOf(block.first(block.size() - kCheckBytes)))) {
    return Corrupt("its checksum is wrong");
  }
  YB_ASSIGN(const Bytes head, UnpackStream(packed_head));
  CodedColumns columns(times, values);
  return UsePoints(head, columns, info, use);
}

}  // namespace

base::Status DecodeSeriesBlock(ByteView block, const UseReading& use) {
  ByteReader in(block);
  YB_ASSIGN(const Head head, TakeHead(in));
  return head.coded ? UseCoded(in, block, head.info, use) : UsePlanes(in, head.info, use);
}

}  // namespace yb::telemetry
