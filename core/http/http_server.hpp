// HttpServer: the seam to the HTTP library. A handler gets a parsed request and returns a response; TLS, sockets
// and threads are the library's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/http/access.hpp"

namespace yb::http {

struct Request {
  std::string method;  // "GET"
  std::string path;    // decoded, without the query: "/api/v1/sites"
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string remote;                                  // address of the other side
  std::map<std::string, std::string> path_parameters;  // filled by the router
  std::optional<Principal> principal = {};             // filled by the router, where it has an authenticator

  /// For answers about many sites, which leave out those that the one who asks may not see.
  [[nodiscard]] bool MaySee(std::string_view site) const { return !principal || principal->Sees(site); }
};

/// What was done before, since when what is asked for is not possible any more.
struct CameBefore {
  base::Words act;
  std::string who;         // a person, as shown
  std::string department;  // theirs, if any
  base::UtcTime time{};
};

/// What an error answer says, before its language is chosen.
struct ErrorText {
  std::string code;  // in the spelling of base::ToString(ErrorCode)
  base::Words message;
  base::Words hint;
  std::vector<base::FieldFault> fields = {};  // of a form that was not filled in as it has to be
  std::optional<CameBefore> before = {};      // of a conflict
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Instead of `body`: the next piece of a body that is made while it is sent; empty at its end. After a failure the
  /// connection is closed, so that the client sees the answer is not whole.
  std::function<base::Result<std::string>()> stream = {};
  std::string recorded = {};            // what the record of acts says beside route and status
  std::optional<ErrorText> error = {};  // of an error answer, whose body is in English until InLanguageOf
};

/// Called on the library's worker threads, side by side; must be safe for that.
using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::string listen_address = "127.0.0.1";  // IPv4; 0.0.0.0: all of this machine
  std::uint16_t port = 0;                    // 0: the system chooses
  std::string certificate_file;              // PEM: certificate with its chain, then the private key
  int threads = 16;                          // a connection holds one while it is kept alive
  std::size_t body_limit = 1 << 20;          // bytes; a longer body gets 413
};

/// Owns its threads; stops and joins them when destroyed.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace yb::http
