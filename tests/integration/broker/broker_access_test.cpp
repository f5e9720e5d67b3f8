// Who gets into a real mosquitto with the configuration that `yuanbanctl broker config` writes, and what they reach.
// Messages are retained, so that it does not matter who comes first.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "core/base/write_file.hpp"
#include "core/security/certificate.hpp"
#include "core/security/enrolment_code.hpp"
#include "core/security/enrolment_service.hpp"
#include "core/security/private_file.hpp"
#include "tests/integration/broker/broker_process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb {
namespace {

namespace fs = std::filesystem;
using test::Finished;
using test::RunProgram;

const std::string kUp = "yb/1/150200/lvye-01/up/alarm";
const std::string kOthersUp = "yb/1/150200/baogang-02/up/alarm";
const std::string kDown = "yb/1/150200/lvye-01/down/ack";
const std::string kOthersDown = "yb/1/150200/baogang-02/down/ack";

/// Files that a client shows: certificate and key.
struct Client {
  std::string certificate;
  std::string key;
};

class BrokerAccess : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"mosquitto", "mosquitto_pub", "mosquitto_sub"}) {
      if (test::FindProgram(program).empty()) GTEST_SKIP() << program << " is not installed";
    }
    ASSERT_EQ(Ctl({"pki", "init", "--dir", Pki(), "--city", "150200"}), 0);
    ASSERT_EQ(Configure(), 0);
    broker_ = std::make_unique<test::BrokerProcess>(folder_.path() / "broker/mosquitto.conf", port_);
    ASSERT_TRUE(broker_->running()) << broker_->Log();
  }

  int Ctl(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = ctl::Run(arguments, out, err, clock_);
    EXPECT_EQ(err.str(), "");
    return status;
  }
  int Configure() {
    return Ctl(
        {"broker", "config", "--pki", Pki(), "--port", std::to_string(port_), "--dir", folder_.path() / "broker"});
  }
  [[nodiscard]] std::string Pki() const { return folder_.path() / "pki"; }
  [[nodiscard]] Client Central() const { return {Pki() + "/central.pem", Pki() + "/central.key"}; }

  Client Save(const std::string& name, const std::string& chain, const std::string& key) {
    const Client client{folder_.path() / (name + ".pem"), folder_.path() / (name + ".key")};
    EXPECT_TRUE(base::WriteFile(client.certificate, chain, base::FileAccess::kReadable));
    EXPECT_TRUE(base::WriteFile(client.key, key, base::FileAccess::kOwnerOnly));
    return client;
  }
  Client Enrol(const std::string& site) {
    const auto pki = security::CityPki::Open(Pki()).value();
    const auto store = security::EnrolmentStore::Open(pki.File("enrolment.db")).value();
    security::EnrolmentService service(pki, *store, "mqtts://localhost");
    const auto code = security::MakeEnrolmentCode(pki.root_fingerprint());
    const base::UtcTime now = clock_.Now();
    EXPECT_TRUE(store->Invite(
        {base::SiteId::Parse(site).value(), site, code.SecretHash(), now, now + std::chrono::hours(1), {}}));
    const std::string key = security::MakeKey();
    const auto enrolled =
        service.Enrol(code.ToString(), security::MakeRequest(key, "box").value(), "test", now).value();
    return Save(site, enrolled.certificate_pem + enrolled.chain_pem, key);
  }

  [[nodiscard]] std::vector<std::string> Command(const char* program) const {
    return {
        test::FindProgram(program), "-h", "127.0.0.1", "-p", std::to_string(port_), "-V", "5", "-q", "1", "--cafile",
        Pki() + "/roots.pem"};
  }
  /// What the client's program says; empty when all went well.
  std::string Publish(const Client& client, const std::string& topic, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = Command("mosquitto_pub");
    command.insert(command.end(), {"-r", "-t", topic, "-m", topic});
    if (!client.certificate.empty()) {
      command.insert(command.end(), {"--cert", client.certificate, "--key", client.key});
    }
    command.insert(command.end(), more.begin(), more.end());
    const Finished finished = RunProgram(command);
    return finished.status == 0 ? finished.output : finished.output + " status " + std::to_string(finished.status);
  }
  /// The first message under a filter within a second; the programs' own words count for nothing.
  std::string Receive(const Client& client, const std::string& filter) {
    std::vector<std::string> command = Command("mosquitto_sub");
    command.insert(command.end(),
                   {"-t", filter, "-C", "1", "-W", "1", "--cert", client.certificate, "--key", client.key});
    const Finished finished = RunProgram(command);
    return finished.status == 0 ? finished.output : "";
  }

  test::TempFolder folder_;
  base::SystemClock clock_;
  std::uint16_t port_ = test::FreePort();
  std::unique_ptr<test::BrokerProcess> broker_;
};

