#include "core/api/identity_routes.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/api/identity_bodies.hpp"
#include "core/api/uncached.hpp"
#include "core/base/whole_number.hpp"
#include "core/http/error_response.hpp"
#include "core/identity/audit_words.hpp"

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using identity::IdentityService;
using nlohmann::json;

constexpr std::int64_t kDefaultLines = 100;
constexpr std::int64_t kMostLines = 1000;

/// Of the query; empty where it is not there.
std::string TextOf(const http::Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<std::optional<base::UtcTime>> ReadTime(const http::Request& request, const std::string& name) {
  if (!request.query.contains(name)) return std::optional<base::UtcTime>();
  YB_ASSIGN(const std::int64_t micros,
            ReadWhole(request, name, 0, std::numeric_limits<std::int64_t>::max(), std::nullopt));
  return std::optional(base::UtcTime{micros});
}

json ToJson(http::RoleSet roles) {
  json out = json::array();
  for (const http::Role role : http::kAllRoles) {
    if (roles.Contains(role)) out.push_back(http::ToString(role));
  }
  return out;
}

json ToJson(const identity::User& user) {
  json sites = json::array();
  for (const base::SiteId& site : user.sites) sites.push_back(site.text());
  return {{"id", user.id},
          {"name", user.name},
          {"display_name", user.display_name},
          {"department", user.department},
          {"roles", ToJson(user.roles)},
          {"sites", std::move(sites)},
          {"disabled", user.disabled},
          {"from_city", user.from_city},
          {"created_us", user.created.micros},
          {"last_login_us", user.last_login ? json(user.last_login->micros) : json(nullptr)}};
}

json ToJson(const identity::Session& session) {
  return {{"id", session.id},
          {"user", session.user_name},
          {"created_us", session.created.micros},
          {"used_us", session.used.micros},
          {"remote", session.remote},
          {"agent", session.agent}};
}

json ToJson(const identity::AuditLine& line) {
  base::Words detail = identity::DetailOf(line);
  return {{"id", line.id},
          {"time_us", line.time.micros},
          {"who", line.who},
          {"what", line.what},
          {"subject", line.subject},
          {"detail", std::move(detail.en)},
          {"detail_zh", std::move(detail.zh)},
          {"remote", line.remote}};
}

/// Of log-in and set-up: a wrong name, password or code is 401, who has to wait gets 429.
http::Response LogInRefused(const base::Error& error) {
  http::Response response = http::ErrorResponse(error);
  if (error.code == ErrorCode::kRefused) response.status = 401;
  if (error.code == ErrorCode::kUnavailable) response.status = 429;
  return response;
}

Result<std::int64_t> Whole(const std::string& text, const char* what) {
  const auto value = base::ParseWhole<std::int64_t>(text);
  if (value && *value > 0) return *value;
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{std::string(what) + " is '" + text + "', expected a whole number",
                          std::string(what) + " 为“" + text + "”，应为整数"});
}

class IdentityRoutes {
 public:
  IdentityRoutes(IdentityService& service, const base::Clock& clock) : service_(service), clock_(clock) {}

  http::Response Who(const http::Request& request) const {
    const auto who = service_.WhoIs(request);
    if (!who) return http::ErrorResponse(who.error());
    const auto needs_setup = service_.NeedsSetup();
    if (!needs_setup) return http::ErrorResponse(needs_setup.error());
    return AnswerUncached(*who ? Describe(**who) : Nobody(*needs_setup));
  }

  http::Response LogIn(const http::Request& request) const {
    const auto given = ReadCredentials(request.body);
    if (!given) return http::ErrorResponse(given.error());
    return Begun(service_.LogIn(given->name, given->password, request));
  }

  http::Response SetUp(const http::Request& request) const {
    auto wish = ReadSetupWish(request.body);
    if (!wish) return http::ErrorResponse(wish.error());
    return Begun(service_.SetUp(wish->code, std::move(wish->first), request));
  }

