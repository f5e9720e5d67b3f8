// Headers that every answer carries, so that a browser loads nothing from elsewhere, guesses no content type and shows
// our pages inside nobody's frame.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace yb::http {

/// `style-src-attr` alone is wider than 'self': the charts write style attributes into their tooltips.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& SecurityHeaders();

}  // namespace yb::http
