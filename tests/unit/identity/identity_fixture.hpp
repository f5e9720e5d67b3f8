// What tests of log-in share: a store in a folder that goes away, a clock that they move, requests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/identity/identity_service.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::identity {

class IdentityFixture : public testing::Test {
 protected:
  static constexpr const char* kPassword = "correct horse battery";

  void SetUp() override {
    const auto opener = storage::MakeSqliteOpener({.file = folder_.path() / "users.db"});
    auto store = UserStore::Open(*opener);
    ASSERT_TRUE(store) << store.error().Describe();
    store_ = std::move(*store);
  }

  /// Starts the service; users that are there already keep it from offering a set-up code.
  void Start() {
    IdentityOptions options;
    options.folder = folder_.path();
    options.program = "central";
    options.serves_many_sites = true;
    auto service = IdentityService::Start(options, *store_, clock_);
    ASSERT_TRUE(service) << service.error().Describe();
    service_ = std::move(*service);
  }

  User Add(const std::string& name, http::RoleSet roles, std::vector<base::SiteId> sites = {}) {
    NewUser wish{name, "", kPassword, roles, std::move(sites)};
    auto user = AddUser(*store_, hasher_, wish, {"test", "", clock_.Now()});
    EXPECT_TRUE(user) << user.error().Describe();
    return user.value_or(User{});
  }

  [[nodiscard]] static http::Request From(const std::string& remote = "192.0.2.7") {
    http::Request request;
    request.method = "GET";
    request.path = "/api/v1/sites";
    request.remote = remote;
    request.headers["user-agent"] = "test";
    return request;
  }
  /// A request with the cookie that a browser sends back for a Set-Cookie.
  [[nodiscard]] http::Request With(const std::string& token) const {
    http::Request request = From();
    const std::string cookie = service_->CookieOf(token);
    request.headers["cookie"] = "theme=dark; " + cookie.substr(0, cookie.find(';')) + "; other=1";
    return request;
  }
  [[nodiscard]] static http::Request Bearing(const std::string& token) {
    http::Request request = From();
    request.headers["authorization"] = "Bearer " + token;
    return request;
  }
  [[nodiscard]] std::string FirstLineOf(const char* file) const {
    std::ifstream in(folder_.path() / file);
    std::string line;
    std::getline(in, line);
    return line;
  }
  [[nodiscard]] std::string LogIn(const std::string& name) {
    auto begun = service_->LogIn(name, kPassword, From());
    EXPECT_TRUE(begun) << begun.error().Describe();
    return begun ? begun->token : std::string();
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  PasswordHasher hasher_;
  std::unique_ptr<UserStore> store_;
  std::unique_ptr<IdentityService> service_;
};

}  // namespace yb::identity
