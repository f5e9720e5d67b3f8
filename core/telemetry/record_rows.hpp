// What RecordLog asks its database, and how its rows are read. For the sources of this module only.
#pragma once

#include <algorithm>

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

using StatementPtr = std::unique_ptr<storage::Statement>;

inline constexpr auto kHistory = static_cast<std::int64_t>(sync::Lane::kHistory);

inline sync::Chain ToChain(base::ByteView blob) {
  sync::Chain chain{};
  std::copy_n(blob.begin(), std::min(blob.size(), chain.size()), chain.begin());
  return chain;
}

struct RecordLog::Statements {
  StatementPtr sites, add_site, find_site, rename_site;
  StatementPtr heads, save_head;
  StatementPtr find_stream, add_stream, append, bodies, time_of, chain_at, nearest, save_hour;
  StatementPtr save_point, points;
  StatementPtr uncompacted, newest_slices, newest_alarms, newest_places;
};

}  // namespace yb::telemetry