  http::Response LogOut(const http::Request& request) const {
    const auto who = service_.WhoIs(request);
    if (!who) return http::ErrorResponse(who.error());
    if (*who) {
      const identity::User& user = (*who)->user;
      const Status ended = service_.store().EndSession(
          (*who)->session.id, {0, clock_.Now(), user.name, "session.end", user.name, "", request.remote});
      if (!ended) return http::ErrorResponse(ended.error());
    }
    http::Response response = AnswerUncached(Nobody(false));
    response.headers.emplace_back("Set-Cookie", service_.EmptyCookie());
    return response;
  }

  Result<json> ChangePassword(const http::Request& request) const {
    YB_ASSIGN(const auto wish, ReadPasswordWish(request.body));
    YB_ASSIGN(const auto who, service_.WhoIs(request));
    if (!who) return Fail(ErrorCode::kInvalidArgument, base::Words{"a token has no password", "令牌没有密码"});
    YB_TRY(service_.ChangePassword(*who, wish.old_password, wish.new_password, request));
    return Describe(*who);
  }

  Result<json> Sessions(const http::Request& request) const {
    YB_ASSIGN(const auto sessions, VisibleTo(*request.principal));
    YB_ASSIGN(const auto who, service_.WhoIs(request));
    json out = json::array();
    for (const identity::Session& session : sessions) {
      json one = ToJson(session);
      one["own"] = who && who->session.id == session.id;
      out.push_back(std::move(one));
    }
    return json{{"now_us", clock_.Now().micros}, {"sessions", std::move(out)}};
  }

  Result<json> EndSession(const http::Request& request) const {
    YB_ASSIGN(const std::int64_t id, Whole(request.path_parameters.at("session"), "session"));
    const http::Principal& principal = *request.principal;
    YB_ASSIGN(const auto sessions, VisibleTo(principal));
    for (const identity::Session& session : sessions) {
      if (session.id != id) continue;
      YB_TRY(service_.store().EndSession(
          id, {0, clock_.Now(), principal.name, "session.revoke", session.user_name, session.agent, request.remote}));
      return json{{"now_us", clock_.Now().micros}};
    }
    return Fail(ErrorCode::kNotFound, base::Words{"there is no such session", "没有这个会话"});
  }

  Result<json> Users() const {
    YB_ASSIGN(const auto users, service_.store().Users());
    json out = json::array();
    for (const identity::User& user : users) out.push_back(WithNotice(user, users));
    return json{{"now_us", clock_.Now().micros}, {"users", std::move(out)}};
  }

  Result<json> AddUser(const http::Request& request) const {
    YB_ASSIGN(const identity::NewUser wish, ReadNewUser(request.body));
    YB_TRY(CheckSites(wish.sites));
    YB_TRY(CheckPlace(wish.roles, wish.sites));
    YB_ASSIGN(const auto user, identity::AddUser(service_.store(), service_.hasher(), wish, ActorOf(request)));
    return WithNotice(user);
  }

  Result<json> ChangeUser(const http::Request& request) const {
    YB_ASSIGN(const std::int64_t id, Whole(request.path_parameters.at("user"), "user"));
    YB_ASSIGN(const identity::UserChange change, ReadUserChange(request.body));
    if (change.sites) YB_TRY(CheckSites(*change.sites));
    if (change.roles || change.sites) {
      YB_ASSIGN(const identity::User before, service_.store().Find(id));
      YB_TRY(CheckPlace(change.roles.value_or(before.roles), change.sites.value_or(before.sites)));
    }
    YB_ASSIGN(const auto who, service_.WhoIs(request));
    YB_ASSIGN(const auto user, identity::ChangeUser(service_.store(), service_.hasher(), id, change, ActorOf(request),
                                                    who ? who->session.id : 0));
    return WithNotice(user);
  }

  Result<json> Directory() const {
    YB_ASSIGN(const auto term, service_.store().Directory());
    json out = {
        {"now_us", clock_.Now().micros}, {"synced_us", nullptr}, {"extended_us", nullptr}, {"ends_us", nullptr}};
    if (!term) return out;
    out["synced_us"] = term->synced.micros;
    if (term->extended) out["extended_us"] = term->extended->micros;
    out["ends_us"] = term->ends().micros;
    return out;
  }

