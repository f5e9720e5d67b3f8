// Bodies of log-in, set-up and users, which anybody may send: whatever they hold is taken or refused, and roles that
// are taken are written and read again alike.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/api/identity_bodies.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  static_cast<void>(yb::api::ReadCredentials(body));
  static_cast<void>(yb::api::ReadPasswordWish(body));
  static_cast<void>(yb::api::ReadSetupWish(body));
  static_cast<void>(yb::api::ReadUserChange(body));
  const auto user = yb::api::ReadNewUser(body);
  if (user && !user->roles.empty()) {
    const auto again = yb::identity::ParseRoles(yb::identity::ToText(user->roles));
    YB_CHECK(again && *again == user->roles, "roles read back");
  }
  return 0;
}
