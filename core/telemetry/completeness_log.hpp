// CompletenessLog: what is known to be missing of a lane, kept beside its records. A hole has a name here or is a
// fault.
//
// A value over a RecordLog; used on the log's thread, within its transactions where it writes.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

enum class MissingReason : std::uint8_t {
  kBoxRolledBack = 1,  // the box was set back; what it had not sent by then is lost
  kNoLongerHeld = 2,   // central was set back, and the box had dropped the records meanwhile
};
/// "box_rolled_back", "no_longer_held".
[[nodiscard]] std::string_view ToString(MissingReason reason);

/// Records first…last of an epoch; `last` is 0 where it is not known how many they were, or whether there were any.
struct MissingRange {
  std::uint64_t epoch = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  MissingReason reason = MissingReason::kBoxRolledBack;
  base::UtcTime noticed{};
};

class CompletenessLog {
 public:
  explicit CompletenessLog(RecordLog& log) : log_(log) {}

  /// The same range for the same reason is named once.
  [[nodiscard]] base::Status Name(SiteNo site, sync::Lane lane, const MissingRange& range);
  /// By epoch and sequence.
  [[nodiscard]] base::Result<std::vector<MissingRange>> Missing(SiteNo site, sync::Lane lane);

  /// Central's own epoch: grows when it finds that it was set back.
  [[nodiscard]] base::Result<std::uint64_t> CentralEpoch();
  [[nodiscard]] base::Status BeginCentralEpoch();

 private:
  RecordLog& log_;
};

}  // namespace yb::telemetry
