// The text form of a Paper, JSON of version 1: what the printing program reads, and what a paper's check text is the
// digest of. docs/papers.md has an example. Reading is strict: an unknown, missing or repeated name, a wrong type and a
// paper that cannot be printed (Check) are refused, and the error names the place. Pure functions; any thread.
#pragma once

#include "core/papers/paper.hpp"

namespace yb::papers {

inline constexpr int kPaperVersion = 1;
/// Longer ones are refused.
inline constexpr std::size_t kMostPaperBytes = std::size_t{1} << 20;

/// One text for equal papers. kInvalidArgument as Check.
[[nodiscard]] base::Result<std::string> Encode(const Paper& paper);
/// kInvalidArgument for what is no paper, kUnsupported for one of another version.
[[nodiscard]] base::Result<Paper> Decode(std::string_view text);

/// What the QR code of a paper says: "YB1 RECEIPT KIND HEX", where HEX is the first 16 digits of the SHA-256 of its
/// text form. Whoever holds the paper's fields can tell by it whether the paper in a hand is the one that was printed.
[[nodiscard]] base::Result<std::string> CheckText(const Paper& paper);

}  // namespace yb::papers
