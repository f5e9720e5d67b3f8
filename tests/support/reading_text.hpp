// Readings as lines of text, for comparisons that a person can read.
#pragma once

#include <string>

#include "core/domain/metering/reading.hpp"

namespace yb::test {

/// "7 2026-03-02T06:08:00.000000Z 1842.36 good"; "none" where there is no value.
inline std::string ToText(const metering::Reading& reading) {
  return std::to_string(reading.point) + " " + base::ToIso(reading.time) + " " +
         (reading.value ? reading.value->ToString() : "none") + " " + std::string(metering::ToString(reading.quality));
}

/// Each as a line.
template <class Readings>
std::string ToLines(const Readings& readings) {
  std::string lines;
  for (const metering::Reading& reading : readings) lines += ToText(reading) + "\n";
  return lines;
}

}  // namespace yb::test
