// SerialChannel: a serial port of the box itself (RS-485 or an M-Bus converter).
#pragma once

#include <cstdint>
#include <string>

#include "edge/field/line/byte_channel.hpp"
#include "edge/field/line/file_descriptor.hpp"

namespace yb::field::line {

enum class Parity : std::uint8_t { kNone, kEven, kOdd };

struct SerialSettings {
  std::string device;  // "/dev/ttyS1"
  int baud = 2400;     // 600 to 115200, one of the usual steps
  Parity parity = Parity::kEven;
  int data_bits = 8;  // 7 or 8
  int stop_bits = 1;  // 1 or 2

  friend bool operator==(const SerialSettings&, const SerialSettings&) = default;
};

/// Whether the port can be set to `baud`.
[[nodiscard]] bool IsBaudRate(int baud);

class SerialChannel final : public ByteChannel {
 public:
  explicit SerialChannel(SerialSettings settings) : settings_(std::move(settings)) {}

  /// Takes the port for this program alone and drops what waits in it.
  base::Status Open(base::Duration limit, int stop) override;
  int descriptor() const override { return port_.number(); }
  base::Result<base::Bytes> Read() override;
  base::Status Write(base::ByteView bytes) override;
  void Close() override { port_.Close(); }
  std::string Describe() const override;

 private:
  const SerialSettings settings_;
  FileDescriptor port_;
};

}  // namespace yb::field::line
