// Bodies of the history lane: slices of readings and the definitions of their points (sync.proto, HistoryRecord).
// The same bytes are kept at the box, sent, and kept at central. Pure functions; any thread.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <span>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/metering/reading.hpp"
#include "core/telemetry/meter_record.hpp"
#include "core/telemetry/tombstone.hpp"

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
  metering::RegisterRules rules{};  // registers: what is plausible
  base::Duration clock_limit{};     // points of a meter's clock: further off than this is an event; 0 for others
  base::Duration poll{};            // between two readings; 0 not known
  friend bool operator==(const PointDefinition&, const PointDefinition&) = default;
};

/// By which clocks readings were timed.
struct ReadingClock {
  std::uint64_t boot = 0;
  base::Duration offset{};    // wall clock less monotonic clock
  std::uint32_t quality = 0;  // 0 not judged
  friend bool operator==(const ReadingClock&, const ReadingClock&) = default;
};

struct Slice {
  std::vector<metering::Reading> readings;
  ReadingClock clock;
  bool again = false;  // stands for earlier records: a reading that is held already is the same one
};
using PointTable = std::vector<PointDefinition>;

/// A record of a kind this version does not know; kept and passed on.
struct UnknownRecord {};

using HistoryRecord = std::variant<Slice, PointTable, MeterEvents, AppliedConfiguration, Tombstone, UnknownRecord>;

/// `readings` were read under one configuration.
[[nodiscard]] base::Bytes EncodeSlice(std::span<const metering::Reading> readings, const BootTime& boot,
                                      bool again = false);
[[nodiscard]] base::Bytes EncodePointTable(std::span<const PointDefinition> points);

/// Slice alone, as the live lane carries it (sync.proto, Live.values).
[[nodiscard]] base::Result<HistoryRecord> DecodeHistoryRecord(base::ByteView body);

/// Points first…last.
struct PointRange {
  metering::PointNo first = 1;
  metering::PointNo last = std::numeric_limits<metering::PointNo>::max();
};

using UseReading = std::function<void(const metering::Reading&, const ReadingClock&)>;

/// Calls `use` for each reading of `points` in a slice, in stored order, without building the others. A body that is no
/// slice has none.
[[nodiscard]] base::Status ForEachInSlice(base::ByteView body, PointRange points, const UseReading& use);

/// The same record with other point numbers; what is not in the map stays. Everything else is kept, also what this
/// version does not know. kCorrupt for what is no record.
[[nodiscard]] base::Result<base::Bytes> RenumberPoints(base::ByteView body,
                                                       const std::map<metering::PointNo, metering::PointNo>& numbers);

/// The same slice, marked as standing for an earlier record; another record stays as it is. kCorrupt likewise.
[[nodiscard]] base::Result<base::Bytes> MarkAgain(base::ByteView body);

/// First and last time in a slice's readings; both zero for what is no slice.
struct TimeSpan {
  base::UtcTime first{};
  base::UtcTime last{};
};
[[nodiscard]] TimeSpan SpanOf(std::span<const metering::Reading> readings);

}  // namespace yb::telemetry
