// Whole numbers that somebody typed. A pure function.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace yb::base {

/// All of `text` in decimal, without a leading '+' or spaces; nullopt for anything else and for what does not fit.
template <class Number>
[[nodiscard]] std::optional<Number> ParseWhole(std::string_view text) {
  Number value{};
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace yb::base
