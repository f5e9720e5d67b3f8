#include "core/http/router.hpp"

#include <algorithm>
#include <set>

#include "core/http/error_response.hpp"

namespace yb::http {
namespace {

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

bool IsParameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool Fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](const std::string& expected, const std::string& given) {
                      return IsParameter(expected) ? !given.empty() : expected == given;
                    });
}

std::string_view MethodOfHandler(const Request& request) {
  return request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
}

}  // namespace

void Router::Add(std::string_view method, std::string_view pattern, Handler handler) {
  YB_CHECK(!pattern.empty() && pattern.front() == '/', "a route's pattern begins with '/'");
  YB_CHECK(std::none_of(routes_.begin(), routes_.end(),
                        [&](const Route& route) { return route.method == method && route.pattern == pattern; }),
           "a route is added once");
  routes_.push_back({std::string(method), std::string(pattern), Split(pattern), std::move(handler)});
}

void Router::SetFallback(Handler handler) {
  fallback_ = std::move(handler);
}

Response Router::Handle(const Request& request) const {
  return InLanguageOf(request, Dispatch(request));
}

Response Router::Dispatch(const Request& request) const {
  const std::vector<std::string> path = Split(request.path);
  const std::string_view method = MethodOfHandler(request);
  std::set<std::string> allowed;
  for (const Route& route : routes_) {
    if (!Fits(route.segments, path)) continue;
    if (route.method != method) {
      allowed.insert(route.method);
      continue;
    }
    Request routed = request;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const std::string_view segment = route.segments[i];
      if (IsParameter(segment)) {
        routed.path_parameters[std::string(segment.substr(1, segment.size() - 2))] = path[i];
      }
    }
    return route.handler(routed);
  }
  if (!allowed.empty()) {
    if (allowed.contains("GET")) allowed.insert("HEAD");
    std::string list;
    for (const std::string& name : allowed) list += (list.empty() ? "" : ", ") + name;
    Response response = ErrorResponse(
        405, {"unsupported",
              {request.path + " does not take " + request.method, request.path + " 不接受 " + request.method},
              {"methods it takes: " + list, "可用的方法：" + list}});
    response.headers.emplace_back("Allow", list);
    return response;
  }
  if (fallback_ && method == "GET") return fallback_(request);
  return NothingAt(request.path);
}

}  // namespace yb::http
