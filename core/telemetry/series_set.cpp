#include "core/telemetry/series_set.hpp"

#include <algorithm>

#include "core/telemetry/byte_codec.hpp"

namespace yb::telemetry {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kMinReader = 1;
/// Points share a block until it has so many readings: points of one answer share their times, and zstd's tables cost
/// the more the fewer readings there are, but a query unpacks a block whole.
constexpr std::size_t kBlockReadings = 32'768;
/// Offsets of one boot that differ by less are the same: two clocks are never read at the same instant.
constexpr base::Duration kSameOffset = std::chrono::milliseconds(1);

bool SameClock(const ReadingClock& a, const ReadingClock& b) {
  const std::uint64_t apart = static_cast<std::uint64_t>(a.offset.count()) -
                              static_cast<std::uint64_t>(b.offset.count()) +
                              static_cast<std::uint64_t>(kSameOffset.count());
  return a.boot == b.boot && a.quality == b.quality && apart <= 2 * static_cast<std::uint64_t>(kSameOffset.count());
}

tl::unexpected<base::Error> Corrupt() {
  return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no set of series");
}

struct Contexts {
  std::vector<ReadingClock> clocks;
  std::vector<std::uint32_t> configurations;
};

/// What stands before the blocks.
base::Result<Contexts> TakeContexts(ByteReader& in, std::size_t most) {
  (void)in.Byte();  // version of the writer
  const std::uint8_t min_reader = in.Byte();
  if (in.ok() && min_reader > kVersion) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "a set of series needs reader version " + std::to_string(min_reader), "update this program");
  }
  const std::uint64_t count = in.Varint();
  if (!in.ok() || count > most) return Corrupt();
  Contexts contexts;
  for (std::uint64_t i = 0; i < count; ++i) {
    ReadingClock clock;
    clock.boot = in.Varint();
    clock.offset = base::Duration(in.Signed());
    clock.quality = static_cast<std::uint32_t>(in.Varint());
    contexts.clocks.push_back(clock);
    contexts.configurations.push_back(static_cast<std::uint32_t>(in.Varint()));
  }
  return contexts;
}

}  // namespace

void SeriesSet::Add(const metering::Reading& reading, const ReadingClock& clock) {
  if (reading.point == 0) return;  // no point: nobody can ask for it
  readings_.push_back({reading, IndexOf({clock, reading.configuration})});
}

void SeriesSet::ForEach(const UseReading& use) const {
  YB_CHECK(packed_readings_ == 0, "readings that are packed already are not told again");
  for (const SeriesReading& r : readings_) use(r.reading, contexts_[r.context].clock);
}

std::uint32_t SeriesSet::IndexOf(const Context& context) {
  const auto known = std::find_if(contexts_.rbegin(), contexts_.rend(), [&](const Context& c) {
    return c.configuration == context.configuration && SameClock(c.clock, context.clock);
  });
  if (known != contexts_.rend()) return static_cast<std::uint32_t>(contexts_.rend() - known - 1);
  contexts_.push_back(context);
  return static_cast<std::uint32_t>(contexts_.size() - 1);
}

void SeriesSet::Pack() {
  PackBlocks(false);
}

base::Bytes SeriesSet::Finish() {
  PackBlocks(true);
  base::Bytes bytes = {kVersion, kMinReader};
  PutVarint(bytes, contexts_.size());
  for (const Context& context : contexts_) {
    PutVarint(bytes, context.clock.boot);
    PutSigned(bytes, context.clock.offset.count());
    PutVarint(bytes, context.clock.quality);
    PutVarint(bytes, context.configuration);
  }
  bytes.insert(bytes.end(), blocks_.begin(), blocks_.end());
  *this = {};
  return bytes;
}

void SeriesSet::PackBlocks(bool all) {
  std::ranges::stable_sort(readings_, {}, [](const SeriesReading& r) { return r.reading.point; });
  auto begin = readings_.begin();
  while (begin != readings_.end()) {
    auto end = begin;
    while (end != readings_.end() && static_cast<std::size_t>(end - begin) < kBlockReadings) {
      const auto next =
          std::upper_bound(end, readings_.end(), end->reading.point,
                           [](metering::PointNo p, const SeriesReading& r) { return p < r.reading.point; });
      const bool fits = static_cast<std::size_t>(next - begin) <= kMostBlockReadings;
      if (!fits && end != begin) break;
      end = fits ? next : begin + kMostBlockReadings;
    }
    if (!all && static_cast<std::size_t>(end - begin) < kBlockReadings) break;
    const base::Bytes block = EncodeSeriesBlock({begin, end});
    PutVarint(blocks_, block.size());
    blocks_.insert(blocks_.end(), block.begin(), block.end());
    packed_readings_ += static_cast<std::size_t>(end - begin);
    begin = end;
  }
  readings_.erase(readings_.begin(), begin);
}

base::Status ForEachInSeries(base::ByteView bytes, PointRange points, const UseReading& use) {
  ByteReader in(bytes);
  YB_ASSIGN(const Contexts contexts, TakeContexts(in, bytes.size()));
  const std::vector<ReadingClock>& clocks = contexts.clocks;
  const std::vector<std::uint32_t>& configurations = contexts.configurations;
  while (in.ok() && !in.done()) {
    const base::ByteView block = in.Take(in.Varint());
    if (!in.ok()) break;
    YB_ASSIGN(const SeriesBlockInfo info, ReadSeriesBlockInfo(block));
    if (info.last_point < points.first || info.first_point > points.last) continue;
    bool known = true;
    YB_TRY(DecodeSeriesBlock(block, [&](const SeriesReading& r) {
      known = known && r.context < clocks.size();
      if (!known || r.reading.point < points.first || r.reading.point > points.last) return;
      metering::Reading reading = r.reading;
      reading.configuration = configurations[r.context];
      use(reading, clocks[r.context]);
    }));
    if (!known) return Corrupt();
  }
  return in.ok() ? base::Status() : Corrupt();
}

base::Result<std::size_t> CountInSeries(base::ByteView bytes) {
  ByteReader in(bytes);
  YB_TRY(TakeContexts(in, bytes.size()));
  std::size_t count = 0;
  while (in.ok() && !in.done()) {
    const base::ByteView block = in.Take(in.Varint());
    if (!in.ok()) break;
    YB_ASSIGN(const SeriesBlockInfo info, ReadSeriesBlockInfo(block));
    count += info.readings;
  }
  if (!in.ok()) return Corrupt();
  return count;
}

}  // namespace yb::telemetry
