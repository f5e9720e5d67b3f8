// Why a deadline is the day it is (为什么是这一天), in the words of a paper. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/domain/cases/case_clock.hpp"

namespace yb::papers {

/// One sentence for each stretch of the clock's reasons, without a full stop.
[[nodiscard]] std::vector<std::string> WhyInWords(const cases::ClockReading& clock);

/// "专家评审", …
[[nodiscard]] std::string_view GroundInWords(cases::PauseGround ground);

}  // namespace yb::papers
