#include "edge/field/field_side.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "tests/support/reading_text.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/unit/field/tcp_meter.hpp"

namespace yb::field {
namespace {

using metering::Quality;
using namespace std::chrono_literals;

constexpr std::string_view kProfile = R"(
title = "Test meter"
protocol = "dlt645-2007"
utility = "power"
blocks = ["0201FF00"]
[[point]]
quantity = "fwd_active_energy"
unit = "kWh"
kind = "register"
di = "00010000"
ratio = "pt*ct"
[[point]]
quantity = "voltage_a"
unit = "V"
kind = "gauge"
di = "02010100"
[[point]]
quantity = "frequency"
unit = "Hz"
kind = "gauge"
di = "02800002"
)";

// Collects answers and whole polls, in the order of their points; a test waits for the next that fits instead of
// sleeping.
class CollectingSink final : public ReadingSink {
 public:
  void OnAnswer(std::span<metering::Reading> readings) override {
    const std::scoped_lock lock(mutex_);
    for (metering::Reading& reading : readings) answered_.push_back(reading);
    came_.notify_all();
  }
  void OnPollOver(std::span<const metering::Reading> readings) override {
    const std::scoped_lock lock(mutex_);
    slices_.emplace_back(readings.begin(), readings.end());
    std::ranges::sort(slices_.back(), {}, &metering::Reading::point);
    came_.notify_all();
  }

  /// All that was handed over by answers once there are `count`, or what there is after 8 s.
  std::vector<metering::Reading> WaitForAnswered(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, 8s, [&] { return answered_.size() >= count; });
    return answered_;
  }
  std::size_t Polls() {
    const std::scoped_lock lock(mutex_);
    return slices_.size();
  }

  template <class Fits>
  std::optional<std::vector<metering::Reading>> WaitFor(Fits fits) {
    std::unique_lock lock(mutex_);
    std::optional<std::vector<metering::Reading>> found;
    came_.wait_for(lock, 8s, [&] {
      for (; next_ < slices_.size() && !found; ++next_) {
        if (fits(slices_[next_])) found = slices_[next_];
      }
      return found.has_value();
    });
    return found;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<metering::Reading> answered_;
  std::vector<std::vector<metering::Reading>> slices_;
  std::size_t next_ = 0;
};

FieldConfig ConfigFor(const std::vector<int>& ports) {
  MeterProfiles profiles;
  profiles.emplace("test", *ParseProfile(kProfile, "test", "test.toml"));
  std::string text;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    text += "[[line]]\nkey = \"line-" + number +
            "\"\nkind = \"tcp\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(ports[i]) +
            "\nreply_timeout_ms = 60\nidle_timeout_ms = 30\npause_ms = 1\nlate_window_ms = 10\n"
            "reconnect_after_silences = 2\n[[line.meter]]\nkey = \"feeder-" +
            number + "\"\nname = \"进线\"\nprofile = \"test\"\naddress = \"260305510020\"\ninterval_s = 1\nct = 40\n";
  }
  base::Result<FieldConfig> config = ParseFieldConfig(text, "field.toml", profiles);
  EXPECT_TRUE(config) << config.error().Describe();
  return *config;
}

FieldSide::PointNumbers Number(const FieldConfig& config) {
  FieldSide::PointNumbers numbers;
  for (const metering::Point& point : config.Points()) {
    numbers.emplace(point.key, static_cast<metering::PointNo>(numbers.size() + 1));
  }
  return numbers;
}

std::map<std::uint32_t, base::Bytes> MeterValues() {
  return {{0x00010000, {0x56, 0x34, 0x12, 0x00}}, {0x02010100, {0x56, 0x22}}, {0x02800002, {0xFF, 0xFF}}};
}

const auto kIsGood = [](const std::vector<metering::Reading>& slice) { return slice[0].quality == Quality::kGood; };
const auto kIsUnreachable = [](const std::vector<metering::Reading>& slice) {
  return slice[0].quality == Quality::kUnreachable;
};

