// An alarm from the meter to the city and back, with the real programs and a real broker: a meter falls silent, the box
// raises it, central shows it, somebody at central acknowledges it while the uplink is cut, the box takes that up when
// it is back, and the alarm closes by itself when the meter answers again. A restart of both changes nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/city.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

constexpr CityMeter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
};
constexpr const char* kRules =
    "[[rule]]\nid = \"meter-silent\"\nname_zh = \"表计无应答\"\nname_en = \"meter does not answer\"\nadvice_zh = "
    "\"看表屏\"\n"
    "advice_en = \"Look at its display\"\npriority = \"P2\"\ncondition = \"no_value\"\nlonger_s = 10\n"
    "close_after_s = 3\n[rule.points]\n";
constexpr int kPatience = 3000;  // × 20 ms, and what an answer takes

class Alarms : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"mosquitto", "curl"}) {
      if (std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) != 0) {
        GTEST_SKIP() << program << " is not installed";
      }
    }
    city_ = std::make_unique<City>(YB_BIN_DIR, YB_SOURCE_DIR, kMeters);
    city_->Write("alarms.toml", kRules);
    sim_ = city_->Read("sim.toml");
    city_->StartMeters();
    city_->StartBroker();
    city_->StartCentral();
    city_->Join();
    if (HasFatalFailure()) return;
    city_->StartEdge();
  }
  /// The last meter of the simulation answers, or has no power.
  void RestartMeters(bool last_answers) {
    city_->EndMeters();
    const std::string off =
        "[[line.meter.fault]]\nkind = \"power_off\"\nfrom = \"2020-01-01T00:00:00Z\"\nto = \"2099-01-01T00:00:00Z\"\n";
    city_->Write("sim.toml", last_answers ? sim_ : sim_ + off);
    city_->StartMeters();
  }
  [[nodiscard]] json Ask(int port, const std::string& path, const std::string& more = "") const {
    const ApiAddress address = port == city_->edge_port() ? city_->edge_api() : city_->central_api();
    int status = 0;
    const std::string body = RunToEnd("curl -sk --max-time 20 -H 'Authorization: Bearer " + address.token + "' " +
                                          more + " https://127.0.0.1:" + std::to_string(port) + "/api/v1" + path,
                                      status);
    return json::parse(body, nullptr, false);
  }
  /// The alarm of `rule`, open or closed; null where there is none.
  [[nodiscard]] json Find(int port, const std::string& rule) const {
    for (const char* state : {"open", "history"}) {
      const json answer = Ask(port, std::string("/alarms?state=") + state);
      if (!answer.is_object() || !answer.contains("alarms")) continue;
      for (const json& alarm : answer["alarms"]) {
        if (alarm["rule"] == rule) return alarm;
      }
    }
    return nullptr;
  }
  template <class Condition>
  [[nodiscard]] bool Becomes(int port, const std::string& rule, Condition condition) const {
    return WaitUntil(
        [&] {
          const json alarm = Find(port, rule);
          return alarm.is_object() && condition(alarm);
        },
        kPatience);
  }

  std::unique_ptr<City> city_;
  std::string sim_;
};

TEST_F(Alarms, LiveFromTheMeterToTheCityAndBack) {
  const int edge = city_->edge_port();
  const int central = city_->central_port();
  const auto exists = [](const json&) { return true; };
  ASSERT_TRUE(WaitUntil([&] {
    const json sites = Ask(central, "/sites");
    return sites.is_object() && !sites["sites"].empty() && sites["sites"][0]["link"] == "online" &&
           sites["sites"][0]["points_good"] > 0;
  }));
  RestartMeters(false);
  ASSERT_TRUE(Becomes(edge, "meter-silent", exists)) << city_->Read("edge.log");
  ASSERT_TRUE(Becomes(central, "meter-silent", exists)) << city_->Read("central.log");
  const json raised = Find(central, "meter-silent");
  EXPECT_EQ(raised["subject"], "pump-1");
  EXPECT_EQ(raised["priority"], "P2");
  EXPECT_EQ(raised["name"]["zh"], "表计无应答");
  EXPECT_EQ(raised["known"], true);
  EXPECT_EQ(Ask(central, "/sites")["sites"][0]["alarms"]["P2"]["unacknowledged"], 1);

  city_->uplink().Cut();
  const std::string id = raised["alarm"];
  const json acted = Ask(central, "/sites/lvye-01/alarms/" + id + "/acts",
                         "-H 'Content-Type: application/json' -d '{\"act\":\"acknowledge\"}'");
  ASSERT_TRUE(acted.contains("alarm")) << acted.dump();
  EXPECT_EQ(acted["alarm"]["pending"].size(), 1U) << "待盒子确认";
  EXPECT_TRUE(acted["alarm"]["acknowledged"].is_null());
  ASSERT_TRUE(Becomes(central, "site_offline", exists)) << "a box that is not heard is an alarm of central";
  EXPECT_EQ(Find(central, "meter-silent")["known"], false);
  EXPECT_TRUE(Find(edge, "meter-silent")["acknowledged"].is_null()) << "the box has not heard of it";

  city_->uplink().Restore();
  ASSERT_TRUE(Becomes(edge, "meter-silent", [](const json& alarm) { return !alarm["acknowledged"].is_null(); }));
  ASSERT_TRUE(Becomes(central, "meter-silent", [](const json& alarm) {
    return !alarm["acknowledged"].is_null() && alarm["pending"].empty() && alarm["known"] == true;
  }));
  EXPECT_EQ(Find(edge, "meter-silent")["acknowledged"]["side"], "central");
  ASSERT_TRUE(Becomes(central, "site_offline", [](const json& alarm) { return alarm["state"] == "returned"; }));

  RestartMeters(true);
  const auto closed = [](const json& alarm) { return alarm["state"] == "closed"; };
  ASSERT_TRUE(Becomes(edge, "meter-silent", closed));
  ASSERT_TRUE(Becomes(central, "meter-silent", closed));
  const json history = Ask(central, "/sites/lvye-01/alarms/" + id)["events"];
  city_->KillEdge();
  city_->EndCentral();
  city_->StartCentral();
  city_->StartEdge();
  EXPECT_EQ(Ask(central, "/sites/lvye-01/alarms/" + id)["events"], history);
  EXPECT_EQ(Ask(edge, "/sites/lvye-01/alarms/" + id)["events"], history);
  std::string kinds;
  for (const json& event : history) kinds += event["kind"].get<std::string>() + " ";
  EXPECT_EQ(kinds, "raised act returned closed ");
  city_->EndMeters();
  city_->EndEdge();
  city_->EndCentral();
}

}  // namespace
}  // namespace yb::test
