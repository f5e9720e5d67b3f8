// BrokerClients: certificates of a city for a test's own MQTT clients, made as `yuanbanctl` and joining make them.
// One thread.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/time.hpp"
#include "tests/support/mosquitto_client.hpp"

namespace yb::test {

class BrokerClients {
 public:
  /// `pki` was made by `yuanbanctl pki init`; files of clients go to `folder`.
  BrokerClients(std::filesystem::path pki, std::filesystem::path folder, int port)
      : pki_(std::move(pki)), folder_(std::move(folder)), port_(port) {}

  /// A box that joins now; a test failure where it cannot.
  [[nodiscard]] MosquittoOptions Box(const std::string& site) const;
  [[nodiscard]] MosquittoOptions Central() const;
  [[nodiscard]] MosquittoOptions WithoutCertificate() const;

 private:
  const std::filesystem::path pki_;
  const std::filesystem::path folder_;
  const int port_;
  base::SystemClock clock_;
};

}  // namespace yb::test
