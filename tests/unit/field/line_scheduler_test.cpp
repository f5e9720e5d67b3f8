#include "edge/field/line/line_scheduler.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "tests/unit/field/whole_polls.hpp"

namespace yb::field::line {
namespace {

using namespace std::chrono_literals;

// A protocol of one-byte frames: question q is answered by q + 1, refused by FF; 00 is a frame with a bad checksum.
class OneBytePoll final : public Poll {
 public:
  explicit OneBytePoll(std::deque<std::uint8_t> questions, bool answers_are_alike)
      : questions_(std::move(questions)), answers_are_alike_(answers_are_alike) {}

  std::optional<base::Bytes> NextRequest() override {
    if (next_ == questions_.size()) return std::nullopt;
    return base::Bytes{questions_[next_]};
  }
  Progress OnBytes(base::ByteView bytes, Instant now) override {
    for (std::uint8_t byte : bytes) {
      if (byte == 0x00) {
        ++counters_.bad_checksum;
      } else if (byte == 0xFF) {
        Settle({now.utc, std::nullopt, metering::Quality::kInvalid});
        return Progress::kRefused;
      } else if (byte == questions_[next_] + 1) {
        Settle({now.utc, base::Decimal(byte, 0), metering::Quality::kGood});
        return Progress::kAnswered;
      } else {
        ++counters_.stray;
      }
    }
    return Progress::kWaiting;
  }
  void OnRetry() override {}
  void OnSilence(Instant now) override { Settle({now.utc, std::nullopt}); }
  void Abandon(Instant now) override {
    while (next_ != questions_.size()) Settle({now.utc, std::nullopt});
  }
  std::vector<PointValue> TakeValues() override { return std::exchange(values_, {}); }
  PollCounters Counters() const override { return counters_; }
  bool AnswersAreAlike() const override { return answers_are_alike_; }
  std::string LastError() const override { return ""; }

 private:
  void Settle(PointValue value) {
    value.point = next_++;
    values_.push_back(value);
  }

  std::deque<std::uint8_t> questions_;
  bool answers_are_alike_;
  std::vector<PointValue> values_;
  PollCounters counters_;
  std::size_t next_ = 0;
};

class OneByteDriver final : public FieldDriver {
 public:
  explicit OneByteDriver(std::deque<std::uint8_t> questions, bool answers_are_alike = false)
      : questions_(std::move(questions)), answers_are_alike_(answers_are_alike) {}
  std::unique_ptr<Poll> BeginPoll(Instant) override {
    return std::make_unique<OneBytePoll>(questions_, answers_are_alike_);
  }

 private:
  std::deque<std::uint8_t> questions_;
  bool answers_are_alike_;
};

class LineSchedulerTest : public ::testing::Test {
 protected:
  LineSchedulerTest() {
    timing_.reply_timeout = 1s;
    timing_.idle_timeout = 500ms;
    timing_.pause = 50ms;
    timing_.late_window = 500ms;
    timing_.reconnect_after_silences = 3;
  }

  void AddMeter(std::deque<std::uint8_t> questions, base::Duration interval = 15s, base::Duration phase = 0s) {
    meters_.push_back({std::make_unique<OneByteDriver>(std::move(questions)), interval, phase});
  }
  void Build() { scheduler_.emplace(timing_, std::move(meters_), now_); }
  void Connect() {
    Build();
    Take(scheduler_->OnConnected(now_));
  }
  void Take(Actions actions) {
    last_ = std::move(actions);
    outcomes_.Take(last_);
  }
  void Wait(base::Duration length) {
    now_.steady = now_.steady + length;
    now_.utc = now_.utc + length;
    Take(scheduler_->OnTick(now_));
  }
  // No answer, and none in the window for late ones.
  void BeSilent() {
    Wait(1s);
    Wait(500ms);
  }
  void Receive(base::Bytes bytes) { Take(scheduler_->OnBytes(bytes, now_)); }
  [[nodiscard]] std::optional<int> Sent() const {
    return last_.send ? std::optional<int>(last_.send->front()) : std::nullopt;
  }

