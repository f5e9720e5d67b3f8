#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <thread>

#include "edge/field/line/descriptor_io.hpp"
#include "edge/field/line/serial_channel.hpp"
#include "edge/field/line/tcp_listen_channel.hpp"

namespace yb::field::line {
namespace {

using namespace std::chrono_literals;

constexpr int kNoStop = -1;

// A port that was free a moment ago.
std::uint16_t FreePort() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any;
  EXPECT_EQ(::bind(socket.number(), reinterpret_cast<sockaddr*>(&any), size), 0);
  EXPECT_EQ(::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&any), &size), 0);
  return ntohs(any.sin_port);
}

FileDescriptor Dial(std::uint16_t port, std::string_view registration) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in box{};
  box.sin_family = AF_INET;
  box.sin_port = htons(port);
  box.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.number(), reinterpret_cast<sockaddr*>(&box), sizeof box) != 0) return {};
  EXPECT_TRUE(WriteAll(socket.number(), base::AsBytes(registration)));
  return socket;
}

class DialInTest : public ::testing::Test {
 protected:
  DialInTest() : port_(FreePort()), channel_({"127.0.0.1", port_, {'1', '3', '8', '0', '0'}}) {
    // Opens the port; nobody has dialled yet.
    EXPECT_EQ(channel_.Open(0us, kNoStop).error().code, base::ErrorCode::kTimeout);
  }

  std::uint16_t port_;
  TcpListenChannel channel_;
};

TEST_F(DialInTest, TakesADtuThatRegisters) {
  const FileDescriptor dtu = Dial(port_, "\r\n00000001 13800\r\n");
  ASSERT_TRUE(channel_.Open(5s, kNoStop));
  ASSERT_TRUE(channel_.Write(base::Bytes{0x68, 0x16}));
  EXPECT_EQ(WaitReadable(dtu.number(), kNoStop, 5s), Ready::kDescriptor);
  EXPECT_EQ(*ReadSome(dtu.number()), (base::Bytes{0x68, 0x16}));
}

TEST_F(DialInTest, HangsUpOnAStranger) {
  const FileDescriptor stranger = Dial(port_, "GET / HTTP/1.1\r\n");
  const base::Status opened = channel_.Open(200ms, kNoStop);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::kRefused);
  EXPECT_EQ(WaitReadable(stranger.number(), kNoStop, 5s), Ready::kDescriptor);
  EXPECT_FALSE(ReadSome(stranger.number()));
}

TEST_F(DialInTest, TakesTheLastOfSeveralConnectionsOfOneDtu) {
  const FileDescriptor lost = Dial(port_, "13800");
  const FileDescriptor living = Dial(port_, "13800");
  ASSERT_TRUE(channel_.Open(5s, kNoStop));
  ASSERT_TRUE(channel_.Write(base::Bytes{0x01}));
  EXPECT_EQ(WaitReadable(living.number(), kNoStop, 5s), Ready::kDescriptor);
  EXPECT_FALSE(ReadSome(lost.number())) << "closed by the box";
}

TEST_F(DialInTest, EndsItsWaitWhenTheLineStops) {
  const FileDescriptor stop(::eventfd(1, EFD_NONBLOCK));
  const base::Status opened = channel_.Open(60s, stop.number());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "the line is stopping");
}

TEST(SerialChannel, MovesBytesWithoutTouchingThem) {
  const FileDescriptor meter(::posix_openpt(O_RDWR | O_NOCTTY));
  ASSERT_TRUE(meter.is_open());
  ASSERT_EQ(::grantpt(meter.number()), 0);
  ASSERT_EQ(::unlockpt(meter.number()), 0);
  char name[128];
  ASSERT_EQ(::ptsname_r(meter.number(), name, sizeof name), 0);
  SerialChannel channel({.device = name, .baud = 9600, .parity = Parity::kNone});
  const base::Status opened = channel.Open(1s, kNoStop);
  ASSERT_TRUE(opened) << opened.error().Describe();
  EXPECT_EQ(channel.Describe(), std::string("serial ") + name + " 9600 8N1");
  // Among them what a terminal would treat: carriage return, line feed, end of file, interrupt, stop.
  const base::Bytes bytes{0x68, 0x0D, 0x0A, 0x04, 0x03, 0x13, 0x11, 0x00, 0xFF, 0x16};
  ASSERT_TRUE(channel.Write(bytes));
  EXPECT_EQ(*ReadSome(meter.number()), bytes);
  ASSERT_TRUE(WriteAll(meter.number(), bytes));
  EXPECT_EQ(WaitReadable(channel.descriptor(), kNoStop, 5s), Ready::kDescriptor);
  EXPECT_EQ(*channel.Read(), bytes);
}

TEST(SerialChannel, SaysWhatIsWrongWithAPort) {
  SerialChannel missing({.device = "/dev/yuanban-no-such-port"});
  const base::Status opened = missing.Open(1s, kNoStop);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().Describe(), "serial /dev/yuanban-no-such-port 2400 8E1: No such file or directory");
  SerialChannel file({.device = "/dev/null"});
  EXPECT_EQ(file.Open(1s, kNoStop).error().hint, "is it a serial port?");
}

}  // namespace
}  // namespace yb::field::line
