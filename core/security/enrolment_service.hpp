// EnrolmentService: central's side of a box joining (接入). Checks the one-time code and signs the box's key.
// Used from the HTTP server's threads; safe from any thread. Pki and store outlive it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/guarded.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/security/attempt_limiter.hpp"
#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"

namespace yb::security {

/// What a box gets; the fields are those of `Enrolled` in core/contract/http-api.yaml.
struct Enrolled {
  base::SiteId site;
  base::CityId city;
  std::string name;
  std::string certificate_pem;
  std::string chain_pem;
  std::string roots_pem;
  std::string broker;
};

class EnrolmentService {
 public:
  /// `broker` is where boxes find the broker: "mqtts://broker.example:8883".
  EnrolmentService(const CityPki& pki, EnrolmentStore& store, std::string broker);

  /// Returns once the certificate is durably recorded. A box that lost the answer asks again with the same code and
  /// key and gets the same certificate.
  /// kInvalidArgument: the text is no code, or the request is broken. kRefused: unknown, used or expired code.
  /// kUnavailable: ten failures from this address within ten minutes; it has to wait.
  [[nodiscard]] base::Result<Enrolled> Enrol(std::string_view code, std::string_view csr_pem, const std::string& remote,
                                             base::UtcTime now);

 private:
  [[nodiscard]] base::Result<Enrolled> EnrolUnlimited(std::string_view code, std::string_view csr_pem,
                                                      base::UtcTime now);

  const CityPki& pki_;
  EnrolmentStore& store_;
  std::string broker_;
  base::Guarded<AttemptLimiter> limiter_;
};

}  // namespace yb::security
