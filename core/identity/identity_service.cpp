#include "core/identity/identity_service.hpp"

#include <algorithm>
#include <mutex>
#include <system_error>

#include "core/base/log.hpp"
#include "core/base/write_file.hpp"
#include "core/identity/directory.hpp"
#include "core/identity/growing_delay.hpp"
#include "core/security/private_file.hpp"
#include "core/security/random.hpp"

namespace yb::identity {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

const base::Logger kLog("identity");

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kLongestAgent = 200;
constexpr std::size_t kCodeSymbols = 16;  // of 5 bits
constexpr std::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string MakeToken() {
  return base::ToHex(security::RandomBytes(kTokenBytes));
}

base::Digest HashOf(std::string_view secret) {
  return base::Sha256(base::AsBytes(secret));
}

/// "7KQ2-93MX-…": Crockford's base 32.
std::string MakeSetupCode() {
  std::string code;
  for (const std::uint8_t byte : security::RandomBytes(kCodeSymbols)) {
    if (code.size() % 5 == 4) code += '-';
    code += kCodeAlphabet[byte % kCodeAlphabet.size()];
  }
  return code;
}

/// As MakeSetupCode wrote it, however it was typed.
std::string NormalCode(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (code.size() % 5 == 4) code += '-';
    code += c;
  }
  return code;
}

std::string HeaderOf(const http::Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found != request.headers.end() ? found->second : std::string();
}

/// The value of a cookie in "a=1; b=2"; empty: it is not there.
std::string_view CookieIn(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

/// What was typed as a name may be a password: only what could be a name is written down.
std::string Recordable(const std::string& name) {
  return CheckUserName(name) ? name : "?";
}

http::Principal PrincipalOf(const User& user) {
  return {user.id, user.name, user.roles, user.sites, user.display_name, user.department};
}

tl::unexpected<base::Error> WrongNameOrPassword() {
  return Fail(ErrorCode::kRefused, base::Words{"name or password is wrong", "用户名或密码不对"},
              base::Words{"a security administrator can set a new password", "忘记密码请找安全管理员重设"});
}

Result<std::string> KeptToken(const std::filesystem::path& file) {
  const auto kept = security::ReadSmallFile(file);
  if (kept && kept->size() >= 2 * kTokenBytes) return kept->substr(0, 2 * kTokenBytes);
  if (!kept && kept.error().code != ErrorCode::kNotFound) return Fail(kept.error());
  std::string made = MakeToken();
  YB_TRY(base::WriteFile(file, made + "\n", base::FileAccess::kOwnerOnly));
  return made;
}

}  // namespace

/// What guards against guessing; under the mutex.
struct IdentityService::Doors {
  std::mutex mutex;
  GrowingDelay users{{.free = 5}};
  GrowingDelay addresses{{.free = 10}};
  base::Digest setup_code{};
  base::Monotonic setup_ends{};  // 0: there is no code
  int setup_failures = 0;
};

IdentityService::IdentityService(IdentityOptions options, UserStore& store, const base::Clock& clock)
    : options_(std::move(options)), store_(store), clock_(clock), doors_(std::make_unique<Doors>()) {}
IdentityService::~IdentityService() = default;

Result<std::unique_ptr<IdentityService>> IdentityService::Start(IdentityOptions options, UserStore& store,
                                                                const base::Clock& clock) {
  std::unique_ptr<IdentityService> service(new IdentityService(std::move(options), store, clock));
  YB_TRY(service->WriteTokens());
  YB_TRY(service->OfferSetup());
  return service;
}

Status IdentityService::WriteTokens() {
  const std::string admin = MakeToken();
  YB_TRY(base::WriteFile(options_.folder / "admin-token", admin + "\n", base::FileAccess::kOwnerOnly));
  YB_ASSIGN(const std::string scrape, KeptToken(options_.folder / "scrape-token"));
  admin_token_ = HashOf(admin);
  scrape_token_ = HashOf(scrape);
  return {};
}

Status IdentityService::OfferSetup() {
  const std::filesystem::path file = options_.folder / "setup-code";
  YB_ASSIGN(const bool needed, NeedsSetup());
  if (!needed) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return {};
  }
  const std::string code = MakeSetupCode();
  YB_TRY(base::WriteFile(file, code + "\n", base::FileAccess::kOwnerOnly));
  const std::scoped_lock lock(doors_->mutex);
  doors_->setup_code = HashOf(code);
  doors_->setup_ends = clock_.Steady() + kSetupCodeLife;
  kLog.Info("there is no user yet: make the first administrator with this code at /setup within 24 hours",
            {{"code", code}, {"file", file.string()}});
  return {};
}

