// ChangeWindow: what a point's value was within the last while, so that one can say by how much it has changed
// (变化率). It keeps the least and the greatest value of each sixtieth of that time: its size does not depend on how
// often the point is read, and no change is told that took longer than the while.
//
// A value; one thread at a time.
#pragma once

#include <deque>
#include <optional>

#include "core/base/decimal.hpp"
#include "core/base/time.hpp"

namespace yb::alarms {

class ChangeWindow {
 public:
  explicit ChangeWindow(base::Duration within) : within_(within) {}

  /// The same time again changes nothing; an earlier one, of a clock that was set back, begins anew.
  void Add(base::UtcTime time, base::Decimal value);
  /// What was before tells nothing about what comes.
  void Clear();

  struct Change {
    base::Decimal rise;  // the newest value above the least one
    base::Decimal fall;  // the newest value below the greatest one
  };
  /// Nullopt where there are not two values within the time.
  [[nodiscard]] std::optional<Change> Newest() const;
  /// Whether the values reach back over all of the time.
  [[nodiscard]] bool is_full() const { return is_full_; }
  [[nodiscard]] std::optional<base::Decimal> last() const { return last_; }

 private:
  struct Slot {
    base::UtcTime begin{};  // of its first value
    base::Decimal least;
    base::Decimal greatest;
  };
  static constexpr int kSlots = 60;

  base::Duration within_;
  std::deque<Slot> slots_;
  std::optional<base::Decimal> last_;
  base::UtcTime last_time_{};
  bool is_full_ = false;
};

}  // namespace yb::alarms
