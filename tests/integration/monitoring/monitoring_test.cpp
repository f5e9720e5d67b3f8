// What an operator's Prometheus makes of a running city: the configuration, the alert rules and every query of the
// dashboard as they are shipped, against a real Prometheus that scrapes a real central and a real box.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/support/city.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

const std::string kSource = YB_SOURCE_DIR;

constexpr CityMeter kMeters[] = {
    {"feeder-1", "260305510020", "DLT645-2007", "dormitory", "dlt645-2007-basic"},
    {"pump-1", "78330011223344", "CJT188", "industrial-water", "cjt188-water"},
};

/// Say nothing during a box's first ten minutes.
const std::set<std::string> kLater = {"yb_flash_life_days"};

std::string FileText(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Every occurrence; there is at least one.
void Replace(std::string& text, const std::string& what, const std::string& with) {
  std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  for (; at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}

std::size_t Append(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

class Monitoring : public testing::Test {
 protected:
  void SetUp() override {
    int status = 0;
    static_cast<void>(RunToEnd("command -v promtool", status));
    if (status != 0) GTEST_SKIP() << "Prometheus is not installed";
  }
};

std::string Promtool(const std::string& arguments) {
  int status = 0;
  std::string output = RunToEnd("cd " + kSource + "/dashboards/alerts && promtool " + arguments + " 2>&1", status);
  EXPECT_EQ(status, 0) << output;
  return output;
}

TEST_F(Monitoring, RulesRaiseWhatTheySayAndNothingWhileAllIsWell) {
  EXPECT_NE(Promtool("check rules yuanban.rules.yml").find("SUCCESS"), std::string::npos);
  EXPECT_NE(Promtool("test rules yuanban.rules.test.yml").find("SUCCESS"), std::string::npos);
}

TEST_F(Monitoring, EveryRuleHasItsTest) {
  const std::string rules = FileText(kSource + "/dashboards/alerts/yuanban.rules.yml");
  const std::string tests = FileText(kSource + "/dashboards/alerts/yuanban.rules.test.yml");
  int count = 0;
  const std::string key = "- alert: ";
  for (std::size_t at = rules.find(key); at != std::string::npos; at = rules.find(key, at + 1), ++count) {
    const std::size_t begin = at + key.size();
    const std::string name = rules.substr(begin, rules.find('\n', begin) - begin);
    EXPECT_NE(tests.find(name), std::string::npos) << name;
  }
  EXPECT_GE(count, 15);
}

/// A Prometheus of its own beside a city of its own.
class PrometheusBesideACity {
 public:
  PrometheusBesideACity() : city_(YB_BIN_DIR, kSource, kMeters) {
    city_.StartMeters();
    city_.StartBroker();
    city_.StartCentral();
    city_.Join();
    city_.StartEdge();
    Configure();
    prometheus_.emplace(std::vector<std::string>{"prometheus", "--config.file=" + city_.Path("prometheus.yml"),
                                                 "--storage.tsdb.path=" + city_.Path("prometheus"),
                                                 "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
                        city_.Path("prometheus.log"));
    EXPECT_TRUE(WaitUntil([&] { return Get("/-/ready").starts_with("Prometheus Server is Ready"); }))
        << city_.Read("prometheus.log");
  }

  /// The result of an instant query; null where Prometheus refuses it.
  [[nodiscard]] json Query(const std::string& expression) const {
    char* escaped = curl_easy_escape(nullptr, expression.c_str(), 0);
    const std::string body = Get(std::string("/api/v1/query?query=") + escaped);
    curl_free(escaped);
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object() || answer.value("status", "") != "success") {
      ADD_FAILURE() << expression << ": " << body;
      return nullptr;
    }
    return answer["data"]["result"];
  }

  [[nodiscard]] bool WaitFor(const std::string& expression) const {
    for (int i = 0; i < 300; ++i) {
      const json result = Query(expression);
      if (result.is_null()) return false;
      if (!result.empty()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return false;
  }

  [[nodiscard]] std::string Log() const { return city_.Read("prometheus.log"); }

 private:
  /// What Prometheus answers; or why it does not.
  [[nodiscard]] std::string Get(const std::string& path) const {
    CURL* curl = curl_easy_init();
    const std::string url = "http://127.0.0.1:" + std::to_string(port_) + path;
    std::string body;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    const CURLcode done = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return done == CURLE_OK ? body : curl_easy_strerror(done);
  }

  /// The shipped one, with the addresses and files of this city and without patience.
  void Configure() {
    std::string text = FileText(kSource + "/deploy/prometheus/prometheus.yml");
    Replace(text, "central.example:8443", "127.0.0.1:" + std::to_string(city_.central_port()));
    Replace(text, "lvye.example:8444", "127.0.0.1:" + std::to_string(city_.edge_port()));
    Replace(text, "city-roots.pem", city_.Path("pki/roots.pem"));
    Replace(text, "rules/yuanban.rules.yml", kSource + "/dashboards/alerts/yuanban.rules.yml");
    Replace(text, "scrape_interval: 15s", "scrape_interval: 1s");
    Replace(text, "evaluation_interval: 15s", "evaluation_interval: 1s");
    city_.Write("central-metrics.token", city_.Read("central/scrape-token"));
    city_.Write("edge-metrics.token", city_.Read("edge/scrape-token"));
    city_.Write("prometheus.yml", text);
    int status = 0;
    const std::string checked = RunToEnd("promtool check config " + city_.Path("prometheus.yml") + " 2>&1", status);
    EXPECT_EQ(status, 0) << checked;
  }

  City city_;
  const int port_ = FreePort();
  std::optional<Process> prometheus_;
};

/// Each query of the dashboard, with its variables filled in as Grafana would.
std::vector<std::string> DashboardQueries() {
  const json dashboard = json::parse(FileText(kSource + "/dashboards/grafana/yuanban.json"));
  std::vector<std::string> queries;
  for (const json& panel : dashboard["panels"]) {
    for (const json& target : panel.value("targets", json::array())) {
      std::string expression = target["expr"];
      for (const auto& [name, value] : {std::pair("$__rate_interval", "20s"), std::pair("$site", ".*")}) {
        if (expression.find(name) != std::string::npos) Replace(expression, name, value);
      }
      EXPECT_EQ(expression.find('$'), std::string::npos) << expression;
      queries.push_back(std::move(expression));
    }
  }
  return queries;
}

TEST_F(Monitoring, EveryQueryOfTheDashboardAnswersFromARunningCity) {
  const PrometheusBesideACity here;
  ASSERT_TRUE(here.WaitFor("sum(up{job=~\"yuanban-.+\"}) == 2")) << here.Log();
  ASSERT_TRUE(here.WaitFor("sum(yb_site_online{job=\"yuanban-central\"}) == 1"));
  ASSERT_TRUE(here.WaitFor("min(yb_lane_committed{lane=\"history\"}) > 5"));
  const std::vector<std::string> queries = DashboardQueries();
  ASSERT_GE(queries.size(), 15U);
  for (const std::string& query : queries) {
    const bool later = std::ranges::any_of(kLater, [&](const auto& name) { return query.find(name) == 0; });
    if (later) {
      EXPECT_TRUE(here.Query(query).is_array()) << query;
    } else {
      EXPECT_TRUE(here.WaitFor(query)) << query << " has no result";
    }
  }
}

TEST_F(Monitoring, NothingFiresInACityThatIsWell) {
  const PrometheusBesideACity here;
  ASSERT_TRUE(here.WaitFor("sum(up{job=~\"yuanban-.+\"}) == 2")) << here.Log();
  ASSERT_TRUE(here.WaitFor("min(yb_lane_committed{lane=\"history\"}) > 5"));
  EXPECT_EQ(here.Query("ALERTS{alertstate=\"firing\"}"), json::array());
}

}  // namespace
}  // namespace yb::test
