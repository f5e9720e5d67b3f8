// The whole matrix of who (two boxes, central, nobody, a revoked box), what (each lane of each site both ways, and what
// is no topic of the city) and how (publish, receive), on a real broker with the configuration we ship. What is allowed
// is said here anew, from core/contract/mqtt-topics.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "core/base/guarded.hpp"
#include "tests/integration/broker/broker_process.hpp"
#include "tests/support/broker_clients.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb {
namespace {

constexpr int kNotAuthorized = 135;  // MQTT 5, 2.4
constexpr const char* kSites[] = {"lvye-01", "baogang-02", "jiuyuan-03"};
constexpr const char* kLanes[] = {"alarm", "ledger", "history", "file", "live"};

/// Beginnings of the topics that somebody may write, and may hear.
struct Rights {
  const char* who;
  std::vector<std::string> write;
  std::vector<std::string> hear;
};
const Rights kRights[] = {
    {"lvye-01", {"yb/1/150200/lvye-01/up/"}, {"yb/1/150200/lvye-01/down/"}},
    {"baogang-02", {"yb/1/150200/baogang-02/up/"}, {"yb/1/150200/baogang-02/down/"}},
    // No site is named central; the broker's rule for boxes holds for that name as for any other.
    {"central",
     {"yb/1/150200/lvye-01/down/", "yb/1/150200/baogang-02/down/", "yb/1/150200/jiuyuan-03/down/",
      "yb/1/150200/central/"},
     {"yb/1/150200/lvye-01/up/", "yb/1/150200/baogang-02/up/", "yb/1/150200/jiuyuan-03/up/", "yb/1/150200/central/"}},
};

bool Allows(const std::vector<std::string>& beginnings, const std::string& topic) {
  return std::ranges::any_of(beginnings, [&](const std::string& beginning) { return topic.starts_with(beginning); });
}

std::vector<std::string> AllTopics() {
  std::vector<std::string> topics = {"other",
                                     "yb/1/150300/lvye-01/up/history",
                                     "yb/1/150300/lvye-01/down/history",
                                     "yb/2/150200/lvye-01/up/history",
                                     "yb/1/150200/central/up/history",
                                     "yb/1/150200/central/down/history",
                                     "yb/1/150200/+x/up/history",
                                     "yb/1/150200/lvye-01",
                                     "yb/1/150200/lvye-01/uphill/history",
                                     "$SYS/broker/uptime",
                                     "$CONTROL/dynamic-security/v1"};
  for (const char* site : kSites) {
    for (const char* way : {"up", "down"}) {
      for (const char* lane : kLanes) topics.push_back(std::string("yb/1/150200/") + site + "/" + way + "/" + lane);
    }
  }
  return topics;
}

template <class Condition>
bool WaitFor(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

/// Somebody at the broker: what became of what they sent, and what came to them.
class Participant {
 public:
  explicit Participant(const test::MosquittoOptions& options)
      : client_(options,
                {.connected = [this](int reason) { seen_.With([&](Seen& seen) { seen.let_in = reason == 0; }); },
                 .published = [this](int message,
                                     int reason) { seen_.With([&](Seen& seen) { seen.reasons[message] = reason; }); },
                 .received =
                     [this](const std::string& topic, base::ByteView payload) {
                       seen_.With(
                           [&](Seen& seen) { seen.heard.emplace(topic, std::string(payload.begin(), payload.end())); });
                     }}) {
    client_.Connect();
  }

  bool LetIn() {
    return WaitFor([&] { return seen_.With([](Seen& seen) { return seen.let_in; }); });
  }
  void Subscribe(const std::string& filter) { client_.Subscribe(filter); }
  /// The broker's answer to a message, -1 if there is none.
  int Publish(const std::string& topic, const std::string& payload) {
    const int message = client_.Publish(topic, base::AsBytes(payload), 1);
    if (!WaitFor([&] { return seen_.With([&](Seen& seen) { return seen.reasons.contains(message); }); })) return -1;
    return seen_.With([&](Seen& seen) { return seen.reasons[message]; });
  }
  bool Hears(const std::string& topic, const std::string& payload) {
    return WaitFor([&] { return seen_.With([&](Seen& seen) { return seen.heard.contains({topic, payload}); }); });
  }
  /// Topic and who wrote.
  std::set<std::pair<std::string, std::string>> Heard() {
    return seen_.With([](Seen& seen) { return seen.heard; });
  }

 private:
  struct Seen {
    bool let_in = false;
    std::map<int, int> reasons;
    std::set<std::pair<std::string, std::string>> heard;
  };

  base::Guarded<Seen> seen_;
  test::MosquittoClient client_;  // after what its callbacks use
};

class AccessMatrix : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::FindProgram("mosquitto").empty()) GTEST_SKIP() << "mosquitto is not installed";
    Ctl({"pki", "init", "--dir", Pki(), "--city", "150200"});
    Ctl({"broker", "config", "--pki", Pki(), "--port", std::to_string(port_), "--dir", Broker()});
    broker_.emplace(Broker() + "/mosquitto.conf", port_);
    ASSERT_TRUE(broker_->running()) << broker_->Log();
  }
  void Ctl(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    ASSERT_EQ(ctl::Run(arguments, out, err, clock_), 0) << err.str();
  }
  [[nodiscard]] std::string Pki() const { return folder_.path() / "pki"; }
  [[nodiscard]] std::string Broker() const { return folder_.path() / "broker"; }

  test::TempFolder folder_;
  base::SystemClock clock_;
  std::uint16_t port_ = test::FreePort();
  std::optional<test::BrokerProcess> broker_;
  test::BrokerClients clients_{folder_.path() / "pki", folder_.path(), port_};
};

