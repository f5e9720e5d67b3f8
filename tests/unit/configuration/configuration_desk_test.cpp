// A change of the field configuration from the file to the lines: checked, told in words, applied as a whole or not at
// all, and kept so that one can go back.
#include "edge/configuration/configuration_desk.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/write_file.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace yb::edge {
namespace {

constexpr const char* kProfile = R"(
title = "Test meter"
protocol = "dlt645-2007"
utility = "power"
[[point]]
quantity = "voltage_a"
unit = "V"
kind = "gauge"
di = "02010100"
)";

// Nothing listens on these ports: what is read does not matter here.
constexpr const char* kTwoLines = R"([[line]]
key = "line-1"
kind = "tcp"
host = "127.0.0.1"
port = 1

[[line.meter]]
key = "feeder-1"
name = "进线一段"
profile = "test"
address = "260305510020"
interval_s = 15

[[line]]
key = "line-2"
kind = "tcp"
host = "127.0.0.1"
port = 2

[[line.meter]]
key = "feeder-2"
name = "进线二段"
profile = "test"
address = "260305510021"
)";

constexpr const char* kThirdLine = R"(
[[line]]
key = "line-3"
kind = "tcp"
host = "127.0.0.1"
port = 3
)";

class NoSink final : public field::ReadingSink {
 public:
  void OnAnswer(std::span<metering::Reading>) override {}
  void OnPollOver(std::span<const metering::Reading>) override {}
};

std::string With(std::string text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  YB_CHECK(at != std::string::npos, "the test's text has no '" + before + "'");
  return text.replace(at, before.size(), after);
}

class ConfigurationDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(base::MakeFolder(profiles_));
    ASSERT_TRUE(base::WriteFile(profiles_ / "test.toml", kProfile));
    ASSERT_TRUE(base::WriteFile(file_, kTwoLines));
    ASSERT_TRUE(Reload());
    ASSERT_TRUE(desk_.NoteRunning("field.toml"));
  }
  base::Status Reload() {
    if (refuses_) return base::Fail(base::ErrorCode::kUnavailable, "no thread for the line");
    YB_ASSIGN(const field::FieldConfig config, field::LoadFieldConfig(file_, profiles_));
    field::FieldSide::PointNumbers numbers;
    for (const metering::Point& point : config.Points()) {
      numbers[point.key] = static_cast<metering::PointNo>(numbers.size() + 1);
    }
    YB_TRY(side_.Apply(config, numbers));
    return {};
  }
  [[nodiscard]] std::vector<std::string> Changes(const std::string& text) const {
    std::vector<std::string> words;
    const auto difference = desk_.Check(text);
    if (!difference) return {difference.error().Describe()};
    for (const Change& change : difference->changes) {
      words.push_back(std::string(ToString(change.kind)) + " " + change.words.zh);
    }
    return words;
  }
  /// The desk of the next start of the program, which finds what this one has left on disk.
  [[nodiscard]] std::unique_ptr<ConfigurationDesk> Restarted() {
    EXPECT_TRUE(Reload());
    auto desk = std::make_unique<ConfigurationDesk>(
        ConfigurationDesk::Files{file_, profiles_, folder_.path() / "versions"}, side_, [this] { return Reload(); },
        clock_);
    EXPECT_TRUE(desk->NoteRunning("field.toml"));
    return desk;
  }
  [[nodiscard]] std::string OnDisk() const { return *desk_.Running(); }

  test::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "field.toml";
  const std::filesystem::path profiles_ = folder_.path() / "profiles";
  base::SystemClock line_clock_;
  test::ManualClock clock_;  // 2026-03-02T06:08:00Z
  NoSink sink_;
  field::FieldSide side_{line_clock_, sink_};
  bool refuses_ = false;
  ConfigurationDesk desk_{{file_, profiles_, folder_.path() / "versions"}, side_, [this] { return Reload(); }, clock_};
};

