#include <CLI/CLI.hpp>
#include <ostream>

#include "core/security/box_identity.hpp"
#include "core/security/enrolment_code.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string central;
  std::string code;
  std::string dir;
};

base::Status Enroll(const Options& options, Console& console) {
  YB_TRY(Typed(console, "--code", security::ParseEnrolmentCode(options.code)));
  YB_ASSIGN(const security::BoxIdentity identity,
            security::JoinCity(options.central, options.code, options.dir, console.clock.Now()));
  console.out << "This box is now " << identity.site.text() << " (" << identity.name << ") of city "
              << identity.city.text() << ".\n"
              << "  broker       " << identity.broker << "\n"
              << "  certificate  until " << ForPeople(identity.certificate_ends) << "\n"
              << "  identity     " << options.dir << "\n";
  return {};
}

}  // namespace

void AddEnroll(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("enroll", "On a box: join a city with the code that central gave out");
  command->footer(
      "The key is made here and never leaves the box. The code says which central is the right one, and nothing secret "
      "is sent to another. If the answer is lost, run the same command again.");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("--central", options->central, "Where central is, such as https://central.example:8443")
      ->type_name("URL")
      ->required();
  command->add_option("--code", options->code, "The one-time code, YB1-…")->type_name("CODE")->required();
  command->add_option("--dir", options->dir, "Folder for the box's identity")->type_name("DIR")->required();
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Enroll(*options, console); }; });
}

}  // namespace yb::ctl
