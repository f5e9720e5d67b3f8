// Why there is no value (为什么没数), asked of real programs by `yuanbanctl why` at the box and at central: a line is
// cut, the broker and central are stopped, the box is off. And what an integrator does with a line in service: its
// polls wait for a scan and go on afterwards.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "core/security/https_client.hpp"
#include "tests/support/city.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

constexpr CityMeter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
};
constexpr int kTries = 200;  // each is a run of the tool and 20 ms

class WhyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v mosquitto >/dev/null 2>&1") != 0) GTEST_SKIP() << "mosquitto is not installed";
    // The line goes through a link that can be cut; its time-outs are short, so that the test is.
    std::string field = city_.Read("field.toml");
    const std::string direct = "port = " + std::to_string(city_.meter_port()) + "\n";
    const std::size_t at = field.find(direct);
    ASSERT_NE(at, std::string::npos);
    field.replace(at, direct.size(), "port = " + std::to_string(line_.port()) + "\nreply_timeout_ms = 300\n");
    city_.Write("field.toml", field);
    city_.StartMeters();
    city_.StartBroker();
    city_.StartCentral();
    city_.Join();
    city_.StartEdge();
  }

  json Ask(const char* side) {
    const bool box = std::string_view(side) == "box";
    int status = 0;
    const std::string command =
        std::string(YB_BIN_DIR) + "/yuanbanctl why feeder-1/fwd_active_energy --site lvye-01" +
        " --json --url https://127.0.0.1:" + std::to_string(box ? city_.edge_port() : city_.central_port()) +
        " --trust " + city_.Path(box ? "edge/identity/web.pem" : "pki/roots.pem") + " --token " +
        city_.Path(box ? "edge/admin-token" : "central/admin-token") + " 2>&1";
    const std::string out = RunToEnd(command, status);
    last_ = out;
    const json answer = json::parse(out, nullptr, false);
    return status == 0 && answer.is_object() ? answer : json::object();
  }
  [[nodiscard]] bool WaitFor(const char* side, const char* state, const char* link, const char* words) {
    return WaitUntil(
        [&] {
          const json why = Ask(side);
          return why.value("state", "") == state && (link[0] == '\0' || why["broken"] == link) &&
                 why["sentence"].get<std::string>().find(words) != std::string::npos;
        },
        kTries);
  }

  /// Of the box's API; an empty object where it does not answer well.
  json Box(const std::string& path, const json& body = {}) {
    const std::string url = "https://127.0.0.1:" + std::to_string(city_.edge_port()) + "/api/v1/" + path;
    const security::ServerTrust trust{city_.Read("edge/identity/web.pem"), {}, city_.edge_api().token};
    const base::UtcTime now = base::SystemClock().Now();
    const auto answer =
        body.is_null() ? security::GetJson(url, trust, now) : security::PostJson(url, body.dump(), trust, now);
    last_ = answer ? answer->body : answer.error().Describe();
    json out = answer ? json::parse(answer->body, nullptr, false) : json();
    return out.is_object() ? out : json::object();
  }
  [[nodiscard]] std::int64_t LastAnswer(const char* meter) {
    const json lines = Box("lines");
    for (const json& one : lines.at("lines").at(0).at("meters")) {
      if (one["meter"] == meter && one["last_answer_us"].is_number()) return one["last_answer_us"];
    }
    return 0;
  }
  [[nodiscard]] bool WaitForJob(const char* state) {
    return WaitUntil(
        [&] {
          const json job = Box("lines/line-1/job").value("job", json());
          return job.is_object() && job["state"] == state;
        },
        kTries);
  }

  City city_{YB_BIN_DIR, YB_SOURCE_DIR, kMeters};
  TcpProxy line_{city_.meter_port()};
  std::string last_;
};

