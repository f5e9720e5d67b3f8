// Every route of both programs, as the programs themselves list them, asked by everybody: each role, nobody, and those
// whose session is over. Who may is written down here a second time; a route that is missing here fails the test.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "central/central_app.hpp"
#include "core/base/write_file.hpp"
#include "core/identity/user_acts.hpp"
#include "core/security/city_pki.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/edge_app.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::test {
namespace {

using http::Request;
using http::Response;
using http::Role;
using nlohmann::json;

constexpr const char* kPassword = "correct horse battery";

/// Who may.
enum Who : std::uint8_t {
  kEverybody,
  kSignedIn,
  kOperators,  // acts on alarms
  kEngineers,  // lines, configuration
  kAdmins,     // reference documents
  kSecurity,   // users, erasing a person
  kAuditors,   // the record of acts
  kMonitoring,
  kReadCases,    // masked
  kWorkCases,    // acts, each as far as its role goes
  kHandleCases,  // what only those need who handle a case
  kWindow,       // clerks
};

struct Rule {
  Who who;
  int status;  // for one who may, with an empty body and path parameters of nothing that is there; 0: any but 401, 403
};

const std::map<std::string, Rule> kBoth = {
    {"GET /api/v1/about", {kEverybody, 200}},
    {"GET /api/v1/session", {kEverybody, 200}},
    {"POST /api/v1/session", {kEverybody, 400}},
    {"POST /api/v1/setup", {kEverybody, 400}},
    {"POST /api/v1/session/password", {kSignedIn, 400}},
    {"GET /api/v1/sessions", {kSignedIn, 200}},
    {"DELETE /api/v1/sessions/{session}", {kSignedIn, 404}},
    {"GET /api/v1/users", {kSecurity, 200}},
    {"POST /api/v1/users", {kSecurity, 400}},
    {"PATCH /api/v1/users/{user}", {kSecurity, 400}},
    {"GET /api/v1/audit", {kAuditors, 200}},
    {"GET /metrics", {kMonitoring, 200}},
    {"GET /api/v1/sites", {kSignedIn, 200}},
    {"GET /api/v1/sync", {kSignedIn, 200}},
    {"GET /api/v1/sites/{site}/meters", {kSignedIn, 404}},
    {"GET /api/v1/sites/{site}/points/{point}/readings", {kSignedIn, 400}},
    {"GET /api/v1/sites/{site}/points/{point}/export.csv", {kSignedIn, 400}},
    {"GET /api/v1/sites/{site}/points/{point}/events", {kSignedIn, 400}},
    {"GET /api/v1/sites/{site}/points/{point}/consumption", {kSignedIn, 400}},
    {"GET /api/v1/sites/{site}/alarms", {kSignedIn, 404}},
    {"GET /api/v1/alarms", {kSignedIn, 200}},
    {"GET /api/v1/sites/{site}/points/{point}/why", {kSignedIn, 0}},
    {"GET /api/v1/sites/{site}/lanes/{lane}/hours", {kSignedIn, 0}},
    {"GET /api/v1/sites/{site}/alarms/{alarm}", {kSignedIn, 404}},
    {"POST /api/v1/sites/{site}/alarms/{alarm}/acts", {kOperators, 400}},
    {"GET /api/v1/catalogue", {kSignedIn, 200}},
    {"POST /api/v1/codes/check", {kSignedIn, 400}},
    {"GET /api/v1/calendar/deadline", {kSignedIn, 400}},
    {"GET /api/v1/ledger", {kSignedIn, 200}},
    {"GET /api/v1/cases", {kReadCases, 200}},
    {"POST /api/v1/cases/search", {kReadCases, 400}},
    {"POST /api/v1/cases/duplicates", {kWindow, 400}},
    {"GET /api/v1/sites/{site}/cases/{case}", {kReadCases, 404}},
    {"POST /api/v1/sites/{site}/cases/{case}/acts", {kWorkCases, 404}},
    {"POST /api/v1/sites/{site}/cases/{case}/unmask", {kHandleCases, 404}},
    {"POST /api/v1/sites/{site}/cases/{case}/erase", {kSecurity, 404}},
    {"GET /api/v1/sites/{site}/cases/{case}/files/{file}", {kWorkCases, 404}},
    {"POST /api/v1/sites/{site}/cases/{case}/prints", {kHandleCases, 404}},
    {"GET /api/v1/prints/{job}", {kHandleCases, 404}},
    {"GET /api/v1/prints/{job}/pdf", {kHandleCases, 404}},
    {"POST /api/v1/uploads", {kHandleCases, 400}},
    {"GET /api/v1/uploads/{upload}", {kHandleCases, 404}},
    {"PUT /api/v1/uploads/{upload}/{offset}", {kHandleCases, 404}},
};
const std::map<std::string, Rule> kCentralOnly = {
    {"GET /api/v1/sites/{site}/configuration", {kSignedIn, 0}},
    {"POST /api/v1/enroll", {kEverybody, 400}},
    {"POST /api/v1/sites/{site}/lanes/{lane}/resend", {kEngineers, 400}},
    {"GET /api/v1/documents", {kAdmins, 200}},
    {"POST /api/v1/documents", {kAdmins, 400}},
    {"POST /api/v1/documents/check", {kAdmins, 400}},
    {"POST /api/v1/cases", {kWindow, 403}},  // cases are received at a park
};
const std::map<std::string, Rule> kEdgeOnly = {
    {"GET /api/v1/directory", {kSecurity, 200}},
    {"POST /api/v1/directory/extend", {kSecurity, 404}},
    {"GET /api/v1/uplink", {kSignedIn, 200}},
    {"GET /api/v1/lines", {kSignedIn, 200}},
    {"GET /api/v1/lines/{line}/frames", {kSignedIn, 0}},
    {"GET /api/v1/lines/{line}/job", {kSignedIn, 0}},
    {"POST /api/v1/lines/{line}/scan", {kEngineers, 0}},
    {"POST /api/v1/lines/{line}/read", {kEngineers, 0}},
    {"POST /api/v1/lines/{line}/stop", {kEngineers, 0}},
    {"POST /api/v1/lines/{line}/meters", {kEngineers, 0}},
    {"GET /api/v1/configuration", {kSignedIn, 200}},
    {"GET /api/v1/configuration/{version}", {kSignedIn, 0}},
    {"POST /api/v1/configuration/check", {kEngineers, 0}},
    {"POST /api/v1/configuration/apply", {kEngineers, 0}},
    {"POST /api/v1/configuration/keep", {kEngineers, 0}},
    {"POST /api/v1/configuration/roll-back", {kEngineers, 0}},
    {"POST /api/v1/cases", {kWindow, 400}},
    {"GET /api/v1/drafts", {kWindow, 200}},
    {"GET /api/v1/drafts/{draft}", {kWindow, 404}},
    {"PUT /api/v1/drafts/{draft}", {kWindow, 400}},
    {"DELETE /api/v1/drafts/{draft}", {kWindow, 200}},
    {"GET /api/v1/scans", {kWindow, 200}},
    {"POST /api/v1/scans/{name}/take", {kWindow, 404}},
};

/// Log-out ends the session that is asked with; it is looked at by itself.
constexpr const char* kLogOut = "DELETE /api/v1/session";

bool May(Who who, Role role) {
  switch (who) {
    case kEverybody:
    case kSignedIn: return true;
    case kOperators: return role == Role::kAdministrator || role == Role::kParkIt || role == Role::kCoordinator;
    case kEngineers: return role == Role::kAdministrator || role == Role::kParkIt;
    case kSecurity: return role == Role::kSecurityAdministrator;
    case kAuditors: return role == Role::kAuditor;
    case kAdmins:
    case kMonitoring: return role == Role::kAdministrator;
    case kReadCases: return role != Role::kAdministrator && role != Role::kParkIt && role != Role::kCoordinator;
    case kWorkCases: return role == Role::kClerk || role == Role::kApprover || role == Role::kSupervisor;
    case kHandleCases: return role == Role::kClerk || role == Role::kApprover;
    case kWindow: return role == Role::kClerk;
  }
  return false;
}

constexpr const char* kNoCase = "019ed5c0-0000-7000-8000-000000000000";

std::string Filled(std::string pattern) {
  const std::pair<std::string, std::string> values[] = {{"{site}", "no-such-site"},
                                                        {"{point}", "1"},
                                                        {"{lane}", "history"},
                                                        {"{session}", "999999"},
                                                        {"{user}", "999999"},
                                                        {"{alarm}", "999999"},
                                                        {"{line}", "no-such-line"},
                                                        {"{version}", "999999"},
                                                        {"{draft}", kNoCase},
                                                        {"{case}", kNoCase},
                                                        {"{file}", std::string(64, '0')},
                                                        {"{job}", kNoCase},
                                                        {"{upload}", kNoCase},
                                                        {"{offset}", "0"},
                                                        {"{name}", "no-such-scan.pdf"}};
  for (const auto& [name, value] : values) {
    if (const std::size_t at = pattern.find(name); at != std::string::npos) pattern.replace(at, name.size(), value);
  }
  EXPECT_EQ(pattern.find('{'), std::string::npos) << pattern << ": a parameter that this test does not know";
  return pattern;
}

std::string FileText(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// One program of the two, in this process.
struct Program {
  std::string name;  // "central"; a box by its site
  std::filesystem::path data;
  const http::Router* router = nullptr;
  std::map<std::string, Rule> rules;
};

class RouteAccess : public testing::Test {
 protected:
  void SetUp() override {
    Write("field.toml", "");
    std::filesystem::create_directory(folder_.path() / "profiles");
    Write("edge.toml",
          "city = \"150200\"\nsite = \"lvye-01\"\ndata_dir = \"edge\"\n[field]\nconfig = \"field.toml\"\nprofiles = "
          "\"profiles\"\n[web]\nport = 0\n");
    Write("central.toml",
          "city = \"150200\"\ndata_dir = \"central\"\npki_dir = \"pki\"\n[broker]\naddress = \"mqtts://127.0.0.1:1\"\n"
          "roots = \"pki/roots.pem\"\ncertificate = \"pki/central.pem\"\nkey = \"pki/central.key\"\n"
          "[web]\nport = 0\ncertificate = \"pki/web.pem\"\n");
    ASSERT_TRUE(
        security::CityPki::Create(folder_.path() / "pki", *base::CityId::Parse("150200"), {"127.0.0.1"}, clock_.Now()));
    const auto edge_config = edge::LoadEdgeConfig(folder_.path() / "edge.toml");
    ASSERT_TRUE(edge_config) << edge_config.error().Describe();
    auto edge = edge::EdgeApp::Start(*edge_config);
    ASSERT_TRUE(edge) << edge.error().Describe();
    edge_ = std::move(*edge);
    const auto central_config = central::LoadCentralConfig(folder_.path() / "central.toml");
    ASSERT_TRUE(central_config) << central_config.error().Describe();
    auto central = central::CentralApp::Start(*central_config);
    ASSERT_TRUE(central) << central.error().Describe();
    central_ = std::move(*central);
    programs_.push_back({"central", folder_.path() / "central", &central_->router(), kBoth});
    programs_.back().rules.insert(kCentralOnly.begin(), kCentralOnly.end());
    programs_.push_back({"lvye-01", folder_.path() / "edge", &edge_->router(), kBoth});
    programs_.back().rules.insert(kEdgeOnly.begin(), kEdgeOnly.end());
  }

  void Write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(base::WriteFile(folder_.path() / name, text));
  }

  void Add(const Program& program, const std::string& name, http::RoleSet roles, std::vector<base::SiteId> sites = {}) {
    const auto user = identity::AddUser(
        *StoreOf(program), hasher_,
        {name, "", kPassword, roles, std::move(sites), roles.Contains(Role::kApprover) ? "市自然资源局" : ""},
        {"test", "", clock_.Now()});
    ASSERT_TRUE(user) << user.error().Describe();
  }
  static std::unique_ptr<identity::UserStore> StoreOf(const Program& program) {
    const auto opener = storage::MakeSqliteOpener({.file = program.data / "users.db"});
    return identity::UserStore::Open(*opener).value();
  }

  static Request Ask(const std::string& route, const std::string& cookie = {}, const std::string& body = {}) {
    const std::size_t space = route.find(' ');
    Request request;
    request.method = route.substr(0, space);
    request.path = route.substr(space + 1);
    request.body = body;
    request.remote = "192.0.2.7";
    request.headers["sec-fetch-site"] = "same-origin";
    if (!cookie.empty()) request.headers["cookie"] = cookie;
    return request;
  }

  /// The cookie that log-in gives.
  static std::string LogIn(const Program& program, const std::string& name) {
    const json body = {{"name", name}, {"password", kPassword}};
    const Response answer = program.router->Handle(Ask("POST /api/v1/session", "", body.dump()));
    EXPECT_EQ(answer.status, 200) << name << ": " << answer.body;
    for (const auto& [key, value] : answer.headers) {
      if (key == "Set-Cookie") return value.substr(0, value.find(';'));
    }
    ADD_FAILURE() << "no cookie for " << name;
    return {};
  }

  /// Asks every route with the cookie. `role` nullopt: nobody, whatever the cookie.
  static void AskAll(const Program& program, const std::string& cookie, std::optional<Role> role,
                     const std::string& who) {
    for (const http::Router::Route& route : program.router->routes()) {
      const std::string name = route.method + " " + route.pattern;
      if (name == kLogOut) continue;
      ASSERT_TRUE(program.rules.contains(name)) << name << ": write down who may call it";
      const Rule& rule = program.rules.at(name);
      const Response answer = program.router->Handle(Ask(route.method + " " + Filled(route.pattern), cookie));
      int expected = rule.status;
      if (!role && rule.who != kEverybody) expected = 401;
      if (role && !May(rule.who, *role)) expected = 403;
      const std::string told = program.name + ": " + name + " by " + who + "\n" + answer.body;
      if (expected == 0) {
        EXPECT_TRUE(answer.status != 401 && answer.status != 403) << answer.status << " " << told;
      } else {
        EXPECT_EQ(answer.status, expected) << told;
      }
    }
  }

  base::SystemClock clock_;
  TempFolder folder_;
  identity::PasswordHasher hasher_;
  std::unique_ptr<edge::EdgeApp> edge_;
  std::unique_ptr<central::CentralApp> central_;
  std::vector<Program> programs_;
};

TEST_F(RouteAccess, IsRefusedToAllButThoseNamed) {
  for (const Program& program : programs_) {
    for (const Role role : http::kAllRoles) {
      std::string name(http::ToString(role));
      std::erase(name, '_');
      Add(program, name, {role});  // all of them, whichever program it is: a role out of its place gets no further
      AskAll(program, LogIn(program, name), role, name);
    }
    AskAll(program, "", std::nullopt, "nobody");
    AskAll(program, "__Host-yb_session-" + program.name + "=" + std::string(64, '0'), std::nullopt,
           "a made-up session");
  }
}

TEST_F(RouteAccess, EndsWithTheSessionTheUserAndTheLogOut) {
  for (const Program& program : programs_) {
    Add(program, "other", {Role::kSecurityAdministrator});
    Add(program, "first", {Role::kAdministrator});
    Add(program, "second", {Role::kSecurityAdministrator});
    const std::string revoked = LogIn(program, "first");
    const std::string expired = LogIn(program, "first");
    const std::string left = LogIn(program, "first");
    const std::string disabled = LogIn(program, "second");
    const auto store = StoreOf(program);
    const auto sessions = store->Sessions(store->Find("first")->id).value();  // newest first
    ASSERT_EQ(sessions.size(), 3U);
    EXPECT_EQ(program.router->Handle(Ask("DELETE /api/v1/sessions/" + std::to_string(sessions[2].id), disabled)).status,
              200);
    ASSERT_TRUE(store->TouchSession(sessions[1].id, clock_.Now() - std::chrono::minutes(31)));
    EXPECT_EQ(program.router->Handle(Ask(kLogOut, left)).status, 200);
    identity::UserChange change;
    change.disabled = true;
    ASSERT_TRUE(identity::ChangeUser(*store, hasher_, store->Find("second")->id, change, {"test", "", clock_.Now()}));
    AskAll(program, revoked, std::nullopt, "a revoked session");
    AskAll(program, expired, std::nullopt, "an expired session");
    AskAll(program, left, std::nullopt, "one who logged out");
    AskAll(program, disabled, std::nullopt, "a disabled user");
  }
}

TEST_F(RouteAccess, KeepsASiteFromThoseOfAnother) {
  const Program& central = programs_[0];
  Add(central, "admin", {Role::kAdministrator});
  Add(central, "parkit", {Role::kParkIt, Role::kApprover}, {*base::SiteId::Parse("jiuyuan-01")});
  const std::string cookie = LogIn(central, "parkit");
  int asked = 0;
  for (const http::Router::Route& route : central.router->routes()) {
    if (route.pattern.find("{site}") == std::string::npos) continue;
    // Who keeps the users is never limited to sites.
    if (central.rules.at(route.method + " " + route.pattern).who == kSecurity) continue;
    ++asked;
    std::string bodies[2];
    const char* sites[] = {"lvye-01", "no-such-01"};
    for (int i = 0; i < 2; ++i) {
      std::string path = route.pattern;
      path.replace(path.find("{site}"), 6, sites[i]);
      const Response answer = central.router->Handle(Ask(route.method + " " + Filled(path), cookie, "{}"));
      EXPECT_EQ(answer.status, 404) << route.method << " " << path;
      bodies[i] = answer.body;
    }
    bodies[0].replace(bodies[0].find("lvye-01"), 7, "no-such-01");
    EXPECT_EQ(bodies[0], bodies[1]) << "the answer tells whether the site exists";
  }
  EXPECT_GE(asked, 12);
}

TEST_F(RouteAccess, IsRecorded) {
  const Program& central = programs_[0];
  Add(central, "parkit", {Role::kParkIt});
  Add(central, "auditor", {Role::kAuditor});
  const std::string cookie = LogIn(central, "parkit");
  (void)central.router->Handle(Ask("POST /api/v1/sites/lvye-01/lanes/history/resend", cookie, "{}"));
  const Response answer = central.router->Handle(Ask("GET /api/v1/audit", LogIn(central, "auditor")));
  const json lines = json::parse(answer.body)["lines"];
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines[0]["what"], "session.begin");
  EXPECT_EQ(lines[1]["what"], "POST /api/v1/sites/{site}/lanes/{lane}/resend");
  EXPECT_EQ(lines[1]["who"], "parkit");
  EXPECT_EQ(lines[1]["subject"], "/api/v1/sites/lvye-01/lanes/history/resend");
  EXPECT_EQ(lines[1]["detail"], "refused (400)");
  EXPECT_EQ(lines[1]["detail_zh"], "被拒绝（400）");
  EXPECT_EQ(lines[1]["remote"], "192.0.2.7");
}

/// "GET /api/v1/about" … as core/contract/http-api.yaml lists them: a path has two spaces before it, a method four.
std::set<std::string> RoutesOfTheContract() {
  std::istringstream yaml(FileText(std::filesystem::path(YB_SOURCE_DIR) / "core/contract/http-api.yaml"));
  std::set<std::string> routes;
  std::string path;
  for (std::string line; std::getline(yaml, line) && line != "components:";) {
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    for (const char* method : {"get", "post", "put", "patch", "delete"}) {
      if (line != "    " + std::string(method) + ":") continue;
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      routes.insert(upper + " " + path);
    }
  }
  return routes;
}

TEST_F(RouteAccess, CoversTheContractAndNothingElse) {
  std::set<std::string> there;
  for (const Program& program : programs_) {
    for (const http::Router::Route& route : program.router->routes()) there.insert(route.method + " " + route.pattern);
  }
  EXPECT_EQ(there, RoutesOfTheContract());
}

}  // namespace
}  // namespace yb::test
