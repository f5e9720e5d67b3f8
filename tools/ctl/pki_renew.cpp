#include <CLI/CLI.hpp>
#include <ostream>

#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

base::Status Renew(const std::string& dir, Console& console) {
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(dir));
  YB_ASSIGN(const auto store, security::EnrolmentStore::Open(pki.File("enrolment.db")));
  YB_TRY(pki.RenewServices(*store, console.clock.Now()));
  YB_TRY(pki.WriteRevocationList(*store, console.clock.Now()));
  console.out << "Central, broker and web have new certificates in " << dir << ".\n"
              << "Pages take theirs up by themselves. Run `yuanbanctl broker config` again and send the broker SIGHUP; "
                 "restart central.\n";
  return {};
}

}  // namespace

void AddPkiRenew(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("renew", "New certificates for central, broker and web, before theirs end");
  auto dir = std::make_shared<std::string>();  // owned by the callback below
  command->add_option("--dir", *dir, "Folder that `pki init` made")->type_name("DIR")->required();
  command->callback([dir, &chosen] { chosen = [dir](Console& console) { return Renew(*dir, console); }; });
}

}  // namespace yb::ctl
