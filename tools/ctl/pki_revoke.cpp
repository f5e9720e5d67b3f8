#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <ostream>

#include "core/base/write_file.hpp"
#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"
#include "core/security/private_file.hpp"
#include "tools/ctl/commands.hpp"
#include "tools/ctl/cut_session.hpp"

namespace yb::ctl {
namespace {

struct Options {
  std::string dir;
  std::string site;
  std::string serial;
  std::string broker_dir;
  std::string broker;
};

/// Common names of what was revoked: the broker's clients.
base::Result<std::vector<std::string>> NamesOf(const Options& options, const security::EnrolmentStore& store) {
  if (!options.site.empty()) return std::vector<std::string>{options.site};
  YB_ASSIGN(const auto certificates, store.Certificates());
  std::vector<std::string> names;
  for (const security::IssuedCertificate& certificate : certificates) {
    const bool same = std::ranges::equal(certificate.serial, options.serial, {}, {},
                                         [](char c) { return std::toupper(static_cast<unsigned char>(c)); });
    const bool is_client = certificate.role == "site" || certificate.role == "central";
    if (same && is_client) names.push_back(certificate.common_name);
  }
  return names;
}

base::Status Revoke(const Options& options, Console& console) {
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(options.dir));
  YB_ASSIGN(const auto store, security::EnrolmentStore::Open(pki.File("enrolment.db")));
  const base::UtcTime now = console.clock.Now();
  if (!options.site.empty()) {
    YB_ASSIGN(const base::SiteId site, Typed(console, "--site", base::SiteId::Parse(options.site)));
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
  if (options.broker.empty()) {
    console.out << "Send the broker SIGHUP; a session that is open now lasts until it is cut, so run this again with "
                   "--broker if the box was stolen.\n";
    return {};
  }
  YB_ASSIGN(const std::vector<std::string> names, NamesOf(options, *store));
  for (const std::string& name : names) YB_TRY(CutSession({pki, options.broker, options.broker_dir}, name, now));
  console.out << "The broker knows, and the session that was open is cut.\n";
  return {};
}

}  // namespace

void AddPkiRevoke(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("revoke", "Shut a box out: revoke the certificates of a site");
  auto options = std::make_shared<Options>();  // owned by the callback below
  command->add_option("--dir", options->dir, "Folder that `pki init` made")->type_name("DIR")->required();
  CLI::Option_group* what = command->add_option_group("what", "what to revoke");
  what->add_option("--site", options->site, "Every certificate and open code of this site")->type_name("SITE");
  what->add_option("--serial", options->serial, "One certificate, by the serial number that `pki list` shows")
      ->type_name("SERIAL");
  what->require_option(1);
  command->add_option("--broker-dir", options->broker_dir, "Folder that `broker config` made; its crl.pem is replaced")
      ->type_name("DIR");
  command
      ->add_option("--broker", options->broker,
                   "Where the broker is on this machine, such as mqtts://127.0.0.1:8883: it is told, and the session "
                   "that is open now is cut")
      ->type_name("URL")
      ->needs("--broker-dir");
  command->callback([options, &chosen] { chosen = [options](Console& console) { return Revoke(*options, console); }; });
}

}  // namespace yb::ctl
