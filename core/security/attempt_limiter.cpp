#include "core/security/attempt_limiter.hpp"

#include <algorithm>

namespace yb::security {

bool AttemptLimiter::IsOver(const Failures& failures, base::UtcTime now) const {
  // A clock that was set back ends the window too, else it could last for years.
  return now < failures.since || now - failures.since >= window_;
}

bool AttemptLimiter::MayTry(const std::string& address, base::UtcTime now) const {
  const auto found = failures_.find(address);
  return found == failures_.end() || IsOver(found->second, now) || found->second.count < most_;
}

void AttemptLimiter::RecordFailure(const std::string& address, base::UtcTime now) {
  const auto found = failures_.find(address);
  if (found != failures_.end() && !IsOver(found->second, now)) {
    ++found->second.count;
    return;
  }
  failures_[address] = {now, 1};
  if (failures_.size() <= most_addresses_) return;
  std::erase_if(failures_, [&](const auto& entry) { return IsOver(entry.second, now); });
  if (failures_.size() <= most_addresses_) return;
  failures_.erase(std::min_element(failures_.begin(), failures_.end(),
                                   [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
}

}  // namespace yb::security
