// Ends the session that a client of the broker has open (core/contract/mqtt-topics.md: its name is its client id), by
// taking the session over with a certificate of the same name and closing it.
#pragma once

#include <filesystem>
#include <string>

#include "core/security/city_pki.hpp"

namespace yb::ctl {

struct BrokerAccess {
  const security::CityPki& pki;
  std::string address;           // mqtts://host:port
  std::filesystem::path folder;  // that `broker config` made
};

/// First has the broker read its list of revoked certificates again, so that the client cannot come back. kNotFound
/// where no broker runs with this folder, kTimeout where it does not answer.
[[nodiscard]] base::Status CutSession(const BrokerAccess& broker, const std::string& name, base::UtcTime now);

}  // namespace yb::ctl