  LineTiming timing_;
  std::vector<ScheduledMeter> meters_;
  // On the grid of every interval used here.
  Instant now_{{1'000'000'000}, *base::FromIso("2026-03-02T06:00:00Z")};
  std::optional<LineScheduler> scheduler_;
  Actions last_;
  WholePolls outcomes_;
};

TEST_F(LineSchedulerTest, EndsItsPollBeforeItRestsAndGoesOnWithWhatBecameDue) {
  AddMeter({0x10, 0x20});
  AddMeter({0x30});
  Connect();
  scheduler_->Pause();
  EXPECT_FALSE(scheduler_->IsAtRest()) << "a question is out";
  Receive({0x11});
  Wait(50ms);
  EXPECT_EQ(Sent(), 0x20) << "the poll goes to its end";
  Receive({0x21});
  Wait(50ms);
  EXPECT_EQ(Sent(), std::nullopt) << "the other meter is due and has to wait";
  EXPECT_TRUE(scheduler_->IsAtRest());
  Wait(60s);
  EXPECT_EQ(Sent(), std::nullopt);
  EXPECT_TRUE(scheduler_->IsAtRest());
  Take(scheduler_->Resume(now_));
  EXPECT_EQ(Sent(), 0x30);
  EXPECT_FALSE(scheduler_->IsAtRest());
}

TEST_F(LineSchedulerTest, AsksOneQuestionAtATimeWithSilenceBetween) {
  AddMeter({0x10, 0x20});
  AddMeter({0x30});
  Connect();
  EXPECT_EQ(Sent(), 0x10);
  Receive({0x11});
  EXPECT_EQ(Sent(), std::nullopt) << "the bus needs its silence first";
  Wait(50ms);
  EXPECT_EQ(Sent(), 0x20);
  Receive({0x21});
  Wait(50ms);
  EXPECT_EQ(Sent(), 0x30);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].meter, 0U);
  EXPECT_TRUE(outcomes_[0].answered);
  EXPECT_EQ(outcomes_[0].values[1].value, base::Decimal(0x21, 0));
}

TEST_F(LineSchedulerTest, HandsAnAnswerOverAtOnceAndThePollsEndByItself) {
  AddMeter({0x10, 0x20});
  Connect();
  Receive({0x11});
  ASSERT_EQ(last_.steps.size(), 1U) << "before the second question";
  ASSERT_EQ(last_.steps[0].values.size(), 1U);
  EXPECT_EQ(last_.steps[0].values[0].point, 0U);
  EXPECT_EQ(last_.steps[0].values[0].value, base::Decimal(0x11, 0));
  EXPECT_EQ(last_.steps[0].values[0].time, now_.utc);
  EXPECT_FALSE(last_.steps[0].outcome);
  Wait(50ms);
  ASSERT_EQ(Sent(), 0x20);
  EXPECT_TRUE(last_.steps.empty());
  Receive({0x21});
  ASSERT_EQ(last_.steps.size(), 1U);
  EXPECT_EQ(last_.steps[0].values[0].point, 1U);
  EXPECT_FALSE(last_.steps[0].outcome) << "whether it was the last is known when the next would be sent";
  Wait(50ms);
  ASSERT_EQ(last_.steps.size(), 1U);
  EXPECT_TRUE(last_.steps[0].values.empty());
  ASSERT_TRUE(last_.steps[0].outcome);
  EXPECT_TRUE(last_.steps[0].outcome->answered);
}

TEST_F(LineSchedulerTest, HandsOverWithTheEndWhatAPollThatFailsMidwayDidNotBring) {
  AddMeter({0x10, 0x20, 0x30});
  Connect();
  Receive({0x11});
  Wait(50ms);
  Take(scheduler_->OnDisconnected("gone", now_));
  ASSERT_EQ(last_.steps.size(), 1U);
  ASSERT_EQ(last_.steps[0].values.size(), 2U) << "the first was handed over";
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(last_.steps[0].values[i].point, i + 1);
    EXPECT_EQ(last_.steps[0].values[i].quality, metering::Quality::kUnreachable);
    EXPECT_FALSE(last_.steps[0].values[i].value) << "no value is not 0";
  }
  ASSERT_TRUE(last_.steps[0].outcome);
  EXPECT_TRUE(last_.steps[0].outcome->answered);
}

TEST_F(LineSchedulerTest, AsksOnAlthoughHeartbeatsComeFasterThanItsPause) {
  AddMeter({0x10, 0x20});
  Connect();
  Receive({0x11});
  int heartbeats = 0;
  for (; !Sent() && heartbeats < 100; ++heartbeats) {
    Receive({0xFE});
    Wait(20ms);
  }
  EXPECT_EQ(Sent(), 0x20);
  EXPECT_EQ(heartbeats, 28) << "the pause of 50 ms, and at most the late window of 500 ms behind it";
}

TEST_F(LineSchedulerTest, WaitsForAllTriesWhereAnswersAreAlike) {
  meters_.push_back({std::make_unique<OneByteDriver>(std::deque<std::uint8_t>{0x10, 0x20}, true), 15s, 0s});
  Connect();
  BeSilent();
  ASSERT_EQ(Sent(), 0x10) << "the second try, 1.5 s after the first";
  Receive({0x11});
  Wait(1999ms);
  EXPECT_EQ(Sent(), std::nullopt) << "the second try's answer may come 1.5 s later, and be late by the window";
  Wait(1ms);
  EXPECT_EQ(Sent(), 0x20);
}

TEST_F(LineSchedulerTest, AsksAMeterNothingMoreWhoseAnswersAreAlikeAndOneIsMissing) {
  meters_.push_back({std::make_unique<OneByteDriver>(std::deque<std::uint8_t>{0x10, 0x20, 0x30}, true), 15s, 0s});
  Connect();
  Receive({0x11});
  Wait(50ms);
  ASSERT_EQ(Sent(), 0x20);
  for (int tries = 0; tries < 3; ++tries) BeSilent();
  EXPECT_EQ(Sent(), std::nullopt);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].values[0].quality, metering::Quality::kGood);
  EXPECT_EQ(outcomes_[0].values[2].quality, metering::Quality::kUnreachable);
}

