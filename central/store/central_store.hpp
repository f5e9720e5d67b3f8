// CentralStore: the seam to what central keeps. One object is one connection, used by one thread at a time; there is
// one that writes (ingest) and as many that read as are wanted.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/sync/lane.hpp"
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

class CentralStore {
 public:
  virtual ~CentralStore() = default;

  [[nodiscard]] virtual base::Result<std::vector<base::SiteId>> Sites() = 0;
  [[nodiscard]] virtual base::Status NameSite(const base::SiteId& site, std::string_view name) = 0;

  /// Committed position of each epoch; empty for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<sync::EpochPosition>> Positions(const base::SiteId& site,
                                                                                 sync::Lane lane) = 0;

  /// Records and positions in one transaction, synced when it returns; on failure nothing of it is kept. A run must
  /// begin right after its position (kCorrupt otherwise), so that a record can be stored once only.
  [[nodiscard]] virtual base::Status Commit(std::span<const RecordRun> runs) = 0;

  /// Points and latest values of a site as stored.
  [[nodiscard]] virtual base::Status Seed(const base::SiteId& site, telemetry::SiteState& state) = 0;

  [[nodiscard]] virtual base::Status ForEachReading(const base::SiteId& site, metering::PointNo point,
                                                    base::UtcTime from, base::UtcTime to,
                                                    const std::function<void(const metering::Reading&)>& use) = 0;
  /// Newest first. kNotFound for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<telemetry::Alarm>> NewestAlarms(const base::SiteId& site,
                                                                                 int most) = 0;

  /// Events of a meter with from ≤ time < to, ascending.
  [[nodiscard]] virtual base::Result<telemetry::MeterEvents> Events(const base::SiteId& site, const std::string& meter,
                                                                    base::UtcTime from, base::UtcTime to) = 0;
};

}  // namespace yb::central
