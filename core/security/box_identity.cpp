#include "core/security/box_identity.hpp"

#include <nlohmann/json.hpp>

#include "core/base/write_file.hpp"
#include "core/config/toml_table.hpp"
#include "core/security/certificate.hpp"
#include "core/security/certificate_authority.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/https_client.hpp"
#include "core/security/private_file.hpp"

namespace yb::security {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using nlohmann::json;

constexpr base::Duration kRenewWebBefore = std::chrono::hours(24 * 30);

struct Answer {
  std::string site;
  std::string city;
  std::string name;
  std::string certificate_pem;
  std::string chain_pem;
  std::string roots_pem;
  std::string broker;
};

ErrorCode CodeOfStatus(int status) {
  if (status == 503 || status == 429) return ErrorCode::kUnavailable;
  return status >= 500 ? ErrorCode::kIo : ErrorCode::kRefused;
}

Result<Answer> ReadAnswer(const HttpsAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200) {
    const json& error = body.is_object() && body.contains("error") ? body["error"] : json::object();
    const bool told = error.is_object() && error.contains("message") && error["message"].is_string();
    return Fail(CodeOfStatus(answer.status),
                "central answers " + std::to_string(answer.status) +
                    (told ? ": " + error["message"].get<std::string>() : ", without a reason"),
                told ? error.value("hint", "") : "see whether the address is that of central's pages");
  }
  Answer read;
  const struct {
    const char* key;
    std::string& value;
  } fields[] = {{"site", read.site},           {"city", read.city},
                {"name", read.name},           {"certificate_pem", read.certificate_pem},
                {"chain_pem", read.chain_pem}, {"roots_pem", read.roots_pem},
                {"broker", read.broker}};
  for (const auto& [key, value] : fields) {
    if (!body.is_object() || !body.contains(key) || !body[key].is_string()) {
      return Fail(ErrorCode::kCorrupt, std::string("central's answer has no text '") + key + "'");
    }
    value = body[key].get<std::string>();
  }
  return read;
}

/// The key of an earlier attempt, or a new one.
Result<std::string> EnsureKey(const fs::path& file) {
  Result<std::string> kept = ReadSmallFile(file);
  if (kept || kept.error().code != ErrorCode::kNotFound) return kept;
  const std::string key = MakeKey();
  YB_TRY(base::WriteFile(file, key, base::FileAccess::kOwnerOnly));
  return key;
}

std::string ToToml(const Answer& answer) {
  std::string text = "# Written when the box joined. Keep it together with site.key, site.pem and roots.pem.\n";
  text += "site = " + config::QuotedToml(answer.site) + "\n";
  text += "city = " + config::QuotedToml(answer.city) + "\n";
  text += "name = " + config::QuotedToml(answer.name) + "\n";
  text += "broker = " + config::QuotedToml(answer.broker) + "\n";
  return text;
}

Result<BoxIdentity> ParseEnrolment(const std::string& text, const std::string& file) {
  YB_ASSIGN(const config::TomlNode root, config::ParseToml(text, file));
  config::TomlTable table(root, file);
  BoxIdentity identity;
  YB_ASSIGN(const std::string site, table.Text("site"));
  const Result<base::SiteId> site_id = base::SiteId::Parse(site);
  if (!site_id) return Fail(table.Fault("site", site_id.error()));
  identity.site = *site_id;
  YB_ASSIGN(const std::string city, table.Text("city"));
  const Result<base::CityId> city_id = base::CityId::Parse(city);
  if (!city_id) return Fail(table.Fault("city", city_id.error()));
  identity.city = *city_id;
  YB_ASSIGN(identity.name, table.Text("name"));
  YB_ASSIGN(identity.broker, table.Text("broker"));
  return identity;
}

}  // namespace

