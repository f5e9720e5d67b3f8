// Series set: readings of many points as the store keeps them and a compacted run carries them: blocks and the contexts
// they point to (sync.proto, Series; series-format.md). Pure; any thread.
#pragma once

#include <functional>
#include <limits>

#include "core/telemetry/history_record.hpp"
#include "core/telemetry/series_block.hpp"

namespace yb::telemetry {

/// Points first…last.
struct PointRange {
  metering::PointNo first = 1;
  metering::PointNo last = std::numeric_limits<metering::PointNo>::max();
};

using UseReading = std::function<void(const metering::Reading&, const ReadingContext&)>;

/// For runs, of which a query reads many, and for merged days.
constexpr std::size_t kRunBlockReadings = 4096;
constexpr std::size_t kDayBlockReadings = 32'768;

/// Gathers readings in stored order. A value.
class SeriesSet {
 public:
  void Add(const Slice& slice);
  void Add(const metering::Reading& reading, const ReadingContext& context);

  [[nodiscard]] std::size_t size() const { return readings_.size(); }
  [[nodiscard]] TimeSpan span() const { return span_; }

  /// The bytes of contract::Series; the set is empty afterwards. Points share a block until it has `block_readings`:
  /// points of one answer share their times, and zstd's tables cost the more the fewer readings there are, but a query
  /// unpacks the block whole.
  [[nodiscard]] base::Bytes Finish(std::size_t block_readings);

 private:
  [[nodiscard]] std::uint32_t IndexOf(const ReadingContext& context);

  std::vector<SeriesReading> readings_;
  std::vector<ReadingContext> contexts_;
  TimeSpan span_;
};

/// Calls `use` for each block without unpacking any.
[[nodiscard]] base::Status ForEachBlock(base::ByteView series, const std::function<void(const SeriesBlockInfo&)>& use);

/// Calls `use` for each reading of `points`, by point and within it in stored order; blocks without any of these points
/// are not unpacked. kCorrupt or kUnsupported for a set this version cannot read; `use` may have been called before.
[[nodiscard]] base::Status ForEachInSeries(base::ByteView series, PointRange points, const UseReading& use);

}  // namespace yb::telemetry
