#include "tools/metersim/bus_frame.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metersim/frames.hpp"

namespace yb::metersim {
namespace {

constexpr std::string_view kEnergyRequest = "68610100000000681104333334331416";    // hwhale.com/article/138066
constexpr std::string_view kSumIs68 = "FEFEFEFE68129078563412681104333334336816";  // published, checksum 68
constexpr std::string_view kWaterRequest = "FEFEFE6810776655443322110103901F010816";

TEST(FrameScanner, FindsARequestThatArrivesByteByByte) {
  FrameScanner scanner(ScanFor::kMeterBus);
  const base::Bytes bytes = Hex(kSumIs68);
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    scanner.Append(base::ByteView(bytes).subspan(i, 1));
    EXPECT_FALSE(scanner.Next());
  }
  scanner.Append(base::ByteView(bytes).last(1));
  const std::optional<BusFrame> frame = scanner.Next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->framing, Framing::kDlt645);
  EXPECT_EQ(frame->control, 0x11);
  EXPECT_EQ(base::ToHex(frame->data), "00000100");
}

TEST(FrameScanner, FindsTwoProtocolsInOneSegmentBehindNoise) {
  FrameScanner scanner(ScanFor::kMeterBus);
  scanner.Append(Hex("00FF6868AA16"));
  scanner.Append(Hex(kWaterRequest));
  scanner.Append(Hex(kEnergyRequest));
  const std::optional<BusFrame> water = scanner.Next();
  ASSERT_TRUE(water);
  EXPECT_EQ(water->framing, Framing::kCjt188);
  EXPECT_EQ(base::ToHex(water->address), "77665544332211");
  const std::optional<BusFrame> energy = scanner.Next();
  ASSERT_TRUE(energy);
  EXPECT_EQ(base::ToHex(energy->raw), kEnergyRequest);
  EXPECT_FALSE(scanner.Next());
}

TEST(FrameScanner, IgnoresAWrongChecksum) {
  FrameScanner scanner(ScanFor::kMeterBus);
  scanner.Append(Hex("68610100000000681104333334331516"));
  EXPECT_FALSE(scanner.Next());
}

TEST(FrameScanner, FindsModbusRtuAmongMeterFrames) {  // fox-edge channel simulator: 03, ten registers from 0
  FrameScanner scanner(ScanFor::kMeterBusWithRtu);
  scanner.Append(Hex("FE01030000000AC5CD"));
  const std::optional<BusFrame> frame = scanner.Next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->framing, Framing::kModbusRtu);
  EXPECT_EQ(base::ToHex(frame->data), "0000000A");
}

TEST(FrameScanner, UnwrapsModbusTcp) {  // four-faith.com: an MBAP request of unit 1, function 04
  const BusFrame frame = Request("000100000006010400000001", ScanFor::kModbusTcp);
  EXPECT_EQ(frame.transaction_id, 1);
  EXPECT_EQ(base::ToHex(frame.address), "01");
  EXPECT_EQ(frame.control, 0x04);
  EXPECT_EQ(base::ToHex(frame.data), "00000001");
}

}  // namespace
}  // namespace yb::metersim
