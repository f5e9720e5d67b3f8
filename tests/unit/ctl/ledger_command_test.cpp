// yuanbanctl ledger on the files of a box and of central, which may have them open at the same time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/case_acts.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/ctl/run.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;
using namespace cases;
using ledger::LedgerStore;

const base::SiteId kSite = *base::SiteId::Parse("lvye-01");
const Actor kClerk{"1", "张三", ""};

class LedgerCommandTest : public testing::Test {
 protected:
  int Ctl(std::vector<std::string> arguments, const fs::path& folder) {
    arguments.insert(arguments.begin(), "ledger");
    arguments.insert(arguments.end(), {"--data", folder});
    out_.str("");
    err_.str("");
    return ctl::Run(arguments, out_, err_, clock_);
  }
  [[nodiscard]] bool Says(const std::string& text) const { return out_.str().find(text) != std::string::npos; }
  std::unique_ptr<LedgerStore> Open(Side side) {
    const auto opener = storage::MakeSqliteOpener({.file = Folder(side) / "ledger.db"});
    return *LedgerStore::Open(*opener, {side}, calendar::WorkingCalendar(calendar::PublishedNotices()), clock_);
  }
  [[nodiscard]] fs::path Folder(Side side) const {
    const fs::path folder = folder_.path() / (side == Side::kPark ? "box" : "central");
    fs::create_directories(folder);
    return folder;
  }
  /// A case that was accepted at the box on Monday, 2026-03-02, and its events at central, acknowledged two at a time.
  std::string Accepted(LedgerStore& box, LedgerStore& central) {
    ledger::NewCase made;
    made.terms = test::PlanningTerms();
    made.person = "p";
    made.applicant = {1, 2, 3};
    made.receipt_prefix = "JY03";
    const std::string id = box.Receive(kSite, kClerk, made)->state.case_id;
    EXPECT_TRUE(box.Act(kSite, id, kClerk, PutMaterial{"application", "aa", test::AsSealed("f"), 7}));
    EXPECT_TRUE(box.Act(kSite, id, kClerk, PutMaterial{"site-plan", "bb", test::AsSealed("f"), 8}));
    EXPECT_TRUE(box.Act(kSite, id, kClerk, Accept{}));
    const std::uint64_t epoch = box.Outbox(kSite).at(0).epoch;
    for (const std::uint64_t first : {1U, 3U}) {
      auto bodies = *box.ReadBodies(kSite, {epoch, first}, SIZE_MAX);
      bodies.resize(2);
      EXPECT_TRUE(central.Store(kSite, epoch, first, bodies));
      EXPECT_TRUE(box.OnAcknowledged(kSite, {epoch, first + 1}, *central.OtherChainAt(kSite, {epoch, first + 1})));
    }
    return id;
  }
  void Rewrite() {
    const auto database = *storage::OpenSqlite({.file = Folder(Side::kPark) / "ledger.db"});
    ASSERT_TRUE(database->Execute(
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'site-plan', 'SITE-PLAN') AS BLOB) WHERE seq = 3"));
    const auto select = *database->Prepare("SELECT body FROM event ORDER BY seq");
    std::vector<sync::Chain> chains(1);
    while (*select->Step()) chains.push_back(sync::NextChain(chains.back(), select->Blob(0)));
    select->Reset();
    const auto update = *database->Prepare("UPDATE event SET chain = ?2 WHERE seq = ?1");
    for (std::size_t seq = 1; seq < chains.size(); ++seq) {
      ASSERT_TRUE(update->Bind(1, static_cast<std::int64_t>(seq)).Bind(2, base::ByteView(chains[seq])).Run());
    }
    const auto head = *database->Prepare("UPDATE head SET chain = ?");
    ASSERT_TRUE(head->Bind(1, base::ByteView(chains.back())).Run());
  }

  test::TempFolder folder_;
  test::ManualClock clock_;
  std::ostringstream out_, err_;
};

TEST_F(LedgerCommandTest, VerifiesBothLedgersWhileTheirProgramsHaveThemOpen) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  Accepted(*box, *central);
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 0);
  EXPECT_TRUE(Says("lvye-01  park 园区  4 events, the chain holds")) << out_.str();
  EXPECT_TRUE(Says("event 4 on 2026-03-02 14:08 +08:00")) << out_.str();
  EXPECT_EQ(Ctl({"verify", "--against", Folder(Side::kCity)}, Folder(Side::kPark)), 0);
  EXPECT_TRUE(Says("4 events with the same chain in both ledgers")) << out_.str();
  EXPECT_TRUE(Says("sound, and the same on both sides")) << out_.str();
  EXPECT_EQ(Ctl({"rebuild"}, Folder(Side::kCity)), 0);
  EXPECT_TRUE(Says("equal")) << out_.str();
}

