// What the sources of CaseTables share.
#pragma once

#include "core/ledger/case_tables.hpp"

namespace yb::ledger {

/// Of what has no deadline yet: behind all that has one.
inline constexpr std::int64_t kNoDeadline = 10'000'000;

/// Site and case of each row.
inline base::Result<std::vector<CaseKey>> TakeKeys(storage::Statement& select) {
  const storage::Rows rows(select);
  std::vector<CaseKey> keys;
  while (true) {
    YB_ASSIGN(const bool row, select.Step());
    if (!row) return keys;
    keys.push_back({select.Int(0), std::string(select.Text(1))});
  }
}

}  // namespace yb::ledger