Result<bool> IdentityService::NeedsSetup() {
  return store_.IsEmpty();
}

Result<std::optional<IdentityService::SignedIn>> IdentityService::WhoIs(const http::Request& request) {
  const auto header = request.headers.find("cookie");
  if (header == request.headers.end()) return std::nullopt;
  const std::string_view token = CookieIn(header->second, "__Host-yb_session-" + options_.program);
  if (token.size() != 2 * kTokenBytes) return std::nullopt;
  YB_ASSIGN(std::optional<UserStore::Found> found, store_.FindSession(HashOf(token)));
  if (!found || found->user.disabled) return std::nullopt;
  Session& session = found->session;
  const base::UtcTime now = clock_.Now();
  const base::UtcTime ends = session.created + options_.longest;
  if (now >= session.used + options_.idle || now >= ends) return std::nullopt;
  // Noted seldom, to spare the flash.
  const base::Duration rarely = std::min<base::Duration>(options_.idle / 30, std::chrono::minutes(1));
  if (!request.headers.contains(kBackgroundHeader) && now - session.used >= rarely) {
    // A full disk keeps nobody out: then the session only seems less used than it is.
    const Status noted = store_.TouchSession(session.id, now);
    if (noted) session.used = now;
    if (!noted) kLog.Warn("the use of a session is not noted", {{"why", noted.error().Describe()}});
  }
  const base::UtcTime expires = std::min(session.used + options_.idle, ends);
  return SignedIn{std::move(session), std::move(found->user), expires, ends, ""};
}

tl::expected<http::Principal, http::ErrorText> IdentityService::Authenticate(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string authorization = HeaderOf(request, "authorization");
  if (authorization.starts_with(kBearer)) {
    const base::Digest hash = HashOf(std::string_view(authorization).substr(kBearer.size()));
    if (hash == admin_token_) return http::Principal{0, "yuanbanctl", http::EveryRole(), {}};
    if (hash == scrape_token_) return http::Principal{0, "scrape", {}, {}};
    return tl::unexpected(http::ErrorText{"permission",
                                          {"the token is not valid", "令牌无效"},
                                          {"admin-token in the program's data folder is made anew at every start",
                                           "程序每次启动都会更新数据目录中的 admin-token"}});
  }
  const auto who = WhoIs(request);
  if (who && *who) return PrincipalOf((*who)->user);
  if (!who) {
    kLog.Error("sessions cannot be looked up", {{"why", who.error().Describe()}});
    return tl::unexpected(http::ErrorText{"unavailable",
                                          {"log-in does not work at this moment", "暂时无法登录"},
                                          {"the program's log tells why", "原因见程序日志"}});
  }
  return tl::unexpected(http::ErrorText{
      "permission", {"nobody is logged in, or the session is over", "没有登录，或登录已过期"}, {"log in", "请登录"}});
}

Status IdentityService::MayTry(const std::string& name, const std::string& remote) const {
  const base::Monotonic now = clock_.Steady();
  const base::Duration wait = std::max(doors_->users.Wait(name, now), doors_->addresses.Wait(remote, now));
  if (wait <= base::Duration(0)) return {};
  const std::string seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  return Fail(ErrorCode::kUnavailable, base::Words{"too many wrong attempts: try again in " + seconds + " s",
                                                   "试错次数过多，请 " + seconds + " 秒后再试"});
}

void IdentityService::NoteFailure(const std::string& name, const http::Request& request, const char* what) {
  const base::Monotonic now = clock_.Steady();
  {
    const std::scoped_lock lock(doors_->mutex);
    if (!name.empty()) doors_->users.RecordFailure(Recordable(name), now);
    doors_->addresses.RecordFailure(request.remote, now);
  }
  const Status recorded = store_.Record({0, clock_.Now(), "?", what, Recordable(name), "", request.remote});
  if (!recorded) kLog.Error("an audit line is lost", {{"what", what}, {"why", recorded.error().Describe()}});
}

Result<IdentityService::SignedIn> IdentityService::LogIn(const std::string& name, const std::string& password,
                                                         const http::Request& request) {
  {
    const std::scoped_lock lock(doors_->mutex);
    YB_TRY(MayTry(Recordable(name), request.remote));
  }
  const auto user = store_.Find(name);
  if (!user && user.error().code != ErrorCode::kNotFound) return Fail(user.error());
  std::string hash;
  if (user) {
    YB_ASSIGN(hash, store_.PasswordHashOf(user->id));
  }
  // The same work for a name that is not there, so that the time tells nothing.
  YB_ASSIGN(const bool fits, hasher_.Verify(password, hash));
  if (!fits || !user || user->disabled) {
    NoteFailure(name, request, "session.refused");
    return WrongNameOrPassword();
  }
  {
    const std::scoped_lock lock(doors_->mutex);
    doors_->users.Forget(name);
  }
  YB_TRY(CheckDirectoryTerm(store_, *user, clock_.Now()));
  return Begin(*user, request);
}