TEST_F(LineSchedulerTest, NamesWhyThereIsNoAnswer) {
  AddMeter({0x10});
  AddMeter({0x20});
  timing_.extra_tries = 0;
  Connect();
  Receive({0x00});
  BeSilent();
  Wait(500ms);
  Receive({0x77});
  BeSilent();
  Wait(500ms);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[0].error, "no answer with a right checksum");
  EXPECT_EQ(outcomes_[1].error, "no answer in what came back: noise, a collision, an echo or another speed");
}

TEST_F(LineSchedulerTest, TriesTwiceMoreOnSilenceAndThenReportsTheMeterUnreachable) {
  AddMeter({0x10, 0x20});
  Connect();
  for (int repeat = 0; repeat < 2; ++repeat) {
    Wait(1s);
    EXPECT_EQ(Sent(), std::nullopt) << "the window for a late answer";
    Wait(500ms);
    EXPECT_EQ(Sent(), 0x10);
  }
  BeSilent();
  EXPECT_EQ(Sent(), std::nullopt);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_FALSE(outcomes_[0].answered);
  EXPECT_EQ(outcomes_[0].error, "no answer");
  EXPECT_EQ(outcomes_[0].values[0].quality, metering::Quality::kUnreachable);
  EXPECT_EQ(outcomes_[0].values[1].quality, metering::Quality::kUnreachable);
  EXPECT_EQ(scheduler_->counters().requests, 3U) << "a dead meter is not asked its other questions";
  EXPECT_EQ(scheduler_->counters().timeouts, 3U);
}

TEST_F(LineSchedulerTest, AsksASilentMeterOnceUntilItAnswersAgain) {
  AddMeter({0x10});
  Connect();
  for (int i = 0; i < 3; ++i) BeSilent();
  ASSERT_EQ(outcomes_.size(), 1U);
  Wait(15s);
  EXPECT_EQ(Sent(), 0x10);
  BeSilent();
  EXPECT_EQ(Sent(), std::nullopt) << "no repeats for a meter that was silent";
  ASSERT_EQ(outcomes_.size(), 2U);
  Wait(15s);
  Receive({0x11});
  Wait(15s);
  EXPECT_EQ(Sent(), 0x10);
  BeSilent();
  EXPECT_EQ(Sent(), 0x10) << "it has answered: it is worth a repeat again";
}

TEST_F(LineSchedulerTest, RepeatsAfterABadChecksumButNotAfterAnErrorReply) {
  AddMeter({0x10, 0x20});
  Connect();
  Receive({0x00});
  BeSilent();
  EXPECT_EQ(Sent(), 0x10);
  Receive({0xFF});
  Wait(500ms);
  EXPECT_EQ(Sent(), 0x20);
  Receive({0x21});
  Wait(50ms);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].values[0].quality, metering::Quality::kInvalid);
  EXPECT_EQ(scheduler_->counters().bad_checksum, 1U);
  EXPECT_EQ(scheduler_->counters().timeouts, 0U);
  EXPECT_EQ(scheduler_->counters().error_replies, 1U);
}

TEST_F(LineSchedulerTest, WaitsForSilenceNotForATotalTime) {
  AddMeter({0x10});
  Connect();
  Wait(900ms);
  Receive({0x77});
  Wait(400ms);
  Receive({0x77});
  Wait(400ms);
  EXPECT_EQ(scheduler_->counters().timeouts, 0U);
  Receive({0x11});
  EXPECT_EQ(scheduler_->counters().answers, 1U);
  EXPECT_EQ(scheduler_->counters().latency_last, base::Duration(1700ms));
  EXPECT_EQ(scheduler_->counters().latency.sum(), base::Duration(1700ms));
  EXPECT_EQ(scheduler_->counters().latency.counts().at(11), 1U) << "above 1.5 s, within 2.5 s";
}

