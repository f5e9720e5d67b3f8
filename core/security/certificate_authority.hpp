// The city's certificate authorities (证书机构): what they sign, and for how long.
//
// A root signs the issuing authority and then rests; the issuing authority signs everything else. Validity begins five
// minutes early, for clocks that are behind. Pure functions but for the random serial numbers; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::security {

/// A certificate and the key that belongs to it, both PEM.
struct Credential {
  std::string certificate_pem;
  std::string key_pem;
};

/// Self-signed, 20 years. `label` tells the present root from the next ("A", "B").
[[nodiscard]] Credential MakeRoot(const base::CityId& city, std::string_view label, base::UtcTime now);

/// Signed by the root, 10 years; signs no further authorities.
[[nodiscard]] base::Result<Credential> MakeIssuing(const base::CityId& city, const Credential& root, base::UtcTime now);

enum class Role : std::uint8_t {
  kSite,     // a box: client, CN = the site id, which is its MQTT user
  kCentral,  // central: client, CN = "central"
  kBroker,   // the broker: server
  kWeb,      // pages and API: server
};

struct Profile {
  Role role = Role::kSite;
  std::string common_name;
  std::vector<std::string> names;  // DNS names and IP addresses of a server; at least one there
};

inline constexpr base::Duration kClientValidity = std::chrono::hours(24 * 730);
inline constexpr base::Duration kServerValidity = std::chrono::hours(24 * 397);
inline constexpr base::Duration kBackdate = std::chrono::minutes(5);

/// Does a certificate of the role with this name speak for something else than a site? Such names are no site ids.
[[nodiscard]] bool IsReservedName(std::string_view common_name);

/// Signs the public key of the request with the names of the profile; nothing else of the request is taken over.
/// kInvalidArgument for a broken request, a name that is neither DNS name nor address, or a common name that does not
/// suit the role. The end of validity never goes past that of the issuer.
[[nodiscard]] base::Result<std::string> SignRequest(const Credential& issuing, std::string_view request_pem,
                                                    const Profile& profile, base::UtcTime now);

struct RevokedCertificate {
  std::string serial;  // hex
  base::UtcTime revoked_at;
};

/// The list of revoked certificates (CRL). It names no early next update: whoever checks gets it from us as a file, and
/// an old one must not lock all boxes out, so it runs as long as the issuing certificate.
[[nodiscard]] base::Result<std::string> MakeRevocationList(const Credential& issuing,
                                                           const std::vector<RevokedCertificate>& revoked,
                                                           base::UtcTime now);

/// A web certificate by itself for a box that has joined no city yet: valid for localhost and 127.0.0.1, one year.
[[nodiscard]] Credential MakeSelfSignedWeb(base::UtcTime now);

}  // namespace yb::security
