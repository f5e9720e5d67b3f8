// ElectricItems: the values behind the data identifiers (数据标识) of DL/T 645-2007, tables A.1 to A.4, as bytes of the
// wire and as truth for the log.
// Pure functions; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/metersim/answer.hpp"
#include "tools/metersim/electric_source.hpp"

namespace yb::metersim {

/// What a meter knows besides its source.
struct ElectricNameplate {
  std::string address;       // 12 digits (通信地址)
  std::string meter_number;  // 12 digits (表号)
  std::int64_t ct_ratio = 1;
  int tariffs = kTariffs;  // 0..4: how many follow the total in a block
};

struct Item {
  base::Bytes bytes;  // after the identifier, without +33
  std::vector<SentValue> values;
};

/// The item or block `di` (DI3 in the top byte) at `now`, with the meter's clock showing `clock`. nullopt where such a
/// meter does not have it. A block with FF in DI1 of energies lists total and tariffs, with FF in DI0 the present value
/// and twelve settlement days (结算日), with FF in DI1 of variables the phases.
[[nodiscard]] std::optional<Item> FindItem(std::uint32_t di, const ElectricSource& source,
                                           const ElectricNameplate& nameplate, base::UtcTime now, base::UtcTime clock);

}  // namespace yb::metersim
