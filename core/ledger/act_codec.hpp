// The acts of cases in the messages of events (core/contract/ledger.proto). For the codecs of this folder only. Pure
// functions.
#pragma once

#include "core/base/result.hpp"
#include "core/domain/cases/case_event.hpp"

namespace yb::contract {
class LedgerEvent;
}  // namespace yb::contract

namespace yb::ledger {

/// Sets `ignorable` too.
void PutAct(const cases::Act& act, contract::LedgerEvent& out);
/// One of a later version is an UnknownAct. kCorrupt for what cannot be, and for an act that is of a site.
[[nodiscard]] base::Result<cases::Act> TakeAct(const contract::LedgerEvent& in);

}  // namespace yb::ledger