Result<IdentityService::SignedIn> IdentityService::Begin(const User& user, const http::Request& request) {
  const base::UtcTime now = clock_.Now();
  YB_TRY(store_.ForgetSessions(now - options_.idle, now - options_.longest));
  SignedIn begun;
  begun.token = MakeToken();
  begun.user = user;
  begun.session = {
      0, user.id, user.name, now, now, request.remote, HeaderOf(request, "user-agent").substr(0, kLongestAgent)};
  begun.ends = now + options_.longest;
  begun.expires = std::min(now + options_.idle, begun.ends);
  YB_ASSIGN(begun.session.id,
            store_.BeginSession(HashOf(begun.token), begun.session,
                                {0, now, user.name, "session.begin", user.name, begun.session.agent, request.remote}));
  return begun;
}

/// Under the mutex of the doors.
Status IdentityService::CheckSetupCode(const std::string& code, const std::string& remote) {
  YB_TRY(MayTry("", remote));
  Doors& doors = *doors_;
  const base::Words again = {"restart the program: it makes a new one", "重启程序会生成新的初始化码"};
  if (doors.setup_ends.micros == 0 || clock_.Steady() >= doors.setup_ends ||
      doors.setup_failures >= kMostSetupFailures) {
    return Fail(ErrorCode::kRefused, base::Words{"the set-up code is over", "初始化码已失效"}, again);
  }
  if (HashOf(NormalCode(code)) == doors.setup_code) return {};
  ++doors.setup_failures;
  return Fail(ErrorCode::kRefused, base::Words{"the set-up code is wrong", "初始化码不对"},
              base::Words{"it is in the program's log and in the file setup-code of its data folder",
                          "初始化码见程序日志，或数据目录中的 setup-code 文件"});
}

Result<IdentityService::SignedIn> IdentityService::SetUp(const std::string& code, NewUser first,
                                                         const http::Request& request) {
  Status may;
  {
    const std::scoped_lock lock(doors_->mutex);
    may = CheckSetupCode(code, request.remote);
  }
  if (!may) {
    if (may.error().code == ErrorCode::kRefused) NoteFailure("", request, "setup.refused");
    return Fail(may.error());
  }
  first.roles = http::kSeparateRoles;  // until there are others
  first.sites.clear();
  YB_ASSIGN(const User user,
            AddUser(store_, hasher_, first, {first.name, request.remote, clock_.Now()}, /*only_as_first=*/true));
  {
    const std::scoped_lock lock(doors_->mutex);
    doors_->setup_ends = {};
  }
  std::error_code ignored;
  std::filesystem::remove(options_.folder / "setup-code", ignored);
  return Begin(user, request);
}

Status IdentityService::ChangePassword(const SignedIn& who, const std::string& old_password,
                                       const std::string& new_password, const http::Request& request) {
  {
    const std::scoped_lock lock(doors_->mutex);
    YB_TRY(MayTry(who.user.name, request.remote));
  }
  YB_ASSIGN(const std::string hash, store_.PasswordHashOf(who.user.id));
  YB_ASSIGN(const bool fits, hasher_.Verify(old_password, hash));
  if (!fits) {
    NoteFailure(who.user.name, request, "password.refused");
    return Fail(ErrorCode::kRefused, base::Words{"the present password is wrong", "当前密码不对"});
  }
  UserChange change;
  change.password = new_password;
  YB_TRY(
      ChangeUser(store_, hasher_, who.user.id, change, {who.user.name, request.remote, clock_.Now()}, who.session.id));
  return {};
}

std::string IdentityService::CookieOf(const std::string& token) const {
  return "__Host-yb_session-" + options_.program + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

std::string IdentityService::EmptyCookie() const {
  return "__Host-yb_session-" + options_.program + "=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict";
}

void IdentityService::RecordAct(const http::Request& request, const std::string& route, const http::Response& answer) {
  const AuditLine line{
      0,
      clock_.Now(),
      request.principal ? request.principal->name : "?",
      route,
      request.path,
      "status " + std::to_string(answer.status) + (answer.recorded.empty() ? "" : ", " + answer.recorded),
      request.remote};
  const Status recorded = store_.Record(line);
  if (!recorded) kLog.Error("an audit line is lost", {{"route", route}, {"why", recorded.error().Describe()}});
}

}  // namespace yb::identity
