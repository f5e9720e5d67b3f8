#include "tools/metersim/misbehaviour.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/metersim/frames.hpp"
#include "tests/unit/metersim/line_of_meters.hpp"

namespace yb::metersim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

FaultRule Always(FaultKind kind, base::Duration delay = {}, std::size_t bytes = 0) {
  FaultRule rule;
  rule.kind = kind;
  rule.every = 1;
  rule.delay = delay;
  rule.bytes = bytes;
  return rule;
}

class MisbehavingLine : public LineOfMeters {
 protected:
  void SetUp() override { AddElectricMeter("000000000161"); }
  std::string AskOnce(base::Duration patience = {}) {
    Hear(kEnergyRequest);
    return SaidUntil(now + patience);
  }
  std::string Faults() const {
    std::string text;
    for (const TruthEntry& truth : truths) text += truth.fault + ";";
    return text;
  }
};

TEST_F(MisbehavingLine, EchoesTheRequestBeforeTheAnswer) {
  settings.reply_delay = milliseconds(30);
  settings.faults = {Always(FaultKind::kEcho)};
  EXPECT_EQ(AskOnce(milliseconds(30)), "0:" + std::string(kEnergyRequest) + " 30:" + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(Faults(), "echo;");
}

TEST_F(MisbehavingLine, PutsNoiseBeforeTheAnswer) {
  settings.faults = {Always(FaultKind::kNoise, {}, 5)};
  const std::string said = AskOnce();
  EXPECT_EQ(said.size(), 2 + 10 + kEnergyAnswer.size() + 1);
  EXPECT_NE(said.find(kEnergyAnswer), std::string::npos);
  EXPECT_EQ(base::ToHex(truths.at(0).answer.frame), kEnergyAnswer) << "the truth is the meter's frame";
}

TEST_F(MisbehavingLine, SplitsAnAnswerIntoSegments) {
  settings.faults = {Always(FaultKind::kSplit, milliseconds(40), 8)};
  EXPECT_EQ(AskOnce(milliseconds(80)), "0:6861010000000068 40:9108333334335933 80:33338A16 ");
  EXPECT_EQ(truths.size(), 1U);
}

TEST_F(MisbehavingLine, GluesAnAnswerToTheNextOne) {
  settings.faults = {Always(FaultKind::kGlue)};
  EXPECT_EQ(AskOnce(), "");
  EXPECT_EQ(AskOnce(), "0:" + std::string(kEnergyAnswer) + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(truths.size(), 2U);
}

TEST_F(MisbehavingLine, AnswersLateWithoutHoldingTheBus) {
  FaultRule late = Always(FaultKind::kLate, seconds(3));
  late.every = 2;
  settings.faults = {late};
  EXPECT_EQ(AskOnce(), "0:" + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(AskOnce(), "");
  EXPECT_EQ(AskOnce(), "0:" + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(SaidUntil(now + seconds(3)), "3000:" + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(Faults(), ";;late;");
}

TEST_F(MisbehavingLine, SaysNothingWhereTheAnswerIsMissing) {
  settings.faults = {Always(FaultKind::kMissing)};
  EXPECT_EQ(AskOnce(seconds(10)), "");
  EXPECT_TRUE(truths.empty());
}

TEST_F(MisbehavingLine, SaysTheAnswerTwice) {
  settings.faults = {Always(FaultKind::kDuplicate, milliseconds(20))};
  EXPECT_EQ(AskOnce(milliseconds(20)), "0:" + std::string(kEnergyAnswer) + " 20:" + std::string(kEnergyAnswer) + " ");
  EXPECT_EQ(Faults(), "duplicate;duplicate;");
}

TEST_F(MisbehavingLine, TellsNoValueUnderAWrongChecksum) {
  settings.faults = {Always(FaultKind::kWrongChecksum)};
  EXPECT_EQ(AskOnce(), "0:6861010000000068910833333433593333338B16 ");
  ASSERT_EQ(truths.size(), 1U);
  EXPECT_TRUE(truths[0].answer.values.empty());
  EXPECT_EQ(truths[0].fault, "wrong_checksum");
}

TEST_F(MisbehavingLine, StrikesOneMeterAlone) {
  meters.back().faults = {Always(FaultKind::kMissing)};
  AddElectricMeter("000000000162");
  EXPECT_EQ(AskOnce(), "");
  Hear("68620100000000681104333334331516");
  EXPECT_NE(SaidUntil(now), "");
}

TEST_F(MisbehavingLine, StrikesWithinItsWindowOnly) {
  FaultRule missing = Always(FaultKind::kMissing);
  missing.from = base::UtcTime{1'000'000};
  missing.to = base::UtcTime{2'000'000};
  settings.faults = {missing};
  EXPECT_NE(AskOnce(), "");
  now = {1'500'000};
  EXPECT_EQ(AskOnce(), "");
  now = {2'000'000};
  EXPECT_NE(AskOnce(), "");
}

TEST_F(MisbehavingLine, StaysDarkWhileThePowerIsOff) {
  meters.back().absences = {{base::UtcTime{1'000'000}, base::UtcTime{2'000'000}}};
  EXPECT_NE(AskOnce(), "");
  now = {1'000'000};
  EXPECT_EQ(AskOnce(), "");
  now = {2'000'000};
  EXPECT_NE(AskOnce(), "");
}

TEST_F(MisbehavingLine, SendsRegistrationAndHeartbeatsToTheirChannel) {
  settings.registration = Hex("AA01");
  settings.heartbeat = Hex("FE");
  settings.heartbeat_every = seconds(60);
  Bus().OnChannelOpened(1, now);
  EXPECT_EQ(SaidUntil({130'000'000}), "0:AA01 60000:FE 120000:FE ");
  Bus().OnChannelClosed(1);
  EXPECT_FALSE(Bus().NextDue());
}

TEST(FaultDice, MeetsTheSameFaultsForTheSameSeed) {
  FaultRule rule;
  rule.per_million = 100'000;
  const auto strikes = [&](std::uint64_t seed) {
    FaultDice dice({rule}, seed);
    std::string text;
    for (int i = 0; i < 1000; ++i) text += dice.Draw({}).empty() ? '.' : 'x';
    return text;
  };
  EXPECT_EQ(strikes(1), strikes(1));
  EXPECT_NE(strikes(1), strikes(2));
  const std::string once = strikes(1);
  EXPECT_NEAR(static_cast<double>(std::count(once.begin(), once.end(), 'x')), 100.0, 40.0);
}

}  // namespace
}  // namespace yb::metersim
