// Consumption (用量) of a period: what the readings of one register say, with what is no consumption set apart.
// Pure functions; any thread.
#pragma once

#include <span>

#include "core/domain/metering/register_walk.hpp"

namespace yb::metering {

/// consumption + explained = last - first, exactly. A reading at the end that is still doubted does not count yet.
struct Consumption {
  std::optional<Reading> first;  // readings that were believed; none in a period without values
  std::optional<Reading> last;
  base::Decimal consumption{};
  base::Decimal explained{};
  std::vector<RegisterStep> steps;  // those with something explained, ascending
};

/// `readings` of one point in any order, the absent ones included; `events` of its meter, of which replacements and
/// changed configurations end one stretch of the register and begin another. kInvalidArgument where a sum does not fit
/// a Decimal.
[[nodiscard]] base::Result<Consumption> Consume(const RegisterRules& rules, std::vector<Reading> readings,
                                                std::span<const MeterEvent> events);

}  // namespace yb::metering
