// CentralStore: the seam to what central keeps. One object is one connection, used by one thread at a time; there is
// one that writes (ingest) and as many that read as are wanted.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/sync/lane.hpp"
#include "core/telemetry/completeness_log.hpp"
#include "core/telemetry/history_query.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::central {

/// Records of one lane in order, to be stored from `first_seq` on.
struct RecordRun {
  base::SiteId site;
  sync::Lane lane = sync::Lane::kHistory;
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 0;
  std::span<const base::Bytes> bodies;
};

/// What central tells a box that opens a session.
struct LaneOpening {
  std::vector<sync::EpochPosition> positions;  // ascending; `told` is what was told before this Hello
  std::uint64_t central_epoch = 0;
  bool restored = false;                               // the box remembers acknowledgements that central does not
  std::vector<telemetry::MissingRange> newly_missing;  // named by this Hello
};

class CentralStore {
 public:
  virtual ~CentralStore() = default;

  [[nodiscard]] virtual base::Result<std::vector<base::SiteId>> Sites() = 0;
  [[nodiscard]] virtual base::Status NameSite(const base::SiteId& site, std::string_view name) = 0;

  /// Committed position of each epoch; empty for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<sync::EpochPosition>> Positions(const base::SiteId& site,
                                                                                 sync::Lane lane) = 0;

  /// Takes over what a Hello tells, synced when it returns: new epochs, records that the box does not hold any more and
  /// central never had (named as missing and passed over), and whether central itself was set back.
  [[nodiscard]] virtual base::Result<LaneOpening> OpenLane(const base::SiteId& site, sync::Lane lane,
                                                           const sync::Hello& hello, base::UtcTime now) = 0;
  /// Records that a box asks back (sync::Fetch). kNotFound for an epoch never heard of.
  [[nodiscard]] virtual base::Result<sync::Piece> Answer(const base::SiteId& site, sync::Lane lane,
                                                         const sync::Fetch& fetch, std::size_t most_bytes) = 0;
  /// What is known to be missing, by epoch and sequence.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::MissingRange>> Missing(const base::SiteId& site,
                                                                                   sync::Lane lane) = 0;

  // What an audit needs (telemetry::CompletenessLog). kNotFound for a site or epoch never heard of.
  [[nodiscard]] virtual base::Result<std::optional<telemetry::Segment>> SegmentFrom(const base::SiteId& site,
                                                                                    sync::Lane lane,
                                                                                    std::uint64_t epoch,
                                                                                    std::uint64_t from) = 0;
  [[nodiscard]] virtual base::Result<std::uint64_t> BeginOfSegment(const base::SiteId& site, sync::Lane lane,
                                                                   std::uint64_t epoch, std::uint64_t seq) = 0;
  [[nodiscard]] virtual base::Result<std::uint64_t> Verify(const base::SiteId& site, sync::Lane lane,
                                                           const telemetry::Segment& segment) = 0;
  /// Synced when it returns.
  [[nodiscard]] virtual base::Result<std::uint64_t> Heal(const base::SiteId& site, sync::Lane lane,
                                                         const telemetry::Segment& segment,
                                                         std::span<const base::Bytes> bodies) = 0;
  [[nodiscard]] virtual base::Status SaveDamage(const base::SiteId& site, sync::Lane lane,
                                                const telemetry::Damage& damage) = 0;
  [[nodiscard]] virtual base::Result<std::vector<telemetry::Damage>> DamageOf(const base::SiteId& site,
                                                                              sync::Lane lane) = 0;
  [[nodiscard]] virtual base::Result<telemetry::HourCount> Hours(const base::SiteId& site, sync::Lane lane) = 0;
  [[nodiscard]] virtual base::Result<std::vector<telemetry::HourDigest>> HoursBetween(const base::SiteId& site,
                                                                                      sync::Lane lane,
                                                                                      base::UtcTime from,
                                                                                      base::UtcTime to) = 0;
  /// The newest that the box has reported as applied; nullopt where none came yet.
  [[nodiscard]] virtual base::Result<std::optional<telemetry::AppliedConfiguration>> Configuration(
      const base::SiteId& site) = 0;

  /// Records and positions in one transaction, synced when it returns; on failure nothing of it is kept. A run must
  /// begin right after its position (kCorrupt otherwise), so that a record can be stored once only.
  [[nodiscard]] virtual base::Status Commit(std::span<const RecordRun> runs) = 0;

  /// Points and latest values of a site as stored.
  [[nodiscard]] virtual base::Status Seed(const base::SiteId& site, telemetry::SiteState& state) = 0;

  [[nodiscard]] virtual base::Status ForEachReading(const base::SiteId& site, metering::PointNo point,
                                                    base::UtcTime from, base::UtcTime to,
                                                    const std::function<void(const metering::Reading&)>& use) = 0;
  [[nodiscard]] virtual base::Result<telemetry::History> ReadHistory(const base::SiteId& site,
                                                                     const telemetry::PointDefinition& point,
                                                                     const telemetry::HistoryRequest& request) = 0;
  /// What the box declares as dropped, newest first. kNotFound for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::Tombstone>> Tombstones(const base::SiteId& site) = 0;
  /// Newest first. kNotFound for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::Alarm>> NewestAlarms(const base::SiteId& site,
                                                                                 int most) = 0;

  // Alarms as the records of a site tell them (telemetry::AlarmTables); none for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::AlarmRow>> Alarms(const base::SiteId& site,
                                                                              telemetry::AlarmFilter filter,
                                                                              int most) = 0;
  [[nodiscard]] virtual base::Result<std::optional<telemetry::AlarmRow>> FindAlarm(const base::SiteId& site,
                                                                                   const std::string& alarm) = 0;
  [[nodiscard]] virtual base::Result<std::vector<telemetry::AlarmEvent>> AlarmEvents(const base::SiteId& site,
                                                                                     const std::string& alarm,
                                                                                     int most) = 0;
  [[nodiscard]] virtual base::Result<telemetry::AlarmFigures> AlarmsRaisedSince(const base::SiteId& site,
                                                                                base::UtcTime since) = 0;
  [[nodiscard]] virtual base::Result<std::optional<telemetry::AlarmRuleSet>> AlarmRules(const base::SiteId& site) = 0;
  [[nodiscard]] virtual base::Result<std::optional<alarms::Act>> AnswerTo(const base::SiteId& site,
                                                                          const std::string& command) = 0;

  /// Events of a meter with from ≤ time < to, ascending.
  [[nodiscard]] virtual base::Result<telemetry::MeterEvents> Events(const base::SiteId& site, const std::string& meter,
                                                                    base::UtcTime from, base::UtcTime to) = 0;
};

}  // namespace yb::central
