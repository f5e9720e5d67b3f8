#include "core/identity/growing_delay.hpp"

#include <algorithm>

namespace yb::identity {

base::Duration GrowingDelay::Wait(const std::string& key, base::Monotonic now) const {
  const auto found = failures_.find(key);
  if (found == failures_.end() || found->second.count < options_.free) return {};
  base::Duration delay = options_.first;
  for (int i = options_.free; i < found->second.count && delay < options_.longest; ++i) delay *= 2;
  const base::Duration since = now - found->second.last;
  return std::max(std::min(delay, options_.longest) - since, base::Duration(0));
}

void GrowingDelay::RecordFailure(const std::string& key, base::Monotonic now) {
  Failures& failures = failures_[key];
  if (failures.count > 0 && now - failures.last >= options_.forgotten_after) failures.count = 0;
  ++failures.count;
  failures.last = now;
  if (failures_.size() <= options_.most_keys) return;
  failures_.erase(std::ranges::min_element(failures_, {}, [](const auto& entry) { return entry.second.last; }));
}

}  // namespace yb::identity