TEST_F(ConfigurationDeskTest, HasNothingToApplyWhereNothingHasChanged) {
  EXPECT_TRUE(Changes(kTwoLines).empty());
  EXPECT_TRUE(Changes(std::string("# a comment\n") + kTwoLines).empty());
}

TEST_F(ConfigurationDeskTest, TellsDifferencesInWordsAndWhatStandsStill) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(Changes(With(kTwoLines, "interval_s = 15", "interval_s = 30")),
            Words{"changed 表 feeder-1：间隔 15 s → 30 s"});
  EXPECT_EQ(Changes(With(kTwoLines, "port = 2", "port = 3")),
            Words{"changed 线路 line-2：通道 tcp 127.0.0.1:2 → tcp 127.0.0.1:3"});
  EXPECT_EQ(Changes(With(kTwoLines, "port = 2", "port = 2\nreply_timeout_ms = 3000")),
            Words{"changed 线路 line-2：等待时间 1500/500/30/500 ms → 3000/500/30/500 ms"});
  EXPECT_EQ(Changes(With(kTwoLines, "\"260305510021\"", "\"260305510029\"\nct = 40")),
            Words{"changed 表 feeder-2：表号 260305510021 → 260305510029，电流互感器变比 1 → 40"});
  const std::string one_line = std::string(kTwoLines).substr(0, std::string(kTwoLines).rfind("[[line]]"));
  EXPECT_EQ(Changes(one_line),
            (Words{"removed 线路 line-2 tcp 127.0.0.1:2", "removed 表 feeder-2 进线二段：历史保留，不再采集"}));

  const auto difference = desk_.Check(With(kTwoLines, "interval_s = 15", "interval_s = 30"));
  ASSERT_TRUE(difference);
  ASSERT_EQ(difference->stand_still.size(), 1U);
  EXPECT_EQ(difference->stand_still[0].line, "line-1");
  EXPECT_EQ(difference->stand_still[0].meters, 1U);
  EXPECT_EQ(difference->untouched_lines, 1U);
  EXPECT_EQ(difference->untouched_meters, 1U);
}

TEST_F(ConfigurationDeskTest, NamesWhatIsWrongAndChangesNothing) {
  const std::string wrong = With(kTwoLines, "interval_s = 15", "interval_s = \"often\"");
  const auto checked = desk_.Check(wrong);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().Describe().find("field.toml:12"), std::string::npos) << checked.error().Describe();
  EXPECT_FALSE(desk_.Apply(wrong, 1, "zhang", ""));
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_EQ(desk_.Versions().size(), 1U);
}

TEST_F(ConfigurationDeskTest, AppliesKeepsWhoAndWhenAndGoesBack) {
  const std::string faster = With(kTwoLines, "interval_s = 15", "interval_s = 5");
  clock_.Advance(std::chrono::minutes(1));
  const auto applied = desk_.Apply(faster, 1, "zhang", "more often\nplease");
  ASSERT_TRUE(applied) << applied.error().Describe();
  EXPECT_EQ(*applied, 2U);
  EXPECT_EQ(side_.Configurations()[0].meters[0].interval, base::Duration(std::chrono::seconds(5)));
  const auto versions = desk_.Versions();
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].version, 2U);
  EXPECT_EQ(versions[0].who, "zhang");
  EXPECT_EQ(versions[0].note, "more often please");
  EXPECT_EQ(base::ToIso(versions[0].applied), "2026-03-02T06:09:00.000000Z");
  EXPECT_EQ(versions[1].who, "field.toml");

  ASSERT_EQ(*desk_.TextOf(1), kTwoLines);
  ASSERT_TRUE(desk_.Apply(*desk_.TextOf(1), 2, "li", "back to v1"));
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_EQ(side_.Configurations()[0].meters[0].interval, base::Duration(std::chrono::seconds(15)));
  EXPECT_EQ(desk_.Versions().size(), 3U) << "going back is a version too";
  EXPECT_FALSE(desk_.TextOf(99));
}

