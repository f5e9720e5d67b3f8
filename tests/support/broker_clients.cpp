#include "tests/support/broker_clients.hpp"

#include <gtest/gtest.h>

#include "core/base/write_file.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/enrolment_service.hpp"

namespace yb::test {

MosquittoOptions BrokerClients::Box(const std::string& site) const {
  const auto pki = security::CityPki::Open(pki_).value();
  const auto store = security::EnrolmentStore::Open(pki.File("enrolment.db")).value();
  security::EnrolmentService service(pki, *store, "mqtts://localhost");
  const auto code = security::MakeEnrolmentCode(pki.root_fingerprint());
  const base::UtcTime now = clock_.Now();
  EXPECT_TRUE(store->Invite(
      {base::SiteId::Parse(site).value(), site, code.SecretHash(), now, now + std::chrono::hours(1), {}}));
  const std::string key = security::MakeKey();
  const auto enrolled = service.Enrol(code.ToString(), security::MakeRequest(key, "box").value(), "test", now).value();
  MosquittoOptions options = WithoutCertificate();
  options.client_id = site;
  options.certificate = folder_ / (site + ".pem");
  options.key = folder_ / (site + ".key");
  EXPECT_TRUE(base::WriteFile(options.certificate, enrolled.certificate_pem + enrolled.chain_pem));
  EXPECT_TRUE(base::WriteFile(options.key, key, base::FileAccess::kOwnerOnly));
  return options;
}

MosquittoOptions BrokerClients::Central() const {
  MosquittoOptions options = WithoutCertificate();
  options.client_id = "central";
  options.certificate = pki_ / "central.pem";
  options.key = pki_ / "central.key";
  return options;
}

MosquittoOptions BrokerClients::WithoutCertificate() const {
  MosquittoOptions options;
  options.client_id = "nobody";
  options.port = port_;
  options.roots = pki_ / "roots.pem";
  return options;
}

}  // namespace yb::test
