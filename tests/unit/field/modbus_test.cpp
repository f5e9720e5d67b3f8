#include <gtest/gtest.h>

#include "edge/field/modbus/frame.hpp"
#include "edge/field/modbus/modbus_driver.hpp"
#include "edge/field/modbus/register_value.hpp"

namespace yb::field::modbus {
namespace {

using metering::Quality;
using State = WireValue::State;

std::string Text(const WireValue& value) {
  if (value.state == State::kAbsent) return "absent";
  return value.number ? value.number->ToString() : "invalid";
}

std::string Value(std::vector<std::uint16_t> registers, Encoding encoding, ByteOrder order = ByteOrder::kAbcd) {
  return Text(DecodeRegisters(registers, encoding, order));
}

TEST(ModbusEncoder, BuildsReadsOverRtuAndTcp) {
  EXPECT_EQ(base::ToHex(Encode(Framing::kRtu, {.unit = 1, .first = 0, .count = 10}, 9)), "01030000000AC5CD");
  EXPECT_EQ(base::ToHex(Encode(Framing::kTcp, {.unit = 1, .table = Table::kInput, .first = 0, .count = 1}, 1)),
            "000100000006010400000001");
}

TEST(ModbusEncoder, BuildsNothingButReadsWhateverItIsTold) {
  for (int table = 0; table < 256; ++table) {
    const base::Bytes frame = Encode(Framing::kRtu, {.table = static_cast<Table>(table)}, 0);
    EXPECT_TRUE(frame[1] == 0x03 || frame[1] == 0x04);
  }
}

TEST(ModbusValues, FollowTheByteOrderOfThePoint) {
  EXPECT_EQ(Value({0x47F1, 0x2000}, Encoding::kF32, ByteOrder::kAbcd), "123456");
  EXPECT_EQ(Value({0x2000, 0x47F1}, Encoding::kF32, ByteOrder::kCdab), "123456");
  EXPECT_EQ(Value({0xF147, 0x0020}, Encoding::kF32, ByteOrder::kBadc), "123456");
  EXPECT_EQ(Value({0x0020, 0xF147}, Encoding::kF32, ByteOrder::kDcba), "123456");
  EXPECT_EQ(Value({0x0001, 0x86A0}, Encoding::kU32), "100000");
  EXPECT_EQ(Value({0x86A0, 0x0001}, Encoding::kU32, ByteOrder::kCdab), "100000");
  EXPECT_EQ(Value({0x0000, 0x0000, 0x0001, 0x86A0}, Encoding::kU64), "100000");
  EXPECT_EQ(Value({0x3412}, Encoding::kU16, ByteOrder::kBadc), "4660");
}

TEST(ModbusValues, KeepTheSign) {
  EXPECT_EQ(Value({0xFFFF}, Encoding::kI16), "-1");
  EXPECT_EQ(Value({0xFFFF, 0xFF38}, Encoding::kI32), "-200");
  EXPECT_EQ(Value({0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE}, Encoding::kI64), "-2");
}

TEST(ModbusValues, TellFillsFromNumbers) {
  EXPECT_EQ(Value({0xFFFF}, Encoding::kU16), "absent");
  EXPECT_EQ(Value({0x7FFF}, Encoding::kI16), "absent");
  EXPECT_EQ(Value({0x8000}, Encoding::kI16), "absent");
  EXPECT_EQ(Value({0x8000}, Encoding::kU16), "32768");
  EXPECT_EQ(Value({0xFFFF, 0xFFFF}, Encoding::kU32), "absent");
  EXPECT_EQ(Value({0x7FC0, 0x0000}, Encoding::kF32), "absent");
  EXPECT_EQ(Value({0x7F80, 0x0000}, Encoding::kF32), "invalid") << "infinity";
  EXPECT_EQ(Value({0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE}, Encoding::kU64), "invalid") << "more than 18 digits";
}

TEST(ModbusValues, WriteAFloatAsTheShortestDecimalThatReadsBack) {
  EXPECT_EQ(Value({0x4365, 0xE666}, Encoding::kF32), "229.9");
  EXPECT_EQ(Value({0x0000, 0x0000}, Encoding::kF32), "0");
  EXPECT_EQ(Value({0x0000, 0x0001}, Encoding::kF32), "0.000000000000000000");
}

// A meter with registers 0..9 and a hole at 4.
class ModbusPollTest : public ::testing::Test {
 protected:
  void Begin(std::vector<PointRule> points, std::vector<ProtocolOption> options = {}) {
    auto made = ModbusDriver::Make(
        Framing::kTcp, {.address = "1", .points = std::move(points), .blocks = {}, .options = std::move(options)});
    ASSERT_TRUE(made) << made.error().Describe();
    driver_ = std::move(*made);
    BeginAgain();
  }
  void BeginAgain() { poll_ = driver_->BeginPoll({}); }

  static PointRule Point(std::uint16_t number, std::string type = "u16") {
    return {.quantity = "r" + std::to_string(number),
            .unit = "",
            .source = std::to_string(number),
            .encoding = std::move(type)};
  }

