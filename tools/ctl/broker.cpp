#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ostream>
#include <utility>

#include "core/base/write_file.hpp"
#include "core/security/city_pki.hpp"
#include "core/security/private_file.hpp"
#include "tools/ctl/broker_templates.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

struct Options {
  std::string pki;
  std::string dir;
  std::string listen = "127.0.0.1";
  std::string user;
  int port = 8883;
};

std::string Filled(std::string_view pattern, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text(pattern);
  for (const auto& [name, value] : values) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

Result<passwd> UserNamed(const std::string& name) {
  // One thread. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const passwd* found = name.empty() ? ::getpwuid(::geteuid()) : ::getpwnam(name.c_str());
  if (found == nullptr) {
    return Fail(ErrorCode::kNotFound, name.empty() ? "who runs this has no user name" : "there is no user " + name,
                "give an existing one with --user");
  }
  return *found;
}

Status WriteConfig(const Options& options, Console& console) {
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(options.pki));
  YB_ASSIGN(const passwd user, UserNamed(options.user));
  std::error_code failed;
  const fs::path folder = fs::absolute(options.dir, failed).lexically_normal();
  if (folder.string().find_first_of("\n\r") != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "the folder's name has a line break in it");
  }
  const std::vector<std::pair<std::string, std::string>> values = {{"@CITY@", pki.city().text()},
                                                                   {"@DIR@", folder.string()},
                                                                   {"@LISTEN@", options.listen},
                                                                   {"@PORT@", std::to_string(options.port)},
                                                                   {"@USER@", user.pw_name}};
  YB_TRY(security::MakePrivateFolder(folder));
  std::vector<fs::path> written = {folder};
  const auto write = [&](const char* name, const std::string& content, base::FileAccess access) -> Status {
    written.push_back(folder / name);
    return base::WriteFile(written.back(), content, access);
  };
  // Copies, so that the broker, which faces the network, needs no access to the folder with the authority's key.
  for (const char* name : {"roots.pem", "broker.pem", "crl.pem"}) {
    YB_ASSIGN(const std::string content, security::ReadSmallFile(pki.File(name)));
    YB_TRY(write(name, content, base::FileAccess::kReadable));
  }
  YB_ASSIGN(const std::string key, security::ReadSmallFile(pki.File("broker.key")));
  YB_TRY(write("broker.key", key, base::FileAccess::kOwnerOnly));
  YB_TRY(write("acl", Filled(kMosquittoAcl, values), base::FileAccess::kReadable));
  YB_TRY(write("mosquitto.conf", Filled(kMosquittoConf, values), base::FileAccess::kReadable));
  if (user.pw_uid != ::geteuid()) {
    for (const fs::path& file : written) {
      if (::chown(file.c_str(), user.pw_uid, user.pw_gid) != 0) {
        return Fail(ErrorCode::kPermission, file.string() + " cannot be given to " + user.pw_name,
                    "run this as root, or without --user");
      }
    }
  }
  console.out << "The broker's files are in " << folder.string() << ". Start it with:\n  mosquitto -c "
              << (folder / "mosquitto.conf").string() << "\n";
  return {};
}

}  // namespace

void AddBroker(CLI::App& app, Action& chosen) {
  CLI::App* broker = app.add_subcommand("broker", "The MQTT broker (Mosquitto) between boxes and central");
  broker->require_subcommand(1);
  CLI::App* command = broker->add_subcommand("config", "Write the broker's configuration, or write it anew");
  command->footer(
      "Run it again after `pki revoke` or `pki renew`, then send the broker SIGHUP. Only certificates of the city's "
      "authorities get in; a site sees its own topics only.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("--pki", options->pki, "Folder that `pki init` made")->type_name("DIR")->required();
  command->add_option("--dir,--out", options->dir, "Folder to write to")->type_name("DIR")->required();
  command->add_option("--port", options->port, "Port for MQTT over TLS")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command->add_option("--listen", options->listen, "Address to listen on")
      ->check(CLI::ValidIPV4)
      ->capture_default_str();
  command->add_option("--user", options->user, "User that the broker runs as; who runs this by default")
      ->type_name("USER");
  command->callback(
      [options, &chosen] { chosen = [options](Console& console) { return WriteConfig(*options, console); }; });
}

}  // namespace yb::ctl
