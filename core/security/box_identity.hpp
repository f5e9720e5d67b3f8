// BoxIdentity: what a box holds once it has joined a city (接入), in its folder:
//
//   site.key        its private key (0600), made on the box; it never leaves it
//   site.pem        its certificate and the issuing authority's
//   roots.pem       the roots it trusts, the present one and the next
//   enrolment.toml  site, city, name, broker; written last, so that its presence means that the rest is complete
#pragma once

#include <filesystem>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::security {

struct BoxIdentity {
  base::SiteId site;
  base::CityId city;
  std::string name;    // 绿业园区
  std::string broker;  // mqtts://broker.example:8883
  base::UtcTime certificate_ends;
  std::filesystem::path key_file;
  std::filesystem::path certificate_file;
  std::filesystem::path roots_file;
};

/// kNotFound for a box that has not joined. kCorrupt when the files do not belong together.
[[nodiscard]] base::Result<BoxIdentity> LoadBoxIdentity(const std::filesystem::path& folder);

/// Joins: makes the key, checks by the code that `central` ("https://central.example:8443") is the right one, and only
/// then sends it code and signing request. A second call after a lost answer goes on with the same key, and central
/// gives the same certificate. kAlreadyExists for a box that has joined; else the errors of PostJson, and what central
/// answered.
[[nodiscard]] base::Result<BoxIdentity> JoinCity(const std::string& central, const std::string& code,
                                                 const std::filesystem::path& folder, base::UtcTime now);

/// The file to give to the HTTP server of a box: a self-signed certificate with its key (0600), made when it is missing
/// or ends within 30 days.
[[nodiscard]] base::Result<std::filesystem::path> EnsureSelfSignedWeb(const std::filesystem::path& folder,
                                                                      base::UtcTime now);

}  // namespace yb::security
