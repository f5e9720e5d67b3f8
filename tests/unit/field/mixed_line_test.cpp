// Real drivers on one line: an electricity meter and a water meter share a bus.
#include <gtest/gtest.h>

#include "edge/field/cjt188/cjt188_driver.hpp"
#include "edge/field/dlt645/dlt645_driver.hpp"
#include "edge/field/line/line_scheduler.hpp"
#include "tests/unit/field/dlt645_replies.hpp"
#include "tests/unit/field/whole_polls.hpp"

namespace yb::field::line {
namespace {

using namespace std::chrono_literals;
using metering::Quality;

// 170.47 L at address 00000051327643.
const std::string kWaterReply = "6810437632510000008116901F0047700100295148010029202005282058240000A716";

class MixedLineTest : public ::testing::Test {
 protected:
  MixedLineTest() {
    std::vector<ScheduledMeter> meters;
    auto power = dlt645::Dlt645Driver::Make(
        dlt645::Edition::k2007,
        {.address = "260305510020", .points = {{.quantity = "e", .unit = "kWh", .source = "00010000"}}});
    auto water = cjt188::Cjt188Driver::Make(
        {.address = "51327643", .points = {{.quantity = "v", .unit = "L", .source = "current_volume"}}});
    EXPECT_TRUE(power && water);
    meters.push_back({std::move(*power), 60s, 0s});
    meters.push_back({std::move(*water), 60s, 0s});
    scheduler_.emplace(LineTiming{}, std::move(meters), now_);
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
  void Receive(const base::Bytes& bytes) { Take(scheduler_->OnBytes(bytes, now_)); }
  static base::Bytes PowerReply() {
    return dlt645::Reply("260305510020", 0x91, {0x00, 0x00, 0x01, 0x00, 0x56, 0x34, 0x12, 0x00});
  }

  Instant now_{{1'000'000'000}, *base::FromIso("2026-03-02T06:00:00Z")};
  std::optional<LineScheduler> scheduler_;
  Actions last_;
  WholePolls outcomes_;
};

TEST_F(MixedLineTest, ReadsTwoProtocolsOneAfterTheOther) {
  Receive(PowerReply());
  Wait(50ms);
  Receive(*base::FromHex(kWaterReply));
  Wait(50ms);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[0].values[0].value->ToString(), "1234.56");
  EXPECT_EQ(outcomes_[1].values[0].value->ToString(), "170.47");
}

TEST_F(MixedLineTest, FindsTheAnswerBehindHeartbeatEchoNoiseAndTheOthersLateFrame) {
  Receive(PowerReply());
  Wait(50ms);
  base::Bytes stream(3, 0xFE);
  const base::Bytes echo = *last_.send;
  const base::Bytes late = PowerReply();
  const base::Bytes water = *base::FromHex(kWaterReply);
  stream.insert(stream.end(), echo.begin(), echo.end());
  stream.insert(stream.end(), late.begin(), late.end());
  stream.push_back(0x68);
  stream.insert(stream.end(), water.begin(), water.end());
  for (std::uint8_t byte : stream) Receive({byte});
  Wait(50ms);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[1].values[0].quality, Quality::kGood);
  EXPECT_EQ(outcomes_[1].values[0].value->ToString(), "170.47");
}

}  // namespace
}  // namespace yb::field::line