TEST_F(AccessMatrix, GivesEachWhatTheProtocolSaysAndNothingElse) {
  std::map<std::string, std::unique_ptr<Participant>> all;
  for (const Rights& rights : kRights) {
    const std::string who = rights.who;
    auto& participant =
        *(all[who] = std::make_unique<Participant>(who == "central" ? clients_.Central() : clients_.Box(who)));
    ASSERT_TRUE(participant.LetIn()) << who << "\n" << broker_->Log();
    participant.Subscribe("#");
    participant.Subscribe("$SYS/#");
    participant.Subscribe("$share/g/#");
    for (const std::string& topic : AllTopics()) {
      if (topic.find('+') == std::string::npos) participant.Subscribe(topic);
    }
  }
  std::map<std::string, std::set<std::pair<std::string, std::string>>> expected;
  for (const std::string& topic : AllTopics()) {
    for (const Rights& writer : kRights) {
      if (topic.find('+') != std::string::npos) continue;  // no topic to publish at all
      const bool may_write = Allows(writer.write, topic);
      EXPECT_EQ(all[writer.who]->Publish(topic, writer.who), may_write ? 0 : kNotAuthorized)
          << writer.who << " publishes " << topic;
      if (!may_write) continue;
      for (const Rights& reader : kRights) {
        if (Allows(reader.hear, topic)) expected[reader.who].emplace(topic, writer.who);
      }
    }
  }
  // A connection's messages keep their order: where the last one of each writer is heard, all have been.
  for (const char* site : {"lvye-01", "baogang-02"}) {
    const std::string prefix = std::string("yb/1/150200/") + site;
    ASSERT_EQ(all["central"]->Publish(prefix + "/down/live", "end"), 0);
    ASSERT_EQ(all[site]->Publish(prefix + "/up/live", "end"), 0);
    EXPECT_TRUE(all[site]->Hears(prefix + "/down/live", "end"));
    EXPECT_TRUE(all["central"]->Hears(prefix + "/up/live", "end"));
    expected[site].emplace(prefix + "/down/live", "end");
    expected["central"].emplace(prefix + "/up/live", "end");
  }
  for (const Rights& reader : kRights) EXPECT_EQ(all[reader.who]->Heard(), expected[reader.who]) << reader.who;
}

TEST_F(AccessMatrix, ShutsOutWhoShowsNoCertificateOrARevokedOne) {
  const auto let_in = [](const test::MosquittoOptions& options) {
    return test::MosquittoClient(options, {}).TryOnce();
  };
  EXPECT_FALSE(let_in(clients_.WithoutCertificate()));
  const test::MosquittoOptions revoked = clients_.Box("jiuyuan-03");
  EXPECT_TRUE(let_in(revoked));
  Ctl({"pki", "revoke", "--dir", Pki(), "--site", "jiuyuan-03", "--broker-dir", Broker()});
  broker_->Reload();
  // It has logged that it reloads, and does so in the next moment.
  EXPECT_TRUE(WaitFor([&] { return !let_in(revoked); }));
}

}  // namespace
}  // namespace yb