TEST_F(ConfigurationDeskTest, RefusesToWriteOverAChangeThatItsDifferenceDidNotShow) {
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "interval_s = 15", "interval_s = 5"), 1, "zhang", ""));
  const auto late = desk_.Apply(With(kTwoLines, "进线二段", "乙段"), 1, "li", "");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_EQ(late.error().message_zh, "现在运行的是 v2，不是 v1");
}

TEST_F(ConfigurationDeskTest, PutsTheFileBackWhereTheBoxRefusesIt) {
  refuses_ = true;
  EXPECT_FALSE(desk_.Apply(With(kTwoLines, "interval_s = 15", "interval_s = 5"), 1, "zhang", ""));
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_EQ(desk_.Versions().size(), 1U);
}

TEST_F(ConfigurationDeskTest, NotesAFileThatSomebodyChangedByHand) {
  ASSERT_TRUE(base::WriteFile(file_, With(kTwoLines, "进线二段", "乙段")));
  ASSERT_TRUE(desk_.NoteRunning("SIGHUP"));
  ASSERT_TRUE(desk_.NoteRunning("SIGHUP"));
  const auto versions = desk_.Versions();
  ASSERT_EQ(versions.size(), 2U) << "once, however often it is looked at";
  EXPECT_EQ(versions[0].who, "SIGHUP");
}

TEST_F(ConfigurationDeskTest, NeedsKeepingWhereTheWayToALineThatRunsChanges) {
  const auto needs = [&](const std::string& text) { return desk_.Check(text)->needs_keeping; };
  EXPECT_TRUE(needs(With(kTwoLines, "port = 2", "port = 3")));
  EXPECT_TRUE(needs(With(kTwoLines, "host = \"127.0.0.1\"", "host = \"127.0.0.9\"")));
  EXPECT_TRUE(needs(
      With(kTwoLines, "kind = \"tcp\"\nhost = \"127.0.0.1\"\nport = 1", "kind = \"serial\"\ndevice = \"/dev/ttyS9\"")));
  EXPECT_FALSE(needs(With(kTwoLines, "interval_s = 15", "interval_s = 5"))) << "point tables do not";
  EXPECT_FALSE(needs(With(kTwoLines, "port = 2", "port = 2\nreply_timeout_ms = 3000")));
  EXPECT_FALSE(needs(std::string(kTwoLines) + kThirdLine)) << "a new line cuts nothing off";
}

TEST_F(ConfigurationDeskTest, FallsBackByItselfWhereNobodyKeepsIt) {
  const std::string wrong = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_EQ(*desk_.Apply(wrong, 1, "zhang", "the new server"), 2U);
  const auto waiting = desk_.Waiting();
  ASSERT_TRUE(waiting) << "the way to a line has changed";
  EXPECT_EQ(waiting->version, 2U);
  EXPECT_EQ(waiting->back_to, 1U);
  EXPECT_EQ(base::ToIso(waiting->keep_until), "2026-03-02T06:18:00.000000Z") << "ten minutes";
  clock_.Advance(std::chrono::seconds(599));
  desk_.Look();
  EXPECT_EQ(OnDisk(), wrong);
  EXPECT_EQ(side_.Configurations()[1].port, 3);
  clock_.Advance(std::chrono::seconds(1));
  desk_.Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_EQ(side_.Configurations()[1].port, 2);
  EXPECT_FALSE(desk_.Waiting());
  EXPECT_EQ(desk_.fallbacks(), 1U);
  const auto versions = desk_.Versions();
  ASSERT_EQ(versions.size(), 3U);
  EXPECT_EQ(versions[0].who, "yuanban-edge");
  EXPECT_NE(versions[0].note.find("v2 未按时保留"), std::string::npos) << versions[0].note;
  clock_.Advance(std::chrono::hours(1));
  desk_.Look();
  EXPECT_EQ(desk_.Versions().size(), 3U) << "once";
}

