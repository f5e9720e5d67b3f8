#include <CLI/CLI.hpp>
#include <ostream>

#include "core/security/certificate.hpp"
#include "core/security/private_file.hpp"
#include "tools/ctl/commands.hpp"

namespace yb::ctl {
namespace {

void ShowOne(const security::CertificateInfo& info, base::UtcTime now, std::ostream& out) {
  out << info.common_name << "\n"
      << "  issued by    " << info.issuer_name << "\n"
      << "  kind         " << (info.is_authority ? "authority" : info.organizational_unit) << "\n"
      << "  valid        " << ForPeople(info.not_before) << " to " << ForPeople(info.not_after)
      << (now < info.not_before   ? "  NOT YET"
          : now >= info.not_after ? "  ENDED"
                                  : "")
      << "\n";
  for (const std::string& name : info.names) out << "  reached at   " << name << "\n";
  out << "  serial       " << info.serial << "\n"
      << "  fingerprint  " << base::ToHex(info.fingerprint) << "\n";
}

base::Status Show(const std::string& file, Console& console) {
  YB_ASSIGN(const std::string text, security::ReadSmallFile(file));
  const auto certificates = security::SplitCertificates(text);
  if (!certificates) {
    return base::Fail(base::ErrorCode::kInvalidArgument, "there is no certificate in " + file,
                      "certificates are in files that end in .pem");
  }
  for (const std::string& pem : *certificates) {
    YB_ASSIGN(const security::CertificateInfo info, security::InspectCertificate(pem));
    ShowOne(info, console.clock.Now(), console.out);
  }
  return {};
}

}  // namespace

void AddPkiShow(CLI::App& pki, Action& chosen) {
  CLI::App* command = pki.add_subcommand("show", "Show the certificates in a file");
  auto file = std::make_shared<std::string>();  // owned by the callback below
  command->add_option("FILE", *file, "A PEM file")->required();
  command->callback([file, &chosen] { chosen = [file](Console& console) { return Show(*file, console); }; });
}

}  // namespace yb::ctl
