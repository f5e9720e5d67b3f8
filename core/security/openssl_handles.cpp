#include "core/security/openssl_handles.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

BioPtr Reading(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

tl::unexpected<base::Error> NotThat(std::string_view what, std::string_view kind) {
  ERR_clear_error();
  return Fail(ErrorCode::kInvalidArgument, std::string(what) + " is no PEM " + std::string(kind));
}

/// An encrypted key is refused; OpenSSL would ask for its password on the terminal.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*argument*/) {
  return -1;
}

template <class Write>
std::string Written(Write write) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  YB_CHECK(bio && write(bio.get()) == 1, "OpenSSL writes PEM to memory");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

void OpenSslFree::operator()(X509_crl_st* object) const {
  X509_CRL_free(object);
}
void OpenSslFree::operator()(X509_req_st* object) const {
  X509_REQ_free(object);
}
void OpenSslFree::operator()(bio_st* object) const {
  BIO_free_all(object);
}
void OpenSslFree::operator()(evp_pkey_st* object) const {
  EVP_PKEY_free(object);
}
void OpenSslFree::operator()(ssl_ctx_st* object) const {
  SSL_CTX_free(object);
}
void OpenSslFree::operator()(ssl_st* object) const {
  SSL_free(object);
}
void OpenSslFree::operator()(x509_st* object) const {
  X509_free(object);
}
void OpenSslFree::operator()(x509_store_ctx_st* object) const {
  X509_STORE_CTX_free(object);
}
void OpenSslFree::operator()(x509_store_st* object) const {
  X509_STORE_free(object);
}

Result<CertificatePtr> ParseCertificate(std::string_view pem, std::string_view what) {
  const BioPtr bio = Reading(pem);
  CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, &NoPassword, nullptr));
  if (!certificate) return NotThat(what, "certificate");
  return certificate;
}

Result<KeyPtr> ParseKey(std::string_view pem, std::string_view what) {
  const BioPtr bio = Reading(pem);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassword, nullptr));
  if (!key) return NotThat(what, "private key");
  return key;
}

Result<RequestPtr> ParseRequest(std::string_view pem, std::string_view what) {
  const BioPtr bio = Reading(pem);
  RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, &NoPassword, nullptr));
  if (!request) return NotThat(what, "certificate signing request");
  return request;
}

Result<std::vector<CertificatePtr>> ParseCertificates(std::string_view pem, std::string_view what) {
  const BioPtr bio = Reading(pem);
  std::vector<CertificatePtr> certificates;
  while (CertificatePtr certificate{PEM_read_bio_X509(bio.get(), nullptr, &NoPassword, nullptr)}) {
    certificates.push_back(std::move(certificate));
  }
  if (certificates.empty()) return NotThat(what, "certificate");
  ERR_clear_error();
  return certificates;
}

std::string ToPem(x509_st* certificate) {
  return Written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}
std::string ToPem(X509_crl_st* crl) {
  return Written([&](BIO* bio) { return PEM_write_bio_X509_CRL(bio, crl); });
}
std::string ToPem(X509_req_st* request) {
  return Written([&](BIO* bio) { return PEM_write_bio_X509_REQ(bio, request); });
}
std::string ToPem(evp_pkey_st* key) {
  return Written(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string OpenSslReason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason != nullptr ? reason : "no reason given";
  ERR_clear_error();
  return text;
}

}  // namespace yb::security
