// Series set: readings of many points over some time as the store keeps them, which is blocks and the contexts they
// point to (core/contract/series-format.md, "Set"). Pure; any thread.
#pragma once

#include "core/telemetry/history_record.hpp"
#include "core/telemetry/series_block.hpp"

namespace yb::telemetry {

/// Gathers readings in stored order. A value.
class SeriesSet {
 public:
  void Add(const metering::Reading& reading, const ReadingClock& clock);

  [[nodiscard]] std::size_t size() const { return packed_readings_ + readings_.size(); }
  /// Before anything was packed.
  void ForEach(const UseReading& use) const;

  /// Packs what fills whole blocks, so that a set of many readings needs the memory of a few. Whatever is added later
  /// is of points behind those there are.
  void Pack();
  /// Packs all of it: what is left to do at the end is little. Nothing is added afterwards.
  void PackAll() { PackBlocks(true); }

  /// The set's bytes; it is empty afterwards.
  [[nodiscard]] base::Bytes Finish();

 private:
  struct Context {
    ReadingClock clock;
    std::uint32_t configuration = 0;
  };
  [[nodiscard]] std::uint32_t IndexOf(const Context& context);
  void PackBlocks(bool all);

  std::vector<SeriesReading> readings_;  // not packed yet
  std::vector<Context> contexts_;
  base::Bytes blocks_;
  std::size_t packed_readings_ = 0;
};

/// How many readings are in it, without unpacking any. Fails as ForEachInSeries.
[[nodiscard]] base::Result<std::size_t> CountInSeries(base::ByteView series);

/// Calls `use` for each reading of `points`, by point and within it in stored order; blocks without any of these points
/// are not unpacked. kCorrupt or kUnsupported for a set this version cannot read; `use` may have been called before.
[[nodiscard]] base::Status ForEachInSeries(base::ByteView series, PointRange points, const UseReading& use);

}  // namespace yb::telemetry
