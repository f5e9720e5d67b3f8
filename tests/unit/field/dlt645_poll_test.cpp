#include <gtest/gtest.h>

#include "edge/field/dlt645/dlt645_driver.hpp"
#include "tests/unit/field/dlt645_replies.hpp"

namespace yb::field::dlt645 {
namespace {

using metering::Quality;
using namespace std::chrono_literals;

constexpr const char* kMeter = "123456789012";

base::Bytes Hex(std::string_view text) {
  return *base::FromHex(text);
}

PointRule Point(std::string quantity, std::string unit, std::string di) {
  return {.quantity = std::move(quantity), .unit = std::move(unit), .source = std::move(di)};
}

class Dlt645PollTest : public ::testing::Test {
 protected:
  void Begin(std::vector<PointRule> points, std::vector<std::string> blocks = {}) {
    auto made = Dlt645Driver::Make(Edition::k2007,
                                   {.address = kMeter, .points = std::move(points), .blocks = std::move(blocks)});
    ASSERT_TRUE(made) << made.error().Describe();
    driver_ = std::move(*made);
    poll_ = driver_->BeginPoll(now_);
  }
  void BeginAgain() { poll_ = driver_->BeginPoll(now_); }

  // The identifier asked for next; 0 when the poll is over.
  Di2007 Asked() {
    const std::optional<base::Bytes> frame = poll_->NextRequest();
    if (!frame) return 0;
    last_request_ = ParseFrame(base::ByteView(*frame).subspan(4));
    return *DiOf(Edition::k2007, last_request_.data);
  }
  Progress Answer(std::uint8_t control, std::string_view data) {
    return poll_->OnBytes(Reply(kMeter, control, Hex(data)), now_);
  }

