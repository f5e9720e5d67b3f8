// EdgeApp: the composition root of yuanban-edge. The only place where its parts are made and joined.
#pragma once

#include <memory>

#include "core/http/router.hpp"
#include "edge/edge_config.hpp"

namespace yb::api {
struct BoxFacts;
}

namespace yb::security {
struct BoxIdentity;
}

namespace yb::edge {

class Uplink;
struct UplinkView;

class EdgeApp {
 public:
  /// Everything runs when it returns, with or without meters that answer, a broker or central.
  [[nodiscard]] static base::Result<std::unique_ptr<EdgeApp>> Start(const EdgeConfig& config);
  ~EdgeApp();

  /// What the web server asks; every route with who may call it.
  [[nodiscard]] const http::Router& router() const;

  /// Reads field.toml and the meter profiles again, see FieldSetup::Reload. Any thread.
  [[nodiscard]] base::Status ReloadField();

 private:
  struct Parts;
  [[nodiscard]] static base::Status StartIdentity(const EdgeConfig& config, Parts& parts);
  [[nodiscard]] static base::Result<std::unique_ptr<Uplink>> StartUplink(const EdgeConfig& config,
                                                                         const security::BoxIdentity& identity,
                                                                         Parts& parts);
  [[nodiscard]] static api::BoxFacts Facts(const Parts& parts);
  [[nodiscard]] static UplinkView ShowUplink(const Parts& parts);
  static void AddOwnRoutes(const EdgeConfig& config, Parts& p);
  static void StartFallingBack(Parts& parts);
  [[nodiscard]] static base::Status OpenStore(const EdgeConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenLedger(const EdgeConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenStation(const EdgeConfig& config, Parts& parts);
  [[nodiscard]] static base::Status OpenDocuments(const EdgeConfig& config, Parts& parts);
  [[nodiscard]] static base::Error Refused(const EdgeConfig& config, Parts& parts, base::Error error);
  [[nodiscard]] static base::Status TellDowntime(Parts& parts);
  [[nodiscard]] static base::Status StartKeeper(Parts& parts);
  [[nodiscard]] static base::Status StartWatch(const EdgeConfig& config, Parts& parts);
  explicit EdgeApp(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace yb::edge
