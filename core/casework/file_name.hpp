// How a stored file is called by events and pages: its SHA-256 as 64 hex digits in lower case. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/digest.hpp"

namespace yb::casework {

[[nodiscard]] std::string FileName(const base::Digest& sha);
[[nodiscard]] std::optional<base::Digest> ParseFileName(std::string_view name);

}  // namespace yb::casework