Result<BoxIdentity> LoadBoxIdentity(const fs::path& folder) {
  const fs::path file = folder / "enrolment.toml";
  Result<std::string> text = ReadSmallFile(file);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return Fail(
        ErrorCode::kNotFound, "this box has not joined a city: there is no " + file.string(),
        "join with a code from central: yuanbanctl enroll --central https://… --code YB1-… --dir " + folder.string());
  }
  if (!text) return Fail(text.error());
  Result<BoxIdentity> identity = ParseEnrolment(*text, file.string());
  if (!identity) {
    identity.error().code = ErrorCode::kCorrupt;  // nobody but a program of ours writes the file
    return identity;
  }
  identity->key_file = folder / "site.key";
  identity->certificate_file = folder / "site.pem";
  identity->roots_file = folder / "roots.pem";
  YB_ASSIGN(const std::string key, ReadSmallFile(identity->key_file));
  YB_ASSIGN(const std::string certificate, ReadSmallFile(identity->certificate_file));
  if (const Status fits = CheckKeyBelongs(key, certificate); !fits) {
    return Fail(ErrorCode::kCorrupt, fits.error().message + ": " + identity->certificate_file.string());
  }
  YB_ASSIGN(const CertificateInfo info, InspectCertificate(certificate));
  if (info.common_name != identity->site.text()) {
    return Fail(ErrorCode::kCorrupt, identity->certificate_file.string() + " is the certificate of " +
                                         info.common_name + ", not of " + identity->site.text());
  }
  identity->certificate_ends = info.not_after;
  return identity;
}

Result<BoxIdentity> JoinCity(const std::string& central, const std::string& code, const fs::path& folder,
                             base::UtcTime now) {
  YB_ASSIGN(const EnrolmentCode parsed, ParseEnrolmentCode(code));
  if (const Result<BoxIdentity> present = LoadBoxIdentity(folder); present) {
    return Fail(ErrorCode::kAlreadyExists, "this box is " + present->site.text() + " already",
                "to join as another site, move " + folder.string() + " away first");
  }
  YB_TRY(MakePrivateFolder(folder));
  YB_ASSIGN(const std::string key, EnsureKey(folder / "site.key"));
  YB_ASSIGN(const std::string request, MakeRequest(key, "box"));

  std::string url = central;
  while (url.ends_with('/')) url.pop_back();
  ServerTrust trust;
  trust.root_check.assign(parsed.root_check.begin(), parsed.root_check.end());
  YB_ASSIGN(
      const HttpsAnswer answer,
      PostJson(url + "/api/v1/enroll", json{{"code", parsed.ToString()}, {"csr_pem", request}}.dump(), trust, now));
  YB_ASSIGN(const Answer enrolled, ReadAnswer(answer));

  const std::string chain = enrolled.certificate_pem + enrolled.chain_pem;
  YB_TRY(CheckKeyBelongs(key, enrolled.certificate_pem));
  YB_TRY(VerifyChain(chain, enrolled.roots_pem, Purpose::kClient, now));
  YB_TRY(base::WriteFile(folder / "site.pem", chain, base::FileAccess::kReadable));
  YB_TRY(base::WriteFile(folder / "roots.pem", enrolled.roots_pem, base::FileAccess::kReadable));
  YB_TRY(base::WriteFile(folder / "enrolment.toml", ToToml(enrolled), base::FileAccess::kReadable));
  return LoadBoxIdentity(folder);
}

Result<fs::path> EnsureSelfSignedWeb(const fs::path& folder, base::UtcTime now) {
  const fs::path file = folder / "web.pem";
  if (const Result<std::string> present = ReadSmallFile(file); present) {
    const Result<CertificateInfo> info = InspectCertificate(*present);
    if (info && CheckKeyBelongs(*present, *present) && info->not_before <= now &&
        now + kRenewWebBefore < info->not_after) {
      return file;
    }
  } else if (present.error().code != ErrorCode::kNotFound) {
    return Fail(present.error());
  }
  YB_TRY(MakePrivateFolder(folder));
  const Credential web = MakeSelfSignedWeb(now);
  YB_TRY(base::WriteFile(file, web.certificate_pem + web.key_pem, base::FileAccess::kOwnerOnly));
  return file;
}

}  // namespace yb::security
