// Passwords (口令): the rule for new ones, and their slow hash, Argon2id (RFC 9106) with 19 MiB, two passes and one
// lane.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace yb::identity {

inline constexpr std::size_t kShortestPassword = 10;  // characters
inline constexpr std::size_t kLongestPassword = 256;  // bytes

/// A password has 10 characters or more and is not the user's name; which characters is up to the person.
/// kInvalidArgument says what is wrong in both languages.
[[nodiscard]] base::Status CheckNewPassword(std::string_view password, std::string_view user_name);

/// One hash at a time, so that a box stays small; the others wait. Safe from any thread.
class PasswordHasher {
 public:
  /// Only so many wait beside the one that is at work.
  explicit PasswordHasher(int most_waiting = 8) : most_waiting_(most_waiting) {}

  /// "$argon2id$v=19$m=19456,t=2,p=1$…" with a salt of its own. kUnavailable when too many wait.
  [[nodiscard]] base::Result<std::string> Hash(std::string_view password);

  /// Whether the password is the one of `hash`. An empty hash belongs to nobody and costs the same time.
  /// kUnavailable when too many wait.
  [[nodiscard]] base::Result<bool> Verify(std::string_view password, const std::string& hash);

 private:
  class Turn;
  const int most_waiting_;
  std::atomic<int> waiting_{0};
  std::mutex at_work_;
};

}  // namespace yb::identity