TEST(FieldSide, HandsOverEveryPointOfAPollWithItsQuality) {
  TcpMeter meter("260305510020", MeterValues());
  const FieldConfig config = ConfigFor({meter.port()});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  const base::UtcTime before = clock.Now();
  ASSERT_TRUE(side.Apply(config, Number(config)));
  const auto slice = sink.WaitFor(kIsGood);
  ASSERT_TRUE(slice);
  ASSERT_EQ(slice->size(), 3U);
  EXPECT_EQ((*slice)[0].point, 1U);
  EXPECT_EQ((*slice)[0].value->ToString(), "49382.40") << "1234.56 times 40";
  EXPECT_GE((*slice)[0].time, before);
  EXPECT_EQ((*slice)[1].value->ToString(), "225.6") << "the block was refused, the item answered";
  EXPECT_EQ((*slice)[2].quality, Quality::kInvalid);
  EXPECT_FALSE((*slice)[2].value);
  side.Stop();
  const std::vector<LineSnapshot> snapshot = side.Snapshot();
  ASSERT_EQ(snapshot.size(), 1U);
  EXPECT_GE(snapshot[0].status.counters.answers, 4U);
  EXPECT_GE(snapshot[0].status.counters.error_replies, 1U);
  EXPECT_TRUE(snapshot[0].meters[0].last_answer);
}

TEST(FieldSide, HandsAnAnswerOverBeforeTheNextOneComes) {
  TcpMeter meter("260305510020", MeterValues());
  meter.HoldBack(0x00010000);  // asked behind the voltage, whose block is refused
  FieldConfig config = ConfigFor({meter.port()});
  config.lines[0].timing.reply_timeout = 60s;
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  const std::vector<metering::Reading> first = sink.WaitForAnswered(1);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].point, 2U);
  EXPECT_EQ(first[0].value->ToString(), "225.6");
  EXPECT_EQ(sink.Polls(), 0U) << "two answers are missing";
  meter.HoldBack(0);
  const auto whole = sink.WaitFor(kIsGood);
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->size(), 3U);
  EXPECT_EQ((*whole)[1].time, first[0].time);
}

TEST(FieldSide, HandsOverWhatWasAnsweredOfAPollThatFailsMidwayAndMarksTheRest) {
  TcpMeter meter("260305510020", MeterValues());
  meter.HoldBack(0x00010000);
  const FieldConfig config = ConfigFor({meter.port()});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  const auto slice = sink.WaitFor([](const auto&) { return true; });
  side.Stop();
  ASSERT_TRUE(slice);
  ASSERT_EQ(slice->size(), 3U);
  EXPECT_EQ((*slice)[0].quality, Quality::kUnreachable);
  EXPECT_FALSE((*slice)[0].value) << "no value is not 0";
  EXPECT_EQ((*slice)[1].value->ToString(), "225.6");
  std::vector<metering::Reading> answered = sink.WaitForAnswered(3);
  answered.resize(3);
  EXPECT_EQ(answered[0].point, 2U);
  std::ranges::sort(answered, {}, &metering::Reading::point);
  EXPECT_EQ(test::ToLines(answered), test::ToLines(*slice))
      << "the poll is what was handed over of it, each point once";
}

TEST(FieldSide, ReadsItsLinesSideBySide) {
  TcpMeter silent("260305510020", MeterValues());
  silent.BeSilent(true);
  TcpMeter living("260305510020", MeterValues());
  const FieldConfig config = ConfigFor({silent.port(), living.port()});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  const auto good = sink.WaitFor(kIsGood);
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)[0].point, 4U);
}

TEST(FieldSide, ReportsASilentMeterUnreachableReconnectsAndRecovers) {
  TcpMeter meter("260305510020", MeterValues());
  const FieldConfig config = ConfigFor({meter.port()});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  ASSERT_TRUE(sink.WaitFor(kIsGood));
  meter.BeSilent(true);
  const auto lost = sink.WaitFor(kIsUnreachable);
  ASSERT_TRUE(lost);
  for (const metering::Reading& reading : *lost) EXPECT_FALSE(reading.value) << "no value is not 0";
  ASSERT_TRUE(sink.WaitFor(kIsUnreachable)) << "and again, after the second time-out the line reconnects";
  meter.BeSilent(false);
  ASSERT_TRUE(sink.WaitFor(kIsGood));
  EXPECT_GE(meter.connections(), 2);
}

