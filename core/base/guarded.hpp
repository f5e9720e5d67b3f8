// Guarded<T>: shared data that can be reached only while its lock is held.
#pragma once

#include <mutex>
#include <utility>

namespace yb::base {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Runs `use` with the value while holding the lock. `use` must not keep a reference.
  template <class Use>
  decltype(auto) With(Use&& use) {
    const std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }
  template <class Use>
  decltype(auto) With(Use&& use) const {
    const std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace yb::base
