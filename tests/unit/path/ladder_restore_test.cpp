// A box that was set back to an older copy after it had gone down the ladder, or that goes down it afterwards: readings
// that were written again are held once, at the box and at central.
#include "tests/chaos/sqlite_copy.hpp"
#include "tests/unit/path/full_box.hpp"

namespace yb {
namespace {

class LadderRestoreTest : public FullBox {
 protected:
  std::filesystem::path Folder() const { return temp_.path() / "box"; }
  std::filesystem::path Copy() const { return temp_.path() / "copy"; }

  /// A day that central has and four that wait.
  void WriteDays() {
    std::filesystem::create_directories(Folder());
    Open(Folder());
    WriteDay(std::chrono::minutes(5), true);
    for (int day = 0; day < 4; ++day) WriteDay(std::chrono::minutes(5), false);
    now_ = now_ + std::chrono::hours(2);
  }
  void SendAll() {
    auto log = std::move(*RecordLog::Open(*box_));
    Send(*log, *log->EnsureSite(site_));
  }
  void GoDownTheLadder() { Tidy({.folder = {}, .history_bytes = 1}); }
  void SetBack() { chaos::PutBack(Copy(), Folder()); }

  /// What the uplink does with a box that has another past than central: central's records behind the common past come
  /// back, and what the box wrote there goes into an epoch of its own.
  void FetchFromCentral() {
    test::ManualClock clock(now_);
    edge::EdgeStoreOptions options;
    options.site = site_;
    const auto store = std::move(*EdgeStore::Open(*box_, options, clock));
    auto own = std::move(*RecordLog::Open(*box_));
    auto central = std::move(*RecordLog::Open(*central_opener_));
    const auto no = *central->EnsureSite(site_);
    const sync::EpochRange held = store->Outbox(Lane::kHistory).back();
    std::uint64_t agreed = 0;
    for (std::uint64_t seq = 1; seq <= held.last; ++seq) {
      const auto here = *own->ChainAt(*own->EnsureSite(site_), Lane::kHistory, {kEpoch, seq});
      if (here && here == *central->ChainAt(no, Lane::kHistory, {kEpoch, seq})) agreed = seq;
    }
    if (agreed + 1 < held.first) agreed = 0;  // nothing that it still holds is of the common past
    const sync::Cut cut{kEpoch, agreed, true};
    ASSERT_TRUE(store->Cut(Lane::kHistory, {&cut, 1}));
    const auto heads = *central->Heads(no, Lane::kHistory);
    const sync::Fetch fetch{1, kEpoch, agreed + 1, heads.front().last};
    const sync::Piece piece = *central->Answer(no, Lane::kHistory, heads.front(), fetch, SIZE_MAX);
    ASSERT_FALSE(piece.bodies.empty());
    ASSERT_TRUE(store->StoreFetched(Lane::kHistory, piece));
    ASSERT_TRUE(store->Finish(Lane::kHistory));
    EXPECT_EQ(own->meters().Events(1, "m", {0}, {INT64_MAX / 2})->size(), days_);
  }
  void RestoreAfterTheLadder(bool in_series) {
    WriteDays();
    if (in_series) Keep();
    chaos::CopyFiles(Folder(), Copy());
    Keep();
    GoDownTheLadder();
    SendAll();
    const auto sent = AtCentral();
    EXPECT_LT(sent.size(), written_.size());
    SetBack();
    FetchFromCentral();
    EXPECT_EQ(AtBox(), Written());
    Keep();
    EXPECT_EQ(AtBox(), Written());
    SendAll();
    EXPECT_EQ(AtCentral(), sent);
  }
  std::multiset<std::string> Written() const {
    std::multiset<std::string> all;
    for (const Reading& reading : written_) all.insert(test::ToText(reading));
    return all;
  }
};

TEST_F(LadderRestoreTest, CentralTakesNoReadingTwiceFromABoxThatForgotWhatItHadSent) {
  WriteDays();
  Keep();
  chaos::CopyFiles(Folder(), Copy());
  SendAll();
  ASSERT_EQ(AtCentral(), Written());
  SetBack();  // the copy takes four days for unsent
  GoDownTheLadder();
  SendAll();
  EXPECT_EQ(AtCentral(), Written());
}

TEST_F(LadderRestoreTest, ABoxTakesNoReadingTwiceThatTheSeriesOfItsCopyHold) {
  RestoreAfterTheLadder(true);
}

TEST_F(LadderRestoreTest, ABoxTakesNoReadingTwiceThatTheSlicesOfItsCopyHold) {
  RestoreAfterTheLadder(false);
}

TEST_F(LadderRestoreTest, CentralTakesNoReadingTwiceFromTwoDescentsOfOneCopy) {
  WriteDays();
  Keep();
  chaos::CopyFiles(Folder(), Copy());
  GoDownTheLadder();
  SendAll();
  const auto sent = AtCentral();
  SetBack();
  WriteDay(std::chrono::minutes(5), false);  // so that its records are others
  Keep();
  GoDownTheLadder();
  FetchFromCentral();
  SendAll();
  const auto central = AtCentral();
  EXPECT_GT(central.size(), sent.size());
  for (const auto& all : {central, AtBox()}) {
    for (const std::string& reading : std::set<std::string>(all.begin(), all.end())) {
      EXPECT_EQ(all.count(reading), 1U) << reading;
    }
  }
  for (const std::string& reading : sent) EXPECT_TRUE(central.contains(reading)) << reading;
}

}  // namespace
}  // namespace yb
