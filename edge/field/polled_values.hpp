// PolledValues collects the values of one poll on behalf of a driver: every point exactly once, each to be taken as
// soon as it is known. Owned by a poll; one thread.
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
      : rules_(rules), values_(rules.size()), states_(rules.size(), State::kOpen) {}

  /// Keeps `value` for a point: a good number times the point's exact factor, anything else without a value.
  void Accept(std::size_t point, const WireValue& value, base::UtcTime time);
  /// The meter answered without a value for this point.
  void MarkInvalid(std::size_t point, base::UtcTime time);
  void MarkUnreachable(std::size_t point, base::UtcTime time);
  /// Every point that nothing is known of yet.
  void MarkRestUnreachable(base::UtcTime time);

  /// Poll::TakeValues.
  [[nodiscard]] std::vector<PointValue> Take();

  void NoteError(std::string error) { last_error_ = std::move(error); }
  [[nodiscard]] const std::string& last_error() const { return last_error_; }

 private:
  enum class State : std::uint8_t { kOpen, kSettled, kTaken };

  void Settle(std::size_t point, PointValue value);

  const std::vector<PointRule>& rules_;  // the driver's
  std::vector<PointValue> values_;
  std::vector<State> states_;
  std::string last_error_;
};

}  // namespace yb::field