TEST_F(BrokerAccess, CarriesASitesOwnMessagesBothWays) {
  const Client site = Enrol("lvye-01");
  EXPECT_EQ(Publish(site, kUp), "");
  EXPECT_EQ(Receive(Central(), "yb/1/150200/+/up/#"), kUp + "\n");
  EXPECT_EQ(Publish(Central(), kDown), "");
  EXPECT_EQ(Receive(site, "yb/1/150200/lvye-01/down/#"), kDown + "\n");
}

TEST_F(BrokerAccess, KeepsASiteFromSpeakingForAnotherOrForCentral) {
  const Client site = Enrol("lvye-01");
  for (const std::string& topic : {kOthersUp, kOthersDown, kDown, std::string("yb/1/150200/central/up/x"),
                                   std::string("yb/1/150300/lvye-01/up/alarm"), std::string("other")}) {
    EXPECT_NE(Publish(site, topic).find("Not authorized"), std::string::npos) << topic;
    EXPECT_NE(Publish(site, topic, {"-u", "central", "-P", "x", "-i", "central"}).find("Not authorized"),
              std::string::npos)
        << topic;
  }
  EXPECT_EQ(Receive(Central(), "yb/1/150200/+/up/#"), "");
}

TEST_F(BrokerAccess, KeepsASiteFromHearingAnother) {
  const Client site = Enrol("lvye-01");
  const Client other = Enrol("baogang-02");
  ASSERT_EQ(Publish(other, kOthersUp), "");
  ASSERT_EQ(Publish(Central(), kOthersDown), "");
  ASSERT_EQ(Receive(other, kOthersDown), kOthersDown + "\n");
  for (const std::string& filter : {std::string("#"), std::string("yb/1/150200/+/down/#"), kOthersDown, kOthersUp,
                                    std::string("$share/g/yb/1/150200/baogang-02/down/#")}) {
    EXPECT_EQ(Receive(site, filter), "") << filter;
  }
}

TEST_F(BrokerAccess, LetsNobodyInWithoutACertificateOfTheCity) {
  EXPECT_NE(Publish({}, kUp), "");
  const base::CityId city = base::CityId::Parse("150200").value();
  const security::Credential root = security::MakeRoot(city, "A", clock_.Now());
  const security::Credential issuing = security::MakeIssuing(city, root, clock_.Now()).value();
  const std::string key = security::MakeKey();
  const std::string certificate = security::SignRequest(issuing, security::MakeRequest(key, "x").value(),
                                                        {security::Role::kCentral, "central", {}}, clock_.Now())
                                      .value();
  EXPECT_NE(Publish(Save("stranger", certificate + issuing.certificate_pem, key), kDown), "");
  EXPECT_NE(Publish({Pki() + "/broker.pem", Pki() + "/broker.key"}, kUp), "") << "a server's certificate";
}

TEST_F(BrokerAccess, SpeaksTls13Only) {
  const Client site = Enrol("lvye-01");
  // mosquitto_pub takes a version as the least one, openssl as the only one.
  const auto handshake = [&](const std::string& version) {
    return RunProgram({"/bin/sh", "-c",
                       "openssl s_client -connect 127.0.0.1:" + std::to_string(port_) + " -cert " + site.certificate +
                           " -key " + site.key + " -" + version + " </dev/null"})
        .output;
  };
  EXPECT_NE(handshake("tls1_3").find("New, TLSv1.3"), std::string::npos);
  EXPECT_EQ(handshake("tls1_2").find("New, TLSv1.2"), std::string::npos);
}

TEST_F(BrokerAccess, ShutsARevokedSiteOutAndNoOther) {
  const Client site = Enrol("lvye-01");
  const Client other = Enrol("baogang-02");
  ASSERT_EQ(Publish(site, kUp), "");
  ASSERT_EQ(Ctl({"pki", "revoke", "--dir", Pki(), "--site", "lvye-01", "--broker-dir", folder_.path() / "broker"}), 0);
  broker_->Reload();
  EXPECT_NE(Publish(site, kUp), "");
  EXPECT_EQ(Publish(other, kOthersUp), "");
  EXPECT_EQ(Publish(Enrol("lvye-01"), kUp), "") << "a new box of the site";
}