TEST_F(WhyTest, NamesTheFirstBrokenLinkOnBothSides) {
  EXPECT_TRUE(WaitFor("box", "ok", "", "都通，下一次读数约在 ")) << last_;
  EXPECT_TRUE(WaitFor("central", "ok", "", "都通，下一次读数约在 ")) << last_;

  line_.Cut();
  EXPECT_TRUE(WaitFor("box", "broken", "line", "线路 line-1：2 块表都没有应答")) << last_;
  EXPECT_TRUE(WaitFor("central", "broken", "line", "线路 line-1：2 块表都没有应答")) << last_;
  line_.Restore();
  EXPECT_TRUE(WaitFor("central", "ok", "", "都通")) << last_;

  city_.KillBroker();
  EXPECT_TRUE(WaitFor("box", "broken", "broker", "本机有数，市级看不到。代理")) << last_;
  EXPECT_TRUE(WaitFor("central", "broken", "broker", "判断不了")) << last_;
  city_.StartBroker();
  EXPECT_TRUE(WaitFor("box", "ok", "", "都通")) << last_;

  city_.KillCentral();
  EXPECT_TRUE(WaitFor("box", "broken", "central", "市级平台没有应答")) << last_;
  city_.StartCentral();
  EXPECT_TRUE(WaitFor("central", "ok", "", "都通")) << last_;

  city_.KillEdge();
  // A box is offline when it has been silent for 30 s.
  EXPECT_TRUE(WaitUntil([&] { return Ask("central").value("broken", json()) == "box"; }, 600)) << last_;
  EXPECT_NE(last_.find("后面的情况在这里判断不了"), std::string::npos) << last_;
}

TEST_F(WhyTest, FindsTheMetersOfALineInServiceAndItsPollsGoOn) {
  ASSERT_TRUE(WaitUntil([&] { return LastAnswer("feeder-1") > 0 && LastAnswer("pump-1") > 0; }, kTries)) << last_;
  ASSERT_EQ(Box("lines/line-1/scan", {{"protocols", {"dlt645-2007", "cjt188"}}}).count("job"), 1U) << last_;
  EXPECT_EQ(Box("lines/line-1/scan", {{"protocols", {"cjt188"}}}).count("error"), 1U) << "it is lent already";
  ASSERT_TRUE(WaitForJob("done")) << last_;
  std::map<std::string, std::string> found;
  const json job = Box("lines/line-1/job")["job"];
  for (const json& meter : job["meters"]) found[meter["address"]] = meter["taken"]["meter"];
  EXPECT_EQ(found, (std::map<std::string, std::string>{{"260305510020", "feeder-1"}, {"78330011223344", "pump-1"}}));
  const std::int64_t ended = job["ended_us"];
  EXPECT_TRUE(WaitUntil([&] { return LastAnswer("feeder-1") > ended && LastAnswer("pump-1") > ended; }, kTries))
      << last_;

  // Units that are not there: a scan of a quarter of a minute and more, which somebody stops.
  ASSERT_EQ(Box("lines/line-1/scan", {{"protocols", {"modbus-rtu"}}}).count("job"), 1U) << last_;
  ASSERT_TRUE(WaitForJob("running")) << last_;
  EXPECT_EQ(Ask("box").value("broken", json()), "line") << last_;
  Box("lines/line-1/stop", json::object());
  ASSERT_TRUE(WaitForJob("stopped")) << last_;
  const std::int64_t stopped = Box("lines/line-1/job")["job"]["ended_us"];
  EXPECT_TRUE(WaitUntil([&] { return LastAnswer("feeder-1") > stopped; }, kTries)) << last_;

  const json frames = Box("lines/line-1/frames?after=0")["exchanges"];
  EXPECT_GT(frames.size(), 0U);
  EXPECT_LE(frames.size(), 64U);
  ASSERT_EQ(Box("lines/line-1/read", {{"protocol", "cjt188"}, {"address", "78330011223344"}}).count("job"), 1U)
      << last_;
  ASSERT_TRUE(WaitForJob("done")) << last_;
  EXPECT_EQ(Box("lines/line-1/job")["job"]["proposal"]["profile"], "cjt188-water") << last_;
}

}  // namespace
}  // namespace yb::test
