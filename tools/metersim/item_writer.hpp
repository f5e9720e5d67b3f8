// What the item tables of both editions of DL/T 645 write with.
// Pure functions; no threads.
#pragma once

#include <string>

#include "tools/metersim/bcd.hpp"
#include "tools/metersim/electric_items.hpp"
#include "tools/metersim/local_time.hpp"

namespace yb::metersim {

inline constexpr std::int64_t kUnsignedDialEnd = 100'000'000;  // 999999.99 rolls over to 0 (翻转)
inline constexpr std::int64_t kSignedDialEnd = 80'000'000;     // 799999.99, as the sign takes the top bit

/// Appends a number and its meaning; FF and null where it does not fit.
void AppendNumber(Item& item, std::string quantity, std::string unit, std::int64_t value, std::uint8_t decimals,
                  std::size_t width, Sign sign);

/// WW DD MM YY and ss mm hh, as both editions show them.
void AppendDate(Item& item, const LocalTime& local);
void AppendTimeOfDay(Item& item, const LocalTime& local);

}  // namespace yb::metersim
