#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/security/attempt_limiter.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/enrolment_service.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::UtcTime;
using std::chrono::hours;
using std::chrono::minutes;

const UtcTime kNow = base::FromIso("2026-03-02T06:00:00Z").value();
const base::SiteId kLvye = base::SiteId::Parse("lvye-01").value();

TEST(EnrolmentCode, SurvivesBeingReadOutAndTyped) {
  const EnrolmentCode code = MakeEnrolmentCode(base::Sha256(base::AsBytes("root")));
  const std::string text = code.ToString();
  EXPECT_EQ(text.size(), 3U + 7U * 6U);
  EXPECT_TRUE(text.starts_with("YB1-"));
  std::string sloppy;
  for (char c : text) {
    if (c == '-') continue;
    sloppy += c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    sloppy += ' ';
  }
  for (const std::string& typed : {text, sloppy}) {
    const auto parsed = ParseEnrolmentCode(typed);
    ASSERT_TRUE(parsed) << parsed.error().Describe();
    EXPECT_EQ(parsed->secret, code.secret);
    EXPECT_EQ(parsed->root_check, code.root_check);
  }
}

TEST(EnrolmentCode, CatchesEveryWrongCharacter) {
  const std::string text = MakeEnrolmentCode({}).ToString();
  for (std::size_t i = 4; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    std::string wrong = text;
    wrong[i] = wrong[i] == 'X' ? 'Y' : 'X';
    EXPECT_FALSE(ParseEnrolmentCode(wrong)) << i;
  }
  for (const std::string& wrong :
       {std::string(), std::string("YB1"), std::string("YB2") + text.substr(3), text.substr(0, text.size() - 1),
        text + "0", text.substr(0, 8) + "U" + text.substr(9)}) {
    EXPECT_FALSE(ParseEnrolmentCode(wrong)) << wrong;
  }
}

TEST(EnrolmentCode, IsNotRepeatedInErrors) {
  std::string text = MakeEnrolmentCode({}).ToString();
  text.back() = text.back() == 'X' ? 'Y' : 'X';
  EXPECT_EQ(ParseEnrolmentCode(text).error().Describe().find(text.substr(4, 11)), std::string::npos);
}

TEST(AttemptLimiter, MakesAnAddressWaitAfterTooManyFailures) {
  AttemptLimiter limiter(3, minutes(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(limiter.MayTry("a", kNow));
    limiter.RecordFailure("a", kNow);
  }
  EXPECT_FALSE(limiter.MayTry("a", kNow + minutes(9)));
  EXPECT_TRUE(limiter.MayTry("b", kNow));
  EXPECT_TRUE(limiter.MayTry("a", kNow + minutes(10)));
  EXPECT_TRUE(limiter.MayTry("a", kNow - hours(24 * 365))) << "a clock set back must not lock out";
}

TEST(AttemptLimiter, RemembersABoundedNumberOfAddresses) {
  AttemptLimiter limiter(1, minutes(10), 100);
  for (int i = 0; i < 1000; ++i) limiter.RecordFailure(std::to_string(i), kNow + base::Duration(i));
  EXPECT_FALSE(limiter.MayTry("999", kNow + minutes(1)));
  EXPECT_FALSE(limiter.MayTry("900", kNow + minutes(1)));
  EXPECT_TRUE(limiter.MayTry("899", kNow + minutes(1)));
}

class EnrolmentTest : public ::testing::Test {
 protected:
  std::string Invite(const base::SiteId& site = kLvye, UtcTime at = kNow) {
    const EnrolmentCode code = MakeEnrolmentCode(pki_.root_fingerprint());
    const base::Status invited = store_->Invite({site, "绿业园区", code.SecretHash(), at, at + hours(24), {}});
    EXPECT_TRUE(invited) << invited.error().Describe();
    return code.ToString();
  }
  static std::string Request() { return MakeRequest(MakeKey(), "box").value(); }

  test::TempFolder folder_;
  CityPki pki_ =
      CityPki::Create(folder_.path() / "pki", base::CityId::Parse("150200").value(), {"localhost"}, kNow).value();
  std::unique_ptr<EnrolmentStore> store_ = EnrolmentStore::Open(pki_.File("enrolment.db")).value();
  EnrolmentService service_{pki_, *store_, "mqtts://localhost:8883"};
};

TEST_F(EnrolmentTest, GivesABoxItsCertificate) {
  const std::string key = MakeKey();
  const auto enrolled = service_.Enrol(Invite(), MakeRequest(key, "box").value(), "10.0.0.9", kNow);
  ASSERT_TRUE(enrolled) << enrolled.error().Describe();
  EXPECT_EQ(enrolled->site, kLvye);
  EXPECT_EQ(enrolled->city.text(), "150200");
  EXPECT_EQ(enrolled->name, "绿业园区");
  EXPECT_EQ(enrolled->broker, "mqtts://localhost:8883");
  EXPECT_EQ(SplitCertificates(enrolled->roots_pem)->size(), 2U) << "the present root and the next";
  EXPECT_TRUE(CheckKeyBelongs(key, enrolled->certificate_pem));
  EXPECT_TRUE(
      VerifyChain(enrolled->certificate_pem + enrolled->chain_pem, enrolled->roots_pem, Purpose::kClient, kNow));
}

TEST_F(EnrolmentTest, WorksWithoutTheKeysOfTheRoots) {
  std::filesystem::remove(pki_.File("root.key"));
  std::filesystem::remove(pki_.File("root-next.key"));
  const CityPki reopened = CityPki::Open(folder_.path() / "pki").value();
  EnrolmentService service(reopened, *store_, "mqtts://localhost:8883");
  EXPECT_TRUE(service.Enrol(Invite(), Request(), "a", kNow));
  EXPECT_TRUE(reopened.RenewServices(*store_, kNow));
  EXPECT_TRUE(reopened.WriteRevocationList(*store_, kNow));
}

TEST_F(EnrolmentTest, TakesACodeOnce) {
  const std::string code = Invite();
  ASSERT_TRUE(service_.Enrol(code, Request(), "a", kNow));
  const auto again = service_.Enrol(code, Request(), "a", kNow);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kRefused);
  EXPECT_NE(again.error().message.find("was used at 2026-03-02T06:00:00"), std::string::npos);
}

