// Exact conversion between the units that CJ/T 188 meters send and those that points are kept in.
// Pure functions; no threads.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/decimal.hpp"

namespace yb::field::cjt188 {

/// The exact factor from one unit to the other; nullopt where there is none (another dimension, or an endless decimal
/// such as from GJ to kWh).
[[nodiscard]] std::optional<base::Decimal> FactorBetween(std::string_view from, std::string_view to);

}  // namespace yb::field::cjt188
