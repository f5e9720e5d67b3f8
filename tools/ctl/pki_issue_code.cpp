#include <CLI/CLI.hpp>
#include <ostream>

#include "core/security/city_pki.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/enrolment_store.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string dir;
  std::string site;
  std::string name;
  int valid_hours = 24;
};

base::Status IssueCode(const Options& options, Console& console) {
  YB_ASSIGN(const base::SiteId site, Typed(console, "--site", base::SiteId::Parse(options.site)));
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(options.dir));
  YB_ASSIGN(const auto store, security::EnrolmentStore::Open(pki.File("enrolment.db")));
  const security::EnrolmentCode code = security::MakeEnrolmentCode(pki.root_fingerprint());
  const base::UtcTime now = console.clock.Now();
  const base::UtcTime until = now + std::chrono::hours(options.valid_hours);
  YB_TRY(store->Invite({site, options.name, code.SecretHash(), now, until, {}}));
  console.out << "Code for " << site.text() << " (" << options.name << "), to be used once until " << ForPeople(until)
              << ":\n\n  " << code.ToString() << "\n\n"
              << "It is not shown again. On the box:\n"
              << "  yuanbanctl enroll --central https://" << pki.server_names().front()
              << ":8443 --code CODE --dir /var/lib/yuanban/identity\n";
  return {};
}

}  // namespace

void AddPkiIssueCode(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("issue-code", "Invite a box: print the one-time code with which it joins");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("--dir", options->dir, "Folder that `pki init` made")->type_name("DIR")->required();
  command->add_option("--site", options->site, "The site's id for good, such as lvye-01")
      ->type_name("SITE")
      ->required();
  command->add_option("--name", options->name, "The site's name as people write it, such as 绿业园区")
      ->type_name("NAME")
      ->required();
  command->add_option("--valid-hours", options->valid_hours, "How long the code may be used")
      ->check(CLI::Range(1, 24 * 30))
      ->capture_default_str();
  command->callback(
      [options, &chosen] { chosen = [options](Console& console) { return IssueCode(*options, console); }; });
}

}  // namespace yb::ctl
