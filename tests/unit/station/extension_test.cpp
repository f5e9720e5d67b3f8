// Extensions of the log-in term on their way from a box's store of users into its ledger: made over the API or by a
// shell, and the program killed at any point in between.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/identity_routes.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "edge/box/extension_writer.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace yb::edge {
namespace {

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");

class ExtensionTest : public testing::Test {
 protected:
  void SetUp() override {
    Open();
    ASSERT_TRUE(users_->NoteDirectory(clock_.Now()));
  }
  void Open() {
    users_ = identity::UserStore::Open(*storage::MakeSqliteOpener({.file = folder_.path() / "users.db"})).value();
    ledger_ =
        ledger::LedgerStore::Open(*storage::MakeSqliteOpener({.file = folder_.path() / "ledger.db"}),
                                  {cases::Side::kPark}, calendar::WorkingCalendar(calendar::PublishedNotices()), clock_)
            .value();
    writer_ = std::make_unique<ExtensionWriter>(kSite, *users_, *ledger_);
  }
  /// The program ends without a word and starts again.
  void Kill() {
    writer_.reset();
    ledger_.reset();
    users_.reset();
    Open();
  }
  void ExtendFromAShell(const std::string& who = "yuanbanctl") {
    ASSERT_TRUE(identity::ExtendDirectory(*users_, {who, "", clock_.Now()}));
  }
  [[nodiscard]] std::vector<ledger::SiteEvent> Events() const { return ledger_->SiteEvents(kSite).value(); }

  test::TempFolder folder_;
  test::ManualClock clock_;
  std::unique_ptr<identity::UserStore> users_;
  std::unique_ptr<ledger::LedgerStore> ledger_;
  std::unique_ptr<ExtensionWriter> writer_;
};

TEST_F(ExtensionTest, OverTheApiIsInTheLedgerWhenItIsAnswered) {
  identity::PasswordHasher hasher;
  identity::NewUser admin{"admin", "赵六", "correct horse battery", http::kSeparateRoles, {}};
  ASSERT_TRUE(identity::AddUser(*users_, hasher, admin, {"test", "", clock_.Now()}));
  identity::IdentityOptions options;
  options.folder = folder_.path();
  options.program = "lvye-01";
  const auto service = identity::IdentityService::Start(options, *users_, clock_).value();
  http::Router router;
  api::AddIdentity(router, *service, clock_, [&] { EXPECT_TRUE(writer_->Look()); });
  http::Request request;
  request.method = "POST";
  request.path = "/api/v1/directory/extend";
  request.body = "{}";
  request.remote = "192.0.2.7";
  EXPECT_EQ(router.Handle(request).status, 401) << "who is nobody extends nothing";
  EXPECT_TRUE(Events().empty());
  const auto in = service->LogIn("admin", "correct horse battery", request);
  ASSERT_TRUE(in) << in.error().Describe();
  const std::string cookie = service->CookieOf(in->token);
  request.headers["cookie"] = cookie.substr(0, cookie.find(';'));
  request.headers["sec-fetch-site"] = "same-origin";
  clock_.Advance(std::chrono::minutes(5));
  const http::Response answer = router.Handle(request);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto events = Events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].actor, (cases::Actor{"admin", "赵六", ""}));
  EXPECT_EQ(events[0].time, clock_.Now());
  const auto until = std::get<ledger::ExtendLogIn>(events[0].act).until;
  EXPECT_EQ(until, clock_.Now() + std::chrono::hours(24 * 30));
  EXPECT_EQ(nlohmann::json::parse(answer.body)["ends_us"], until.micros);
  EXPECT_EQ(ledger_->Outbox(kSite).at(0).last, 1U) << "it is to be sent";
}

TEST_F(ExtensionTest, IsNeitherLostNorDoubledWhereverTheProgramIsKilled) {
  ExtendFromAShell("admin");
  Kill();  // between the two stores
  EXPECT_TRUE(Events().empty());
  ASSERT_TRUE(writer_->Look());
  EXPECT_EQ(Events().size(), 1U);
  Kill();  // behind both
  ASSERT_TRUE(writer_->Look());
  EXPECT_EQ(Events().size(), 1U);
  // The clock is set back in between: nothing is told by time.
  clock_.Advance(-std::chrono::hours(24 * 100));
  ExtendFromAShell();
  ExtendFromAShell();
  Kill();
  ASSERT_TRUE(writer_->Look());
  ASSERT_TRUE(writer_->Look());
  const auto events = Events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].actor.user, "admin");
  EXPECT_EQ(events[2].actor.user, "yuanbanctl");
  EXPECT_EQ(ledger_->Outbox(kSite).at(0).last, 3U);
  const auto verdicts = ledger_->Verify();
  for (const auto& verdict : *verdicts) EXPECT_FALSE(verdict.stream.first_break);
}

TEST_F(ExtensionTest, OfAShellIsBroughtInByTheProgramItself) {
  ExtendFromAShell();
  writer_->Start();
  EXPECT_TRUE(test::WaitUntil([this] { return Events().size() == 1; }));
}

/// The past that is on its way back may hold it.
TEST_F(ExtensionTest, WaitsWhileTheLedgerFetchesItsPastBack) {
  ExtendFromAShell();
  ASSERT_TRUE(ledger_->NoteRestored(kSite));
  ASSERT_TRUE(writer_->Look());
  EXPECT_TRUE(Events().empty());
  ASSERT_TRUE(ledger_->Finish(kSite));
  ASSERT_TRUE(writer_->Look());
  EXPECT_EQ(Events().size(), 1U);
}

}  // namespace
}  // namespace yb::edge
