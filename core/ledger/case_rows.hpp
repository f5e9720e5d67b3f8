// What the sources of CaseTables share.
#pragma once

#include "core/ledger/case_tables.hpp"
#include "core/ledger/snapshot_rows.hpp"

namespace yb::ledger {

/// Of what has no deadline yet: behind all that has one.
inline constexpr std::int64_t kNoDeadline = 10'000'000;

struct CaseTables::Statements {
  std::unique_ptr<storage::Statement> passed, pass, add_event, events, places, count_events, write, touch, turn, turns,
      forget_turn, next, others, of_person, add_key, add_file;
};

/// What events of the site stand under.
inline CaseKey KeyOf(SiteNo site) {
  return {site, {}};
}

template <class Event>
FoldPlace PlaceOf(const Event& event) {
  return {event.lamport, event.id};
}

[[nodiscard]] base::UtcTime NewestOf(const std::vector<cases::CaseEvent>& events);

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
