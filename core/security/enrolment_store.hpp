// EnrolmentStore: which boxes were invited and which certificates were issued, in one SQLite file of the PKI folder.
//
// `yuanbanctl` adds codes and revokes while central redeems them; the file's locks keep the two processes apart. What a
// method has reported done is synced. Of a code only a hash is kept. Safe from any thread; calls block on the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::security {

struct Invitation {
  base::SiteId site;
  std::string name;  // of the site, as people write it: 绿业园区
  base::Digest secret_hash{};
  base::UtcTime issued_at;
  base::UtcTime expires_at;
  std::optional<base::UtcTime> used_at;  // set by Redeem only
};

struct IssuedCertificate {
  std::string serial;  // upper-case hex
  std::string role;    // "site", "central", "broker", "web"
  std::string common_name;
  std::string certificate_pem;
  base::Digest key_digest{};
  base::UtcTime issued_at;
  base::UtcTime not_after;
  std::optional<base::UtcTime> revoked_at;
};

struct Redeemed {
  base::SiteId site;
  std::string name;
  std::string certificate_pem;
};

class EnrolmentStore {
 public:
  /// Makes the file (0600) where there is none. kUnsupported for a file of a newer version.
  [[nodiscard]] static base::Result<std::unique_ptr<EnrolmentStore>> Open(const std::filesystem::path& file);
  ~EnrolmentStore();

  /// kAlreadyExists while the site has a certificate that is valid at the time of the invitation: revoke it first, so
  /// that there are never two boxes for one site. kInvalidArgument for a site that is called like central or the
  /// broker.
  [[nodiscard]] base::Status Invite(const Invitation& invitation);

  /// Uses up the code, signs and records the certificate, all or nothing; two callers never both succeed with one code.
  /// A second call with the same code and key before its expiry gives the same certificate again, for a box that lost
  /// the answer. `sign` gives the certificate (PEM) for the site.
  /// kRefused: unknown, expired or used code.
  using SignForSite = std::function<base::Result<std::string>(const base::SiteId& site)>;
  [[nodiscard]] base::Result<Redeemed> Redeem(const base::Digest& secret_hash, const base::Digest& key_digest,
                                              base::UtcTime now, const SignForSite& sign);

  /// For certificates that need no code: central's, the broker's.
  [[nodiscard]] base::Status RecordIssued(std::string_view role, std::string_view certificate_pem, base::UtcTime now);

  /// Marks every certificate of the site and uses up its open codes. Tells how many certificates it marked; kNotFound
  /// when the site has neither.
  [[nodiscard]] base::Result<std::size_t> RevokeSite(const base::SiteId& site, base::UtcTime now);
  /// Marks one certificate; kNotFound for an unknown serial.
  [[nodiscard]] base::Status RevokeSerial(const std::string& serial, base::UtcTime now);

  /// In the order of issue.
  [[nodiscard]] base::Result<std::vector<IssuedCertificate>> Certificates() const;
  [[nodiscard]] base::Result<std::vector<Invitation>> Invitations() const;

 private:
  struct State;
  explicit EnrolmentStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace yb::security
