// What a line of the record of acts says, for people in both languages. Lines are stored in one spelling, which is an
// API: this reads it, also as earlier versions wrote it. Pure functions; any thread.
#pragma once

#include "core/identity/user_store.hpp"

namespace yb::identity {

/// The line's detail; what is no spelling of ours, such as the name of a browser or a reason, stays as it is.
[[nodiscard]] base::Words DetailOf(const AuditLine& line);

}  // namespace yb::identity
