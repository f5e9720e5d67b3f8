// AttemptLimiter: after too many failures from one address that address has to wait.
// One owner, one thread at a time; the time arrives as an argument.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "core/base/time.hpp"

namespace yb::security {

class AttemptLimiter {
 public:
  /// At most `most` failures of one address within `window`. It remembers `most_addresses`; past that the one whose
  /// window began first is forgotten.
  AttemptLimiter(int most, base::Duration window, std::size_t most_addresses = 10'000)
      : most_(most), window_(window), most_addresses_(most_addresses) {}

  [[nodiscard]] bool MayTry(const std::string& address, base::UtcTime now) const;
  void RecordFailure(const std::string& address, base::UtcTime now);

 private:
  struct Failures {
    base::UtcTime since;
    int count = 0;
  };
  [[nodiscard]] bool IsOver(const Failures& failures, base::UtcTime now) const;

  int most_;
  base::Duration window_;
  std::size_t most_addresses_;
  std::map<std::string, Failures> failures_;
};

}  // namespace yb::security
