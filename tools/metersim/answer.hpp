// Answer: what a meter puts on the bus for one request, with the meaning of its bytes for the truth log.
// Values; no threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/decimal.hpp"

namespace yb::metersim {

/// One value as it stands in the frame, with the digits of the wire format: 184236 hundredths are "1842.36".
struct SentValue {
  std::string quantity;                // "fwd_active_energy"
  std::optional<base::Decimal> value;  // absent where the field was filled with FF
  std::string unit;                    // "kWh", "m3", "" where none
};

struct Answer {
  base::Bytes frame;              // whole, with its FE preamble
  std::string di;                 // data identifier (数据标识) as written in the standard: "0201FF00", "901F"
  std::vector<SentValue> values;  // empty for error replies and for frames with more to follow
};

}  // namespace yb::metersim
