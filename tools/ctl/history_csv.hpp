// HistoryCsv: readings of meters from a CSV file with local times, as another system exported them: a heading, the
// columns `time` and, where the file has several meters, `meter`, and one column per quantity. No quoting.
// Pure functions; no threads.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time_zone.hpp"
#include "edge/telemetry/import_file.hpp"

namespace yb::ctl {

/// What a column holds: "volume_l" is current_volume in L.
struct HistoryColumn {
  std::string column;
  std::string quantity;
  std::string unit;
};

/// The columns that are known without being told.
[[nodiscard]] const std::vector<HistoryColumn>& KnownHistoryColumns();

struct HistoryOptions {
  std::vector<HistoryColumn> columns;         // besides the known ones, and before them
  std::map<std::string, std::string> meters;  // what the file calls them, and their keys; else the name in lower case
  std::string meter;                          // key of the one meter, where the file has no column `meter`
  /// Unit of the point "<meter>/<quantity>"; nullopt where the box has none.
  std::function<std::optional<std::string>(const std::string& key)> unit_of;
};

/// A row that cannot be taken. Lines and columns count from 1, columns in bytes.
struct HistoryFault {
  std::size_t line = 0;
  std::size_t column = 0;
  std::string message;
};

struct History {
  std::vector<edge::ImportedValue> values;  // of the good rows, in the file's order
  std::size_t rows = 0;
  std::vector<HistoryFault> faults;
  std::vector<std::string> left_out;  // columns that mean nothing here
};

/// kInvalidArgument for a heading that does not fit. In the hour that comes twice in autumn a row is the first of the
/// two instants that lies behind the same meter's row before.
[[nodiscard]] base::Result<History> ReadHistoryCsv(std::string_view text, const base::TimeZone& zone,
                                                   const HistoryOptions& options);

}  // namespace yb::ctl
