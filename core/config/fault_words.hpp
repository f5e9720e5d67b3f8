// Words that the faults of configuration files share: what was found, what was expected. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace yb::config {

/// found "abc"
[[nodiscard]] base::Words FoundText(std::string_view text);
/// found 12
[[nodiscard]] base::Words Found(std::string_view number);
/// is missing
[[nodiscard]] base::Words IsMissing();
/// "abc" is there twice
[[nodiscard]] base::Words IsThereTwice(std::string_view text);
/// it is already used in line 12
[[nodiscard]] base::Words UsedInLine(int line);
/// expected a, b or c
[[nodiscard]] base::Words Expected(const base::Words& what);
/// expected "a", "b" or "c": the only texts there are
[[nodiscard]] base::Words ExpectedTexts(const std::vector<std::string>& texts);
/// did you mean "abc"? Where nothing is near: expected one of abc, def. Keys stand in single quotes.
[[nodiscard]] base::Words NearestOf(std::string_view found, const std::vector<std::string>& known, char quote = '"');

/// Error::Describe in both languages; what there is in English only stays English.
[[nodiscard]] base::Words Described(const base::Error& error);

}  // namespace yb::config
