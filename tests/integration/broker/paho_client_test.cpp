// The MQTT client on a real broker.
#include "core/mqtt/paho/paho_client.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <sstream>

#include "core/base/inbox.hpp"
#include "tests/integration/broker/broker_process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb {
namespace {

class Listener final : public mqtt::MqttListener {
 public:
  void OnConnected() override { happened.Post("connected"); }
  void OnDisconnected(std::string_view) override { happened.Post("disconnected"); }
  void OnConnectFailed(const mqtt::Fault& fault) override {
    if (fault.kind == mqtt::FaultKind::kTcpRefused) happened.Post("refused");
    if (fault.kind == mqtt::FaultKind::kTls) happened.Post("TLS: " + fault.detail);
  }
  void OnMessage(std::string_view topic, base::ByteView payload) override {
    happened.Post(std::string(topic) + " " + std::string(payload.begin(), payload.end()));
  }
  std::string Next() {
    const std::deque<std::string> taken = happened.Take({}, std::chrono::seconds(20));
    return taken.empty() ? "nothing" : taken.front();
  }
  base::Inbox<std::string> happened;
};

/// TCP_NODELAY of each connection of this process to `port`.
std::vector<int> NoDelayTo(std::uint16_t port) {
  std::vector<int> settings;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
    if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) continue;
    int setting = -1;
    length = sizeof setting;
    EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &setting, &length), 0);
    settings.push_back(setting);
  }
  return settings;
}

class PahoClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::FindProgram("mosquitto").empty()) GTEST_SKIP() << "mosquitto is not installed";
    Ctl({"pki", "init", "--dir", Pki(), "--city", "150200"});
    Ctl({"broker", "config", "--pki", Pki(), "--port", std::to_string(port_), "--dir", folder_.path() / "broker"});
    broker_.emplace(folder_.path() / "broker/mosquitto.conf", port_);
    ASSERT_TRUE(broker_->running()) << broker_->Log();
  }
  void Ctl(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    ASSERT_EQ(ctl::Run(arguments, out, err, clock_), 0) << err.str();
  }
  [[nodiscard]] std::string Pki() const { return folder_.path() / "pki"; }
  [[nodiscard]] mqtt::MqttOptions Central() const {
    mqtt::MqttOptions options;
    options.broker = "mqtts://127.0.0.1:" + std::to_string(port_);
    options.client_id = "central";
    options.trust_file = Pki() + "/roots.pem";
    options.certificate_file = Pki() + "/central.pem";
    options.key_file = Pki() + "/central.key";
    return options;
  }

  test::TempFolder folder_;
  base::SystemClock clock_;
  std::uint16_t port_ = test::FreePort();
  std::optional<test::BrokerProcess> broker_;
};

TEST_F(PahoClientTest, SendsSmallMessagesAtOnceOnEachConnection) {
  mqtt::MqttOptions options = Central();
  options.subscriptions = {"yb/1/150200/+/up/#"};
  Listener listener;
  const auto client = mqtt::StartPahoClient(options, listener);
  ASSERT_TRUE(client) << client.error().Describe();
  ASSERT_EQ(listener.Next(), "connected");
  EXPECT_EQ(NoDelayTo(port_), std::vector<int>{1});

  (*client)->Recycle();
  ASSERT_EQ(listener.Next(), "disconnected");
  ASSERT_EQ(listener.Next(), "connected");
  EXPECT_EQ(NoDelayTo(port_), std::vector<int>{1});
}

TEST_F(PahoClientTest, SaysWhyTheBrokerCannotBeReached) {
  Ctl({"pki", "init", "--dir", folder_.path() / "other", "--city", "150300"});
  const std::string other = folder_.path() / "other";
  mqtt::MqttOptions nobody = Central();
  nobody.broker = "mqtts://127.0.0.1:" + std::to_string(test::FreePort());
  mqtt::MqttOptions stranger = Central();
  stranger.certificate_file = other + "/central.pem";
  stranger.key_file = other + "/central.key";
  mqtt::MqttOptions distrusts = Central();
  distrusts.trust_file = other + "/roots.pem";
  const std::pair<mqtt::MqttOptions, std::string> cases[] = {
      {nobody, "refused"},
      {stranger, "TLS: tlsv1 alert unknown ca"},
      {distrusts, "TLS: unable to get local issuer certificate"}};
  for (const auto& [options, told] : cases) {
    Listener listener;
    const auto client = mqtt::StartPahoClient(options, listener);
    ASSERT_TRUE(client) << client.error().Describe();
    EXPECT_EQ(listener.Next(), told);
  }
}

}  // namespace
}  // namespace yb
