// Inbox<T>: messages for one thread, posted from any. The owner waits for a message, a Wake or a time.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>

#include "core/base/time.hpp"

namespace yb::base {

template <class T>
class Inbox {
 public:
  /// False, and nothing posted, when `most` messages wait already.
  bool Post(T message, std::size_t most = static_cast<std::size_t>(-1)) {
    {
      const std::scoped_lock lock(mutex_);
      if (messages_.size() >= most) return false;
      messages_.push_back(std::move(message));
    }
    changed_.notify_all();
    return true;
  }

  /// Ends the present or the next Take.
  void Wake() {
    {
      const std::scoped_lock lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }

  /// All messages there are; waits at most `wait` for the first.
  [[nodiscard]] std::deque<T> Take(const std::stop_token& stop, Duration wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, wait, [this] { return woken_ || !messages_.empty(); });
    woken_ = false;
    std::deque<T> taken;
    taken.swap(messages_);
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> messages_;  // guarded by mutex_
  bool woken_ = false;      // guarded by mutex_
};

}  // namespace yb::base
