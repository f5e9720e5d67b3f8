// What stands on each kind of paper (文书), in the words that the public reads. Pure functions.
#pragma once

#include "core/papers/paper.hpp"
#include "tools/print/composition.hpp"

namespace yb::print {

/// `check_text` is that of the paper (papers::CheckText).
[[nodiscard]] Composition Compose(const papers::Paper& paper, const std::string& check_text);

}  // namespace yb::print
