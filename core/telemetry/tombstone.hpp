// Tombstone (丢弃声明): readings that a box dropped because its disk or quota was full, as a record of the history lane
// (sync.proto, Tombstone). What a tombstone names is gone and known to be. Pure functions; any thread.
#pragma once

#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

/// The rungs of the ladder. The numbers are on the wire.
enum class DropRule : std::uint8_t {
  kGaugesThinned = 1,
  kRegistersThinned = 2,
  kUnsentThinned = 3,
  kAcknowledgedDropped = 4,  // since 0.2: no reading is lost, but a central that is set back cannot get these again
};
/// "gauges_thinned", "registers_thinned", "unsent_thinned", "acknowledged_dropped".
[[nodiscard]] std::string_view ToString(DropRule rule);

enum class DropReason : std::uint8_t { kQuota = 1, kDisk = 2 };
/// "quota", "disk".
[[nodiscard]] std::string_view ToString(DropReason reason);

struct Tombstone {
  base::UtcTime dropped{};  // when
  DropRule rule = DropRule::kGaugesThinned;
  DropReason reason = DropReason::kQuota;
  std::uint64_t count = 0;            // of readings
  metering::PointNo first_point = 0;  // both 0: any
  metering::PointNo last_point = 0;
  base::UtcTime from{};  // least and greatest time of what was dropped
  base::UtcTime to{};
  // kUnsentThinned: records that central never had; kAcknowledgedDropped: records that it has.
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  friend bool operator==(const Tombstone&, const Tombstone&) = default;
};

[[nodiscard]] base::Bytes EncodeTombstone(const Tombstone& tombstone);
/// `body` is a HistoryRecord of that kind; kCorrupt for one that is not.
[[nodiscard]] base::Result<Tombstone> DecodeTombstone(base::ByteView body);

}  // namespace yb::telemetry
