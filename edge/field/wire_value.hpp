// WireValue: one value of a meter's answer, decoded and not yet mapped to a point. Values; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/decimal.hpp"

namespace yb::field {

struct WireValue {
  enum class State : std::uint8_t {
    kGood,
    kAbsent,   // the meter filled the field: it has no such value
    kInvalid,  // the field holds what is no value, such as a nibble above 9 in BCD
  };

  std::uint32_t id = 0;  // data identifier of this item, also where it came in a block
  std::string key;       // "voltage_a"
  std::string unit;      // "V"; empty where there is none
  State state = State::kGood;
  std::optional<base::Decimal> number;  // set for a good number
  std::string text;                     // set for what is no number: times, addresses, status bits
  base::Bytes raw;                      // the bytes of the field, as sent
};

}  // namespace yb::field
