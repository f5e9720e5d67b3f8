#include "core/security/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "core/security/openssl_handles.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

std::string NameEntry(const X509_NAME* name, int field) {
  const int at = X509_NAME_get_index_by_NID(name, field, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (length < 0) return {};
  std::string entry(reinterpret_cast<char*>(text), static_cast<std::size_t>(length));
  OPENSSL_free(text);
  return entry;
}

base::UtcTime ToUtc(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return {static_cast<std::int64_t>(::timegm(&parts)) * 1'000'000};
}

template <class T>
base::Digest DigestOfDer(T* object, int (*encode)(T*, unsigned char**)) {
  unsigned char* der = nullptr;
  const int length = encode(object, &der);
  YB_CHECK(length > 0, "OpenSSL encodes what it has parsed");
  const base::Digest digest = base::Sha256({der, static_cast<std::size_t>(length)});
  OPENSSL_free(der);
  return digest;
}

base::Digest KeyDigest(EVP_PKEY* key) {
  return DigestOfDer<const EVP_PKEY>(key, [](const EVP_PKEY* k, unsigned char** out) { return i2d_PUBKEY(k, out); });
}

std::vector<std::string> AlternativeNames(X509* certificate) {
  std::vector<std::string> names;
  auto* list = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
    if (name->type == GEN_DNS) {
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      char text[INET6_ADDRSTRLEN] = "";
      const int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
      ::inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), text, sizeof text);
      names.emplace_back(text);
    }
  }
  GENERAL_NAMES_free(list);
  return names;
}

std::string SerialOf(const X509* certificate) {
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  char* hex = BN_bn2hex(number);
  std::string serial = hex != nullptr ? hex : "";
  OPENSSL_free(hex);
  BN_free(number);
  return serial;
}

bool IsOnP256(const EVP_PKEY* key) {
  char group[32] = "";
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
         std::string_view(group) == SN_X9_62_prime256v1;
}

bool IsAddress(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

}  // namespace

std::string MakeKey() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  YB_CHECK(key, "every OpenSSL build makes keys on P-256");
  return ToPem(key.get());
}

Result<CertificateInfo> InspectCertificate(std::string_view pem) {
  YB_ASSIGN(const CertificatePtr certificate, ParseCertificate(pem, "the text"));
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  CertificateInfo info;
  info.common_name = NameEntry(subject, NID_commonName);
  info.organizational_unit = NameEntry(subject, NID_organizationalUnitName);
  info.organization = NameEntry(subject, NID_organizationName);
  info.issuer_name = NameEntry(X509_get_issuer_name(certificate.get()), NID_commonName);
  info.serial = SerialOf(certificate.get());
  info.not_before = ToUtc(X509_get0_notBefore(certificate.get()));
  info.not_after = ToUtc(X509_get0_notAfter(certificate.get()));
  info.fingerprint = DigestOfDer<const X509>(certificate.get(), &i2d_X509);
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) return Fail(ErrorCode::kInvalidArgument, "the certificate's public key is of an unknown kind");
  info.key_digest = KeyDigest(key);
  info.is_authority = X509_check_ca(certificate.get()) == 1;
  info.names = AlternativeNames(certificate.get());
  return info;
}

Result<std::vector<std::string>> SplitCertificates(std::string_view pem) {
  YB_ASSIGN(const auto certificates, ParseCertificates(pem, "the bundle"));
  std::vector<std::string> each;
  for (const CertificatePtr& certificate : certificates) each.push_back(ToPem(certificate.get()));
  return each;
}

Status CheckKeyBelongs(std::string_view key_pem, std::string_view certificate_pem) {
  YB_ASSIGN(const KeyPtr key, ParseKey(key_pem, "the key"));
  YB_ASSIGN(const CertificatePtr certificate, ParseCertificate(certificate_pem, "the certificate"));
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return {};
  static_cast<void>(OpenSslReason());
  return Fail(ErrorCode::kInvalidArgument, "the private key belongs to another certificate");
}

Result<std::string> MakeRequest(std::string_view key_pem, std::string_view common_name) {
  YB_ASSIGN(const KeyPtr key, ParseKey(key_pem, "the key"));
  const RequestPtr request(X509_REQ_new());
  const bool made = request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, MBSTRING_UTF8,
                                               reinterpret_cast<const unsigned char*>(common_name.data()),
                                               static_cast<int>(common_name.size()), -1, 0) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                    X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0;
  if (!made) return Fail(ErrorCode::kInvalidArgument, "the signing request cannot be made: " + OpenSslReason());
  return ToPem(request.get());
}

Result<base::Digest> CheckRequest(std::string_view request_pem) {
  YB_ASSIGN(const RequestPtr request, ParseRequest(request_pem, "the request"));
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || !IsOnP256(key)) {
    return Fail(ErrorCode::kInvalidArgument, "the key of the signing request is not EC on P-256");
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    static_cast<void>(OpenSslReason());
    return Fail(ErrorCode::kInvalidArgument, "the signing request is not signed by its own key");
  }
  return KeyDigest(key);
}

Status VerifyChain(std::string_view chain_pem, std::string_view roots_pem, Purpose purpose, base::UtcTime at,
                   const std::string& host) {
  YB_ASSIGN(const auto chain, ParseCertificates(chain_pem, "the chain"));
  YB_ASSIGN(const auto roots, ParseCertificates(roots_pem, "the trust bundle"));
  const OpenSslPtr<x509_store_st> store(X509_STORE_new());
  for (const CertificatePtr& root : roots) X509_STORE_add_cert(store.get(), root.get());
  STACK_OF(X509)* others = sk_X509_new_null();
  for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(others, chain[i].get());

  const OpenSslPtr<x509_store_ctx_st> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others);
  X509_STORE_CTX_set_purpose(context.get(),
                             purpose == Purpose::kServer ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(at.micros / 1'000'000));
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  if (IsAddress(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
  } else if (!host.empty()) {
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  }
  const bool good = X509_verify_cert(context.get()) == 1;
  const int problem = X509_STORE_CTX_get_error(context.get());
  sk_X509_free(others);
  static_cast<void>(OpenSslReason());
  if (good) return {};
  const bool about_time = problem == X509_V_ERR_CERT_NOT_YET_VALID || problem == X509_V_ERR_CERT_HAS_EXPIRED;
  return Fail(ErrorCode::kRefused,
              std::string("the certificate is not accepted: ") + X509_verify_cert_error_string(problem),
              about_time ? "the clock here says " + base::ToIso(at) + "; if that is wrong, set it" : "");
}

}  // namespace yb::security
