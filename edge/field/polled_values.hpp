// PolledValues collects the values of one poll on behalf of a driver: every point exactly once, unreachable until
// something better is known. Owned by a poll; one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "edge/field/field_driver.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field {

class PolledValues {
 public:
  explicit PolledValues(const std::vector<PointRule>& rules)
      : rules_(rules), values_(rules.size()), settled_(rules.size(), false) {}

  /// Keeps `value` for a point: a good number times the point's exact factor, anything else without a value.
  void Accept(std::size_t point, const WireValue& value, base::UtcTime time);
  /// The meter answered without a value for this point.
  void MarkInvalid(std::size_t point, base::UtcTime time);
  void MarkUnreachable(std::size_t point, base::UtcTime time);
  /// Every point that nothing is known of yet.
  void MarkRestUnreachable(base::UtcTime time);

  [[nodiscard]] bool IsSettled(std::size_t point) const { return settled_[point]; }
  [[nodiscard]] std::vector<PointValue> Take() { return std::move(values_); }

  void NoteError(std::string error) { last_error_ = std::move(error); }
  [[nodiscard]] const std::string& last_error() const { return last_error_; }

 private:
  void Settle(std::size_t point, PointValue value);

  const std::vector<PointRule>& rules_;  // the driver's
  std::vector<PointValue> values_;
  std::vector<bool> settled_;
  std::string last_error_;
};

}  // namespace yb::field
