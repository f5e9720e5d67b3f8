// Consumption (用量) of a period: what the readings of one register say, with what is no consumption set apart.
// Pure functions; any thread.
#pragma once

#include <functional>
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

/// Walks one register along `readings` (ascending, the absent ones included) and calls `use` for each step, with the
/// reading that decided it. `events` as below; a break at the first reading is none.
[[nodiscard]] base::Status ForEachStep(const RegisterRules& rules, std::span<const Reading> readings,
                                       std::span<const MeterEvent> events,
                                       const std::function<base::Status(const RegisterStep&, const Reading&)>& use);

/// `readings` of one point in any order, the absent ones included; `events` of its meter, of which replacements and
/// changed configurations end one stretch of the register and begin another. kInvalidArgument where a sum does not fit
/// a Decimal.
[[nodiscard]] base::Result<Consumption> Consume(const RegisterRules& rules, std::vector<Reading> readings,
                                                std::span<const MeterEvent> events);

}  // namespace yb::metering