  Instant now_{{0}, {1'000'000}};
  std::unique_ptr<FieldDriver> driver_;
  std::unique_ptr<Poll> poll_;
  Frame last_request_;
};

TEST_F(Dlt645PollTest, AnswersAllPointsOfABlockWithOneRequest) {
  Begin(
      {Point("voltage_a", "V", "02010100"), Point("voltage_c", "V", "02010300"), Point("frequency", "Hz", "02800002")},
      {"0201FF00"});
  EXPECT_EQ(Asked(), 0x0201FF00U);
  EXPECT_EQ(Answer(0x91, "00FF0102 5622 FFFF 3A22"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0x02800002U);
  EXPECT_EQ(Answer(0x91, "02008002 0350"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0U);
  const std::vector<PointValue> values = poll_->TakeValues();
  EXPECT_EQ(values[0].value->ToString(), "225.6");
  EXPECT_EQ(values[1].quality, Quality::kInvalid) << "3A is no BCD";
  EXPECT_EQ(values[2].value->ToString(), "50.03");
}

TEST_F(Dlt645PollTest, GivesEachValueOutOnceAsSoonAsItsAnswerIsThere) {
  Begin(
      {Point("frequency", "Hz", "02800002"), Point("voltage_a", "V", "02010100"), Point("voltage_b", "V", "02010200")},
      {"0201FF00"});
  EXPECT_TRUE(poll_->TakeValues().empty());
  EXPECT_EQ(Asked(), 0x0201FF00U);
  EXPECT_EQ(Answer(0x91, "00FF0102 5622 FFFF FFFF"), Progress::kAnswered);
  const std::vector<PointValue> first = poll_->TakeValues();
  ASSERT_EQ(first.size(), 2U) << "of two requests one is answered";
  EXPECT_EQ(first[0].point, 1U);
  EXPECT_EQ(first[0].value->ToString(), "225.6");
  EXPECT_EQ(first[1].point, 2U);
  EXPECT_EQ(first[1].quality, Quality::kInvalid);
  EXPECT_EQ(Asked(), 0x02800002U);
  now_.utc.micros += 90'000;
  poll_->OnSilence(now_);
  const std::vector<PointValue> rest = poll_->TakeValues();
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].point, 0U);
  EXPECT_EQ(rest[0].quality, Quality::kUnreachable);
  EXPECT_EQ(rest[0].time.micros, first[0].time.micros + 90'000);
  poll_->Abandon(now_);
  EXPECT_TRUE(poll_->TakeValues().empty()) << "nothing is left to be given up";
}

TEST_F(Dlt645PollTest, TellsHowFarTheMetersClockIsOff) {
  now_.utc = *base::FromIso("2026-03-02T16:00:10Z");  // 00:00:10 on 3 March in Beijing
  Begin({Point("clock_offset", "s", "04000102"), Point("clock_offset_dated", "s", "0400010C")});
  EXPECT_EQ(Asked(), 0x04000102U);
  EXPECT_EQ(Answer(0x91, "02010004 555923"), Progress::kAnswered);  // 23:59:55, the day before
  EXPECT_EQ(Asked(), 0x0400010CU);
  EXPECT_EQ(Answer(0x91, "0C010004 100001 02 030326"), Progress::kAnswered);  // 2026-03-03 01:00:10
  const std::vector<PointValue> values = poll_->TakeValues();
  EXPECT_EQ(values[0].value->ToString(), "-15");
  EXPECT_EQ(values[1].value->ToString(), "3600");
}

TEST_F(Dlt645PollTest, GivesNoOffsetForWhatIsNoTime) {
  Begin({Point("clock_offset", "s", "04000102")});
  EXPECT_EQ(Asked(), 0x04000102U);
  EXPECT_EQ(Answer(0x91, "02010004 556124"), Progress::kAnswered);  // 24:61:55
  EXPECT_EQ(poll_->TakeValues()[0].quality, Quality::kInvalid);
  EXPECT_FALSE(
      Dlt645Driver::Make(Edition::k2007, {.address = kMeter, .points = {Point("clock_offset", "V", "04000102")}}));
}

TEST_F(Dlt645PollTest, GivesNoValueForAFilledField) {
  Begin({Point("voltage_b", "V", "02010200")});
  EXPECT_EQ(Asked(), 0x02010200U);
  EXPECT_EQ(Answer(0x91, "00020102 FFFF"), Progress::kAnswered);
  const PointValue value = poll_->TakeValues()[0];
  EXPECT_EQ(value.quality, Quality::kInvalid);
  EXPECT_FALSE(value.value);
}

TEST_F(Dlt645PollTest, FallsBackToSingleItemsWhenABlockIsRefusedAndDoesNotAskAgain) {
  Begin({Point("voltage_a", "V", "02010100"), Point("voltage_b", "V", "02010200")}, {"0201FF00"});
  EXPECT_EQ(Asked(), 0x0201FF00U);
  EXPECT_EQ(Answer(0xD1, "02"), Progress::kRefused);
  EXPECT_EQ(Asked(), 0x02010100U);
  EXPECT_EQ(Answer(0x91, "00010102 0122"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0x02010200U);
  EXPECT_EQ(Answer(0xD1, "02"), Progress::kRefused);
  EXPECT_EQ(Asked(), 0U);
  EXPECT_EQ(poll_->LastError(), "02010200 was refused: no_requested_data");
  EXPECT_EQ(poll_->TakeValues()[1].quality, Quality::kInvalid);

  BeginAgain();
  EXPECT_EQ(Asked(), 0x02010100U) << "neither the block nor phase B";
  EXPECT_EQ(Answer(0x91, "00010102 0122"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0U);

  now_.steady = now_.steady + base::Duration(25h);
  BeginAgain();
  EXPECT_EQ(Asked(), 0x0201FF00U) << "after a day the meter may have been set up";
}

TEST_F(Dlt645PollTest, JoinsFollowUpFramesWhereTheCutFallsInsideAValue) {
  Begin({Point("total", "kWh", "00010000"), Point("rate4", "kWh", "00010400")}, {"0001FF00"});
  EXPECT_EQ(Asked(), 0x0001FF00U);
  EXPECT_EQ(Answer(0xB1, "00FF0100 29010000 62000000 6000"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0x0001FF00U);
  EXPECT_EQ(last_request_.control, 0x12);
  EXPECT_EQ(last_request_.data.back(), 1);
  EXPECT_EQ(Answer(0x92, "00FF0100 0000 03000000 02000000 02"), Progress::kWaiting) << "another frame's number";
  EXPECT_EQ(Answer(0x92, "00FF0100 0000 03000000 02000000 01"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0U);
  const std::vector<PointValue> values = poll_->TakeValues();
  EXPECT_EQ(values[0].value->ToString(), "1.29");
  EXPECT_EQ(values[1].value->ToString(), "0.02");
}

TEST_F(Dlt645PollTest, IgnoresEchoesOtherMetersAndAnswersToOtherQuestions) {
  Begin({Point("energy", "kWh", "00010000")});
  EXPECT_EQ(Asked(), 0x00010000U);
  EXPECT_EQ(poll_->OnBytes(EncodeRead(*Address::Parse(kMeter), 0x00010000), now_), Progress::kWaiting);
  EXPECT_EQ(poll_->OnBytes(Reply("123456789013", 0x91, Hex("00000100 01000000")), now_), Progress::kWaiting);
  EXPECT_EQ(Answer(0x91, "00000200 01000000"), Progress::kWaiting);
  EXPECT_EQ(poll_->Counters().stray, 2U);
  EXPECT_EQ(Answer(0x91, "00000100 02000000"), Progress::kAnswered);
  EXPECT_EQ(poll_->TakeValues()[0].value->ToString(), "0.02");
}

TEST_F(Dlt645PollTest, MultipliesByTheRatioExactly) {
  PointRule point = Point("energy", "kWh", "00010000");
  point.factor = *base::Decimal::Parse("1200");
  Begin({point});
  EXPECT_EQ(Asked(), 0x00010000U);
  EXPECT_EQ(Answer(0x91, "00000100 56341200"), Progress::kAnswered);
  EXPECT_EQ(poll_->TakeValues()[0].value->ToString(), "1481472.00");
}

TEST_F(Dlt645PollTest, KeepsWhatItHasWhenTheMeterFallsSilent) {
  Begin(
      {Point("energy", "kWh", "00010000"), Point("voltage_a", "V", "02010100"), Point("frequency", "Hz", "02800002")});
  EXPECT_EQ(Asked(), 0x00010000U);
  EXPECT_EQ(Answer(0x91, "00000100 02000000"), Progress::kAnswered);
  EXPECT_EQ(Asked(), 0x02010100U);
  poll_->OnSilence({{0}, {2'000'000}});
  EXPECT_EQ(Asked(), 0x02800002U);
  poll_->Abandon({{0}, {3'000'000}});
  const std::vector<PointValue> values = poll_->TakeValues();
  EXPECT_EQ(values[0].quality, Quality::kGood);
  EXPECT_EQ(values[1].quality, Quality::kUnreachable);
  EXPECT_EQ(values[1].time.micros, 2'000'000);
  EXPECT_EQ(values[2].time.micros, 3'000'000);
}

TEST(Dlt645Driver, RefusesPointsThatAreNoNumberOrOfAnotherUnit) {
  const auto make = [](PointRule point) {
    return Dlt645Driver::Make(Edition::k2007, {.address = kMeter, .points = {std::move(point)}});
  };
  EXPECT_FALSE(make(Point("date", "", "04000101")));
  EXPECT_FALSE(make(Point("block", "V", "0201FF00")));
  EXPECT_FALSE(make(Point("unknown", "V", "0F0F0F0F")));
  const auto wrong_unit = make(Point("voltage_a", "kV", "02010100"));
  ASSERT_FALSE(wrong_unit);
  EXPECT_EQ(wrong_unit.error().Describe(), "voltage_a: the unit is 'kV' (identifier 02010100 is sent in 'V')");
}

}  // namespace
}  // namespace yb::field::dlt645
