// IdentityService: log-in (登录), sessions (会话), the first administrator, and the tokens of programs on this machine.
//
// Files in the program's data folder, each for its owner only (0600):
//   admin-token   made anew at every start: yuanbanctl sends it and may do everything
//   scrape-token  made once: Prometheus sends it and may read /metrics
//   setup-code    while there is no user: the one-time code with which the first administrator is made
// Safe from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/http/router.hpp"
#include "core/identity/user_acts.hpp"

namespace yb::identity {

struct IdentityOptions {
  std::filesystem::path folder;
  /// Part of the cookie's name. Browsers give cookies to every port of a host: without it a box and central, or two
  /// boxes reached through tunnels, would end each other's sessions.
  std::string program;  // "central", "lvye-01"
  bool serves_many_sites = false;
  base::Duration idle = std::chrono::minutes(30);
  base::Duration longest = std::chrono::hours(12);
};

/// Polling for fresh values carries this header: it does not keep a session alive when nobody is there.
inline constexpr const char* kBackgroundHeader = "yb-background";

class IdentityService {
 public:
  static constexpr base::Duration kSetupCodeLife = std::chrono::hours(24);
  static constexpr int kMostSetupFailures = 20;

  /// Writes the files, and logs the set-up code where there is one.
  [[nodiscard]] static base::Result<std::unique_ptr<IdentityService>> Start(IdentityOptions options, UserStore& store,
                                                                            const base::Clock& clock);
  ~IdentityService();

  /// For Router::SetAuthenticator.
  [[nodiscard]] tl::expected<http::Principal, http::ErrorText> Authenticate(const http::Request& request);

  /// A session and until when it lasts without further use (expires) and at most (ends).
  struct SignedIn {
    Session session;
    User user;
    base::UtcTime expires;
    base::UtcTime ends;
    std::string token;  // of a session that has just begun; else empty
  };
  /// Whose session the cookie of the request is. Counts as use. Nullopt: nobody's.
  [[nodiscard]] base::Result<std::optional<SignedIn>> WhoIs(const http::Request& request);

  /// kRefused: name or password is wrong, or the user is disabled; which of them is not told. Also, told with what to
  /// do, where a user of the city comes after CheckDirectoryTerm. kUnavailable: too many
  /// failures of this user or address, or too many log-ins at once.
  [[nodiscard]] base::Result<SignedIn> LogIn(const std::string& name, const std::string& password,
                                             const http::Request& request);
  /// Whether the first administrator is still to be made.
  [[nodiscard]] base::Result<bool> NeedsSetup();
  /// kRefused: the code is wrong or over, or there is a user already. Else as LogIn.
  [[nodiscard]] base::Result<SignedIn> SetUp(const std::string& code, NewUser first, const http::Request& request);
  /// kRefused: the old password is wrong. Other sessions of the user end.
  [[nodiscard]] base::Status ChangePassword(const SignedIn& who, const std::string& old_password,
                                            const std::string& new_password, const http::Request& request);

  [[nodiscard]] std::string CookieOf(const std::string& token) const;
  /// Makes the browser forget it.
  [[nodiscard]] std::string EmptyCookie() const;

  /// Writes an audit line for every act that has none of its own: who asked for which route, with which result.
  void RecordAct(const http::Request& request, const std::string& route, const http::Response& answer);

  [[nodiscard]] UserStore& store() { return store_; }
  [[nodiscard]] PasswordHasher& hasher() { return hasher_; }
  [[nodiscard]] const IdentityOptions& options() const { return options_; }

 private:
  struct Doors;
  IdentityService(IdentityOptions options, UserStore& store, const base::Clock& clock);

  [[nodiscard]] base::Status WriteTokens();
  [[nodiscard]] base::Status OfferSetup();
  [[nodiscard]] base::Result<SignedIn> Begin(const User& user, const http::Request& request);
  [[nodiscard]] base::Status MayTry(const std::string& name, const std::string& remote) const;
  [[nodiscard]] base::Status CheckSetupCode(const std::string& code, const std::string& remote);
  void NoteFailure(const std::string& name, const http::Request& request, const char* what);

  const IdentityOptions options_;
  UserStore& store_;
  const base::Clock& clock_;
  PasswordHasher hasher_;
  base::Digest admin_token_{};  // hashes
  base::Digest scrape_token_{};
  std::unique_ptr<Doors> doors_;
};

}  // namespace yb::identity
