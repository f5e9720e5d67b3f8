// What HelperPrinter and yuanban-print agree on: a paper (paper_codec.hpp) on standard input, its PDF on standard
// output, or else one of these exit codes, and what is wrong on standard error, a line in English and a line in
// Chinese.
#pragma once

namespace yb::papers {

inline constexpr int kExitBadPaper = 2;
inline constexpr int kExitNoGlyph = 3;  // no installed font has a character
inline constexpr int kExitBroken = 4;

}  // namespace yb::papers
