#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <ostream>

#include "core/identity/user_acts.hpp"
#include "core/security/private_file.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string data;
  std::string name;
  std::string display_name;
  std::string roles;
  std::vector<std::string> sites;
  bool all_sites = false;
  std::string department;
  std::string password_file;
};

base::Result<std::unique_ptr<identity::UserStore>> OpenStore(const Options& options) {
  const std::filesystem::path folder = options.data;
  if (!std::filesystem::is_directory(folder)) {
    return base::Fail(base::ErrorCode::kNotFound, "there is no folder " + options.data,
                      "it is data_dir of edge.toml or central.toml");
  }
  YB_TRY(security::MakePrivateFile(folder / "users.db"));
  const auto opener = storage::MakeSqliteOpener({.file = folder / "users.db"});
  return identity::UserStore::Open(*opener);
}

identity::Actor Here(const Console& console) {
  return {"yuanbanctl", "", console.clock.Now()};
}

/// Typed without being shown.
std::string Ask(const char* prompt, std::ostream& out) {
  termios shown{};
  const bool is_terminal = ::tcgetattr(STDIN_FILENO, &shown) == 0;
  if (is_terminal) {
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    out << prompt << std::flush;
  }
  std::string line;
  std::getline(std::cin, line);
  if (is_terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    out << "\n";
  }
  return line;
}

base::Result<std::string> NewPassword(const Options& options, const Console& console) {
  if (options.password_file.empty()) {
    const std::string first = Ask("New password: ", console.err);
    if (::isatty(STDIN_FILENO) == 0 || Ask("Once more: ", console.err) == first) return first;
    return base::Fail(base::ErrorCode::kInvalidArgument, "the two differ", "nothing was changed: try again");
  }
  YB_ASSIGN(std::string password, security::ReadSmallFile(options.password_file));
  password.erase(password.find_last_not_of("\r\n") + 1);
  return password;
}

base::Result<std::vector<base::SiteId>> ParseSites(const std::vector<std::string>& texts) {
  std::vector<base::SiteId> sites;
  for (const std::string& text : texts) {
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(text));
    sites.push_back(std::move(site));
  }
  return sites;
}

base::Status List(const Options& options, Console& console) {
  YB_ASSIGN(const auto store, OpenStore(options));
  YB_ASSIGN(const auto users, store->Users());
  if (users.empty()) console.out << "there is no user yet\n";
  for (const identity::User& user : users) {
    console.out << user.name << "  " << user.display_name << "  " << identity::ToText(user.roles) << "  ";
    if (!user.department.empty()) console.out << user.department << "  ";
    if (user.sites.empty()) console.out << "all sites";
    for (const base::SiteId& site : user.sites) console.out << site.text() << " ";
    console.out << (user.disabled ? "  disabled" : "") << (user.from_city ? "  of the city" : "") << "  last log-in "
                << (user.last_login ? ForPeople(*user.last_login) : "never") << "\n";
  }
  return {};
}

base::Status TellNotice(identity::UserStore& store, const identity::User& user, Console& console) {
  YB_ASSIGN(const auto all, store.Users());
  const base::Words notice = identity::NoticeOf(user, all);
  if (!notice.en.empty()) console.out << "note: " << notice.en << "\n";
  return {};
}

base::Status Add(const Options& options, Console& console) {
  YB_ASSIGN(const auto store, OpenStore(options));
  identity::NewUser wish;
  wish.name = options.name;
  wish.display_name = options.display_name;
  YB_ASSIGN(wish.roles, Typed(console, "--role", identity::ParseRoles(options.roles)));
  YB_ASSIGN(wish.sites, Typed(console, "--site", ParseSites(options.sites)));
  wish.department = options.department;
  YB_ASSIGN(const bool first, store->IsEmpty());
  if (first && wish.roles.Contains(http::Role::kAdministrator)) {
    // Until there are others it is all three (三员分立).
    for (const http::Role role : http::kAllRoles) {
      if (http::kSeparateRoles.Contains(role)) wish.roles.Insert(role);
    }
  }
  YB_ASSIGN(wish.password, NewPassword(options, console));
  identity::PasswordHasher hasher;
  YB_ASSIGN(const identity::User user, identity::AddUser(*store, hasher, wish, Here(console)));
  console.out << "user " << user.name << " may log in as " << identity::ToText(user.roles) << "\n";
  YB_TRY(TellNotice(*store, user, console));
  return {};
}

