// ReadingSink: where the field side hands over what it read. The store of the box implements it; tests collect.
#pragma once

#include <span>

#include "core/domain/metering/reading.hpp"

namespace yb::field {

class ReadingSink {
 public:
  virtual ~ReadingSink() = default;

  /// One poll of one meter: its readings, those without a value included. Called from line threads, side by side;
  /// returns quickly and never fails (what cannot be kept is the sink's to report).
  virtual void OnReadings(std::span<const metering::Reading> readings) = 0;
};

}  // namespace yb::field
