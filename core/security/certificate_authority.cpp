#include "core/security/certificate_authority.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "core/security/certificate.hpp"
#include "core/security/openssl_handles.hpp"
#include "core/security/random.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr base::Duration kRootValidity = std::chrono::hours(24 * 365 * 20);
constexpr base::Duration kIssuingValidity = std::chrono::hours(24 * 365 * 10);
constexpr std::size_t kSerialBytes = 16;

std::time_t Seconds(base::UtcTime time) {
  return static_cast<std::time_t>(time.micros / 1'000'000);
}

struct Subject {
  std::string common_name;
  std::string organizational_unit;
  std::string organization;
};

void AddEntry(X509_NAME* name, int field, const std::string& text) {
  if (text.empty()) return;
  const int added =
      X509_NAME_add_entry_by_NID(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                 static_cast<int>(text.size()), -1, 0);
  YB_CHECK(added == 1, "checked names fit into a certificate");
}

void SetSerial(X509* certificate) {
  base::Bytes bytes = RandomBytes(kSerialBytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7F) | 0x40);  // positive, and always of the same length
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
}

/// `issuer` is null for a self-signed certificate. Values are constants of ours, never input.
void AddExtension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer != nullptr ? issuer : certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  YB_CHECK(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "our own extensions are well formed");
  X509_EXTENSION_free(extension);
}

bool IsDnsName(const std::string& name) {
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

Status AddNames(X509* certificate, const std::vector<std::string>& names) {
  GENERAL_NAMES* list = GENERAL_NAMES_new();
  Status status;
  for (const std::string& text : names) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(text.c_str())) {
      GENERAL_NAME_set0_value(name, GEN_IPADD, address);
    } else if (IsDnsName(text)) {
      ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
      ASN1_STRING_set(dns, text.data(), static_cast<int>(text.size()));
      GENERAL_NAME_set0_value(name, GEN_DNS, dns);
    } else {
      GENERAL_NAME_free(name);
      status = Fail(ErrorCode::kInvalidArgument, "'" + text + "' is neither a DNS name nor an IP address");
      break;
    }
    sk_GENERAL_NAME_push(list, name);
  }
  static_cast<void>(OpenSslReason());
  if (status) {
    YB_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list, 0, X509V3_ADD_DEFAULT) == 1,
             "checked names fit into a certificate");
  }
  GENERAL_NAMES_free(list);
  return status;
}

CertificatePtr Draft(const Subject& subject, EVP_PKEY* public_key, base::UtcTime from, base::UtcTime until) {
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  SetSerial(certificate.get());
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), Seconds(from));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), Seconds(until));
  X509_NAME* name = X509_get_subject_name(certificate.get());
  AddEntry(name, NID_organizationName, subject.organization);
  AddEntry(name, NID_organizationalUnitName, subject.organizational_unit);
  AddEntry(name, NID_commonName, subject.common_name);
  X509_set_pubkey(certificate.get(), public_key);
  return certificate;
}

KeyPtr NewKey(std::string& pem) {
  pem = MakeKey();
  return std::move(*ParseKey(pem, "the new key"));
}

void Sign(X509* certificate, EVP_PKEY* key) {
  YB_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0, "a key on P-256 signs");
}

Status CheckProfile(const Profile& profile) {
  const auto refuse = [&](const std::string& why) {
    return Fail(ErrorCode::kInvalidArgument, "'" + profile.common_name + "' " + why);
  };
  switch (profile.role) {
    case Role::kSite:
      YB_TRY(base::SiteId::Parse(profile.common_name));
      if (IsReservedName(profile.common_name)) return refuse("is reserved and cannot be a site");
      return {};
    case Role::kCentral:
      if (profile.common_name != "central") return refuse("is not the name of central, which is 'central'");
      return {};
    case Role::kBroker:
    case Role::kWeb:
      if (profile.common_name.empty() || profile.common_name.size() > 64) {
        return refuse("is no common name: 1 to 64 characters");
      }
      if (profile.names.empty()) return refuse("has no DNS name or address to be reached at");
      return {};
  }
  return {};
}

const char* UnitOf(Role role) {
  switch (role) {
    case Role::kSite: return "site";
    case Role::kCentral: return "central";
    case Role::kBroker: return "broker";
    case Role::kWeb: return "web";
  }
  return "";
}

}  // namespace

bool IsReservedName(std::string_view common_name) {
  return common_name == "central" || common_name == "broker" || common_name == "web";
}

