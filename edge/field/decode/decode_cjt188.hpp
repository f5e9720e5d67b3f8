// The decoder tool's view of CJ/T 188 frames. Pure functions; no threads.
#pragma once

#include <optional>
#include <vector>

#include "edge/field/cjt188/answer.hpp"
#include "edge/field/decode/report.hpp"

namespace yb::field::decode {

/// The last answer in `inputs`, or the last request where there is none. Without a `place` the layout of a heat answer
/// is detected, and the report says so.
[[nodiscard]] Report DecodeCjt188(std::optional<cjt188::UnitPlace> place, const std::vector<base::Bytes>& inputs);

}  // namespace yb::field::decode
