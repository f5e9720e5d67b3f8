// BusFrame: a whole request as the line's meters see it, and FrameScanner, which finds requests in the bytes that come
// from one side of a serial server: with FE preambles, noise, several protocols on one bus, split and glued segments.
//
// The scanner takes the first frame whose length and checksum are right, at whatever offset, and forgets the bytes
// before it. Layouts: DL/T 645-2007 and -1997 (one skeleton), CJ/T 188, Modbus RTU.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace yb::metersim {

enum class Framing : std::uint8_t { kDlt645, kCjt188, kModbusRtu, kModbusTcp };

/// A request with a right checksum. For kDlt645, `data` is free of the +33 already.
struct BusFrame {
  Framing framing = Framing::kDlt645;
  base::Bytes raw;                   // without preamble
  std::uint8_t type = 0;             // kCjt188: meter type T (表类型)
  base::Bytes address;               // in wire order: 6 bytes, 7 bytes, or the Modbus unit alone
  std::uint8_t control = 0;          // C, or the Modbus function
  base::Bytes data;                  // after the length byte, or after the Modbus function
  std::uint16_t transaction_id = 0;  // kModbusTcp
};

/// What a scanner looks for on its line.
enum class ScanFor : std::uint8_t {
  kMeterBus,         // DL/T 645 and CJ/T 188
  kMeterBusWithRtu,  // and Modbus RTU requests of functions 03 and 04
  kModbusTcp,
};

/// One owner, one thread.
class FrameScanner {
 public:
  explicit FrameScanner(ScanFor scan_for) : scan_for_(scan_for) {}

  void Append(base::ByteView bytes);
  /// The next request; nullopt until more bytes make one.
  [[nodiscard]] std::optional<BusFrame> Next();
  /// Forgets a half-received frame, as a meter does after a silence.
  void Clear() { buffer_.clear(); }

 private:
  [[nodiscard]] std::optional<BusFrame> At(std::size_t offset, std::size_t& length) const;

  ScanFor scan_for_;
  base::Bytes buffer_;
};

/// Whether a request to `asked` is meant for the meter `own`, both in wire order: equal, or shortened addressing
/// (缩位寻址), where bytes of AA from the high end stand for any.
[[nodiscard]] bool AddressMatches(base::ByteView asked, base::ByteView own);
/// CRC of Modbus RTU; sent low byte first.
[[nodiscard]] std::uint16_t ModbusCrc(base::ByteView bytes);
/// Sum modulo 256, the checksum of DL/T 645 and CJ/T 188.
[[nodiscard]] std::uint8_t ByteSum(base::ByteView bytes);

}  // namespace yb::metersim
