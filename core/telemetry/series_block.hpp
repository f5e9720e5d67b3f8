// Series block: readings of one or more points over a stretch of time, a byte or so each, every one exactly as it was
// read. core/contract/series-format.md has the format. Pure functions; any thread.
#pragma once

#include <functional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

/// A reading and under which circumstances it was read: an index into a table kept beside the block.
struct SeriesReading {
  metering::Reading reading;
  std::uint32_t context = 0;
};

/// What can be known of a block without unpacking it.
struct SeriesBlockInfo {
  metering::PointNo first_point = 0;
  metering::PointNo last_point = 0;
  std::size_t readings = 0;
  base::UtcTime first{};  // least and greatest time in it
  base::UtcTime last{};
};

/// Readings in one block at most.
constexpr std::size_t kMostBlockReadings = std::size_t{1} << 20;

/// `readings` is ordered by point; the order within a point is kept. Neither empty nor longer than
/// kMostBlockReadings; no reading has point 0.
[[nodiscard]] base::Bytes EncodeSeriesBlock(std::span<const SeriesReading> readings);

/// kCorrupt for bytes that are no block; kUnsupported for one that needs a newer reader.
[[nodiscard]] base::Result<SeriesBlockInfo> ReadSeriesBlockInfo(base::ByteView block);

/// Calls `use` for each reading in the block's order. Fails as ReadSeriesBlockInfo; `use` may have been called before.
[[nodiscard]] base::Status DecodeSeriesBlock(base::ByteView block,
                                             const std::function<void(const SeriesReading&)>& use);

}  // namespace yb::telemetry
