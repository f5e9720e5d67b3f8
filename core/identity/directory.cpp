#include "core/identity/directory.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"

namespace yb::identity {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using config::TomlTable;

constexpr std::int64_t kFormat = 1;
constexpr std::string_view kHash = "$argon2id$";

const base::Logger kLog("directory");

base::Words AnyRole() {
  return config::ExpectedTexts({"clerk", "park_it", "coordinator", "leader"});
}

Result<DirectoryUser> ReadUser(TomlTable& table) {
  DirectoryUser user;
  YB_ASSIGN(user.name, table.Text("name"));
  if (const auto fits = CheckUserName(user.name); !fits) {
    return Fail(table.Fault("name", config::FoundText(user.name), {fits.error().message, fits.error().message_zh}));
  }
  YB_ASSIGN(user.display_name, table.Text("display_name"));
  YB_ASSIGN(const std::vector<std::string> roles, table.TextsOr("roles"));
  for (const std::string& word : roles) {
    const auto role = http::ParseRole(word);
    if (!role || !kDirectoryRoles.Contains(*role)) {
      return Fail(table.Fault("roles", config::FoundText(word), AnyRole()));
    }
    user.roles.Insert(*role);
  }
  if (user.roles.empty()) return Fail(table.Fault("roles", config::IsMissing(), AnyRole()));
  YB_ASSIGN(user.password_hash, table.Text("password_hash"));
  if (!user.password_hash.starts_with(kHash)) {
    return Fail(table.Fault("password_hash", {"found something else", "内容不符"},
                            config::Expected({"the text form of Argon2id", "Argon2id 文本"})));
  }
  YB_ASSIGN(user.disabled, table.FlagOr("disabled", false));
  YB_TRY(table.RefuseUnknownKeys());
  return user;
}

}  // namespace

std::string WriteDirectory(std::vector<DirectoryUser> users) {
  std::ranges::sort(users, {}, &DirectoryUser::name);
  std::string text = "format = " + std::to_string(kFormat) + "\n";
  for (const DirectoryUser& user : users) {
    text += "\n[[user]]\nname = " + config::QuotedToml(user.name) +
            "\ndisplay_name = " + config::QuotedToml(user.display_name) + "\nroles = [";
    bool first = true;
    for (const http::Role role : http::kAllRoles) {
      if (!user.roles.Contains(role)) continue;
      text.append(first ? "" : ", ").append(config::QuotedToml(http::ToString(role)));
      first = false;
    }
    text += "]\npassword_hash = " + config::QuotedToml(user.password_hash) + "\n";
    if (user.disabled) text += "disabled = true\n";
  }
  return text;
}

Result<std::vector<DirectoryUser>> ParseDirectory(std::string_view text) {
  const std::string name = "directory";
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, name));
  TomlTable top(root, name);
  YB_TRY(top.Whole("format", kFormat, kFormat));
  YB_ASSIGN(std::vector<TomlTable> tables, top.Tables("user"));
  std::vector<DirectoryUser> users;
  std::set<std::string> taken;
  for (TomlTable& table : tables) {
    YB_ASSIGN(DirectoryUser user, ReadUser(table));
    if (!taken.insert(user.name).second) {
      return Fail(table.Fault("name", config::IsThereTwice(user.name),
                              config::Expected({"each user once", "每个用户只出现一次"})));
    }
    users.push_back(std::move(user));
  }
  YB_TRY(top.RefuseUnknownKeys());
  return users;
}

Result<std::map<base::SiteId, std::string>> MakeDirectories(UserStore& store, const std::set<base::SiteId>& also) {
  std::map<base::SiteId, std::vector<DirectoryUser>> sites;
  for (const base::SiteId& site : also) sites[site];
  YB_ASSIGN(const std::vector<User> users, store.Users());
  for (const User& user : users) {
    const http::RoleSet roles = user.roles.And(kDirectoryRoles);
    if (roles.empty() || user.sites.empty()) continue;
    YB_ASSIGN(const std::string hash, store.PasswordHashOf(user.id));
    for (const base::SiteId& site : user.sites) {
      sites[site].push_back({user.name, user.display_name, roles, hash, user.disabled});
    }
  }
  std::map<base::SiteId, std::string> out;
  for (auto& [site, of_site] : sites) out[site] = WriteDirectory(std::move(of_site));
  return out;
}

base::Status ApplyDirectory(UserStore& store, std::string_view text, base::UtcTime now) {
  YB_ASSIGN(const std::vector<DirectoryUser> users, ParseDirectory(text));
  YB_ASSIGN(const std::vector<std::string> left_out, store.ApplyDirectory(users, now));
  for (const std::string& name : left_out) {
    kLog.Warn("a user of the city is left out, since the box has one of its own with this name",
              {{"user", name}, {"hint", "give one of them another name"}});
  }
  return {};
}

base::Status CheckDirectoryTerm(UserStore& store, const User& user, base::UtcTime now) {
  if (!user.from_city) return {};
  YB_ASSIGN(const std::optional<DirectoryTerm> term, store.Directory());
  if (term && now < term->ends()) return {};
  return Fail(ErrorCode::kRefused,
              base::Words{"the users of the city were last synchronised more than 30 days ago",
                          "市级用户名录已超过 30 天未同步，不能登录"},
              base::Words{"reconnect the box, or have a security administrator of the box extend it: "
                          "yuanbanctl user extend",
                          "请恢复与市级平台的连接，或由本站点安全管理员延期（yuanbanctl user extend）"});
}

}  // namespace yb::identity
