// The frame of CJ/T 188 (户用计量仪表数据传输技术条件), water, gas and heat meters: no second start byte and no offset
// on the data, so that type, length, end and checksum decide (CJ/T 188-2004, clause 6).
//
// The encoders build reads only. No function here takes a control code, so that no caller can build a valve command.
// Pure functions and values; no threads.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "edge/field/frame_scanner.hpp"
#include "edge/field/wire_address.hpp"

namespace yb::field::cjt188 {

/// Meter address: five bytes of number and two of maker's code, which come first among the 14 digits.
using Address = WireAddress<7>;

/// Order of the two identifier bytes on the line. Both are in use; it is a property of the meter's profile.
enum class DiOrder : std::uint8_t { k901F, k1F90 };

struct Frame {
  std::uint8_t type = 0;  // meter type (仪表类型): 10H cold water … 30H gas; AA any
  Address address;
  std::uint8_t control = 0;
  base::Bytes data;

  [[nodiscard]] bool IsReply() const { return (control & 0x80) != 0; }
  [[nodiscard]] bool IsError() const { return (control & 0x40) != 0; }
};

/// For FrameScanner.
[[nodiscard]] Candidate ExamineFrame(base::ByteView view);

/// `whole` is one frame that ExamineFrame called kFrame.
[[nodiscard]] Frame ParseFrame(base::ByteView whole);

/// Control 01H with identifier 901F, behind four FEH. `serial` comes back in the answer of most meters.
[[nodiscard]] base::Bytes EncodeReadCounter(std::uint8_t type, const Address& meter, DiOrder order,
                                            std::uint8_t serial);
/// Control 03H with identifier 810A, for commissioning; kAnyType and a wildcard are for a line with one meter only.
[[nodiscard]] base::Bytes EncodeReadAddress(std::uint8_t type, const Address& meter, DiOrder order,
                                            std::uint8_t serial);
constexpr std::uint8_t kAnyType = 0xAA;

}  // namespace yb::field::cjt188
