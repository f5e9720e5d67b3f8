// ApiClient: asks a program's web server over one connection, as a page does: what has not changed is not sent again,
// and a connection that the server has closed meanwhile is opened anew.
//
// One thread at a time. It takes any server certificate: it measures and compares, it trusts nobody.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/support/api_address.hpp"

namespace yb::test {

class ApiClient {
 public:
  explicit ApiClient(ApiAddress address);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  struct Answer {
    int status = 0;    // 0: there was none
    std::string body;  // or why there was none
  };
  /// The second request of a path names the first one's entity tag and may be answered 304, without a body.
  Answer Get(const std::string& path);
  /// The whole answer, whether it has changed or not.
  Answer GetWhole(const std::string& path);
  /// Once; `body` is JSON.
  Answer Post(const std::string& path, const std::string& body);
  /// Once; `bytes` are what they are.
  Answer Put(const std::string& path, std::string_view bytes);

 private:
  Answer Send(const std::string& path, std::string_view body, const char* header);
  Answer Ask(const std::string& path, std::string& tag, const char* header = nullptr);

  void* curl_;
  const ApiAddress address_;
  std::map<std::string, std::string> tags_;  // by path
};

}  // namespace yb::test