TEST_F(LedgerCommandTest, NamesAPastThatABoxRewroteWithItsChains) {
  {
    const auto box = Open(Side::kPark);
    const auto central = Open(Side::kCity);
    Accepted(*box, *central);
  }
  Rewrite();
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 1);
  EXPECT_TRUE(Says("BROKEN")) << out_.str();
  EXPECT_TRUE(Says("the past was rewritten")) << out_.str();
  EXPECT_TRUE(Says("between event 3 and event 4")) << out_.str();
  EXPECT_EQ(Ctl({"verify", "--against", Folder(Side::kCity)}, Folder(Side::kPark)), 1);
  EXPECT_TRUE(Says("2 events with the same chain in both ledgers; THEY DIFFER from epoch")) << out_.str();
  EXPECT_TRUE(Says("event 3 on")) << out_.str();
  EXPECT_TRUE(Says("NOT SOUND")) << out_.str();
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kCity)), 0) << out_.str();
}

TEST_F(LedgerCommandTest, RefusesToHoldALedgerAgainstItself) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  Accepted(*box, *central);
  const fs::path linked = folder_.path() / "linked";
  fs::create_directory_symlink(Folder(Side::kPark), linked);
  for (const fs::path& same : {Folder(Side::kPark), linked, Folder(Side::kPark) / "."}) {
    EXPECT_EQ(Ctl({"verify", "--against", same}, Folder(Side::kPark)), 64);
    EXPECT_EQ(out_.str(), "") << "nothing that could be taken for a proof";
    EXPECT_NE(err_.str().find("yuanbanctl: --data and --against are the same ledger（两个目录是同一份台账）"),
              std::string::npos)
        << err_.str();
  }
}

TEST_F(LedgerCommandTest, CallsNothingInCommonNeitherSoundOnBothSidesNorBroken) {
  {
    const auto box = Open(Side::kPark);
    const auto central = Open(Side::kCity);
    Accepted(*box, *central);
  }
  const fs::path elsewhere = folder_.path() / "elsewhere";
  fs::create_directories(elsewhere);
  const auto opener = storage::MakeSqliteOpener({.file = elsewhere / "ledger.db"});
  const auto other =
      *LedgerStore::Open(*opener, {Side::kPark}, calendar::WorkingCalendar(calendar::PublishedNotices()), clock_);
  for (const bool empty : {true, false}) {
    if (!empty) {
      ledger::NewCase made;
      made.terms = test::PlanningTerms();
      made.person = "p";
      made.applicant = {1};
      made.receipt_prefix = "TY01";
      ASSERT_TRUE(other->Receive(*base::SiteId::Parse("tuyou-01"), kClerk, made));
    }
    EXPECT_EQ(Ctl({"verify", "--against", elsewhere}, Folder(Side::kPark)), 3) << out_.str();
    EXPECT_TRUE(Says("NOTHING WAS COMPARED（没有可比对的内容）")) << out_.str();
    EXPECT_TRUE(Says("sound by itself（仅本侧台账完好，没有比对）")) << out_.str();
    EXPECT_FALSE(Says("NOT SOUND") || Says("both sides（")) << out_.str();
  }
  Rewrite();
  EXPECT_EQ(Ctl({"verify", "--against", elsewhere}, Folder(Side::kPark)), 1) << "broken is said first";
  EXPECT_TRUE(Says("NOT SOUND")) << out_.str();
}

TEST_F(LedgerCommandTest, RebuildsWhatSomebodyChangedInTheTables) {
  {
    const auto box = Open(Side::kPark);
    const auto central = Open(Side::kCity);
    Accepted(*box, *central);
  }
  const auto file = Folder(Side::kPark) / "ledger.db";
  ASSERT_TRUE((*storage::OpenSqlite({.file = file}))->Execute("UPDATE cases SET due = due + 30"));
  EXPECT_EQ(Ctl({"rebuild"}, Folder(Side::kPark)), 1);
  EXPECT_TRUE(Says("DIFFERENT")) << out_.str();
  EXPECT_EQ(Ctl({"rebuild"}, Folder(Side::kPark)), 0);
}

