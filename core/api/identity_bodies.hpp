// The JSON bodies that the routes of log-in and users take. Pure functions; untrusted input.
#pragma once

#include <string>

#include "core/identity/identity_service.hpp"

namespace yb::api {

/// Each: kInvalidArgument for a body that is no JSON object, a field that is missing or of another kind, and one that
/// is not known.
struct Credentials {
  std::string name;
  std::string password;
};
[[nodiscard]] base::Result<Credentials> ReadCredentials(const std::string& body);

struct PasswordWish {
  std::string old_password;
  std::string new_password;
};
[[nodiscard]] base::Result<PasswordWish> ReadPasswordWish(const std::string& body);

struct SetupWish {
  std::string code;
  identity::NewUser first;  // without roles
};
[[nodiscard]] base::Result<SetupWish> ReadSetupWish(const std::string& body);

[[nodiscard]] base::Result<identity::NewUser> ReadNewUser(const std::string& body);
[[nodiscard]] base::Result<identity::UserChange> ReadUserChange(const std::string& body);

}  // namespace yb::api
