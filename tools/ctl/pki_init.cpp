#include <CLI/CLI.hpp>
#include <ostream>

#include "core/security/city_pki.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string dir;
  std::string city;
  std::vector<std::string> server_names;
};

base::Status Init(const Options& options, Console& console) {
  YB_ASSIGN(const base::CityId city, Typed(console, "--city", base::CityId::Parse(options.city)));
  YB_ASSIGN(const security::CityPki pki,
            security::CityPki::Create(options.dir, city, options.server_names, console.clock.Now()));
  console.out << "The certificates of city " << city.text() << " are in " << options.dir << ".\n\n"
              << "Keep these two keys off this machine; only a new issuing authority needs them:\n"
              << "  " << pki.File("root.key").string() << "\n  " << pki.File("root-next.key").string() << "\n\n"
              << "Next, the second line once for each park, such as --site park-01 --name 一号园区:\n"
              << "  yuanbanctl broker config --pki " << options.dir << " --port 8883 --dir /etc/yuanban/broker\n"
              << "  yuanbanctl pki issue-code --dir " << options.dir << " --site SITE --name NAME\n";
  return {};
}

}  // namespace

void AddPkiInit(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("init", "Make the certificate authorities of a city, once");
  auto options = std::make_shared<Options>();  // owned by the callback below
  options->server_names = {"localhost", "127.0.0.1"};
  command->add_option("--dir", options->dir, "Folder to make")->type_name("DIR")->required();
  command->add_option("--city", options->city, "Six digits of the city's division code, such as 150200")
      ->type_name("CODE")
      ->required();
  command
      ->add_option("--broker-name", options->server_names,
                   "DNS names and IP addresses under which boxes reach central and the broker")
      ->type_name("NAME")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Init(*options, console); }; });
}

}  // namespace yb::ctl