TEST_F(LedgerCommandTest, RebuildsFromTheNewestSoundSnapshotAndInFullWhereItIsTold) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  const std::string id = Accepted(*box, *central);
  while (*box->SnapshotStep()) {
  }
  ASSERT_TRUE(box->Act(kSite, id, kClerk, Remind{"催"}));
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 0);
  EXPECT_TRUE(Says("snapshot 1 快照  of 2026-03-02 14:08 +08:00: 1 case from 4 events, as the events say"))
      << out_.str();
  EXPECT_EQ(Ctl({"rebuild"}, Folder(Side::kPark)), 0);
  EXPECT_TRUE(Says("from snapshot 1 of 2026-03-02 14:08 +08:00 with 4 events: 1 of 5 events was folded")) << out_.str();
  EXPECT_EQ(Ctl({"rebuild", "--full"}, Folder(Side::kPark)), 0);
  EXPECT_TRUE(Says("from the first event: 5 of 5 events were folded")) << out_.str();

  const auto file = Folder(Side::kPark) / "ledger.db";
  ASSERT_TRUE((*storage::OpenSqlite({.file = file}))->Execute("UPDATE snapshot_case SET record = record || x'00'"));
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 1);
  EXPECT_TRUE(Says("snapshot 1 快照  UNSOUND: its bytes are not those that were written（内容已损坏）")) << out_.str();
  EXPECT_TRUE(Says("5 events, the chain holds")) << out_.str();
  EXPECT_EQ(Ctl({"rebuild"}, Folder(Side::kPark)), 1);
  EXPECT_TRUE(Says("snapshot 1 快照 is UNSOUND and was taken away")) << out_.str();
  EXPECT_TRUE(Says("from the first event: 5 of 5 events were folded")) << out_.str();
  EXPECT_TRUE(Says("equal")) << out_.str();
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 0) << out_.str();
}

TEST_F(LedgerCommandTest, ShowsACaseByEachOfItsNumbersAndNobodysFields) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  const std::string id = Accepted(*box, *central);
  const std::string number(43, '7');
  ASSERT_TRUE(box->Act(kSite, id, kClerk, BindNumber{number}));
  for (const std::string& which : {id, std::string("JY03-1-2026-000001"), number}) {
    EXPECT_EQ(Ctl({"show", which}, Folder(Side::kPark)), 0) << err_.str();
    EXPECT_TRUE(Says("accepted 已受理")) << out_.str();
    EXPECT_TRUE(Says("applicant sealed (3 bytes)")) << out_.str();
    // Five working days after Monday 2026-03-02.
    EXPECT_TRUE(Says("5 working days, until 2026-03-09")) << out_.str();
    EXPECT_TRUE(Says("2026-03-02 14:08:00 +08:00  park 园区  受理 accept  张三")) << out_.str();
  }
  EXPECT_EQ(Ctl({"show", "JY03-1-2026-000009"}, Folder(Side::kPark)), 1);
  EXPECT_NE(err_.str().find("no case JY03-1-2026-000009"), std::string::npos) << err_.str();
}

TEST_F(LedgerCommandTest, NamesMaterialsAndActsAsThePagesDo) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  const std::string id = Accepted(*box, *central);
  ASSERT_TRUE(box->Act(kSite, id, kClerk, Print{"acceptance", true}));
  ASSERT_TRUE(box->Act(kSite, id, kClerk, HandOver{}));
  ASSERT_TRUE(box->Act(kSite, id, kClerk, Request{Request::Kind::kWithdrawal, "不办了"}));
  EXPECT_EQ(Ctl({"show", id}, Folder(Side::kPark)), 0) << err_.str();
  EXPECT_TRUE(Says("site-plan (8 bytes, ")) << "no catalogue is known: " << out_.str();
  EXPECT_TRUE(Says("受理通知书 重打")) << out_.str();
  EXPECT_TRUE(Says("待对方确认: 撤回申请 不办了")) << out_.str();

  const fs::path catalogue = folder_.path() / "catalogue.toml";
  std::ofstream(catalogue) << R"(version = 1
[[item]]
key = "planning-permit"
name = "建设工程规划许可证"
promised_days = 5
statutory_days = 20
extension_days = 10
signers = ["市自然资源局"]
document = "建设工程规划许可证"
[[item.material]]
key = "site-plan"
name = "总平面图"
)";
  EXPECT_EQ(Ctl({"show", id, "--catalogue", catalogue}, Folder(Side::kPark)), 0) << err_.str();
  EXPECT_TRUE(Says("总平面图 (8 bytes, ")) << out_.str();
  EXPECT_FALSE(Says("site-plan")) << out_.str();
  EXPECT_TRUE(Says("application (7 bytes, ")) << "it is in no catalogue, so it is shown as it is: " << out_.str();
  EXPECT_EQ(Ctl({"show", id, "--catalogue", folder_.path() / "none.toml"}, Folder(Side::kPark)), 1);

  std::ofstream(folder_.path() / "edge.toml") << R"(city = "150200"
site = "lvye-01"
data_dir = "box"
[field]
config = "field.toml"
profiles = "profiles"
[web]
[station]
catalogue = "catalogue.toml"
)";
  EXPECT_EQ(Ctl({"show", id}, Folder(Side::kPark)), 0) << err_.str();
  EXPECT_TRUE(Says("总平面图 (8 bytes, ")) << "as the box beside whose configuration the data lies: " << out_.str();
}

