// What the sources of SnapshotTables share, and how a case is bound to statements.
#pragma once

#include "core/ledger/snapshot_tables.hpp"

namespace yb::ledger {

struct SnapshotTables::Statements {
  std::unique_ptr<storage::Statement> headers, add, record, put, before, forget, borrowed;
};

inline storage::Statement& BindCase(storage::Statement& statement, const CaseKey& key) {
  return statement.Bind(1, key.site).Bind(2, std::string_view(key.case_id));
}

}  // namespace yb::ledger
