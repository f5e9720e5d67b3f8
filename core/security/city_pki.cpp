#include "core/security/city_pki.hpp"

#include <algorithm>

#include "core/base/write_file.hpp"
#include "core/config/toml_table.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_store.hpp"
#include "core/security/private_file.hpp"

namespace yb::security {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

std::string CityToml(const base::CityId& city, const std::vector<std::string>& server_names) {
  std::string names;
  for (const std::string& name : server_names) names += (names.empty() ? "" : ", ") + config::QuotedToml(name);
  return "# Written by `yuanbanctl pki init`.\ncity = " + config::QuotedToml(city.text()) + "\nserver_names = [" +
         names + "]\n";
}

Status WriteCredential(const fs::path& folder, const std::string& name, const Credential& credential) {
  YB_TRY(base::WriteFile(folder / (name + ".key"), credential.key_pem, base::FileAccess::kOwnerOnly));
  return base::WriteFile(folder / (name + ".pem"), credential.certificate_pem, base::FileAccess::kReadable);
}

}  // namespace

Result<CityPki> CityPki::Create(const fs::path& folder, const base::CityId& city,
                                const std::vector<std::string>& server_names, base::UtcTime now) {
  if (fs::exists(folder / "city.toml") || fs::exists(folder / "root.pem")) {
    return Fail(ErrorCode::kAlreadyExists, folder.string() + " holds a PKI already",
                "choose another folder; a PKI is never made anew over an old one, since its boxes would be lost");
  }
  YB_TRY(MakePrivateFolder(folder));
  const Credential root = MakeRoot(city, "A", now);
  const Credential next_root = MakeRoot(city, "B", now);
  YB_ASSIGN(const Credential issuing, MakeIssuing(city, root, now));
  {
    // Wrong names are found before anything is written.
    YB_ASSIGN(const std::string request, MakeRequest(issuing.key_pem, "broker"));
    YB_TRY(SignRequest(issuing, request, {Role::kBroker, "broker", server_names}, now));
  }
  YB_TRY(WriteCredential(folder, "root", root));
  YB_TRY(WriteCredential(folder, "root-next", next_root));
  YB_TRY(WriteCredential(folder, "issuing", issuing));
  YB_TRY(base::WriteFile(folder / "roots.pem", root.certificate_pem + next_root.certificate_pem,
                         base::FileAccess::kReadable));
  // Last, since it is what Open looks for.
  YB_TRY(base::WriteFile(folder / "city.toml", CityToml(city, server_names), base::FileAccess::kReadable));
  YB_ASSIGN(CityPki pki, Open(folder));
  YB_ASSIGN(const auto store, EnrolmentStore::Open(pki.File("enrolment.db")));
  YB_TRY(pki.RenewServices(*store, now));
  YB_TRY(pki.WriteRevocationList(*store, now));
  return pki;
}

Result<CityPki> CityPki::Open(const fs::path& folder) {
  Result<std::string> text = ReadSmallFile(folder / "city.toml");
  if (!text) {
    return Fail(text.error().code, "there is no PKI in " + folder.string() + ": " + text.error().message,
                "make one: yuanbanctl pki init --dir " + folder.string() + " --city 150200");
  }
  CityPki pki;
  pki.folder_ = folder;
  const std::string file = (folder / "city.toml").string();
  YB_ASSIGN(const config::TomlNode root_node, config::ParseToml(*text, file));
  config::TomlTable table(root_node, file);
  YB_ASSIGN(const std::string city, table.Text("city"));
  const Result<base::CityId> parsed = base::CityId::Parse(city);
  if (!parsed) return Fail(table.Fault("city", parsed.error()));
  pki.city_ = *parsed;
  YB_ASSIGN(pki.server_names_, table.TextsOr("server_names"));
  YB_ASSIGN(pki.issuing_.certificate_pem, ReadSmallFile(folder / "issuing.pem"));
  YB_ASSIGN(pki.issuing_.key_pem, ReadSmallFile(folder / "issuing.key"));
  YB_TRY(CheckKeyBelongs(pki.issuing_.key_pem, pki.issuing_.certificate_pem));
  YB_ASSIGN(pki.root_pem_, ReadSmallFile(folder / "root.pem"));
  YB_ASSIGN(pki.roots_pem_, ReadSmallFile(folder / "roots.pem"));
  YB_ASSIGN(const CertificateInfo root, InspectCertificate(pki.root_pem_));
  pki.root_fingerprint_ = root.fingerprint;
  return pki;
}

Result<std::string> CityPki::IssueService(const Profile& profile, const std::string& key_pem, base::UtcTime now) const {
  YB_ASSIGN(const std::string request, MakeRequest(key_pem, profile.common_name));
  return SignRequest(issuing_, request, profile, now);
}

Status CityPki::RenewServices(EnrolmentStore& store, base::UtcTime now) const {
  const struct {
    const char* file;
    Profile profile;
  } services[] = {
      {"central", {Role::kCentral, "central", {}}},
      {"broker", {Role::kBroker, "broker", server_names_}},
      {"web", {Role::kWeb, "web", server_names_}},
  };
  for (const auto& [file, profile] : services) {
    const std::string key = MakeKey();
    YB_ASSIGN(const std::string certificate, IssueService(profile, key, now));
    YB_TRY(store.RecordIssued(file, certificate, now));
    if (profile.role == Role::kWeb) {
      std::string all = certificate;
      all.append(chain_pem()).append(root_pem_).append(key);
      YB_TRY(base::WriteFile(File("web.pem"), all, base::FileAccess::kOwnerOnly));
      continue;
    }
    YB_TRY(WriteCredential(folder_, file, {certificate + chain_pem(), key}));
  }
  return {};
}

Status CityPki::WriteRevocationList(const EnrolmentStore& store, base::UtcTime now) const {
  YB_ASSIGN(const std::vector<IssuedCertificate> certificates, store.Certificates());
  std::vector<RevokedCertificate> revoked;
  for (const IssuedCertificate& certificate : certificates) {
    if (certificate.revoked_at) revoked.push_back({certificate.serial, *certificate.revoked_at});
  }
  YB_ASSIGN(const std::string list, MakeRevocationList(issuing_, revoked, now));
  return base::WriteFile(File("crl.pem"), list, base::FileAccess::kReadable);
}

}  // namespace yb::security
