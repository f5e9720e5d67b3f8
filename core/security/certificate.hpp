// Keys, certificates and signing requests as PEM text, so that no caller meets OpenSSL. Pure functions but for the
// random numbers in keys; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::security {

struct CertificateInfo {
  std::string common_name;
  std::string organizational_unit;
  std::string organization;
  std::string issuer_name;  // common name of the issuer
  std::string serial;       // upper-case hex
  base::UtcTime not_before;
  base::UtcTime not_after;
  base::Digest fingerprint{};  // SHA-256 of the certificate (DER)
  base::Digest key_digest{};   // SHA-256 of its public key (SubjectPublicKeyInfo, DER)
  bool is_authority = false;
  std::vector<std::string> names;  // DNS names and addresses it is valid for
};

/// A new EC key on P-256, PKCS #8.
[[nodiscard]] std::string MakeKey();

/// Of the first certificate in the text. kInvalidArgument when there is none.
[[nodiscard]] base::Result<CertificateInfo> InspectCertificate(std::string_view pem);

/// Each certificate of a bundle by itself, in its order. kInvalidArgument when there is none.
[[nodiscard]] base::Result<std::vector<std::string>> SplitCertificates(std::string_view pem);

/// kInvalidArgument when the key is not that of the (first) certificate.
[[nodiscard]] base::Status CheckKeyBelongs(std::string_view key_pem, std::string_view certificate_pem);

/// A signing request (PKCS #10) for the key. The names in it are a wish only; whoever signs decides.
[[nodiscard]] base::Result<std::string> MakeRequest(std::string_view key_pem, std::string_view common_name);

/// The digest of the public key a request asks for. kInvalidArgument when the request is broken or not signed by its
/// own key, or when the key is not EC on P-256.
[[nodiscard]] base::Result<base::Digest> CheckRequest(std::string_view request_pem);

enum class Purpose : std::uint8_t { kClient, kServer };

/// Does a chain lead from the first certificate of `chain_pem` over the others to one of `roots_pem`, valid `at` that
/// instant for the purpose? For a server `host`, a DNS name or an IP address, must be among its names; empty asks for
/// none. kRefused says what is wrong.
[[nodiscard]] base::Status VerifyChain(std::string_view chain_pem, std::string_view roots_pem, Purpose purpose,
                                       base::UtcTime at, const std::string& host = {});

}  // namespace yb::security