  Result<json> ExtendDirectory(const http::Request& request) const {
    YB_TRY(identity::ExtendDirectory(service_.store(), ActorOf(request)));
    return Directory();
  }

  Result<json> Audit(const http::Request& request) const {
    identity::AuditQuery query;
    YB_ASSIGN(query.before, ReadWhole(request, "before", 1, query.before, query.before));
    YB_ASSIGN(const std::int64_t limit, ReadWhole(request, "limit", 1, kMostLines, kDefaultLines));
    query.most = static_cast<int>(limit) + 1;  // one more tells whether there is a next page
    YB_ASSIGN(query.from, ReadTime(request, "from_us"));
    YB_ASSIGN(query.to, ReadTime(request, "to_us"));
    query.who = TextOf(request, "who");
    query.what = TextOf(request, "what");
    YB_ASSIGN(auto lines, service_.store().Audit(query));
    json next = nullptr;
    if (lines.size() > static_cast<std::size_t>(limit)) {
      lines.pop_back();
      next = lines.back().id;
    }
    json out = json::array();
    for (const identity::AuditLine& line : lines) out.push_back(ToJson(line));
    return json{{"now_us", clock_.Now().micros}, {"next_before", std::move(next)}, {"lines", std::move(out)}};
  }

 private:
  [[nodiscard]] static json WithNotice(const identity::User& user, const std::vector<identity::User>& all) {
    json out = ToJson(user);
    const base::Words notice = identity::NoticeOf(user, all);
    out["notice"] = notice.en.empty() ? json(nullptr) : json{{"zh", notice.zh}, {"en", notice.en}};
    return out;
  }
  [[nodiscard]] Result<json> WithNotice(const identity::User& user) const {
    YB_ASSIGN(const auto all, service_.store().Users());
    return WithNotice(user, all);
  }
  /// A window is at a box, departments and supervisors are at central.
  [[nodiscard]] Status CheckPlace(http::RoleSet roles, const std::vector<base::SiteId>& sites) const {
    const bool central = service_.options().serves_many_sites;
    if (central && roles.Contains(http::Role::kClerk) && sites.empty()) {
      return Fail(
          ErrorCode::kInvalidArgument,
          base::Words{"a clerk works at a box: name the sites, whose boxes the user reaches, or make the user there",
                      "综窗人员在园区盒子上办理：请限定站点（用户会下发到这些站点），或到盒子上设立"});
    }
    if (!central && roles.Meets({http::Role::kApprover, http::Role::kSupervisor})) {
      return Fail(ErrorCode::kInvalidArgument,
                  base::Words{"approvers and supervisors work at central: make the user there",
                              "部门审批人员和督办人员在市级平台办理，请到市级平台设立"});
    }
    return {};
  }
  /// Security administrators see all sessions, others their own.
  [[nodiscard]] Result<std::vector<identity::Session>> VisibleTo(const http::Principal& principal) const {
    const bool all = principal.roles.Contains(http::Role::kSecurityAdministrator);
    return service_.store().Sessions(all ? std::nullopt : std::optional(principal.user));
  }
  [[nodiscard]] json Describe(const IdentityService::SignedIn& who) const {
    return {{"now_us", clock_.Now().micros},
            {"user", ToJson(who.user)},
            {"expires_us", who.expires.micros},
            {"ends_us", who.ends.micros},
            {"needs_setup", false}};
  }
  [[nodiscard]] json Nobody(bool needs_setup) const {
    return {{"now_us", clock_.Now().micros},
            {"user", nullptr},
            {"expires_us", nullptr},
            {"ends_us", nullptr},
            {"needs_setup", needs_setup}};
  }
  [[nodiscard]] http::Response Begun(const Result<IdentityService::SignedIn>& begun) const {
    if (!begun) return LogInRefused(begun.error());
    http::Response response = AnswerUncached(Describe(*begun));
    response.headers.emplace_back("Set-Cookie", service_.CookieOf(begun->token));
    return response;
  }
  [[nodiscard]] identity::Actor ActorOf(const http::Request& request) const {
    return {request.principal->name, request.remote, clock_.Now()};
  }
  [[nodiscard]] Status CheckSites(const std::vector<base::SiteId>& sites) const {
    if (sites.empty() || service_.options().serves_many_sites) return {};
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"a box has one site only: no user is limited to some", "盒子只有一个站点，不必限定站点"});
  }

  IdentityService& service_;
  const base::Clock& clock_;
};