TEST_F(EnrolmentTest, GivesTheSameCertificateToABoxThatLostTheAnswer) {
  const std::string code = Invite();
  const std::string request = Request();
  const auto first = service_.Enrol(code, request, "a", kNow);
  const auto second = service_.Enrol(code, request, "a", kNow + hours(1));
  ASSERT_TRUE(second) << second.error().Describe();
  EXPECT_EQ(first->certificate_pem, second->certificate_pem);
  EXPECT_FALSE(service_.Enrol(code, request, "a", kNow + hours(24))) << "the code has ended";
  ASSERT_TRUE(store_->RevokeSite(kLvye, kNow));
  EXPECT_FALSE(service_.Enrol(code, request, "a", kNow + hours(1))) << "the certificate was revoked";
}

TEST_F(EnrolmentTest, NeverTakesOneCodeTwiceAtOnce) {
  // Two stores are two connections, as two processes would be.
  const auto other_store = EnrolmentStore::Open(pki_.File("enrolment.db")).value();
  EnrolmentService other(pki_, *other_store, "mqtts://localhost:8883");
  const std::string code = Invite();
  std::atomic<int> enrolled = 0;
  {
    std::vector<std::jthread> boxes;
    for (int i = 0; i < 8; ++i) {
      boxes.emplace_back([&, i] {
        if ((i % 2 == 0 ? service_ : other).Enrol(code, Request(), std::to_string(i), kNow)) ++enrolled;
      });
    }
  }
  EXPECT_EQ(enrolled, 1);
}

TEST_F(EnrolmentTest, RefusesCodesThatEndedOrAreUnknownOrOfAnotherCity) {
  const std::string code = Invite();
  const auto late = service_.Enrol(code, Request(), "a", kNow + hours(24));
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("ended at 2026-03-03T06:00:00"), std::string::npos);
  EXPECT_EQ(service_.Enrol(MakeEnrolmentCode(pki_.root_fingerprint()).ToString(), Request(), "a", kNow).error().code,
            ErrorCode::kRefused);
  EXPECT_EQ(service_.Enrol(MakeEnrolmentCode({}).ToString(), Request(), "a", kNow).error().code, ErrorCode::kRefused);
  EXPECT_TRUE(service_.Enrol(code, Request(), "a", kNow + hours(23)));
}

