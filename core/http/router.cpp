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

/// A program on this machine, and not a proxy here that passes on what others ask.
bool IsThisMachine(const Request& request) {
  return (request.remote == "::1" || request.remote.starts_with("127.")) &&
         !request.headers.contains("x-forwarded-for") && !request.headers.contains("forwarded") &&
         !request.headers.contains("via");
}

bool ChangesSomething(const Request& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

/// Against requests that a foreign page makes a browser send (CSRF). A browser says where a request comes from in
/// Sec-Fetch-Site or at least in Origin; programs say neither, and send no cookie.
bool ComesFromOwnPages(const Request& request) {
  const auto fetch_site = request.headers.find("sec-fetch-site");
  if (fetch_site != request.headers.end()) return fetch_site->second == "same-origin";
  const auto origin = request.headers.find("origin");
  const auto host = request.headers.find("host");
  if (origin != request.headers.end()) {
    return host != request.headers.end() && origin->second == "https://" + host->second;
  }
  return !request.headers.contains("cookie");
}

Response FromElsewhere() {
  return ErrorResponse(403, {"permission",
                             {"the request comes from a page of another address", "请求来自其他地址的页面"},
                             {"open this program's own pages and try again", "请打开本程序自己的页面再试"}});
}

Response NobodyIsSignedIn(ErrorText why) {
  return ErrorResponse(401, std::move(why));
}

Response NotAllowed(const Access& access) {
  const base::Words who = access.Who();
  return ErrorResponse(403, {"permission",
                             {"your role does not allow this", "您的角色不能进行此操作"},
                             {"who may: " + who.en, "可操作的角色：" + who.zh}});
}

Response NoSite(const std::string& site) {
  return ErrorResponse(404, {"not_found", {"no site " + site, "没有站点 " + site}, {}});
}

std::string_view MethodOfHandler(const Request& request) {
  return request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
}

}  // namespace

void Router::Add(std::string_view method, std::string_view pattern, Access access, Handler handler) {
  YB_CHECK(!pattern.empty() && pattern.front() == '/', "a route's pattern begins with '/'");
  YB_CHECK(std::none_of(routes_.begin(), routes_.end(),
                        [&](const Route& route) { return route.method == method && route.pattern == pattern; }),
           "a route is added once");
  routes_.push_back({std::string(method), std::string(pattern), access, Split(pattern), std::move(handler)});
}

void Router::SetAuthenticator(Authenticator authenticator) {
  authenticator_ = std::move(authenticator);
}

void Router::SetRecorder(std::function<void(const Request&, const Route&, const Response&)> recorder) {
  recorder_ = std::move(recorder);
}

void Router::SetFallback(Handler handler) {
  fallback_ = std::move(handler);
}

Response Router::Handle(const Request& request) const {
  return InLanguageOf(request, Dispatch(request));
}

std::optional<Response> Router::Admit(const Route& route, Request& request) const {
  if (!authenticator_) return std::nullopt;
  if (ChangesSomething(request)) {
    if (!ComesFromOwnPages(request)) return FromElsewhere();
  }
  auto principal = authenticator_(request);
  if (principal) request.principal = std::move(*principal);
  if (route.access.is_public() || (route.access.is_monitoring() && IsThisMachine(request))) return std::nullopt;
  if (!principal) return NobodyIsSignedIn(std::move(principal).error());
  if (!route.access.Allows(*request.principal)) return NotAllowed(route.access);
  const auto site = request.path_parameters.find("site");
  if (site != request.path_parameters.end() && !request.principal->Sees(site->second)) return NoSite(site->second);
  return std::nullopt;
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
    if (std::optional<Response> refusal = Admit(route, routed)) return std::move(*refusal);
    Response response = route.handler(routed);
    if (recorder_ && routed.principal && !route.access.is_public() && ChangesSomething(routed)) {
      recorder_(routed, route, response);
    }
    return response;
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
