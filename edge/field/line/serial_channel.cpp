#include "edge/field/line/serial_channel.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <optional>

#include "edge/field/line/descriptor_io.hpp"

namespace yb::field::line {
namespace {

using base::ErrorCode;
using base::Fail;

struct BaudRow {
  int baud;
  speed_t speed;
};

constexpr BaudRow kBauds[] = {
    {600, B600},     {1200, B1200},   {2400, B2400},   {4800, B4800},     {9600, B9600},
    {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200},
};

std::optional<speed_t> SpeedOf(int baud) {
  for (const BaudRow& row : kBauds) {
    if (row.baud == baud) return row.speed;
  }
  return std::nullopt;
}

termios RawMode(const SerialSettings& settings, speed_t speed) {
  termios mode{};
  mode.c_cflag = CREAD | CLOCAL | (settings.data_bits == 7 ? CS7 : CS8);
  if (settings.stop_bits == 2) mode.c_cflag |= CSTOPB;
  if (settings.parity != Parity::kNone) {
    mode.c_cflag |= PARENB;
    // A byte of wrong parity is dropped; the frame's checksum then fails.
    mode.c_iflag |= INPCK | IGNPAR;
  }
  if (settings.parity == Parity::kOdd) mode.c_cflag |= PARODD;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  ::cfsetispeed(&mode, speed);
  ::cfsetospeed(&mode, speed);
  return mode;
}

// A pseudo-terminal has no wires, and refuses a parity when it is set for the second time.
bool HasWires(int port) {
  int wires = 0;
  return ::ioctl(port, TIOCMGET, &wires) == 0;
}

char ParityLetter(Parity parity) {
  switch (parity) {
    case Parity::kNone: return 'N';
    case Parity::kEven: return 'E';
    case Parity::kOdd: return 'O';
  }
  return '?';
}

}  // namespace

bool IsBaudRate(int baud) {
  return SpeedOf(baud).has_value();
}

base::Status SerialChannel::Open(base::Duration, int) {
  Close();
  const std::optional<speed_t> speed = SpeedOf(settings_.baud);
  if (!speed) {
    return Fail(base::Error{ErrorCode::kInvalidArgument, "there is no speed of " + std::to_string(settings_.baud),
                            Describe(), "600 to 115200"});
  }
  FileDescriptor port(::open(settings_.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!port.is_open()) return Fail(base::Error{CodeOf(errno), ErrnoText(errno), Describe(), ""});
  SerialSettings possible = settings_;
  if (!HasWires(port.number())) possible.parity = Parity::kNone;
  const termios mode = RawMode(possible, *speed);
  if (::ioctl(port.number(), TIOCEXCL) != 0 || ::tcsetattr(port.number(), TCSANOW, &mode) != 0 ||
      ::tcflush(port.number(), TCIOFLUSH) != 0) {
    return Fail(base::Error{ErrorCode::kUnavailable, "the port cannot be set up: " + ErrnoText(errno), Describe(),
                            "is it a serial port?"});
  }
  port_ = std::move(port);
  return {};
}

base::Result<base::Bytes> SerialChannel::Read() {
  return ReadSome(port_.number());
}

base::Status SerialChannel::Write(base::ByteView bytes) {
  return WriteAll(port_.number(), bytes);
}

std::string SerialChannel::Describe() const {
  return "serial " + settings_.device + " " + std::to_string(settings_.baud) + " " +
         std::to_string(settings_.data_bits) + ParityLetter(settings_.parity) + std::to_string(settings_.stop_bits);
}

}  // namespace yb::field::line
