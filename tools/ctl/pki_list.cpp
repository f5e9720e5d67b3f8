#include <CLI/CLI.hpp>
#include <iomanip>
#include <ostream>

#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

std::string StateOf(const security::IssuedCertificate& certificate, base::UtcTime now) {
  if (certificate.revoked_at) return "revoked " + ForPeople(*certificate.revoked_at);
  return (now < certificate.not_after ? "until " : "ended ") + ForPeople(certificate.not_after);
}

std::string StateOf(const security::Invitation& invitation, base::UtcTime now) {
  if (invitation.used_at) return "used " + ForPeople(*invitation.used_at);
  return (now < invitation.expires_at ? "open until " : "ended ") + ForPeople(invitation.expires_at);
}

base::Status List(const std::string& dir, Console& console) {
  YB_ASSIGN(const security::CityPki pki, security::CityPki::Open(dir));
  YB_ASSIGN(const auto store, security::EnrolmentStore::Open(pki.File("enrolment.db")));
  YB_ASSIGN(const auto certificates, store->Certificates());
  YB_ASSIGN(const auto invitations, store->Invitations());
  const base::UtcTime now = console.clock.Now();
  console.out << "Certificates of city " << pki.city().text() << "\n" << std::left;
  for (const auto& certificate : certificates) {
    console.out << "  " << std::setw(8) << certificate.role << " " << std::setw(32) << certificate.common_name << " "
                << std::setw(31) << StateOf(certificate, now) << " " << certificate.serial << "\n";
  }
  console.out << "Codes\n";
  for (const auto& invitation : invitations) {
    console.out << "  " << std::setw(41) << invitation.site.text() << " " << std::setw(31) << StateOf(invitation, now)
                << " " << invitation.name << "\n";
  }
  if (invitations.empty()) console.out << "  none yet\n";
  return {};
}

}  // namespace

void AddPkiList(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("list", "Show every certificate and code that was given out");
  auto dir = std::make_shared<std::string>();  // owned by the callback below
  command->add_option("--dir", *dir, "Folder that `pki init` made")->type_name("DIR")->required();
  command->callback([dir, &chosen] { chosen = [dir](Console& console) { return List(*dir, console); }; });
}

}  // namespace yb::ctl
