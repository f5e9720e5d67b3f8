// The term in which users of the city may log in at a box is extended while central cannot be reached, over the API
// and from a shell, and the box is killed over and over meanwhile. Every extension that the box holds comes to central
// exactly once, and both ledgers hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "core/identity/user_store.hpp"
#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/api_client.hpp"
#include "tests/support/city.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::test {
namespace {

using nlohmann::json;

constexpr int kKills = 8;
constexpr int kPatience = 4500;  // × 20 ms, and what an answer takes: the city's users come within a minute

class Extension : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v mosquitto >/dev/null 2>&1") != 0) GTEST_SKIP() << "mosquitto is not installed";
    city_ = std::make_unique<City>(YB_BIN_DIR, YB_SOURCE_DIR, std::span<const CityMeter>());
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
  std::string Ctl(const std::string& arguments) const {
    int status = 0;
    const std::string out =
        RunToEnd((std::filesystem::path(YB_BIN_DIR) / "yuanbanctl").string() + " " + arguments + " 2>&1", status);
    EXPECT_EQ(status, 0) << arguments << "\n" << out;
    return out;
  }
  /// Uid of each extension that the box's store of users holds.
  [[nodiscard]] std::vector<std::string> Made() const {
    const auto store = identity::UserStore::Open(*storage::MakeSqliteOpener({.file = city_->Path("edge/users.db")}));
    const auto extensions = store.value()->Extensions();
    std::vector<std::string> uids;
    for (const auto& one : *extensions) uids.push_back(one.uid);
    return uids;
  }
  /// Of each event of the site in a ledger; the file may be in use.
  [[nodiscard]] std::vector<std::string> InLedger(const std::string& side) const {
    ledger::LedgerOptions options;
    options.only_existing = true;
    const auto store =
        ledger::LedgerStore::Open(*storage::MakeSqliteOpener({.file = city_->Path(side + "/ledger.db")}),
                                  std::move(options), calendar::WorkingCalendar(calendar::PublishedNotices()), clock_);
    const auto events = store.value()->SiteEvents(City::Site());
    std::vector<std::string> uids;
    for (const auto& event : *events) uids.push_back(event.uid);
    return uids;
  }

  base::SystemClock clock_;
  std::unique_ptr<City> city_;
};

TEST_F(Extension, ComesToCentralOnceThoughTheBoxIsKilled) {
  city_->Write("password", "correct horse battery\n");
  Ctl("user add wangwu --role park_it --site lvye-01 --data " + city_->Path("central") + " --password-file " +
      city_->Path("password"));
  ASSERT_TRUE(WaitUntil(
      [&] {
        const json term = Ask(city_->edge_api(), "/directory");
        return term.is_object() && term.contains("synced_us") && term["synced_us"].is_number();
      },
      kPatience))
      << city_->Read("edge.log");
  city_->uplink().Cut();

  // Answered, then killed at once.
  const json answer = Ask(city_->edge_api(), "/directory/extend", "{}");
  ASSERT_TRUE(answer.contains("extended_us") && answer["extended_us"].is_number()) << answer.dump();
  city_->KillEdge();
  EXPECT_EQ(Made().size(), 1U);
  EXPECT_EQ(InLedger("edge"), Made()) << "what was answered is in both stores";
  // Twice from a shell while the program is stopped.
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(Ctl("user extend --data " + city_->Path("edge")).find("until"), std::string::npos);
  city_->StartEdge();
  EXPECT_TRUE(WaitUntil([&] { return InLedger("edge").size() == 3; })) << city_->Read("edge.log");
  // Killed at any moment of a request.
  std::mt19937 random(20260302);
  for (int kill = 0; kill < kKills; ++kill) {
    std::thread asking([&, api = city_->edge_api()] { (void)Ask(api, "/directory/extend", "{}"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
    city_->KillEdge();
    asking.join();
    city_->StartEdge();
  }
  // From a shell while it runs: within a minute, without a start.
  Ctl("user extend --data " + city_->Path("edge"));
  const std::vector<std::string> made = Made();
  ASSERT_GE(made.size(), 4U);
  EXPECT_TRUE(WaitUntil([&] { return InLedger("edge") == made; }, kPatience)) << city_->Read("edge.log");
  EXPECT_LE(InLedger("central").size(), 1U) << "central cannot be reached, but the first may have passed with the cut";

  city_->uplink().Restore();
  EXPECT_TRUE(WaitUntil([&] { return InLedger("central") == made; }, kPatience)) << city_->Read("central.log");
  city_->KillEdge();
  city_->StartEdge();
  EXPECT_TRUE(WaitUntil([&] { return Ask(city_->edge_api(), "/directory").contains("ends_us"); }));
  EXPECT_EQ(InLedger("edge"), made);
  EXPECT_EQ(InLedger("central"), made);
  const json documents = Ask(city_->central_api(), "/documents");
  ASSERT_TRUE(documents.contains("sites")) << documents.dump();
  const json extension = documents["sites"].at(0).at("extension");
  EXPECT_EQ(extension["who"], "yuanbanctl");
  EXPECT_EQ(extension["side"], "park");
  EXPECT_EQ(extension["until_us"], Ask(city_->edge_api(), "/directory")["extended_us"].get<std::int64_t>() +
                                       std::int64_t{30} * 86'400'000'000);
  EXPECT_NE(Ctl("ledger show --site lvye-01 --data " + city_->Path("central"))
                .find("site lvye-01: " + std::to_string(made.size()) + " events"),
            std::string::npos);
  EXPECT_NE(Ctl("ledger verify --data " + city_->Path("edge") + " --against " + city_->Path("central"))
                .find("sound, and the same on both sides"),
            std::string::npos);
  EXPECT_NE(Ctl("ledger rebuild --data " + city_->Path("central")).find("equal"), std::string::npos);
  city_->EndEdge();
  city_->EndCentral();
}

}  // namespace
}  // namespace yb::test