TEST_F(LedgerCommandTest, TellsAnAnswerAndAPauseInTheWordsOfThePages) {
  const auto box = Open(Side::kPark);
  const auto central = Open(Side::kCity);
  const std::string id = Accepted(*box, *central);
  ASSERT_TRUE(box->Act(kSite, id, kClerk, HandOver{}));
  ASSERT_TRUE(box->Act(kSite, id, kClerk, Request{Request::Kind::kWithdrawal, "不办了"}));
  ASSERT_TRUE(box->Act(kSite, id, kClerk, Request{Request::Kind::kCorrection, "地址有误"}));
  const std::uint64_t epoch = box->Outbox(kSite).at(0).epoch;
  ASSERT_TRUE(central->Store(kSite, epoch, 5, *box->ReadBodies(kSite, {epoch, 5}, SIZE_MAX)));
  const Actor approver{"9", "王五", test::kPlanning};
  ASSERT_TRUE(central->Act(kSite, id, approver, Pause{PauseGround::kExpertReview, "包审〔2026〕7号"}));
  ASSERT_TRUE(central->Act(kSite, id, approver, Answer{{Side::kPark, {epoch, 6}}, false, "请继续办理"}));
  ASSERT_TRUE(central->Act(kSite, id, approver, Answer{{Side::kPark, {epoch, 7}}, true, "已更正"}));
  EXPECT_EQ(Ctl({"show", id}, Folder(Side::kCity)), 0) << err_.str();
  EXPECT_TRUE(Says("专家评审 包审〔2026〕7号")) << out_.str();
  EXPECT_TRUE(Says("计时暂停")) << out_.str();
  EXPECT_TRUE(Says("更正申请 地址有误")) << out_.str();
  EXPECT_TRUE(Says("  不同意 park " + std::to_string(epoch) + "/6 请继续办理")) << out_.str();
  EXPECT_TRUE(Says("  同意 park " + std::to_string(epoch) + "/7 已更正")) << out_.str();
}

TEST_F(LedgerCommandTest, ShowsWhatWasDoneAboutASite) {
  const auto box = Open(Side::kPark);
  ledger::SiteEvent event;
  event.uid = "0199c2aa-0000-7000-8000-00000000000d";
  event.time = clock_.Now();
  event.actor = {"admin", "赵六", ""};
  event.act = ledger::ExtendLogIn{clock_.Now() + std::chrono::hours(24 * 30)};
  ASSERT_TRUE(*box->ActOfSite(kSite, event));
  event.uid.back() = 'e';
  event.actor.name = "钱七";
  event.act = ledger::UnknownSiteAct{true};
  ASSERT_TRUE(*box->ActOfSite(kSite, event));
  EXPECT_EQ(Ctl({"show", "--site", "lvye-01"}, Folder(Side::kPark)), 0) << err_.str();
  EXPECT_TRUE(Says("site lvye-01: 2 events 站点事件")) << out_.str();
  EXPECT_TRUE(
      Says("2026-03-02 14:08:00 +08:00  park 园区  市级用户离线登录延期 log-in of users of the city extended until"
           " 2026-04-01 14:08:00 +08:00  赵六  [park "))
      << out_.str();
  EXPECT_TRUE(Says("NEEDS A NEWER PROGRAM 需升级  钱七")) << out_.str();
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 0) << out_.str();
  EXPECT_TRUE(Says("lvye-01  park 园区  2 events, the chain holds")) << out_.str();
  EXPECT_EQ(Ctl({"show", "--site", "nope"}, Folder(Side::kPark)), 1);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "yuanbanctl: the ledger holds nothing of a site nope\n  it holds lvye-01\n");
  EXPECT_EQ(Ctl({"show"}, Folder(Side::kPark)), 64) << "neither a case nor a site";
  EXPECT_EQ(Ctl({"show", "JY03-1-2026-000001", "--site", "lvye-01"}, Folder(Side::kPark)), 64) << "both";
}

TEST_F(LedgerCommandTest, TellsWhatItCannotLookAt) {
  EXPECT_EQ(Ctl({"verify"}, folder_.path() / "nowhere"), 1);
  EXPECT_NE(err_.str().find("there is no folder"), std::string::npos) << err_.str();
  EXPECT_EQ(Ctl({"verify"}, Folder(Side::kPark)), 1);
  EXPECT_NE(err_.str().find("there is no ledger.db"), std::string::npos) << err_.str();
  EXPECT_EQ(ctl::Run({"ledger", "verify"}, out_, err_, clock_), 64);
}

TEST_F(LedgerCommandTest, NotesThatACopyWasPutBack) {
  EXPECT_EQ(Ctl({"restored", "--site", "lvye-01"}, Folder(Side::kPark)), 0) << err_.str();
  const auto box = Open(Side::kPark);
  EXPECT_TRUE(box->Recovering(kSite));
}

}  // namespace
}  // namespace yb::ctl
