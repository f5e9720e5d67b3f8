// Router: finds the handler for a method and a path such as `/api/v1/sites/{site}/meters`.
//
// Built before the server starts and not changed afterwards; Handle may then run on any number of threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/http/http_server.hpp"

namespace yb::http {

class Router {
 public:
  /// `{name}` stands for one non-empty segment, which arrives in Request::path_parameters. Of two patterns that fit,
  /// the one added first wins. A pattern that does not begin with '/' is a bug, as is the same route twice.
  void Add(std::string_view method, std::string_view pattern, Handler handler);

  /// What answers GET and HEAD where no pattern fits: the pages. Without one the answer is 404.
  void SetFallback(Handler handler);

  /// HEAD is answered by the handler of GET; the server leaves the body out. A path that exists with other methods only
  /// gets 405 and Allow. 404 and 405 are JSON errors. Errors are in the language the request prefers.
  [[nodiscard]] Response Handle(const Request& request) const;

 private:
  [[nodiscard]] Response Dispatch(const Request& request) const;

  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    Handler handler;
  };

  std::vector<Route> routes_;
  Handler fallback_;
};

}  // namespace yb::http