/// Users and sessions write lines of their own, which say more.
bool WritesItsOwnLine(const std::string& pattern) {
  return pattern.starts_with("/api/v1/session") || pattern.starts_with("/api/v1/users") ||
         pattern.starts_with("/api/v1/directory");
}

/// What a page sends by itself while somebody types, and what only asks. A draft that is thrown away is an act.
bool IsNoAct(const std::string& method, const std::string& pattern) {
  return (pattern.starts_with("/api/v1/drafts") && method != "DELETE") ||
         pattern == "/api/v1/uploads/{upload}/{offset}" || pattern == "/api/v1/codes/check" ||
         pattern == "/api/v1/documents/check";
}

}  // namespace

void AddIdentity(http::Router& router, IdentityService& service, const base::Clock& clock,
                 std::function<void()> on_extended) {
  const IdentityRoutes routes(service, clock);
  using http::Access;
  using http::Request;
  router.Add("GET", "/api/v1/session", Access::Public(), [routes](const Request& r) { return routes.Who(r); });
  router.Add("POST", "/api/v1/session", Access::Public(), [routes](const Request& r) { return routes.LogIn(r); });
  router.Add("DELETE", "/api/v1/session", Access::Public(), [routes](const Request& r) { return routes.LogOut(r); });
  router.Add("POST", "/api/v1/setup", Access::Public(), [routes](const Request& r) { return routes.SetUp(r); });
  router.Add("POST", "/api/v1/session/password", http::kSignedIn,
             [routes](const Request& r) { return AnswerUncached(routes.ChangePassword(r)); });
  router.Add("GET", "/api/v1/sessions", http::kSignedIn,
             [routes](const Request& r) { return AnswerUncached(routes.Sessions(r)); });
  router.Add("DELETE", "/api/v1/sessions/{session}", http::kSignedIn,
             [routes](const Request& r) { return AnswerUncached(routes.EndSession(r)); });
  router.Add("GET", "/api/v1/users", http::kSecurityAdministrators,
             [routes](const Request&) { return AnswerUncached(routes.Users()); });
  router.Add("POST", "/api/v1/users", http::kSecurityAdministrators,
             [routes](const Request& r) { return AnswerUncached(routes.AddUser(r)); });
  router.Add("PATCH", "/api/v1/users/{user}", http::kSecurityAdministrators,
             [routes](const Request& r) { return AnswerUncached(routes.ChangeUser(r)); });
  router.Add("GET", "/api/v1/audit", http::kAuditors,
             [routes](const Request& r) { return AnswerUncached(routes.Audit(r)); });
  if (!service.options().serves_many_sites) {
    router.Add("GET", "/api/v1/directory", http::kSecurityAdministrators,
               [routes](const Request&) { return AnswerUncached(routes.Directory()); });
    router.Add("POST", "/api/v1/directory/extend", http::kSecurityAdministrators,
               [routes, extended = std::move(on_extended)](const Request& r) {
                 const Result<json> answer = routes.ExtendDirectory(r);
                 if (answer && extended) extended();
                 return AnswerUncached(answer);
               });
  }
  router.SetAuthenticator([&service](const Request& request) { return service.Authenticate(request); });
  router.SetRecorder(
      [&service](const Request& request, const http::Router::Route& route, const http::Response& answer) {
        if (!WritesItsOwnLine(route.pattern) && !IsNoAct(route.method, route.pattern)) {
          service.RecordAct(request, route.method + " " + route.pattern, answer);
        }
      });
}

}  // namespace yb::api
