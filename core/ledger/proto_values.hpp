// Values of the ledger's messages (core/contract/ledger.proto) that events and snapshots have in common. For the codecs
// of this folder only. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/domain/cases/case_event.hpp"

namespace yb::contract {
class ItemTerms;
class LedgerActor;
class LedgerEventId;
}  // namespace yb::contract

namespace yb::ledger {

[[nodiscard]] std::int32_t DayNumber(calendar::CivilDate day);
/// kCorrupt for a day that cannot be.
[[nodiscard]] base::Result<calendar::CivilDate> ToDay(std::int32_t day);

/// kCorrupt for a time that cannot be.
[[nodiscard]] base::Result<base::UtcTime> ToTime(std::int64_t micros);

/// Empty for none.
[[nodiscard]] std::string ToText(const std::optional<base::Decimal>& value);
[[nodiscard]] base::Result<std::optional<base::Decimal>> ToDecimal(const std::string& text);

template <class Repeated>
void Put(const std::vector<std::string>& from, Repeated& to) {
  to.Assign(from.begin(), from.end());
}
template <class Repeated>
std::vector<std::string> Take(const Repeated& from) {
  return {from.begin(), from.end()};
}

/// kCorrupt for what is no side.
[[nodiscard]] base::Result<cases::Side> ToSide(std::uint32_t side);

void Put(const cases::EventId& id, contract::LedgerEventId& out);
[[nodiscard]] base::Result<cases::EventId> Take(const contract::LedgerEventId& in);
void Put(const cases::ItemTerms& terms, contract::ItemTerms& out);
[[nodiscard]] cases::ItemTerms Take(const contract::ItemTerms& in);
void Put(const cases::Actor& actor, contract::LedgerActor& out);
[[nodiscard]] cases::Actor Take(const contract::LedgerActor& in);

}  // namespace yb::ledger
