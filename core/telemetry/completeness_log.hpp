// CompletenessLog: what is known to be missing of a lane, kept beside its records, and how the rest is compared with
// what the box told of it (hourly digests) and with the chain. A hole has a name here or is a fault.
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

/// A stretch of an epoch whose records can be compared: an hour of the box, or what no hour covers.
struct Segment {
  std::uint64_t epoch = 0;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  sync::Chain chain_before{};
  sync::Chain chain{};
};

enum class DamageState : std::uint8_t {
  kOpen = 1,  // the records differ from what was acknowledged; the box is asked for them
  kHealed = 2,
  kRefused = 3,  // what the box sent again is not what was acknowledged either
  kNotHeld = 4,  // the box does not hold them any more
};
/// "open", "healed", "refused", "not_held".
[[nodiscard]] std::string_view ToString(DamageState state);

/// Records of a segment that were missing or changed.
struct Damage {
  Segment segment;
  DamageState state = DamageState::kOpen;
  std::uint64_t rows = 0;  // missing or, where only the bytes differ, the whole segment; once healed: rewritten
  base::UtcTime noticed{};
};

struct HourCount {
  std::uint64_t hours = 0;
  std::optional<base::UtcTime> newest;  // beginning of the newest hour there is a digest of
};

class CompletenessLog {
 public:
  explicit CompletenessLog(RecordLog& log) : log_(log) {}

  /// The same range for the same reason is named once.
  [[nodiscard]] base::Status Name(SiteNo site, sync::Lane lane, const MissingRange& range);
  /// By epoch and sequence.
  [[nodiscard]] base::Result<std::vector<MissingRange>> Missing(SiteNo site, sync::Lane lane);

  /// The segment that begins at `from`, or nullopt at the end of the epoch.
  [[nodiscard]] base::Result<std::optional<Segment>> SegmentFrom(SiteNo site, sync::Lane lane, const EpochHead& head,
                                                                 std::uint64_t from);
  /// Where the segment that holds `seq` begins.
  [[nodiscard]] base::Result<std::uint64_t> BeginOfSegment(SiteNo site, sync::Lane lane, const EpochHead& head,
                                                           std::uint64_t seq);
  /// Reads the records of a segment: 0 if they are all there and unchanged, else as Damage::rows.
  [[nodiscard]] base::Result<std::uint64_t> Verify(SiteNo site, sync::Lane lane, const Segment& segment);
  /// Within a transaction: puts the box's records in the place of those that are missing or changed and tells how many
  /// that were. kRefused where they do not have the segment's chain; then nothing changes.
  [[nodiscard]] base::Result<std::uint64_t> Heal(SiteNo site, sync::Lane lane, const Segment& segment,
                                                 std::span<const base::Bytes> bodies);
  [[nodiscard]] base::Status SaveDamage(SiteNo site, sync::Lane lane, const Damage& damage);
  [[nodiscard]] base::Result<std::vector<Damage>> DamageOf(SiteNo site, sync::Lane lane);
  [[nodiscard]] base::Result<std::optional<HourDigest>> NewestHour(SiteNo site, sync::Lane lane, std::uint64_t epoch);
  [[nodiscard]] base::Result<HourCount> Hours(SiteNo site, sync::Lane lane);
  /// Digests of the hours with from ≤ hour < to, by hour and epoch; without their chains.
  [[nodiscard]] base::Result<std::vector<HourDigest>> HoursBetween(SiteNo site, sync::Lane lane, base::UtcTime from,
                                                                   base::UtcTime to);

  /// Central's own epoch: grows when it finds that it was set back.
  [[nodiscard]] base::Result<std::uint64_t> CentralEpoch();
  [[nodiscard]] base::Status BeginCentralEpoch();

 private:
  [[nodiscard]] base::Result<std::unique_ptr<storage::Statement>> Prepare(std::string_view sql, SiteNo site,
                                                                          sync::Lane lane, std::uint64_t epoch);

  RecordLog& log_;
};

}  // namespace yb::telemetry
