// Router: finds the handler for a method and a path such as `/api/v1/sites/{site}/meters`.
//
// Who may call a route is said where it is added. A route with the parameter {site} does not exist for those who may
// not see that site: they get the same 404 for it as for a site that is not there.
//
// Built before the server starts and not changed afterwards; Handle may then run on any number of threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/http/http_server.hpp"

namespace yb::http {

/// Who a request comes from, or what the 401 says. Called on any thread.
using Authenticator = std::function<tl::expected<Principal, ErrorText>(const Request&)>;

class Router {
 public:
  struct Route {
    std::string method;
    std::string pattern;
    Access access;
    std::vector<std::string> segments;
    Handler handler;
  };

  /// `{name}` stands for one non-empty segment, which arrives in Request::path_parameters. Of two patterns that fit,
  /// the one added first wins. A pattern that does not begin with '/' is a bug, as is the same route twice.
  void Add(std::string_view method, std::string_view pattern, Access access, Handler handler);

  /// Without one every route is open, and handlers see no principal.
  void SetAuthenticator(Authenticator authenticator);

  /// Told of every request to change something that was let in by its role, with the answer it got: for a record of
  /// acts.
  void SetRecorder(std::function<void(const Request&, const Route&, const Response&)> recorder);

  /// What answers GET and HEAD where no pattern fits: the pages. Without one the answer is 404.
  void SetFallback(Handler handler);

  /// HEAD is answered by the handler of GET; the server leaves the body out. A path that exists with other methods only
  /// gets 405 and Allow. 404 and 405 are JSON errors. Errors are in the language the request prefers.
  [[nodiscard]] Response Handle(const Request& request) const;

  /// In the order in which they were added.
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  [[nodiscard]] Response Dispatch(const Request& request) const;
  /// Fills the principal; or the refusal.
  [[nodiscard]] std::optional<Response> Admit(const Route& route, Request& request) const;

  std::vector<Route> routes_;
  Handler fallback_;
  Authenticator authenticator_;
  std::function<void(const Request&, const Route&, const Response&)> recorder_;
};

}  // namespace yb::http
