// Owners for OpenSSL's objects, without OpenSSL's headers. For the sources of this module only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

struct X509_crl_st;
struct X509_req_st;
struct bio_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;
struct x509_store_ctx_st;
struct x509_store_st;

namespace yb::security {

struct OpenSslFree {
  void operator()(X509_crl_st* object) const;
  void operator()(X509_req_st* object) const;
  void operator()(bio_st* object) const;
  void operator()(evp_pkey_st* object) const;
  void operator()(ssl_ctx_st* object) const;
  void operator()(ssl_st* object) const;
  void operator()(x509_st* object) const;
  void operator()(x509_store_ctx_st* object) const;
  void operator()(x509_store_st* object) const;
};

template <class T>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree>;
using BioPtr = OpenSslPtr<bio_st>;
using CertificatePtr = OpenSslPtr<x509_st>;
using CrlPtr = OpenSslPtr<X509_crl_st>;
using KeyPtr = OpenSslPtr<evp_pkey_st>;
using RequestPtr = OpenSslPtr<X509_req_st>;

/// kInvalidArgument with `what` ("the issuing key") when the text is not that.
[[nodiscard]] base::Result<CertificatePtr> ParseCertificate(std::string_view pem, std::string_view what);
[[nodiscard]] base::Result<KeyPtr> ParseKey(std::string_view pem, std::string_view what);
[[nodiscard]] base::Result<RequestPtr> ParseRequest(std::string_view pem, std::string_view what);
/// Every certificate in the text, in its order; at least one.
[[nodiscard]] base::Result<std::vector<CertificatePtr>> ParseCertificates(std::string_view pem, std::string_view what);

[[nodiscard]] std::string ToPem(x509_st* certificate);
[[nodiscard]] std::string ToPem(X509_crl_st* crl);
[[nodiscard]] std::string ToPem(X509_req_st* request);
[[nodiscard]] std::string ToPem(evp_pkey_st* key);

/// The reason of OpenSSL's newest error on this thread; clears its queue.
[[nodiscard]] std::string OpenSslReason();

}  // namespace yb::security
