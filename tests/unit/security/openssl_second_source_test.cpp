// What our certificates look like to somebody else's reading: the openssl program.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "core/security/city_pki.hpp"
#include "core/security/enrolment_store.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::security {
namespace {

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome OpenSsl(const std::string& arguments) {
  Outcome outcome;
  std::FILE* pipe = ::popen(("openssl " + arguments + " 2>&1").c_str(), "r");
  std::array<char, 4096> chunk{};
  while (std::fgets(chunk.data(), chunk.size(), pipe) != nullptr) outcome.output += chunk.data();
  outcome.status = ::pclose(pipe);
  return outcome;
}

class OpenSslSecondSource : public ::testing::Test {
 protected:
  void SetUp() override {
    if (OpenSsl("version").status != 0) GTEST_SKIP() << "the openssl program is not installed";
    const auto pki = CityPki::Create(folder_.path() / "pki", base::CityId::Parse("150200").value(),
                                     {"localhost", "127.0.0.1"}, base::SystemClock().Now());
    ASSERT_TRUE(pki) << pki.error().Describe();
  }
  [[nodiscard]] std::string File(const std::string& name) const { return (folder_.path() / "pki" / name).string(); }
  [[nodiscard]] std::string Text(const std::string& name) const {
    return OpenSsl("x509 -noout -text -in " + File(name)).output;
  }

  test::TempFolder folder_;
};

void ExpectIn(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
}

TEST_F(OpenSslSecondSource, VerifiesEachChainForItsPurpose) {
  const std::string verify = "verify -x509_strict -CAfile " + File("roots.pem") + " -untrusted " + File("issuing.pem");
  for (const char* good :
       {"-purpose sslserver -verify_ip 127.0.0.1 ", "-purpose sslserver -verify_hostname localhost "}) {
    EXPECT_EQ(OpenSsl(verify + " " + good + File("broker.pem")).status, 0) << good;
    EXPECT_EQ(OpenSsl(verify + " " + good + File("web.pem")).status, 0) << good;
  }
  EXPECT_EQ(OpenSsl(verify + " -purpose sslclient " + File("central.pem")).status, 0);
  EXPECT_NE(OpenSsl(verify + " -purpose sslserver " + File("central.pem")).status, 0);
  EXPECT_NE(OpenSsl(verify + " -purpose sslclient " + File("broker.pem")).status, 0);
  EXPECT_NE(OpenSsl(verify + " -purpose sslserver -verify_hostname other " + File("broker.pem")).status, 0);
}

TEST_F(OpenSslSecondSource, ReadsTheExtensionsOfAuthorities) {
  ExpectIn(Text("root.pem"),
           {"Version: 3", "CA:TRUE, pathlen:1", "X509v3 Basic Constraints: critical", "X509v3 Key Usage: critical",
            "Certificate Sign, CRL Sign", "X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier",
            "Issuer: O = Yuanban 150200, CN = Yuanban 150200 root A", "prime256v1"});
  ExpectIn(Text("root-next.pem"), {"Subject: O = Yuanban 150200, CN = Yuanban 150200 root B"});
  ExpectIn(Text("issuing.pem"), {"CA:TRUE, pathlen:0", "Issuer: O = Yuanban 150200, CN = Yuanban 150200 root A"});
}

TEST_F(OpenSslSecondSource, ReadsTheExtensionsOfThoseTheySigned) {
  ExpectIn(Text("broker.pem"),
           {"CA:FALSE", "Digital Signature", "TLS Web Server Authentication", "DNS:localhost, IP Address:127.0.0.1",
            "Subject: O = Yuanban 150200, OU = broker, CN = broker", "X509v3 Authority Key Identifier"});
  ExpectIn(Text("central.pem"), {"TLS Web Client Authentication", "OU = central, CN = central"});
}

TEST_F(OpenSslSecondSource, ReadsTheListOfRevokedCertificates) {
  const auto pki = CityPki::Open(folder_.path() / "pki").value();
  const auto store = EnrolmentStore::Open(pki.File("enrolment.db")).value();
  const std::string serial = store->Certificates().value().front().serial;  // central's
  const base::UtcTime now = base::SystemClock().Now();
  ASSERT_TRUE(store->RevokeSerial(serial, now));
  ASSERT_TRUE(pki.WriteRevocationList(*store, now));
  const Outcome crl = OpenSsl("crl -noout -text -CAfile " + File("issuing.pem") + " -in " + File("crl.pem"));
  ExpectIn(crl.output, {"verify OK", serial.c_str(), "X509v3 CRL Number", "X509v3 Authority Key Identifier"});
  const std::string verify = "verify -crl_check -CAfile " + File("roots.pem") + " -untrusted " + File("issuing.pem") +
                             " -CRLfile " + File("crl.pem") + " ";
  ExpectIn(OpenSsl(verify + File("central.pem")).output, {"certificate revoked"});
  EXPECT_EQ(OpenSsl(verify + File("broker.pem")).status, 0);
}

TEST_F(OpenSslSecondSource, ReadsTheKeys) {
  EXPECT_EQ(OpenSsl("pkey -check -noout -in " + File("issuing.key")).status, 0);
  EXPECT_EQ(OpenSsl("pkey -check -noout -in " + File("web.pem")).status, 0);
}

}  // namespace
}  // namespace yb::security