TEST_F(ConfigurationDeskTest, StaysWhereSomebodyKeepsIt) {
  const std::string wanted = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_TRUE(desk_.Apply(wanted, 1, "zhang", ""));
  EXPECT_EQ(desk_.Keep(1).error().code, base::ErrorCode::kAlreadyExists) << "another one waits";
  ASSERT_TRUE(desk_.Keep(2));
  EXPECT_FALSE(desk_.Waiting());
  clock_.Advance(std::chrono::hours(1));
  desk_.Look();
  EXPECT_EQ(OnDisk(), wanted);
  const auto again = desk_.Keep(2);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message_zh, "v2 现在不需要保留");
}

TEST_F(ConfigurationDeskTest, FallsBackNowWhereSomebodySaysSo) {
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
  EXPECT_FALSE(desk_.RollBack(1, "li"));
  const auto back = desk_.RollBack(2, "li");
  ASSERT_TRUE(back) << back.error().Describe();
  EXPECT_EQ(*back, 3U);
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_FALSE(desk_.Waiting());
  EXPECT_EQ(desk_.Versions()[0].who, "li");
  EXPECT_EQ(desk_.fallbacks(), 0U) << "a person did";
}

TEST_F(ConfigurationDeskTest, WaitsAsLongAsOneWishesOrNotAtAll) {
  const std::string faster = With(kTwoLines, "interval_s = 15", "interval_s = 5");
  ASSERT_TRUE(desk_.Apply(faster, 1, "zhang", "", std::chrono::seconds(60)));
  const auto second = desk_.Apply(kTwoLines, 2, "li", "");
  ASSERT_FALSE(second) << "one waits";
  EXPECT_EQ(second.error().message_zh, "v2 还没有保留");
  clock_.Advance(std::chrono::seconds(60));
  desk_.Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 3, "zhang", "", std::chrono::seconds(0)));
  EXPECT_FALSE(desk_.Waiting()) << "somebody knows what he does";
}

TEST_F(ConfigurationDeskTest, GoesOnWaitingAfterARestart) {
  const std::string wrong = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_TRUE(desk_.Apply(wrong, 1, "zhang", ""));
  clock_.Advance(std::chrono::minutes(4));
  const auto restarted = Restarted();
  ASSERT_TRUE(restarted->Waiting());
  EXPECT_EQ(base::ToIso(restarted->Waiting()->keep_until), "2026-03-02T06:18:00.000000Z");
  clock_.Advance(std::chrono::minutes(5));
  restarted->Look();
  EXPECT_EQ(OnDisk(), wrong);
  clock_.Advance(std::chrono::minutes(1));
  restarted->Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
  EXPECT_FALSE(Restarted()->Waiting()) << "it is over for good";
}

TEST_F(ConfigurationDeskTest, FallsBackAtTheStartWhereTheTimeIsOverThen) {
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
  clock_.Advance(std::chrono::hours(5));
  const auto restarted = Restarted();
  restarted->Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
}

TEST_F(ConfigurationDeskTest, WaitsNoLongerThanItsTimeWithAClockThatIsBehindAtTheStart) {
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
  clock_.SetUtc({0});  // 1970
  const auto restarted = Restarted();
  clock_.Advance(std::chrono::minutes(10));
  restarted->Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
}

TEST_F(ConfigurationDeskTest, KeptIsKeptAfterARestart) {
  const std::string wanted = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_TRUE(desk_.Apply(wanted, 1, "zhang", ""));
  ASSERT_TRUE(desk_.Keep(2));
  clock_.Advance(std::chrono::hours(1));
  const auto restarted = Restarted();
  EXPECT_FALSE(restarted->Waiting());
  restarted->Look();
  EXPECT_EQ(OnDisk(), wanted);
}

