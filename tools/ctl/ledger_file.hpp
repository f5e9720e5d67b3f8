// The ledger in a program's data folder, opened by somebody at a shell. One thread.
#pragma once

#include "core/ledger/ledger_store.hpp"

namespace yb::ctl {

/// Changes nothing by opening. kNotFound where there is no ledger; kUnsupported where it is of another version.
[[nodiscard]] base::Result<std::unique_ptr<ledger::LedgerStore>> OpenLedgerFile(const std::string& data_dir,
                                                                                const base::Clock& clock);
/// The ledger of a box, made where there is none.
[[nodiscard]] base::Result<std::unique_ptr<ledger::LedgerStore>> CreateLedgerFile(const std::string& data_dir,
                                                                                  const base::Clock& clock);

}  // namespace yb::ctl
