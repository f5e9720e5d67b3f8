// CentralStore: the seam to what central keeps. One object is one connection, used by one thread at a time; there is
// one that writes (ingest) and as many that read as are wanted.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/sync/lane.hpp"
#include "core/telemetry/history_query.hpp"
#include "core/telemetry/site_state.hpp"

namespace yb::central {

/// Records of one lane in order, from `first_seq` on; what is stored already is passed over.
struct RecordRun {
  base::SiteId site;
  sync::Lane lane = sync::Lane::kHistory;
  std::uint64_t epoch = 0;
  std::uint64_t first_seq = 0;
  std::span<const base::Bytes> bodies;
  std::span<const std::uint64_t> spans = {};  // sequences each body stands for; empty: one each
};

/// What was stored, read once: of a compacted run the newest reading of each point.
struct StoredRecord {
  base::SiteId site;
  telemetry::HistoryRecord record;
};

class CentralStore {
 public:
  virtual ~CentralStore() = default;

  [[nodiscard]] virtual base::Result<std::vector<base::SiteId>> Sites() = 0;
  [[nodiscard]] virtual base::Status NameSite(const base::SiteId& site, std::string_view name) = 0;

  /// Committed position of each epoch; empty for a site never heard of.
  [[nodiscard]] virtual base::Result<std::vector<sync::EpochPosition>> Positions(const base::SiteId& site,
                                                                                 sync::Lane lane) = 0;

  /// Records and positions in one transaction, synced when it returns; on failure nothing of it is kept. A run begins
  /// no later than right after its position (kCorrupt otherwise), and a record is stored right after it only, so that
  /// each is stored once.
  [[nodiscard]] virtual base::Result<std::vector<StoredRecord>> Commit(std::span<const RecordRun> runs) = 0;

  /// Points and latest values of a site as stored.
  [[nodiscard]] virtual base::Status Seed(const base::SiteId& site, telemetry::SiteState& state) = 0;

  [[nodiscard]] virtual base::Status ForEachReading(const base::SiteId& site, metering::PointNo point,
                                                    base::UtcTime from, base::UtcTime to,
                                                    const std::function<void(const metering::Reading&)>& use) = 0;

  [[nodiscard]] virtual base::Result<telemetry::History> ReadHistory(const base::SiteId& site,
                                                                     const telemetry::PointDefinition& point,
                                                                     const telemetry::HistoryRequest& request) = 0;
};

}  // namespace yb::central