base::Status Change(const Options& options, const identity::UserChange& change, Console& console) {
  YB_ASSIGN(const auto store, OpenStore(options));
  YB_ASSIGN(const identity::User user, store->Find(options.name));
  identity::PasswordHasher hasher;
  YB_ASSIGN(const identity::User changed, identity::ChangeUser(*store, hasher, user.id, change, Here(console)));
  console.out << "done; it is in force at once\n";
  return TellNotice(*store, changed, console);
}

base::Status Disable(const Options& options, bool disabled, Console& console) {
  identity::UserChange change;
  change.disabled = disabled;
  return Change(options, change, console);
}

base::Status SetRole(const Options& options, Console& console) {
  identity::UserChange change;
  YB_ASSIGN(change.roles, Typed(console, "--role", identity::ParseRoles(options.roles)));
  if (!options.department.empty()) change.department = options.department;
  if (options.all_sites || !options.sites.empty()) {
    YB_ASSIGN(change.sites, Typed(console, "--site", ParseSites(options.sites)));
  }
  return Change(options, change, console);
}

base::Status SetPassword(const Options& options, Console& console) {
  identity::UserChange change;
  YB_ASSIGN(change.password, NewPassword(options, console));
  return Change(options, change, console);
}

base::Status Extend(const Options& options, Console& console) {
  YB_ASSIGN(const auto store, OpenStore(options));
  YB_TRY(identity::ExtendDirectory(*store, Here(console)));
  YB_ASSIGN(const auto term, store->Directory());
  console.out << "users of the city may log in here until " << ForPeople(term->ends())
              << "; the box's program brings this into the ledger\n";
  return {};
}

using Does = base::Status (*)(const Options&, Console&);

/// One subcommand, with the options that all have.
CLI::App* AddOne(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& options, const char* name,
                 const char* help, Does does) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--data", options->data, "data_dir of the program")->type_name("DIR")->required();
  command->callback(
      [options, does, &chosen] { chosen = [options, does](Console& console) { return does(*options, console); }; });
  return command;
}

void AddRoles(CLI::App& command, Options& options) {
  command
      .add_option("--role", options.roles,
                  "One of " + identity::ToText(http::EveryRole()) +
                      "; several with commas between. The first administrator of a program is"
                      " security_administrator and auditor too")
      ->type_name("ROLES")
      ->required();
  command.add_option("--department", options.department, "Of an approver: such as 市自然资源局")->type_name("NAME");
  command.add_option("--site", options.sites, "At central: sees this site only; may be given several times")
      ->type_name("SITE");
}

void AddPasswordFile(CLI::App& command, Options& options) {
  command
      .add_option("--password-file", options.password_file,
                  "Takes the password from this file; else it is asked for, or read from standard input")
      ->type_name("FILE");
}

}  // namespace

void AddUser(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("user", "Users (用户) of a program: who may log in to its pages");
  group->require_subcommand(1);
  group->footer(
      "Works on users.db in the program's data folder, whether the program runs or not; run it as the program's own\n"
      "user. What is changed is in force with the next request, and recorded.");
  auto options = std::make_shared<Options>();  // owned by the callbacks
  AddOne(*group, chosen, options, "list", "All users, their roles and last log-in", &List);
  CLI::App* add = AddOne(*group, chosen, options, "add", "Adds a user; the first one should be an administrator", &Add);
  AddRoles(*add, *options);
  add->add_option("--display-name", options->display_name, "Such as 张三")->type_name("NAME");
  AddPasswordFile(*add, *options);
  CLI::App* disable = AddOne(*group, chosen, options, "disable", "Ends the user's sessions; no log-in any more",
                             [](const Options& o, Console& c) { return Disable(o, true, c); });
  CLI::App* enable = AddOne(*group, chosen, options, "enable", "The user may log in again",
                            [](const Options& o, Console& c) { return Disable(o, false, c); });
  CLI::App* role =
      AddOne(*group, chosen, options, "role", "Sets the user's roles, and the sites where named", &SetRole);
  AddRoles(*role, *options);
  role->add_flag("--all-sites", options->all_sites, "At central: sees all sites again");
  CLI::App* password =
      AddOne(*group, chosen, options, "password", "Sets a new password and ends the user's sessions", &SetPassword);
  AddPasswordFile(*password, *options);
  AddOne(*group, chosen, options, "extend",
         "At a box: users of the city (市级用户) may log in for 30 days more, offline. The box's program brings it into"
         " the ledger within a minute, or at its next start: yuanbanctl ledger show --site",
         &Extend);
  for (CLI::App* command : {add, disable, enable, role, password}) {
    command->add_option("NAME", options->name, "The user's name, such as zhangsan")->required();
  }
}

}  // namespace yb::ctl
