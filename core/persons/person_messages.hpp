// The bytes of the lane `person` (core/contract/sync.proto, PersonMessage). Keys are in the clear in them: TLS between
// box, broker and central is what protects them on the way, and the broker could read them. Reading trusts nothing.
// Pure functions; any thread.
#pragma once

#include "core/persons/person_exchange.hpp"

namespace yb::persons {

/// Most entries of one offer that are read.
inline constexpr std::size_t kMostEntries = 1024;

[[nodiscard]] base::Bytes EncodeMessage(const PersonMessage& message);
/// kCorrupt for what is no message: a name that cannot be, a key of another length, too many entries; kUnsupported for
/// a kind of a later version.
[[nodiscard]] base::Result<PersonMessage> DecodePersonMessage(base::ByteView bytes);

}  // namespace yb::persons
