// CityPki: the folder in which a city keeps its certificate authorities and the certificates of central and the broker.
//
//   city.toml                       the city and the names its servers are reached at
//   root.key root.pem               the present root; the key may be taken away once the folder is made
//   root-next.key root-next.pem     the root that follows; boxes trust both from the first day
//   issuing.key issuing.pem         signs everything else
//   roots.pem                       both roots: what boxes, central and the broker trust
//   crl.pem                         revoked certificates, for the broker
//   central.key central.pem         central's client certificate with its chain
//   broker.key broker.pem           the broker's server certificate with its chain
//   web.pem                         central's pages: certificate, chain, root and key in one file
//   enrolment.db                    see EnrolmentStore
//
// Keys are 0600; every file is replaced in one step and synced. A value that holds what was read; safe to share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/security/certificate_authority.hpp"

namespace yb::security {

class EnrolmentStore;

class CityPki {
 public:
  /// Makes the folder with both roots, the issuing authority, an empty list of revoked certificates and the
  /// certificates of central, broker and web, valid for `server_names` (DNS names and addresses).
  /// kAlreadyExists when there is a PKI in the folder already.
  [[nodiscard]] static base::Result<CityPki> Create(const std::filesystem::path& folder, const base::CityId& city,
                                                    const std::vector<std::string>& server_names, base::UtcTime now);

  /// kNotFound, with a hint, for a folder that holds no PKI. Root keys need not be there.
  [[nodiscard]] static base::Result<CityPki> Open(const std::filesystem::path& folder);

  /// New keys and certificates for central, broker and web, recorded in the store. They lie in the folder when this
  /// returns; central takes up web.pem by itself, broker and central's own connection need a reload.
  [[nodiscard]] base::Status RenewServices(EnrolmentStore& store, base::UtcTime now) const;

  /// Writes crl.pem from what the store has marked as revoked.
  [[nodiscard]] base::Status WriteRevocationList(const EnrolmentStore& store, base::UtcTime now) const;

  [[nodiscard]] std::filesystem::path File(std::string_view name) const { return folder_ / name; }
  [[nodiscard]] const base::CityId& city() const { return city_; }
  [[nodiscard]] const Credential& issuing() const { return issuing_; }
  [[nodiscard]] const std::string& chain_pem() const { return issuing_.certificate_pem; }
  [[nodiscard]] const std::string& roots_pem() const { return roots_pem_; }
  /// Of the present root: what goes into enrolment codes.
  [[nodiscard]] const base::Digest& root_fingerprint() const { return root_fingerprint_; }
  [[nodiscard]] const std::vector<std::string>& server_names() const { return server_names_; }

 private:
  CityPki() = default;
  [[nodiscard]] base::Result<std::string> IssueService(const Profile& profile, const std::string& key_pem,
                                                       base::UtcTime now) const;

  std::filesystem::path folder_;
  base::CityId city_;
  Credential issuing_;
  std::string root_pem_;
  std::string roots_pem_;
  base::Digest root_fingerprint_{};
  std::vector<std::string> server_names_;
};

}  // namespace yb::security
