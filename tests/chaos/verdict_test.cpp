// What chaos calls lost, doubled and excused, by hand-made answers.
#include "tests/chaos/verdict.hpp"

#include <gtest/gtest.h>

namespace yb::chaos {
namespace {

using std::chrono::seconds;
using test::StoredValue;
using test::TruthValue;

constexpr const char* kPoint = "pump-1/current_volume";

base::UtcTime At(int second) {
  return {second * std::int64_t{1'000'000}};
}
TruthValue Answer(int second, const std::string& value) {
  return {"line-1", "78330011223341", "current_volume", At(second), value, "m3"};
}
StoredValue Kept(int second, const std::string& value) {
  return {At(second), value, "m3"};
}

Verdict JudgeOne(std::vector<TruthValue> answers, std::vector<StoredValue> stored, const Excuses& excuses = {},
                 const std::vector<ClockOffset>& clock = {{At(0), seconds(0)}}) {
  return Judge({{kPoint, std::move(answers)}}, {{kPoint, std::move(stored)}}, excuses, clock, seconds(2));
}

TEST(Verdict, ComparesWhatIsAlike) {
  const Verdict verdict = JudgeOne({Answer(100, "1.00"), Answer(101, "1.01")}, {Kept(101, "1.01"), Kept(100, "1.00")});
  EXPECT_EQ(verdict.answered, 2U);
  EXPECT_EQ(verdict.compared, 2U);
  EXPECT_TRUE(verdict.lost.empty());
  EXPECT_TRUE(verdict.duplicated.empty());
}

TEST(Verdict, SeesWhatIsLostDoubledOrMadeUp) {
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}).lost.size(), 1U);
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {Kept(100, "1.00"), Kept(100, "1.00")}).duplicated.size(), 1U);
  EXPECT_EQ(JudgeOne({}, {Kept(100, "1.00")}).duplicated.size(), 1U);
}

TEST(Verdict, SeesAnotherValueUnitOrTime) {
  for (const StoredValue& other :
       {Kept(100, "1.0"), StoredValue{At(100), "1.00", "kWh"}, Kept(103, "1.00"), Kept(97, "1.00")}) {
    const Verdict verdict = JudgeOne({Answer(100, "1.00")}, {other});
    EXPECT_EQ(verdict.lost.size(), 1U);
    EXPECT_EQ(verdict.duplicated.size(), 1U);
  }
}

TEST(Verdict, ReadsTimesOnTheClockThatTheBoxHadThen) {
  const std::vector<ClockOffset> clock = {{At(0), seconds(0)}, {At(100), seconds(3600)}, {At(200), seconds(0)}};
  EXPECT_TRUE(JudgeOne({Answer(150, "1.00")}, {Kept(3750, "1.00")}, {}, clock).lost.empty());
  EXPECT_FALSE(JudgeOne({Answer(150, "1.00")}, {Kept(150, "1.00")}, {}, clock).lost.empty());
  EXPECT_FALSE(JudgeOne({Answer(250, "1.00")}, {Kept(3850, "1.00")}, {}, clock).lost.empty());
}

TEST(Verdict, ExcusesAsManyReadingsAsATombstoneNames) {
  Excuses excuses;
  telemetry::Tombstone& tombstone = excuses.tombstones.emplace_back();
  tombstone.rule = telemetry::DropRule::kUnsentThinned;
  tombstone.count = 2;
  tombstone.from = At(100);
  tombstone.to = At(110);
  const Verdict verdict =
      JudgeOne({Answer(50, "0.50"), Answer(100, "1.00"), Answer(105, "1.05"), Answer(110, "1.10")}, {}, excuses);
  EXPECT_EQ(verdict.excused_tombstone, 2U);
  EXPECT_EQ(verdict.lost.size(), 2U);
  // The box's own series say nothing of central.
  tombstone.rule = telemetry::DropRule::kGaugesThinned;
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).lost.size(), 1U);
}

TEST(Verdict, ExcusesWhatAKillTookAndNothingEarlier) {
  Excuses excuses;
  excuses.kills.push_back({At(99), At(101)});
  const Verdict verdict = JudgeOne({Answer(98, "1.00"), Answer(100, "1.01")}, {}, excuses);
  EXPECT_EQ(verdict.excused_kill, 1U);
  EXPECT_EQ(verdict.lost.size(), 1U);
}

TEST(Verdict, ExcusesWhatARestoreTookOnlyIfCentralNamesIt) {
  Excuses excuses;
  excuses.only_before_a_restore[{kPoint, "1.00"}] = {{7, 12}, At(100)};
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).lost.size(), 1U);
  for (const auto& [first, last, excused] : {std::tuple{11, 12, 1}, {12, 0, 1}, {13, 20, 0}, {1, 11, 0}}) {
    excuses.named = {{7, static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last),
                      telemetry::MissingReason::kBoxRolledBack, At(200)}};
    EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).excused_restore, static_cast<std::size_t>(excused));
  }
  excuses.named.clear();
  for (const auto& [from, to, excused] : {std::tuple{90, 110, 1}, {101, 110, 0}, {80, 99, 0}}) {
    excuses.without_records = {{At(from), At(to)}};
    EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).excused_restore, static_cast<std::size_t>(excused));
  }
  excuses.only_before_a_restore.clear();
  excuses.without_records = {{At(90), At(110)}};
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).lost.size(), 1U);  // it was in no replaced database
  excuses.named[0].epoch = 8;
  EXPECT_EQ(JudgeOne({Answer(100, "1.00")}, {}, excuses).excused_restore, 0U);
}

}  // namespace
}  // namespace yb::chaos
