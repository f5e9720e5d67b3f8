// Bodies of the history lane: slices of readings and the definitions of their points (sync.proto, HistoryRecord).
// The same bytes are kept at the box, sent, and kept at central. Pure functions; any thread.
#pragma once

#include <functional>
#include <span>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/metering/reading.hpp"
#include "core/sync/lane.hpp"

namespace yb::telemetry {

/// Which boot of the box a slice was read in, and where the monotonic clock then stood.
struct BootTime {
  std::uint64_t boot = 0;
  base::Monotonic steady{};  // at `utc`
  base::UtcTime utc{};
};

/// A point's definition as it travels; `limit` is the age from which its state is unknown.
struct PointDefinition {
  metering::Point point;
  base::Duration limit{};
  bool retired = false;
  base::Duration interval{};  // how often it is asked; 0: not told
  friend bool operator==(const PointDefinition& a, const PointDefinition& b);
};

/// Circumstances under which readings were taken.
struct ReadingContext {
  std::uint64_t boot = 0;
  base::Duration clock_offset{};  // UTC minus the box's monotonic clock
  std::uint32_t clock_quality = 0;
  std::uint64_t configuration_version = 0;
};

struct Slice {
  std::vector<metering::Reading> readings;
  ReadingContext context;
};
using PointTable = std::vector<PointDefinition>;

/// Stands for all records of a run of sequences (sync.proto, CompactedRun).
struct CompactedRun {
  struct Other {
    std::uint64_t seq = 0;
    base::Bytes body;
  };
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  sync::Chain chain{};       // head after last_seq
  base::Bytes series;        // contract::Series; see series_set.hpp
  std::vector<Other> other;  // what was no slice
};

/// A record of a kind this version does not know; kept and passed on.
struct UnknownRecord {};

using HistoryRecord = std::variant<Slice, PointTable, CompactedRun, UnknownRecord>;

[[nodiscard]] base::Bytes EncodeSlice(std::span<const metering::Reading> readings, const BootTime& boot);
[[nodiscard]] base::Bytes EncodePointTable(std::span<const PointDefinition> points);
[[nodiscard]] base::Bytes EncodeCompactedRun(const CompactedRun& run);

/// Slice alone, as the live lane carries it (sync.proto, Live.values).
[[nodiscard]] base::Result<HistoryRecord> DecodeHistoryRecord(base::ByteView body);

/// Calls `use` for each reading of `point` (0: of all) in a slice, in stored order, without building the others. A body
/// that is no slice has none.
[[nodiscard]] base::Status ForEachReading(base::ByteView body, metering::PointNo point,
                                          const std::function<void(const metering::Reading&)>& use);

/// First and last time in a slice's readings; both zero for what is no slice.
struct TimeSpan {
  base::UtcTime first{};
  base::UtcTime last{};
};
[[nodiscard]] TimeSpan SpanOf(std::span<const metering::Reading> readings);

}  // namespace yb::telemetry