Credential MakeRoot(const base::CityId& city, std::string_view label, base::UtcTime now) {
  Credential root;
  const KeyPtr key = NewKey(root.key_pem);
  const CertificatePtr certificate =
      Draft({"Yuanban " + city.text() + " root " + std::string(label), "", "Yuanban " + city.text()}, key.get(),
            now - kBackdate, now + kRootValidity);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(certificate.get(), nullptr, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
  AddExtension(certificate.get(), nullptr, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(certificate.get(), nullptr, NID_subject_key_identifier, "hash");
  AddExtension(certificate.get(), nullptr, NID_authority_key_identifier, "keyid:always");
  Sign(certificate.get(), key.get());
  root.certificate_pem = ToPem(certificate.get());
  return root;
}

Result<Credential> MakeIssuing(const base::CityId& city, const Credential& root, base::UtcTime now) {
  YB_ASSIGN(const CertificatePtr root_certificate, ParseCertificate(root.certificate_pem, "the root certificate"));
  YB_ASSIGN(const KeyPtr root_key, ParseKey(root.key_pem, "the root key"));
  YB_TRY(CheckKeyBelongs(root.key_pem, root.certificate_pem));
  Credential issuing;
  const KeyPtr key = NewKey(issuing.key_pem);
  const CertificatePtr certificate = Draft({"Yuanban " + city.text() + " issuing", "", "Yuanban " + city.text()},
                                           key.get(), now - kBackdate, now + kIssuingValidity);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(root_certificate.get()));
  AddExtension(certificate.get(), root_certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  AddExtension(certificate.get(), root_certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(certificate.get(), root_certificate.get(), NID_subject_key_identifier, "hash");
  AddExtension(certificate.get(), root_certificate.get(), NID_authority_key_identifier, "keyid:always");
  Sign(certificate.get(), root_key.get());
  issuing.certificate_pem = ToPem(certificate.get());
  return issuing;
}

Result<std::string> SignRequest(const Credential& issuing, std::string_view request_pem, const Profile& profile,
                                base::UtcTime now) {
  YB_TRY(CheckProfile(profile));
  YB_TRY(CheckRequest(request_pem));
  YB_ASSIGN(const RequestPtr request, ParseRequest(request_pem, "the request"));
  YB_ASSIGN(const CertificatePtr issuer, ParseCertificate(issuing.certificate_pem, "the issuing certificate"));
  YB_ASSIGN(const KeyPtr key, ParseKey(issuing.key_pem, "the issuing key"));
  YB_ASSIGN(const CertificateInfo issuer_info, InspectCertificate(issuing.certificate_pem));
  if (now >= issuer_info.not_after) {
    return Fail(ErrorCode::kRefused, "the issuing certificate ended at " + base::ToIso(issuer_info.not_after),
                "make a new issuing authority");
  }

  const bool is_server = profile.role == Role::kBroker || profile.role == Role::kWeb;
  const base::UtcTime until = std::min(now + (is_server ? kServerValidity : kClientValidity), issuer_info.not_after);
  const CertificatePtr certificate = Draft({profile.common_name, UnitOf(profile.role), issuer_info.organization},
                                           X509_REQ_get0_pubkey(request.get()), now - kBackdate, until);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  AddExtension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  AddExtension(certificate.get(), issuer.get(), NID_ext_key_usage, is_server ? "serverAuth" : "clientAuth");
  AddExtension(certificate.get(), issuer.get(), NID_subject_key_identifier, "hash");
  AddExtension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid:always");
  if (!profile.names.empty()) YB_TRY(AddNames(certificate.get(), profile.names));
  Sign(certificate.get(), key.get());
  return ToPem(certificate.get());
}

Result<std::string> MakeRevocationList(const Credential& issuing, const std::vector<RevokedCertificate>& revoked,
                                       base::UtcTime now) {
  YB_ASSIGN(const CertificatePtr issuer, ParseCertificate(issuing.certificate_pem, "the issuing certificate"));
  YB_ASSIGN(const KeyPtr key, ParseKey(issuing.key_pem, "the issuing key"));
  const CrlPtr crl(X509_CRL_new());
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.get()));
  ASN1_TIME* time = ASN1_TIME_set(nullptr, Seconds(now - kBackdate));
  X509_CRL_set1_lastUpdate(crl.get(), time);
  X509_CRL_set1_nextUpdate(crl.get(), X509_get0_notAfter(issuer.get()));
  for (const RevokedCertificate& one : revoked) {
    BIGNUM* number = nullptr;
    if (BN_hex2bn(&number, one.serial.c_str()) == 0) {
      ASN1_TIME_free(time);
      return Fail(ErrorCode::kInvalidArgument, "'" + one.serial + "' is no serial number");
    }
    X509_REVOKED* entry = X509_REVOKED_new();
    ASN1_INTEGER* serial = BN_to_ASN1_INTEGER(number, nullptr);
    X509_REVOKED_set_serialNumber(entry, serial);
    ASN1_TIME_set(time, Seconds(one.revoked_at));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(crl.get(), entry);
    ASN1_INTEGER_free(serial);
    BN_free(number);
  }
  ASN1_TIME_free(time);
  X509_CRL_sort(crl.get());

  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer.get(), nullptr, nullptr, crl.get(), 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always");
  X509_CRL_add_ext(crl.get(), extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_INTEGER* number = ASN1_INTEGER_new();
  ASN1_INTEGER_set_int64(number, now.micros);  // grows with each list
  X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number, 0, X509V3_ADD_DEFAULT);
  ASN1_INTEGER_free(number);
  YB_CHECK(X509_CRL_sign(crl.get(), key.get(), EVP_sha256()) > 0, "a key on P-256 signs");
  return ToPem(crl.get());
}

Credential MakeSelfSignedWeb(base::UtcTime now) {
  Credential web;
  const KeyPtr key = NewKey(web.key_pem);
  const CertificatePtr certificate =
      Draft({"Yuanban box", "web", ""}, key.get(), now - kBackdate, now + kServerValidity);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(certificate.get(), nullptr, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate.get(), nullptr, NID_key_usage, "critical,digitalSignature");
  AddExtension(certificate.get(), nullptr, NID_ext_key_usage, "serverAuth");
  AddExtension(certificate.get(), nullptr, NID_subject_key_identifier, "hash");
  YB_CHECK(AddNames(certificate.get(), {"localhost", "127.0.0.1"}), "our own names are well formed");
  Sign(certificate.get(), key.get());
  web.certificate_pem = ToPem(certificate.get());
  return web;
}

}  // namespace yb::security
