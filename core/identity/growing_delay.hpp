// GrowingDelay: whoever fails often has to wait, longer each time. Kept per key: a user's name, an address.
// One owner, one thread at a time; the time arrives as an argument and is monotonic, so that a clock that is set does
// not free anybody.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "core/base/time.hpp"

namespace yb::identity {

class GrowingDelay {
 public:
  struct Options {
    int free = 5;                                             // failures before the first wait
    base::Duration first = std::chrono::seconds(2);           // doubled with every further failure …
    base::Duration longest = std::chrono::minutes(15);        // … up to this
    base::Duration forgotten_after = std::chrono::hours(24);  // without another failure
    std::size_t most_keys = 10'000;                           // past that the one that failed longest ago is forgotten
  };
  explicit GrowingDelay(Options options) : options_(options) {}

  /// How long `key` has to wait; zero: not at all.
  [[nodiscard]] base::Duration Wait(const std::string& key, base::Monotonic now) const;
  void RecordFailure(const std::string& key, base::Monotonic now);
  void Forget(const std::string& key) { failures_.erase(key); }

 private:
  struct Failures {
    int count = 0;
    base::Monotonic last;
  };

  Options options_;
  std::map<std::string, Failures> failures_;
};

}  // namespace yb::identity
