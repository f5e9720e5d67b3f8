// A configuration that cuts the box off from its meters, with the real programs: nobody keeps it, the box is killed
// while it waits, and the next start puts the former one back. Then a file of rules that is wrong, told at central in
// both languages by file, line, key, what was found and what was expected.
#include <gtest/gtest.h>

#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/api_client.hpp"
#include "tests/support/city.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

constexpr CityMeter kMeters[] = {{"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"}};
constexpr int kPatience = 3000;  // × 20 ms, and what an answer takes

class Configuration : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v mosquitto >/dev/null 2>&1") != 0) GTEST_SKIP() << "mosquitto is not installed";
    city_ = std::make_unique<City>(YB_BIN_DIR, YB_SOURCE_DIR, kMeters);
    city_->Write("alarms.toml", "");
    city_->StartMeters();
    city_->StartBroker();
    city_->StartCentral();
    city_->Join();
    if (HasFatalFailure()) return;
    city_->StartEdge();
  }
  [[nodiscard]] static json Ask(const ApiAddress& address, const std::string& path, const std::string& body = "") {
    ApiClient client(address);
    const auto answer = body.empty() ? client.GetWhole("/api/v1" + path) : client.Post("/api/v1" + path, body);
    return json::parse(answer.body, nullptr, false);
  }
  [[nodiscard]] json AskBox(const std::string& path, const std::string& body = "") const {
    return Ask(city_->edge_api(), path, body);
  }
  [[nodiscard]] bool LineIsConnected() const {
    const json answer = AskBox("/lines");
    return answer.is_object() && answer.contains("lines") && answer["lines"][0]["connected"] == true;
  }
  std::unique_ptr<City> city_;
};

TEST_F(Configuration, ThatNobodyKeepsIsPutBackAfterAKillAndARefusedOneIsToldAtCentral) {
  ASSERT_TRUE(WaitUntil([&] { return LineIsConnected(); }, kPatience)) << city_->Read("edge.log");
  const json before = AskBox("/configuration");
  ASSERT_TRUE(before.contains("text")) << before.dump();
  const std::string good = before["text"];
  std::string wrong = good;
  const std::string port = "port = " + std::to_string(city_->meter_port());
  ASSERT_NE(wrong.find(port), std::string::npos) << wrong;
  wrong.replace(wrong.find(port), port.size(), "port = 1");

  EXPECT_EQ(AskBox("/configuration/check", json{{"text", wrong}}.dump())["difference"]["needs_keeping"], true);
  json wish = {{"text", wrong}, {"running", before["running"]}, {"note", "the wrong server"}, {"confirm_within_s", 8}};
  const json applied = AskBox("/configuration/apply", wish.dump());
  ASSERT_TRUE(applied.contains("version")) << applied.dump();
  EXPECT_EQ(applied["version"], before["running"].get<int>() + 1);
  EXPECT_TRUE(applied["keep_until_us"].is_number());
  ASSERT_TRUE(WaitUntil([&] { return !LineIsConnected(); }, kPatience));
  city_->KillEdge();
  city_->StartEdge();
  EXPECT_TRUE(WaitUntil([&] { return LineIsConnected(); }, kPatience)) << city_->Read("edge.log");
  const json after = AskBox("/configuration");
  EXPECT_EQ(after["text"], good);
  EXPECT_TRUE(after["waiting"].is_null());
  EXPECT_EQ(after["versions"][0]["who"], "yuanban-edge");
  EXPECT_EQ(after["in_force"], true);
  const json acts = AskBox("/audit?what=configuration");
  ASSERT_EQ(acts["lines"].size(), 3U) << acts.dump();
  EXPECT_EQ(acts["lines"][0]["what"], "configuration.fall_back");
  EXPECT_EQ(acts["lines"][0]["who"], "yuanban-edge");

  const std::string file = city_->Path("alarms.toml");
  city_->Write("alarms.toml",
               "[[rule]]\nid = \"r\"\nname_zh = \"名\"\nname_en = \"n\"\nadvice_zh = \"看\"\n"
               "advice_en = \"look\"\npriority = \"P9\"\ncondition = \"no_value\"\n[rule.points]\n");
  ASSERT_EQ(::kill(city_->edge().pid(), SIGHUP), 0);
  const auto refused = [&]() -> json {
    const json answer = Ask(city_->central_api(), "/alarms");
    if (!answer.is_object() || !answer.contains("alarms")) return nullptr;
    for (const json& alarm : answer["alarms"]) {
      if (alarm["rule"] == "configuration_refused") return alarm;
    }
    return nullptr;
  };
  ASSERT_TRUE(WaitUntil([&] { return !refused().is_null(); }, kPatience)) << city_->Read("edge.log");
  const json alarm = refused();
  EXPECT_EQ(alarm["detail"], file + ":7: rule 'r': priority: found \"P9\" (expected \"P1\", \"P2\" or \"P3\")");
  EXPECT_EQ(alarm["detail_zh"], file + ":7: rule 'r': priority：写的是“P9”（应为“P1”、“P2”或“P3”）");
  city_->EndEdge();
  city_->EndCentral();
  city_->EndMeters();
}

}  // namespace
}  // namespace yb::test