TEST(LatencySpread, CountsByBoundsThatBelongToTheLowerBucket) {
  LatencySpread spread;
  for (const base::Duration took : {base::Duration(0ms), base::Duration(5ms), base::Duration(6ms), base::Duration(92ms),
                                    base::Duration(5000ms), base::Duration(5001ms)}) {
    spread.Add(took);
  }
  EXPECT_EQ(spread.counts(), (LatencySpread::Counts{2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1}));
  EXPECT_EQ(spread.sum(), base::Duration(10104ms));
}

TEST_F(LineSchedulerTest, GivesABabblingLineUp) {
  AddMeter({0x10});
  Connect();
  for (int i = 0; i < 20; ++i) {
    Wait(300ms);
    Receive({0x77});
  }
  EXPECT_GE(scheduler_->counters().timeouts, 1U);
}

TEST_F(LineSchedulerTest, TakesALateAnswerInTheWindowAfterATimeout) {
  AddMeter({0x10, 0x20});
  Connect();
  Wait(1s);
  Receive({0x11});
  Wait(50ms);
  EXPECT_EQ(Sent(), 0x20);
  EXPECT_EQ(scheduler_->counters().timeouts, 1U);
  EXPECT_EQ(scheduler_->counters().answers, 1U);
}

TEST_F(LineSchedulerTest, KeepsASecondAnswerToARepeatedRequestFromTheNextRequest) {
  AddMeter({0x10, 0x10});
  Connect();
  BeSilent();
  EXPECT_EQ(Sent(), 0x10) << "repeated";
  Receive({0x11});
  Wait(400ms);
  EXPECT_EQ(Sent(), std::nullopt) << "the repeat may be answered too";
  Receive({0x11});
  Wait(50ms);
  Wait(50ms);
  EXPECT_EQ(Sent(), 0x10);
  EXPECT_EQ(scheduler_->counters().answers, 1U);
}

TEST_F(LineSchedulerTest, PollsOnTheGridOfUtcWithPhase) {
  now_.utc = now_.utc + base::Duration(4s);
  AddMeter({0x10}, 15s, 2s);
  Connect();
  Receive({0x11});
  Wait(50ms);
  EXPECT_EQ(last_.wake_at - now_.steady, base::Duration(15s + 2s - 4s - 50ms));
}

TEST_F(LineSchedulerTest, PollsADisconnectedLineAsUnreachableAndAgainAtOnceWhenItIsBack) {
  AddMeter({0x10});
  Build();
  Take(scheduler_->OnDisconnected("Connection refused", now_));
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].error, "Connection refused");
  EXPECT_EQ(outcomes_[0].values[0].quality, metering::Quality::kUnreachable);
  Wait(3s);
  EXPECT_EQ(outcomes_.size(), 1U);
  Take(scheduler_->OnConnected(now_));
  EXPECT_EQ(Sent(), 0x10);
}

TEST_F(LineSchedulerTest, EndsTheOutstandingPollWhenTheConnectionIsLost) {
  AddMeter({0x10, 0x20});
  Connect();
  Receive({0x11});
  Wait(50ms);
  Take(scheduler_->OnDisconnected("gone", now_));
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].values[0].quality, metering::Quality::kGood);
  EXPECT_EQ(outcomes_[0].values[1].quality, metering::Quality::kUnreachable);
}

TEST_F(LineSchedulerTest, ReconnectsWhenNobodyAnswersAnyMore) {
  timing_.extra_tries = 0;
  for (int i = 0; i < 3; ++i) AddMeter({0x10});
  Connect();
  for (int i = 0; i < 2; ++i) {
    BeSilent();
    EXPECT_FALSE(last_.reconnect);
  }
  BeSilent();
  EXPECT_TRUE(last_.reconnect);
}

TEST_F(LineSchedulerTest, SkipsPollsThatASlowLineHasNoTimeFor) {
  AddMeter({0x10}, 1s);
  Connect();
  Receive({0x11});
  Wait(10s);
  EXPECT_EQ(Sent(), 0x10);
  Receive({0x11});
  Wait(50ms);
  EXPECT_EQ(Sent(), std::nullopt);
  EXPECT_EQ(scheduler_->counters().overruns, 1U);
}

}  // namespace
}  // namespace yb::field::line
