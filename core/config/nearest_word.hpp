// What somebody meant who misspelt a word, for hints. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yb::config {

/// The entry of `known` nearest to `word` by edit distance, if it is near enough to be meant.
[[nodiscard]] std::optional<std::string> NearestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace yb::config
