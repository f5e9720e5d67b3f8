// The frame of DL/T 645 (多功能电能表通信协议), shared by the 1997 and the 2007 edition: bytes of the line on one side,
// address, control code and data without the +33H offset on the other (DL/T 645-2007, clause 5.2).
//
// The encoders build read requests only. No function here takes a control code, so that no caller can build a write, a
// relay or a clock frame. Pure functions and values; no threads.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "edge/field/frame_scanner.hpp"
#include "edge/field/wire_address.hpp"

namespace yb::field::dlt645 {

/// Communication address (通信地址), 12 digits on the nameplate.
using Address = WireAddress<6>;

struct Frame {
  Address address;
  std::uint8_t control = 0;
  base::Bytes data;  // without the +33H offset

  [[nodiscard]] bool IsReply() const { return (control & 0x80) != 0; }
  [[nodiscard]] bool IsError() const { return (control & 0x40) != 0; }
  [[nodiscard]] bool MoreFollows() const { return (control & 0x20) != 0; }
  [[nodiscard]] std::uint8_t Function() const { return control & 0x1F; }
};

constexpr std::size_t kMostData = 200;  // L of a read answer

/// For FrameScanner: 68H, address, 68H, control, length, data, sum, 16H.
[[nodiscard]] Candidate ExamineFrame(base::ByteView view);

/// `whole` is one frame that ExamineFrame called kFrame.
[[nodiscard]] Frame ParseFrame(base::ByteView whole);

/// A data identifier (数据标识) of the 2007 edition: DI3 DI2 DI1 DI0 as written, 0x00010000.
using Di2007 = std::uint32_t;
/// A data identifier of the 1997 edition: DI1 DI0 as written, 0x9010.
using Di1997 = std::uint16_t;

/// Control 11H, 12H (`sequence` 1..255) and 13H, each behind four FEH to wake the meter.
[[nodiscard]] base::Bytes EncodeRead(const Address& meter, Di2007 di);
[[nodiscard]] base::Bytes EncodeReadFollowUp(const Address& meter, Di2007 di, std::uint8_t sequence);
[[nodiscard]] base::Bytes EncodeReadAddress();

/// Control 01H and 02H of the 1997 edition.
[[nodiscard]] base::Bytes EncodeRead1997(const Address& meter, Di1997 di);
[[nodiscard]] base::Bytes EncodeReadFollowUp1997(const Address& meter, Di1997 di);

}  // namespace yb::field::dlt645
