#include "core/telemetry/series_set.hpp"

#include <algorithm>

#include "core/contract/sync.pb.h"

namespace yb::telemetry {
namespace {

/// Offsets of one boot that differ by less are the same: two clocks are never read at the same instant.
constexpr base::Duration kSameOffset = std::chrono::milliseconds(1);

bool Alike(const ReadingContext& a, const ReadingContext& b) {
  const std::uint64_t apart = static_cast<std::uint64_t>(a.clock_offset.count()) -
                              static_cast<std::uint64_t>(b.clock_offset.count()) +
                              static_cast<std::uint64_t>(kSameOffset.count());
  return a.boot == b.boot && a.clock_quality == b.clock_quality && a.configuration_version == b.configuration_version &&
         apart <= 2 * static_cast<std::uint64_t>(kSameOffset.count());
}

base::Result<contract::Series> Parse(base::ByteView bytes) {
  contract::Series series;
  if (!series.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::Fail(base::ErrorCode::kCorrupt, "the bytes are no series");
  }
  return series;
}

}  // namespace

void SeriesSet::Add(const Slice& slice) {
  for (const metering::Reading& reading : slice.readings) Add(reading, slice.context);
}

void SeriesSet::Add(const metering::Reading& reading, const ReadingContext& context) {
  if (reading.point == 0) return;  // no point: nobody can ask for it
  span_.first = readings_.empty() ? reading.time : std::min(span_.first, reading.time);
  span_.last = readings_.empty() ? reading.time : std::max(span_.last, reading.time);
  readings_.push_back({reading, IndexOf(context)});
}

std::uint32_t SeriesSet::IndexOf(const ReadingContext& context) {
  const auto known =
      std::find_if(contexts_.rbegin(), contexts_.rend(), [&](const ReadingContext& c) { return Alike(c, context); });
  if (known != contexts_.rend()) return static_cast<std::uint32_t>(contexts_.rend() - known - 1);
  contexts_.push_back(context);
  return static_cast<std::uint32_t>(contexts_.size() - 1);
}

base::Bytes SeriesSet::Finish(std::size_t block_readings) {
  contract::Series series;
  for (const ReadingContext& context : contexts_) {
    contract::ReadingContext& out = *series.add_context();
    out.set_boot(context.boot);
    out.set_clock_offset_us(context.clock_offset.count());
    out.set_clock_quality(context.clock_quality);
    out.set_configuration_version(context.configuration_version);
  }
  const auto point_of = [](const SeriesReading& r) { return r.reading.point; };
  std::ranges::stable_sort(readings_, {}, point_of);
  for (auto begin = readings_.begin(); begin != readings_.end();) {
    auto end = begin;
    while (end != readings_.end() && static_cast<std::size_t>(end - begin) < block_readings) {
      const auto next =
          std::upper_bound(end, readings_.end(), end->reading.point,
                           [](metering::PointNo p, const SeriesReading& r) { return p < r.reading.point; });
      const bool fits = static_cast<std::size_t>(next - begin) <= kMostBlockReadings;
      if (!fits && end != begin) break;
      end = fits ? next : begin + kMostBlockReadings;
    }
    const base::Bytes block = EncodeSeriesBlock({begin, end});
    series.add_block(block.data(), block.size());
    begin = end;
  }
  *this = {};
  base::Bytes bytes(series.ByteSizeLong());
  series.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

base::Status ForEachBlock(base::ByteView bytes, const std::function<void(const SeriesBlockInfo&)>& use) {
  YB_ASSIGN(const contract::Series series, Parse(bytes));
  for (const std::string& block : series.block()) {
    YB_ASSIGN(const SeriesBlockInfo info, ReadSeriesBlockInfo(base::AsBytes(block)));
    use(info);
  }
  return {};
}

base::Status ForEachInSeries(base::ByteView bytes, PointRange points, const UseReading& use) {
  YB_ASSIGN(const contract::Series series, Parse(bytes));
  std::vector<ReadingContext> contexts;
  for (const contract::ReadingContext& c : series.context()) {
    contexts.push_back({c.boot(), base::Duration(c.clock_offset_us()), c.clock_quality(), c.configuration_version()});
  }
  for (const std::string& block : series.block()) {
    YB_ASSIGN(const SeriesBlockInfo info, ReadSeriesBlockInfo(base::AsBytes(block)));
    if (info.last_point < points.first || info.first_point > points.last) continue;
    bool known = true;
    YB_TRY(DecodeSeriesBlock(base::AsBytes(block), [&](const SeriesReading& r) {
      known = known && r.context < contexts.size();
      if (known && r.reading.point >= points.first && r.reading.point <= points.last) {
        use(r.reading, contexts[r.context]);
      }
    }));
    if (!known) return base::Fail(base::ErrorCode::kCorrupt, "a series block names a context that is not there");
  }
  return {};
}

}  // namespace yb::telemetry
