// What is no material of a case whatever it is called, and could harm whoever opens it at a window or in a department:
// programs, scripts, shortcuts and web pages, told by their first bytes. All else is taken; whether it is what was
// asked for, a person sees. Pure function.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace yb::files {

/// First bytes that are enough to tell; of a shorter file all of them.
inline constexpr std::size_t kTellingBytes = 2048;

/// kInvalidArgument for what could do harm.
[[nodiscard]] base::Status CheckContent(base::ByteView beginning);

}  // namespace yb::files
