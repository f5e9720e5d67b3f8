// Splits and decodes the target of a request (RFC 3986). Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::http {

/// "/a%20b" → "/a b". kInvalidArgument for a path that does not begin with '/', a broken escape, an escaped NUL or
/// other control character, and for a segment "." or "..": clients resolve those themselves.
[[nodiscard]] base::Result<std::string> DecodePath(std::string_view raw);

/// "from_us=1&name=a+b" → {from_us: "1", name: "a b"}. The first of two values with one name counts. kInvalidArgument
/// for a broken escape.
[[nodiscard]] base::Result<std::map<std::string, std::string>> ParseQuery(std::string_view raw);

}  // namespace yb::http