  // "first+count" of the next request; empty when the poll is over.
  std::string Asked() {
    const auto frame = poll_->NextRequest();
    if (!frame) return "";
    transaction_ = {(*frame)[0], (*frame)[1]};
    return std::to_string((*frame)[8] << 8 | (*frame)[9]) + "+" + std::to_string((*frame)[10] << 8 | (*frame)[11]);
  }
  Progress Answer(base::Bytes pdu) {
    base::Bytes frame = transaction_;
    const base::Bytes header{0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), 1};
    frame.insert(frame.end(), header.begin(), header.end());
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    return poll_->OnBytes(frame, {});
  }

  std::unique_ptr<FieldDriver> driver_;
  std::unique_ptr<Poll> poll_;
  base::Bytes transaction_;
};

TEST_F(ModbusPollTest, ReadsNeighboursTogetherAndGapsOnlyWhereAllowed) {
  Begin({Point(8), Point(0), Point(1, "u32")});
  EXPECT_EQ(Asked(), "0+3");
  EXPECT_EQ(Answer({3, 6, 0, 7, 0, 0, 0, 9}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "8+1");
  EXPECT_EQ(Answer({3, 2, 0, 5}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "");
  const auto values = poll_->TakeValues();
  EXPECT_EQ(values[0].value->ToString(), "5");
  EXPECT_EQ(values[1].value->ToString(), "7");
  EXPECT_EQ(values[2].value->ToString(), "9");
  Begin({Point(8), Point(0)}, {{"most-gap", "7"}});
  EXPECT_EQ(Asked(), "0+9");
}

TEST_F(ModbusPollTest, SplitsABlockThatIsRefusedAndRemembersIt) {
  Begin({Point(0), Point(1), Point(2), Point(3)});
  EXPECT_EQ(Asked(), "0+4");
  EXPECT_EQ(Answer({0x83, 2}), Progress::kRefused);
  EXPECT_EQ(Asked(), "0+2");
  EXPECT_EQ(Answer({3, 4, 0, 1, 0, 2}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "2+2");
  EXPECT_EQ(Answer({0x83, 2}), Progress::kRefused);
  EXPECT_EQ(Asked(), "2+1");
  EXPECT_EQ(Answer({3, 2, 0, 3}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "3+1");
  EXPECT_EQ(Answer({0x83, 2}), Progress::kRefused);
  EXPECT_EQ(Asked(), "");
  const auto values = poll_->TakeValues();
  EXPECT_EQ(values[2].quality, Quality::kGood);
  EXPECT_EQ(values[3].quality, Quality::kInvalid);
  BeginAgain();
  EXPECT_EQ(Asked(), "0+2");
  EXPECT_EQ(Answer({3, 4, 0, 1, 0, 2}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "2+1");
  EXPECT_EQ(Answer({3, 2, 0, 3}), Progress::kAnswered);
  EXPECT_EQ(Asked(), "") << "register 3 is known not to be there";
}

TEST_F(ModbusPollTest, SkipsTheAnswerToAnEarlierRequest) {
  Begin({Point(0)});
  EXPECT_EQ(Asked(), "0+1");
  const base::Bytes earlier{0xFF, 0xFF, 0, 0, 0, 5, 1, 3, 2, 0, 1};
  EXPECT_EQ(poll_->OnBytes(earlier, {}), Progress::kWaiting);
  EXPECT_EQ(poll_->Counters().stray, 1U);
  EXPECT_EQ(Answer({3, 2, 0, 2}), Progress::kAnswered);
}

TEST(ModbusRtuPoll, FindsTheReplyBehindItsOwnEcho) {
  const auto driver = ModbusDriver::Make(
      Framing::kRtu,
      {.address = "1", .points = {{.quantity = "r", .unit = "", .source = "0x0200", .encoding = "u16"}}});
  ASSERT_TRUE(driver);
  const auto poll = (*driver)->BeginPoll({});
  const base::Bytes echo = *poll->NextRequest();
  EXPECT_EQ(poll->OnBytes(echo, {}), Progress::kWaiting) << "0x02 in the echo looks like a byte count";
  base::Bytes reply{1, 3, 2, 0x12, 0x34};
  const std::uint16_t crc = Crc(reply);
  reply.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  reply.push_back(static_cast<std::uint8_t>(crc >> 8));
  EXPECT_EQ(poll->OnBytes(reply, {}), Progress::kAnswered);
  EXPECT_EQ(poll->TakeValues()[0].value->ToString(), "4660");
}

TEST(ModbusDriver, RefusesUnitsRegistersAndTypesItDoesNotKnow) {
  const PointRule good{.quantity = "r", .unit = "", .source = "0xFFFF", .encoding = "u16"};
  EXPECT_TRUE(ModbusDriver::Make(Framing::kRtu, {.address = "247", .points = {good}}));
  EXPECT_FALSE(ModbusDriver::Make(Framing::kRtu, {.address = "248", .points = {good}}));
  EXPECT_FALSE(ModbusDriver::Make(Framing::kRtu, {.address = "0", .points = {good}}));
  EXPECT_TRUE(ModbusDriver::Make(Framing::kTcp, {.address = "255", .points = {good}}));
  PointRule beyond = good;
  beyond.encoding = "u32";
  EXPECT_FALSE(ModbusDriver::Make(Framing::kRtu, {.address = "1", .points = {beyond}}));
  PointRule unknown = good;
  unknown.encoding = "u24";
  EXPECT_FALSE(ModbusDriver::Make(Framing::kRtu, {.address = "1", .points = {unknown}}));
}

}  // namespace
}  // namespace yb::field::modbus
