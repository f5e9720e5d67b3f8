// ReadingSink: where the field side hands over what it read. The store of the box implements it; tests collect.
// Called from line threads, side by side; returns quickly and never fails (what cannot be kept is the sink's to
// report).
#pragma once

#include <span>

#include "core/domain/metering/reading.hpp"

namespace yb::field {

class ReadingSink {
 public:
  virtual ~ReadingSink() = default;

  /// What one answer brought, as soon as it is decoded, or what is known of points that were not answered: to be kept
  /// and sent. Marks readings that it doubts. Each point of a meter comes once in each of its polls.
  virtual void OnAnswer(std::span<metering::Reading> readings) = 0;

  /// A poll of a meter is over: all of its readings, as they were marked, to be shown and judged together.
  virtual void OnPollOver(std::span<const metering::Reading> readings) = 0;
};

}  // namespace yb::field
