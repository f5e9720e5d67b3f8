// CentralApp: the composition root of yuanban-central. The only place where its parts are made and joined.
#pragma once

#include <memory>

#include "central/central_config.hpp"
#include "core/http/router.hpp"

namespace yb::central {

class CentralApp {
 public:
  /// Everything runs when it returns; a broker that cannot be reached is tried again and again.
  [[nodiscard]] static base::Result<std::unique_ptr<CentralApp>> Start(const CentralConfig& config);
  ~CentralApp();

  /// What the web server asks; every route with who may call it.
  [[nodiscard]] const http::Router& router() const;

 private:
  struct Parts;
  [[nodiscard]] static base::Status StartIdentity(const CentralConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenLedger(const CentralConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenCases(const CentralConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenDocuments(const CentralConfig& config, Parts& parts);
  [[nodiscard]] static base::Status StartIngest(const CentralConfig& config, Parts& parts);
  explicit CentralApp(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace yb::central
