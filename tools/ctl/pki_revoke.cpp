#include <CLI/CLI.hpp>
#include <ostream>

#include "core/base/write_file.hpp"
#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"
#include "core/security/private_file.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string dir;
  std::string site;
  std::string serial;
  std::string broker_dir;
};

base::Status Revoke(const Options& options, Console& console) {
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(options.dir));
  YB_ASSIGN(const auto store, security::EnrolmentStore::Open(pki.File("enrolment.db")));
  const base::UtcTime now = console.clock.Now();
  if (!options.site.empty()) {
    YB_ASSIGN(const base::SiteId site, base::SiteId::Parse(options.site));
    YB_ASSIGN(const std::size_t marked, store->RevokeSite(site, now));
    console.out << (marked == 0 ? site.text() + " had no certificate" : "Revoked the certificate of " + site.text())
                << "; codes given out for it are void.\n";
  } else {
    YB_TRY(store->RevokeSerial(options.serial, now));
    console.out << "Revoked " << options.serial << ".\n";
  }
  YB_TRY(pki.WriteRevocationList(*store, now));
  if (options.broker_dir.empty()) {
    console.out << "The broker does not know yet: copy " << pki.File("crl.pem").string()
                << " to its folder, or run this again with --broker-dir, and send it SIGHUP.\n";
    return {};
  }
  YB_ASSIGN(const std::string list, security::ReadSmallFile(pki.File("crl.pem")));
  YB_TRY(base::WriteFile(std::filesystem::path(options.broker_dir) / "crl.pem", list, base::FileAccess::kReadable));
  console.out << "Send the broker SIGHUP; a session that is open now lasts until it is cut, so restart the broker if "
                 "the box was stolen.\n";
  return {};
}

}  // namespace

void AddPkiRevoke(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("revoke", "Shut a box out: revoke the certificates of a site");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("--dir", options->dir, "Folder that `pki init` made")->required();
  CLI::Option_group* what = command->add_option_group("what", "what to revoke");
  what->add_option("--site", options->site, "Every certificate and open code of this site");
  what->add_option("--serial", options->serial, "One certificate, by the serial number that `pki list` shows");
  what->require_option(1);
  command->add_option("--broker-dir", options->broker_dir, "Folder that `broker config` made; its crl.pem is replaced");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Revoke(*options, console); }; });
}

}  // namespace yb::ctl