TEST(FieldSide, ComesBackAfterTheSerialServerHangsUp) {
  TcpMeter meter("260305510020", MeterValues());
  const FieldConfig config = ConfigFor({meter.port()});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  ASSERT_TRUE(sink.WaitFor(kIsGood));
  meter.HangUp();
  while (meter.connections() < 2) ASSERT_TRUE(sink.WaitFor([](const auto&) { return true; }));
  ASSERT_TRUE(sink.WaitFor(kIsGood));
  EXPECT_EQ(side.Snapshot()[0].status.last_error, "the other side closed the connection");
}

TEST(FieldSide, StopsWithinASecondAlsoWhileNobodyListens) {
  const FieldConfig config = ConfigFor({1});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  ASSERT_TRUE(side.Apply(config, Number(config)));
  ASSERT_TRUE(sink.WaitFor(kIsUnreachable));
  EXPECT_FALSE(side.Snapshot()[0].status.connected);
  EXPECT_NE(side.Snapshot()[0].status.last_error, "");
  const base::Monotonic before = clock.Steady();
  side.Stop();
  EXPECT_LT(clock.Steady() - before, base::Duration(1s));
}

TEST(FieldSide, LeavesALineThatStaysAsItWasAlone) {
  TcpMeter kept("260305510020", MeterValues());
  TcpMeter changed("260305510020", MeterValues());
  TcpMeter removed("260305510020", MeterValues());
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  FieldConfig config = ConfigFor({kept.port(), changed.port(), removed.port()});
  const FieldSide::PointNumbers numbers = Number(config);
  ASSERT_TRUE(side.Apply(config, numbers));
  const auto is_good_of = [](metering::PointNo first) {
    return [first](const auto& slice) { return slice[0].point == first && kIsGood(slice); };
  };
  for (metering::PointNo first : {1U, 4U, 7U}) ASSERT_TRUE(sink.WaitFor(is_good_of(first)));
  config.lines[1].meters[0].interval = 2s;
  config.lines.pop_back();
  const auto changes = side.Apply(config, numbers);
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->kept, 1U);
  EXPECT_EQ(changes->restarted, 1U);
  EXPECT_EQ(changes->stopped, 1U);
  EXPECT_EQ(side.Snapshot().size(), 2U);
  EXPECT_TRUE(test::WaitUntil([&] { return changed.connections() == 2; }));
  ASSERT_TRUE(sink.WaitFor(is_good_of(1)));
  EXPECT_EQ(kept.connections(), 1);
  EXPECT_EQ(changed.connections(), 2);
  EXPECT_EQ(removed.connections(), 1);
}

TEST(FieldSide, PassesAPortFromOneLineToAnother) {
  TcpMeter meter("260305510020", MeterValues());
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  FieldConfig config = ConfigFor({meter.port()});
  ASSERT_TRUE(side.Apply(config, Number(config)));
  ASSERT_TRUE(sink.WaitFor(kIsGood));
  config.lines[0].key = "line-renamed";
  const auto changes = side.Apply(config, Number(config));
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->started, 1U);
  EXPECT_EQ(changes->stopped, 1U);
  ASSERT_TRUE(sink.WaitFor(kIsGood));
}

TEST(FieldSide, DoesNotStartWithAPointThatHasNoNumber) {
  const FieldConfig config = ConfigFor({1});
  const base::SystemClock clock;
  CollectingSink sink;
  FieldSide side(clock, sink);
  const auto started = side.Apply(config, {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "point 'feeder-1/fwd_active_energy' has no number");
  EXPECT_TRUE(side.Snapshot().empty());
}

}  // namespace
}  // namespace yb::field