TEST_F(BrokerAccess, CutsTheOpenSessionOfARevokedSiteAndNoOther) {
  const Client site = Enrol("lvye-01");
  const Client other = Enrol("baogang-02");
  const auto listen = [&](const Client& client, const std::string& filter) {
    std::vector<std::string> command = Command("mosquitto_sub");
    command.insert(command.end(), {"-t", filter, "-W", "6", "--cert", client.certificate, "--key", client.key});
    return std::async(std::launch::async, [command] { return RunProgram(command).output; });
  };
  ASSERT_EQ(Publish(Central(), kDown), "");
  std::future<std::string> cut = listen(site, "yb/1/150200/lvye-01/down/#");
  std::future<std::string> stays = listen(other, "yb/1/150200/baogang-02/down/#");
  for (const char* name : {" as lvye-01 ", " as baogang-02 "}) {
    for (int i = 0; i < 500 && broker_->Log().find(name) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  ASSERT_EQ(Ctl({"pki", "revoke", "--dir", Pki(), "--site", "lvye-01", "--broker-dir", folder_.path() / "broker",
                 "--broker", "mqtts://127.0.0.1:" + std::to_string(port_)}),
            0);
  const std::string secret = "yb/1/150200/lvye-01/down/secret";
  const std::string after = "yb/1/150200/baogang-02/down/after";
  EXPECT_EQ(Publish(Central(), secret), "");
  EXPECT_EQ(Publish(Central(), after), "");
  EXPECT_NE(Publish(site, kUp), "") << "it cannot come back";
  EXPECT_EQ(cut.get().find(secret), std::string::npos);
  EXPECT_NE(stays.get().find(after), std::string::npos) << "another site's session goes on";
  EXPECT_NE(broker_->Log().find("Client lvye-01 already connected, closing old connection"), std::string::npos)
      << broker_->Log();
}

TEST_F(BrokerAccess, TakesUpItsRenewedCertificateWithoutARestart) {
  const Client site = Enrol("lvye-01");
  ASSERT_EQ(Ctl({"pki", "renew", "--dir", Pki()}), 0);
  ASSERT_EQ(Configure(), 0);
  broker_->Reload();
  const Finished seen = RunProgram({"/bin/sh", "-c",
                                    "openssl s_client -connect 127.0.0.1:" + std::to_string(port_) +
                                        " </dev/null 2>/dev/null | openssl x509 -noout -serial"});
  const std::string serial =
      security::InspectCertificate(security::ReadSmallFile(Pki() + "/broker.pem").value()).value().serial;
  EXPECT_EQ(seen.output, "serial=" + serial + "\n");
  EXPECT_EQ(Publish(site, kUp), "");
}

TEST_F(BrokerAccess, StaysReachableWhenTheNextRootTakesOver) {
  const Client old_site = Enrol("lvye-01");
  const security::CityPki pki = security::CityPki::Open(Pki()).value();
  const auto read = [&](const char* name) { return security::ReadSmallFile(pki.File(name)).value(); };
  const base::UtcTime now = clock_.Now();
  const security::Credential next =
      security::MakeIssuing(pki.city(), {read("root-next.pem"), read("root-next.key")}, now).value();
  const auto issue = [&](const security::Profile& profile, const std::string& key) {
    return security::SignRequest(next, security::MakeRequest(key, "x").value(), profile, now).value() +
           next.certificate_pem;
  };
  const std::string broker_key = security::MakeKey();
  const fs::path folder = folder_.path() / "broker";
  const auto write = [&](const char* name, const std::string& content) {
    ASSERT_TRUE(base::WriteFile(folder / name, content, base::FileAccess::kOwnerOnly));
  };
  write("broker.pem", issue({security::Role::kBroker, "broker", {"127.0.0.1"}}, broker_key));
  write("broker.key", broker_key);
  write("crl.pem", read("crl.pem") + security::MakeRevocationList(next, {}, now).value());
  broker_->Reload();
  EXPECT_EQ(Publish(old_site, kUp), "") << "a box that joined under the present root trusts the next";
  const std::string key = security::MakeKey();
  EXPECT_EQ(Publish(Save("new", issue({security::Role::kSite, "baogang-02", {}}, key), key), kOthersUp), "");
}

}  // namespace
}  // namespace yb
