// MeterTables: events of meters and applied configurations by what they are asked for, written in the transaction that
// stores the records they come from. Part of a RecordLog, on its connection.
//
// Stored names (since 0.2): table `meter_event` (one row per event; the same event twice is one), `configuration`.
#pragma once

#include <memory>
#include <vector>

#include "core/storage/database.hpp"
#include "core/telemetry/meter_record.hpp"

namespace yb::telemetry {

class MeterTables {
 public:
  /// Adds the tables where they are missing. `database` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<MeterTables>> Open(storage::Database& database);

  /// Within a transaction.
  [[nodiscard]] base::Status Save(std::int64_t site, const MeterEvents& events);
  [[nodiscard]] base::Status Save(std::int64_t site, const AppliedConfiguration& configuration);
  [[nodiscard]] base::Status Remove(std::int64_t site, const MeterEvents& events);

  /// Events of a meter with from ≤ time < to, ascending.
  [[nodiscard]] base::Result<MeterEvents> Events(std::int64_t site, const std::string& meter, base::UtcTime from,
                                                 base::UtcTime to);
  /// Ascending by version.
  [[nodiscard]] base::Result<std::vector<AppliedConfiguration>> Configurations(std::int64_t site);

 private:
  using StatementPtr = std::unique_ptr<storage::Statement>;
  MeterTables() = default;

  StatementPtr save_event_, remove_event_, events_, save_configuration_, configurations_;
};

}  // namespace yb::telemetry
