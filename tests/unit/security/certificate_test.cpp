#include "core/security/certificate.hpp"

#include <gtest/gtest.h>

#include "core/security/certificate_authority.hpp"

namespace yb::security {
namespace {

using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;

const base::CityId kBaotou = base::CityId::Parse("150200").value();
const UtcTime kNow = base::FromIso("2026-03-02T06:00:00Z").value();

class CertificateTest : public ::testing::Test {
 protected:
  std::string Issue(const Profile& profile, UtcTime at = kNow) {
    return SignRequest(issuing_, MakeRequest(key_, "wish").value(), profile, at).value();
  }
  std::string Refusal(const Profile& profile) {
    const auto signed_one = SignRequest(issuing_, MakeRequest(key_, "wish").value(), profile, kNow);
    return signed_one ? "" : signed_one.error().Describe();
  }

  Credential root_ = MakeRoot(kBaotou, "A", kNow);
  Credential next_root_ = MakeRoot(kBaotou, "B", kNow);
  Credential issuing_ = MakeIssuing(kBaotou, root_, kNow).value();
  std::string roots_ = root_.certificate_pem + next_root_.certificate_pem;
  std::string key_ = MakeKey();
};

TEST_F(CertificateTest, OfASiteNamesTheSiteAndNothingThatTheRequestWished) {
  const std::string pem = Issue({Role::kSite, "lvye-01", {}});
  const CertificateInfo info = InspectCertificate(pem).value();
  EXPECT_EQ(info.common_name, "lvye-01");
  EXPECT_EQ(info.organizational_unit, "site");
  EXPECT_EQ(info.organization, "Yuanban 150200");
  EXPECT_EQ(info.issuer_name, "Yuanban 150200 issuing");
  EXPECT_EQ(info.not_before, kNow - minutes(5));
  EXPECT_EQ(info.not_after, kNow + kClientValidity);
  EXPECT_FALSE(info.is_authority);
  EXPECT_TRUE(info.names.empty());
  EXPECT_EQ(info.serial.size(), 32U);
  EXPECT_EQ(info.key_digest, CheckRequest(MakeRequest(key_, "x").value()).value());
  EXPECT_TRUE(CheckKeyBelongs(key_, pem));
  EXPECT_FALSE(CheckKeyBelongs(MakeKey(), pem));
}

TEST_F(CertificateTest, OfASiteIsGoodForAClientOnly) {
  const std::string chain = Issue({Role::kSite, "lvye-01", {}}) + issuing_.certificate_pem;
  EXPECT_TRUE(VerifyChain(chain, roots_, Purpose::kClient, kNow));
  EXPECT_FALSE(VerifyChain(chain, roots_, Purpose::kServer, kNow));
  EXPECT_FALSE(VerifyChain(chain, next_root_.certificate_pem, Purpose::kClient, kNow));
  EXPECT_FALSE(VerifyChain(Issue({Role::kSite, "lvye-01", {}}), roots_, Purpose::kClient, kNow)) << "no issuer";
}

TEST_F(CertificateTest, OfAServerIsGoodForItsNamesOnly) {
  const std::string chain =
      Issue({Role::kBroker, "broker", {"broker.example", "127.0.0.1", "::1"}}) + issuing_.certificate_pem;
  EXPECT_EQ(InspectCertificate(chain)->names, (std::vector<std::string>{"broker.example", "127.0.0.1", "::1"}));
  for (const char* host : {"broker.example", "127.0.0.1", "::1", ""}) {
    EXPECT_TRUE(VerifyChain(chain, roots_, Purpose::kServer, kNow, host)) << host;
  }
  for (const char* host : {"example", "x.broker.example", "127.0.0.2"}) {
    const auto refused = VerifyChain(chain, roots_, Purpose::kServer, kNow, host);
    ASSERT_FALSE(refused) << host;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kRefused);
  }
  EXPECT_FALSE(VerifyChain(chain, roots_, Purpose::kClient, kNow));
}

TEST_F(CertificateTest, AcceptsClocksFiveMinutesBehindAndNamesTheClockOtherwise) {
  const std::string chain = Issue({Role::kSite, "lvye-01", {}}) + issuing_.certificate_pem;
  EXPECT_TRUE(VerifyChain(chain, roots_, Purpose::kClient, kNow - minutes(4)));
  const auto early = VerifyChain(chain, roots_, Purpose::kClient, kNow - minutes(6));
  ASSERT_FALSE(early);
  EXPECT_NE(early.error().hint.find("2026-03-02T05:54:00"), std::string::npos);
  EXPECT_TRUE(VerifyChain(chain, roots_, Purpose::kClient, kNow + kClientValidity - hours(1)));
  EXPECT_FALSE(VerifyChain(chain, roots_, Purpose::kClient, kNow + kClientValidity + hours(1)));
}

TEST_F(CertificateTest, OfTheNextRootIsTrustedFromTheFirstDay) {
  const Credential next_issuing = MakeIssuing(kBaotou, next_root_, kNow + hours(24 * 3000)).value();
  const std::string certificate = SignRequest(next_issuing, MakeRequest(key_, "x").value(),
                                              {Role::kBroker, "broker", {"localhost"}}, kNow + hours(24 * 3000))
                                      .value();
  EXPECT_TRUE(VerifyChain(certificate + next_issuing.certificate_pem, roots_, Purpose::kServer, kNow + hours(24 * 3001),
                          "localhost"));
}

TEST_F(CertificateTest, NeverOutlivesItsIssuer) {
  const UtcTime late = kNow + hours(24 * (3650 - 100));
  EXPECT_EQ(InspectCertificate(Issue({Role::kSite, "lvye-01", {}}, late))->not_after,
            InspectCertificate(issuing_.certificate_pem)->not_after);
  const auto after =
      SignRequest(issuing_, MakeRequest(key_, "x").value(), {Role::kSite, "lvye-01", {}}, kNow + hours(24 * 3651));
  ASSERT_FALSE(after);
  EXPECT_NE(after.error().message.find("ended"), std::string::npos);
}

TEST_F(CertificateTest, IsRefusedForNamesThatSpeakForSomethingElse) {
  for (const char* name : {"central", "broker", "web", "+", "#", "lvye/01", "", "LVYE-01"}) {
    EXPECT_NE(Refusal({Role::kSite, name, {}}), "") << name;
  }
  EXPECT_NE(Refusal({Role::kCentral, "lvye-01", {}}), "");
  EXPECT_NE(Refusal({Role::kBroker, "broker", {}}), "");
  for (const char* name : {"", "a b", "a,DNS:evil.example", "*.example", "-a", "a\nb"}) {
    EXPECT_NE(Refusal({Role::kWeb, "web", {name}}), "") << name;
  }
}

TEST_F(CertificateTest, CannotSignFurtherCertificates) {
  const Credential rogue{Issue({Role::kSite, "lvye-01", {}}), key_};
  const std::string signed_by_rogue =
      SignRequest(rogue, MakeRequest(MakeKey(), "x").value(), {Role::kCentral, "central", {}}, kNow).value();
  EXPECT_FALSE(
      VerifyChain(signed_by_rogue + rogue.certificate_pem + issuing_.certificate_pem, roots_, Purpose::kClient, kNow));
  const Credential under_issuing = MakeIssuing(base::CityId::Parse("150100").value(), issuing_, kNow).value();
  const std::string too_deep =
      SignRequest(under_issuing, MakeRequest(MakeKey(), "x").value(), {Role::kCentral, "central", {}}, kNow).value();
  EXPECT_FALSE(
      VerifyChain(too_deep + under_issuing.certificate_pem + issuing_.certificate_pem, roots_, Purpose::kClient, kNow));
}

TEST(SigningRequest, MustBeSignedByItsOwnKey) {
  std::string request = MakeRequest(MakeKey(), "box").value();
  EXPECT_TRUE(CheckRequest(request));
  // The last base64 line holds the signature.
  const std::size_t end = request.find("\n-----END");
  request[end - 8] = request[end - 8] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(CheckRequest(request));
  EXPECT_FALSE(CheckRequest("rubbish"));
  EXPECT_FALSE(CheckRequest(""));
}

TEST(SigningRequest, MustUseTheKindOfKeyThatWeUse) {
  // openssl req -new -newkey rsa:1024 -nodes -subj /CN=box
  static constexpr const char* kRsa = R"(-----BEGIN CERTIFICATE REQUEST-----
MIIBTTCBtwIBADAOMQwwCgYDVQQDDANib3gwgZ8wDQYJKoZIhvcNAQEBBQADgY0A
MIGJAoGBAK7Xu3EIgEdHPfXS7kKfuCXzwhJceDe4FzWHpsBCej9qn6jThg0V7SKQ
Oe2e5rGMMj+sHyxuj5Z8DUGdaRmQ70sO7GUrprsvMm2gbbKhPnD+y9ifyc+9Pv1i
gOXkqyrc1gnx2/tB24OQkGDwHLk5QOmSW4IztaX0oPvl/DepVw3NAgMBAAGgADAN
BgkqhkiG9w0BAQsFAAOBgQAlWwGP8W3KqyrkfUCToEpSg4Ra9wpTzK2o3/TQeQQW
mw40djvGU25SjfPCSxZp7evx561vsMj3KL6iexClQYxuiHVyw8fmeyDKBUTa8Skb
KSWgZd3XMiKw0R6aL9H749BNrBRcQ/QGkKgeXQx20yBxZbj+zAR07Gxly4GtlRyU
jg==
-----END CERTIFICATE REQUEST-----
)";
  // openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -subj /CN=box
  static constexpr const char* kP384 = R"(-----BEGIN CERTIFICATE REQUEST-----
MIIBBzCBjQIBADAOMQwwCgYDVQQDDANib3gwdjAQBgcqhkjOPQIBBgUrgQQAIgNi
AARt1kgQJutBLoPPpgaab1L57vS0QOyQe4a+OEwIzCtSkv/OoWwfKN1hvmTP7RZi
/a3Vrlp5MtNoK349Bg6Zid1x2GoQMDzoY/gtDhcX8xiqX3gYxjyGzxTZohboon6C
8qKgADAKBggqhkjOPQQDAgNpADBmAjEAlAlv+NGLKSgjgLQdoS+E+sO+XmsnrYBH
0AT32Wqb6YrzKPc5luNnWiVSUHE7D5qmAjEAi20mtyMHnWdSwTj4MIN4sLTYSGDf
BpVTM8yFTJo0UmBlhX7jaFmgTB0FEz0Guui1
-----END CERTIFICATE REQUEST-----
)";
  for (const char* request : {kRsa, kP384}) {
    const auto refused = CheckRequest(request);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("not EC on P-256"), std::string::npos);
  }
}

TEST(SelfSignedWeb, IsValidForThisMachineAlone) {
  const Credential web = MakeSelfSignedWeb(kNow);
  EXPECT_TRUE(CheckKeyBelongs(web.key_pem, web.certificate_pem));
  EXPECT_EQ(InspectCertificate(web.certificate_pem)->names, (std::vector<std::string>{"localhost", "127.0.0.1"}));
  EXPECT_TRUE(VerifyChain(web.certificate_pem, web.certificate_pem, Purpose::kServer, kNow, "127.0.0.1"));
}

TEST(Bundle, SplitsIntoItsCertificates) {
  const std::string a = MakeRoot(kBaotou, "A", kNow).certificate_pem;
  const std::string b = MakeRoot(kBaotou, "B", kNow).certificate_pem;
  EXPECT_EQ(SplitCertificates("text before\n" + a + "text between\n" + b).value(), (std::vector<std::string>{a, b}));
  EXPECT_FALSE(SplitCertificates("nothing"));
}

}  // namespace
}  // namespace yb::security
