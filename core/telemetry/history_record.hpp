// Bodies of the history lane: slices of readings and the definitions of their points (sync.proto, HistoryRecord).
// The same bytes are kept at the box, sent, and kept at central. Pure functions; any thread.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/metering/reading.hpp"
#include "core/telemetry/meter_record.hpp"

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
  friend bool operator==(const PointDefinition&, const PointDefinition&) = default;
};

struct Slice {
  std::vector<metering::Reading> readings;
  std::uint64_t boot = 0;
};
using PointTable = std::vector<PointDefinition>;

/// A record of a kind this version does not know; kept and passed on.
struct UnknownRecord {};

using HistoryRecord = std::variant<Slice, PointTable, MeterEvents, AppliedConfiguration, UnknownRecord>;

/// `readings` were read under one configuration.
[[nodiscard]] base::Bytes EncodeSlice(std::span<const metering::Reading> readings, const BootTime& boot);
[[nodiscard]] base::Bytes EncodePointTable(std::span<const PointDefinition> points);

/// Slice alone, as the live lane carries it (sync.proto, Live.values).
[[nodiscard]] base::Result<HistoryRecord> DecodeHistoryRecord(base::ByteView body);

/// Calls `use` for each reading of `point` in a slice, in stored order, without building the others. A body that is no
/// slice has none.
[[nodiscard]] base::Status ForEachReading(base::ByteView body, metering::PointNo point,
                                          const std::function<void(const metering::Reading&)>& use);

/// The same record with other point numbers; what is not in the map stays. Everything else is kept, also what this
/// version does not know. kCorrupt for what is no record.
[[nodiscard]] base::Result<base::Bytes> RenumberPoints(base::ByteView body,
                                                       const std::map<metering::PointNo, metering::PointNo>& numbers);

/// First and last time in a slice's readings; both zero for what is no slice.
struct TimeSpan {
  base::UtcTime first{};
  base::UtcTime last{};
};
[[nodiscard]] TimeSpan SpanOf(std::span<const metering::Reading> readings);

}  // namespace yb::telemetry