TEST_F(EnrolmentTest, LeavesTheCodeUsableWhenTheRequestIsBroken) {
  const std::string code = Invite();
  EXPECT_EQ(service_.Enrol(code, "rubbish", "a", kNow).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(service_.Enrol(code, Request(), "a", kNow));
}

TEST_F(EnrolmentTest, MakesAnAddressWaitThatGuesses) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(service_.Enrol("guess", Request(), "bad", kNow).error().code, ErrorCode::kInvalidArgument);
  const std::string code = Invite();
  EXPECT_EQ(service_.Enrol(code, Request(), "bad", kNow).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(service_.Enrol(code, Request(), "good", kNow));
}

TEST_F(EnrolmentTest, HasOneBoxPerSite) {
  ASSERT_TRUE(service_.Enrol(Invite(), Request(), "a", kNow));
  const auto second = store_->Invite({kLvye, "绿业园区", {1}, kNow, kNow + hours(24), {}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_NE(second.error().hint.find("pki revoke --site lvye-01"), std::string::npos);
  EXPECT_TRUE(store_->Invite({kLvye, "绿业园区", {2}, kNow + kClientValidity, kNow + kClientValidity + hours(24), {}}))
      << "after the certificate's end the box joins again";
  EXPECT_EQ(store_->RevokeSite(kLvye, kNow).value(), 1U);
  EXPECT_TRUE(service_.Enrol(Invite(), Request(), "a", kNow));
}

TEST_F(EnrolmentTest, RevokingASiteUsesUpItsOpenCodesToo) {
  const std::string code = Invite();
  EXPECT_EQ(store_->RevokeSite(kLvye, kNow).value(), 0U);
  EXPECT_FALSE(service_.Enrol(code, Request(), "a", kNow));
  EXPECT_EQ(store_->RevokeSite(base::SiteId::Parse("other").value(), kNow).error().code, ErrorCode::kNotFound);
}

TEST_F(EnrolmentTest, NeverMakesASiteThatIsCalledLikeCentral) {
  for (const char* name : {"central", "broker", "web"}) {
    const auto invited = store_->Invite({base::SiteId::Parse(name).value(), "x", {1}, kNow, kNow + hours(24), {}});
    ASSERT_FALSE(invited);
    EXPECT_NE(invited.error().message.find("reserved"), std::string::npos);
  }
}

TEST_F(EnrolmentTest, RemembersEverythingAfterARestart) {
  ASSERT_TRUE(service_.Enrol(Invite(), Request(), "a", kNow));
  store_.reset();
  const auto reopened = EnrolmentStore::Open(pki_.File("enrolment.db")).value();
  const auto certificates = reopened->Certificates().value();
  ASSERT_EQ(certificates.size(), 4U) << "central, broker, web and the site";
  EXPECT_EQ(certificates.back().common_name, "lvye-01");
  EXPECT_EQ(certificates.back().role, "site");
  const auto invitations = reopened->Invitations().value();
  ASSERT_EQ(invitations.size(), 1U);
  EXPECT_EQ(invitations[0].used_at, kNow);
}

TEST_F(EnrolmentTest, KeepsKeysAndCodesFromOtherUsers) {
  namespace fs = std::filesystem;
  for (const char* name :
       {"root.key", "root-next.key", "issuing.key", "central.key", "broker.key", "web.pem", "enrolment.db"}) {
    EXPECT_EQ(fs::status(pki_.File(name)).permissions(), fs::perms::owner_read | fs::perms::owner_write) << name;
  }
  EXPECT_EQ(fs::status(folder_.path() / "pki").permissions(), fs::perms::owner_all);
}

TEST_F(EnrolmentTest, NeverMakesAPkiOverAnother) {
  const auto again =
      CityPki::Create(folder_.path() / "pki", base::CityId::Parse("150200").value(), {"localhost"}, kNow);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
}

TEST(CityPki, SaysWhereThereIsNone) {
  const test::TempFolder folder;
  const auto none = CityPki::Open(folder.path());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_NE(none.error().hint.find("yuanbanctl pki init"), std::string::npos);
}

TEST(CityPki, WritesNothingForServerNamesThatAreNone) {
  const test::TempFolder folder;
  EXPECT_FALSE(CityPki::Create(folder.path(), base::CityId::Parse("150200").value(), {"not a name"}, kNow));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace yb::security