// The two halves of an act that a power cut may come between: what waits is on disk, the file is not yet, and the file
// is, its version is not yet.
TEST_F(ConfigurationDeskTest, APowerCutWhileItIsAppliedLeavesNothingThatRunsWithoutAnEnd) {
  const std::string wanted = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_TRUE(desk_.Apply(wanted, 1, "zhang", ""));
  const std::filesystem::path version = folder_.path() / "versions" / "000002.toml";
  ASSERT_TRUE(std::filesystem::remove(version));
  ASSERT_TRUE(base::WriteFile(file_, kTwoLines));
  EXPECT_FALSE(Restarted()->Waiting()) << "it never ran";
  ASSERT_TRUE(base::WriteFile(file_, wanted));
  const auto restarted = Restarted();
  ASSERT_TRUE(restarted->Waiting()) << "it runs";
  clock_.Advance(std::chrono::minutes(10));
  restarted->Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
}

TEST_F(ConfigurationDeskTest, AFileThatIsChangedByHandWhileOneWaitsIsLeftAlone) {
  ASSERT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
  const std::string by_hand = With(kTwoLines, "port = 2", "port = 4");
  ASSERT_TRUE(base::WriteFile(file_, by_hand));
  ASSERT_TRUE(desk_.NoteRunning("SIGHUP"));
  EXPECT_FALSE(desk_.Waiting());
  clock_.Advance(std::chrono::hours(1));
  desk_.Look();
  EXPECT_EQ(OnDisk(), by_hand);
}

TEST_F(ConfigurationDeskTest, TriesAgainWhereTheBoxRefusesToFallBack) {
  const std::string wrong = With(kTwoLines, "port = 2", "port = 3");
  ASSERT_TRUE(desk_.Apply(wrong, 1, "zhang", ""));
  refuses_ = true;
  clock_.Advance(std::chrono::minutes(10));
  desk_.Look();
  EXPECT_EQ(OnDisk(), wrong) << "what runs is on disk";
  EXPECT_TRUE(desk_.Waiting());
  refuses_ = false;
  desk_.Look();
  EXPECT_EQ(OnDisk(), wrong) << "not each second";
  clock_.Advance(std::chrono::minutes(1));
  desk_.Look();
  EXPECT_EQ(OnDisk(), kTwoLines);
}

TEST_F(ConfigurationDeskTest, WhatTheBoxRefusesDoesNotWait) {
  refuses_ = true;
  EXPECT_FALSE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
  EXPECT_FALSE(desk_.Waiting());
  refuses_ = false;
  EXPECT_FALSE(Restarted()->Waiting());
  EXPECT_TRUE(desk_.Apply(With(kTwoLines, "port = 2", "port = 3"), 1, "zhang", ""));
}

TEST_F(ConfigurationDeskTest, AddsACommissionedMeterToItsLine) {
  const auto text = desk_.WithMeter("line-1", {"pump-1", "泵房 \"东\"", "test", "", "260305510033", 60});
  ASSERT_TRUE(text) << text.error().Describe();
  EXPECT_EQ(Changes(*text), std::vector<std::string>{"added 表 pump-1 泵房 \"东\" · test · 260305510033"});
  EXPECT_LT(text->find("pump-1"), text->find("line-2")) << "in its own line's part of the file";
  const auto last = desk_.WithMeter("line-2", {"pump-2", "西", "test", "", "260305510034", 60});
  ASSERT_TRUE(last);
  const auto difference = desk_.Check(*last);
  ASSERT_TRUE(difference) << difference.error().Describe();
  EXPECT_EQ(difference->changes.at(0).line, "line-2");
}

TEST_F(ConfigurationDeskTest, RefusesANumberThatStandsOnAnotherLineAndNamesThePlace) {
  const auto taken = desk_.WithMeter("line-1", {"pump-1", "泵房", "test", "dlt645-2007", "260305510021", 60});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_EQ(taken.error().message_zh, "表号 260305510021 已在 line-2 · 进线二段 (feeder-2)");
  EXPECT_FALSE(desk_.WithMeter("line-1", {"feeder-2", "泵房", "test", "", "260305510099", 60})) << "the key is taken";
  EXPECT_FALSE(desk_.WithMeter("line-9", {"pump-1", "泵房", "test", "", "260305510099", 60}));
}

}  // namespace
}  // namespace yb::edge
