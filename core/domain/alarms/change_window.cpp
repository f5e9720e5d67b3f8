#include "core/domain/alarms/change_window.hpp"

#include <algorithm>

namespace yb::alarms {

void ChangeWindow::Clear() {
  slots_.clear();
  last_.reset();
  last_time_ = {};
  is_full_ = false;
}

void ChangeWindow::Add(base::UtcTime time, base::Decimal value) {
  if (last_ && time == last_time_) return;
  if (last_ && time < last_time_) Clear();
  last_ = value;
  last_time_ = time;
  if (slots_.empty() || time - slots_.back().begin >= within_ / kSlots) {
    slots_.push_back({time, value, value});
  } else {
    slots_.back().least = std::min(slots_.back().least, value);
    slots_.back().greatest = std::max(slots_.back().greatest, value);
  }
  while (time - slots_.front().begin > within_) {
    slots_.pop_front();
    is_full_ = true;
  }
  if (slots_.size() == 1) is_full_ = false;  // after a gap
}

std::optional<ChangeWindow::Change> ChangeWindow::Newest() const {
  if (slots_.empty() || slots_.front().begin == last_time_) return std::nullopt;
  const auto least = std::ranges::min_element(slots_, {}, &Slot::least)->least;
  const auto greatest = std::ranges::max_element(slots_, {}, &Slot::greatest)->greatest;
  const auto rise = last_->Minus(least);
  const auto fall = greatest.Minus(*last_);
  if (!rise || !fall) return std::nullopt;
  return Change{*rise, *fall};
}

}  // namespace yb::alarms
